"""What token counts owe each other."""

from collections.abc import Iterator

from chatschema.core.describe import seen
from chatschema.core.json_text import whole
from chatschema.core.violation import JsonObject, Level, Violation
from chatschema.judging.violation_kind import ViolationKind, violation

__all__ = ["adds_up", "counts_are_meant"]

#: A count, the object of its parts, and the part that cannot be more than it.
_PARTS = (
    ("prompt_tokens", "prompt_tokens_details", "cached_tokens"),
    ("completion_tokens", "completion_tokens_details", "reasoning_tokens"),
    ("input_tokens", "input_tokens_details", "cached_tokens"),
    ("output_tokens", "output_tokens_details", "reasoning_tokens"),
)


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


def counts_are_meant(
    usage: JsonObject, *, path: str, details: str, rule: str = "", reference: str = "CompletionUsage"
) -> Iterator[Violation]:
    """The should of `details` where a part is more than its whole, and that of `rule` where a prompt has no tokens.

    Without `rule` it may have none: OpenAI's own responses count 0 where a conversation was stored, and the prompt of a
    completion may be the empty text.
    """
    prompt = usage.get("prompt_tokens")
    if rule and whole(prompt) and prompt == 0:
        kind = ViolationKind(rule, "No prompt is of no tokens.", "at least 1", Level.SHOULD)
        yield kind.violation(f"{path}.prompt_tokens", seen(prompt), reference=reference)
    for name, holder, part in _PARTS:
        members, count = usage.get(holder), usage.get(name)
        some = members.get(part) if isinstance(members, dict) else None
        if whole(some) and whole(count) and some > count:
            message = f"The {part} are more than the {name} that they are part of."
            kind = ViolationKind(details, message, f"at most {seen(count)}", Level.SHOULD)
            yield kind.violation(f"{path}.{holder}.{part}", seen(some), reference=reference)
