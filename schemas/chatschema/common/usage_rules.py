"""What token counts owe each other."""

from collections.abc import Iterator

from chatschema.core.describe import seen
from chatschema.core.json_text import whole
from chatschema.core.violation import JsonObject, Violation
from chatschema.judging.violation_kind import violation

__all__ = ["adds_up"]


def adds_up(
    usage: JsonObject, *, path: str, rule: str = "chat.json.usage", reference: str = "CompletionUsage"
) -> Iterator[Violation]:
    """The must of `rule`, for a usage object that stands at `path`: total is prompt plus completion."""
    prompt, completion, total = (
        usage.get(name) for name in ("prompt_tokens", "completion_tokens", "total_tokens")
    )
    if not (whole(prompt) and whole(completion) and whole(total)) or prompt + completion == total:
        return
    how = "less than" if total < prompt + completion else "not"
    yield violation(
        rule,
        f"{path}.total_tokens",
        f"The total is {how} prompt_tokens + completion_tokens.",
        seen(prompt + completion),
        seen(total),
        reference=reference,
    )
