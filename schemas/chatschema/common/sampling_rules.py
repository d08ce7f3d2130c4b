"""What members of requests owe each other, for a chat and for a completion alike."""

from collections.abc import Collection, Iterator
from itertools import islice

from chatschema.core.describe import json_path, seen, seen_member
from chatschema.core.violation import MOST, JsonObject, JsonValue, Level, Violation
from chatschema.judging.violation_kind import violation

__all__ = ["biases", "stream_options", "unknown"]


def stream_options(request: JsonObject, *, rule: str, reference: str) -> Iterator[Violation]:
    """OpenAI: "The 'stream_options' parameter is only allowed when 'stream' is enabled."."""
    if request.get("stream_options") is not None and request.get("stream") is not True:
        what = seen_member(request, "stream")
        yield violation(
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
        yield violation(
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
        yield violation(
            rule,
            json_path((name,)),
            "OpenAI does not know this member and refuses it.",
            "no such member, but where another server asks for it",
            seen(request[name]),
            Level.SHOULD,
            reference=reference,
        )
