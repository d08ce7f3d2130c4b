"""What token counts owe each other."""

from collections.abc import Iterator

from chatschema.core.describe import seen
from chatschema.core.json_text import whole
from chatschema.core.violation import JsonObject, Level, Violation

__all__ = ["adds_up"]


def adds_up(usage: JsonObject, *, path: str, rule: str = "chat.json.usage") -> Iterator[Violation]:
    """The must of `rule`, for a usage object that stands at `path`: total is prompt plus completion."""
    prompt, completion, total = (
        usage.get(name) for name in ("prompt_tokens", "completion_tokens", "total_tokens")
    )
    if not (whole(prompt) and whole(completion) and whole(total)) or prompt + completion == total:
        return
    how = "less than" if total < prompt + completion else "not"
    yield Violation(
        rule=rule,
        level=Level.MUST,
        path=f"{path}.total_tokens",
        message=f"The total is {how} prompt_tokens + completion_tokens.",
        expected=seen(prompt + completion),
        seen=seen(total),
        reference="CompletionUsage",
    )
