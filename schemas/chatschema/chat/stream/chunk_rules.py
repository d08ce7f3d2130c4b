"""What one chunk owes beyond its shape, read by itself."""

from collections.abc import Iterator

from chatschema.common.usage_rules import adds_up
from chatschema.core.describe import ABSENT, seen
from chatschema.core.json_walk import Found, objects
from chatschema.core.violation import JsonObject, Level, Violation
from chatschema.judging.contract import Rule

from .chunk import is_preamble

__all__ = ["CHUNK_RULES"]

_REFERENCE = "CreateChatCompletionStreamResponse"


def head_is_not_empty(chunk: JsonObject) -> Iterator[Violation]:
    """Azure's first chunk; it broke logfire, pydantic-ai, llama_index and others, all of which now live with it."""
    if is_preamble(chunk):
        yield Violation(
            rule="chat.sse.same-head",
            level=Level.SHOULD,
            path="$.id",
            message="A chunk without choices has an empty head.",
            expected="the stream's id, created and model",
            seen=seen(chunk.get("id")),
            reference=_REFERENCE,
        )


def finish_reason_is_null_not_absent(chunk: JsonObject) -> Iterator[Violation]:
    """The specification requires the member; transformers, xAI and Alibaba leave it out until the end."""
    for place, choice in objects(chunk, "choices"):
        if "finish_reason" not in choice:
            yield Violation(
                rule="chat.json.spec-complete",
                level=Level.SHOULD,
                path=f"{place}.finish_reason",
                message="The specification requires the member finish_reason.",
                expected="null until the choice ends",
                seen=ABSENT,
                reference=_REFERENCE,
            )


def role_is_not_null(chunk: JsonObject) -> Iterator[Violation]:
    """A role is there or not: Alibaba's deltas have it as null."""
    for place, delta in _deltas(chunk):
        if "role" in delta and delta["role"] is None:
            yield Violation(
                rule="chat.sse.role-first",
                level=Level.SHOULD,
                path=f"{place}.role",
                message="The role is null.",
                expected='"assistant", or no member role',
                seen=seen(None),
                reference=_REFERENCE,
            )


def no_calls_no_list(chunk: JsonObject) -> Iterator[Violation]:
    """Without a fragment of a call `tool_calls` is absent."""
    for place, delta in _deltas(chunk):
        if "tool_calls" in delta and delta["tool_calls"] in (None, []):
            yield Violation(
                rule="chat.tools.absent-is-absent",
                level=Level.SHOULD,
                path=f"{place}.tool_calls",
                message="There is no fragment of a tool call, and yet the member.",
                expected="no member tool_calls",
                seen=seen(delta["tool_calls"]),
                reference=_REFERENCE,
            )


def usage_adds_up(chunk: JsonObject) -> Iterator[Violation]:
    """Total is prompt plus completion."""
    usage = chunk.get("usage")
    if isinstance(usage, dict):
        yield from adds_up(usage, path="$.usage")


CHUNK_RULES: tuple[Rule, ...] = (
    head_is_not_empty,
    finish_reason_is_null_not_absent,
    role_is_not_null,
    no_calls_no_list,
    usage_adds_up,
)


def _deltas(chunk: JsonObject) -> Iterator[Found]:
    for place, choice in objects(chunk, "choices"):
        delta = choice.get("delta")
        if isinstance(delta, dict):
            yield f"{place}.delta", delta
