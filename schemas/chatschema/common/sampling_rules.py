"""What members of requests owe each other, for a chat and for a completion alike."""

from collections.abc import Collection, Iterator
from itertools import islice

from chatschema.core.describe import ABSENT, json_path, seen
from chatschema.core.violation import MOST, JsonObject, JsonValue, Level, Violation

__all__ = ["biases", "refused", "stream_options", "unknown"]


def refused(
    rule: str,
    path: str,
    message: str,
    expected: str,
    what: str,
    *,
    level: Level = Level.MUST,
    reference: str = "CreateChatCompletionRequest",
) -> Violation:
    """What OpenAI answers with 400, though each member by itself is right."""
    return Violation(
        rule=rule, level=level, path=path, message=message, expected=expected, seen=what, reference=reference
    )


def stream_options(request: JsonObject, *, rule: str, reference: str) -> Iterator[Violation]:
    """OpenAI: "The 'stream_options' parameter is only allowed when 'stream' is enabled."."""
    if request.get("stream_options") is not None and request.get("stream") is not True:
        what = seen(request["stream"]) if "stream" in request else ABSENT
        yield refused(
            rule,
            "$.stream_options",
            "There are options of a stream, and no stream is asked for.",
            '"stream": true',
            f"stream: {what}",
            reference=reference,
        )


def biases(request: JsonObject, *, rule: str, reference: str) -> Iterator[Violation]:
    """OpenAI: "Invalid key in 'logit_bias' (…). You should only be submitting non-negative integers."."""
    bias: JsonValue = request.get("logit_bias")
    names = bias if isinstance(bias, dict) else ()
    for token in islice((name for name in names if not (name.isascii() and name.isdigit())), MOST):
        yield refused(
            rule,
            json_path(("logit_bias", token)),
            "The name is no number of a token.",
            "digits",
            seen(token),
            reference=reference,
        )


def unknown(request: JsonObject, known: Collection[str], *, rule: str, reference: str) -> Iterator[Violation]:
    """OpenAI: "Unrecognized request argument supplied: …"; 0 of 1,946 requests that it answered have one.

    A should, for other servers have options of their own, and need them.
    """
    for name in islice((name for name in request if name not in known), MOST):
        yield refused(
            rule,
            json_path((name,)),
            "OpenAI does not know this member and refuses it.",
            "no such member, but where another server asks for it",
            seen(request[name]),
            level=Level.SHOULD,
            reference=reference,
        )
