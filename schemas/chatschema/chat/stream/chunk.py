"""The answer in pieces: `chat.completion.chunk` objects, one an event."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, cast

from pydantic import Discriminator, Field, Tag

from chatschema.chat.annotation import Annotation
from chatschema.chat.audio import AudioDelta
from chatschema.chat.completion import FinishReason
from chatschema.chat.completion_rules import DETAILS, PLAUSIBLE
from chatschema.chat.logprobs import Logprobs
from chatschema.chat.moderation import Moderation
from chatschema.chat.tool_call import FunctionCallDelta, ToolCallDelta
from chatschema.common.head_rules import head_is_meant
from chatschema.common.usage import Usage
from chatschema.common.usage_rules import adds_up, counts_are_meant
from chatschema.core.base import (
    MOST_PARTS,
    Forbidden,
    Integer,
    NonEmpty,
    NonNegative,
    Strict,
    Text,
    forbidden,
)
from chatschema.core.describe import ABSENT, seen
from chatschema.core.json_text import Found, objects
from chatschema.core.kind import Kind
from chatschema.core.violation import JsonObject, Level, Violation
from chatschema.judging.contract import Contract, Rule
from chatschema.judging.violation_kind import violation

__all__ = [
    "CHUNK",
    "CHUNK_RULES",
    "AnyChunk",
    "ChatCompletionChunk",
    "ChunkChoice",
    "Delta",
    "Preamble",
    "is_preamble",
]


class Delta(Strict):
    """What is new since the chunk before."""

    role: Literal["assistant"] | None = None
    """Role of the author, in the first delta."""
    content: Text | None = None
    """More of the text."""
    refusal: Text | None = None
    """More of the refusal."""
    tool_calls: Annotated[list[ToolCallDelta], Field(max_length=MOST_PARTS)] | None = None
    """Fragments of tool calls."""
    function_call: FunctionCallDelta | None = None
    """A fragment of the function call of the deprecated `functions`."""
    annotations: Annotated[list[Annotation], Field(max_length=MOST_PARTS)] | None = None
    """Sources of parts of the text."""
    audio: AudioDelta | None = None
    """A piece of the spoken answer."""


class ChunkChoice(Strict):
    """The new piece of one choice; `finish_reason` is null until the last."""

    index: NonNegative
    """Index of the choice."""
    delta: Delta
    """The delta that this chunk adds."""
    finish_reason: FinishReason | None = None
    """Finish reason, in the last chunk of the choice."""
    logprobs: Logprobs | None = None
    """Log probabilities of the new tokens."""
    message: Forbidden = forbidden()
    """Belongs to the whole answer."""


class _ChunkBody(Strict):
    created: Integer
    """Creation time, in seconds since 1970; the same in every chunk."""
    model: str
    """The model that answers; the same in every chunk."""
    choices: Annotated[list[ChunkChoice], Field(max_length=MOST_PARTS)]
    """The new pieces."""
    usage: Usage | None = None
    """Token usage, in a separate last chunk where it was requested."""
    service_tier: str | None = None
    """Service tier: default, flex, priority."""
    system_fingerprint: str | None = None
    """Fingerprint of the server's configuration."""
    obfuscation: str | None = None
    """Random padding, which hides the length of the text from an observer of the connection."""
    moderation: Moderation | None = None
    """What moderation found, in a chunk of its own where that was asked for."""


class ChatCompletionChunk(_ChunkBody):
    """One event's data. `choices` is empty in the chunk that carries the usage."""

    id: NonEmpty
    """Unique id of the completion; the same in every chunk."""
    object: Literal["chat.completion.chunk"]
    """Object type, always `chat.completion.chunk`."""


class Preamble(_ChunkBody):
    """Azure's first chunk in 35 of 40 recorded streams: the prompt's filter results under an empty head."""

    id: Literal[""]
    """Empty."""
    object: Literal["", "chat.completion.chunk"]
    """What it is, or empty."""
    choices: Annotated[list[ChunkChoice], Field(max_length=0)]
    """Empty in this chunk."""


def is_preamble(value: object) -> bool:
    """Whether it is a chunk of Azure's kind: no choices under an empty head."""
    if isinstance(value, dict):
        members = cast("dict[str, object]", value)
        return members.get("choices") == [] and members.get("id") == ""
    return isinstance(value, Preamble)


def _form(value: Any) -> str:
    return "<preamble>" if is_preamble(value) else "<chunk>"


#: What the data of an event may be.
AnyChunk = Annotated[
    Annotated[ChatCompletionChunk, Tag("<chunk>")] | Annotated[Preamble, Tag("<preamble>")],
    Discriminator(_form),
]


_REFERENCE = "CreateChatCompletionStreamResponse"
#: Members of a delta that come in pieces of text.
_TEXTS = ("content", "refusal", "reasoning", "reasoning_content")


def head_is_not_empty(chunk: JsonObject) -> Iterator[Violation]:
    """Azure's first chunk; it broke logfire, pydantic-ai, llama_index and others, all of which now live with it."""
    if is_preamble(chunk):
        yield violation(
            "chat.sse.same-head",
            "$.id",
            "A chunk without choices has an empty head.",
            "the stream's id, created and model",
            seen(chunk.get("id")),
            Level.SHOULD,
            reference=_REFERENCE,
        )


def finish_reason_is_null_not_absent(chunk: JsonObject) -> Iterator[Violation]:
    """The specification requires the member; transformers, xAI and Alibaba leave it out until the end."""
    for place, choice in objects(chunk, "choices"):
        if "finish_reason" not in choice:
            yield violation(
                "chat.json.spec-complete",
                f"{place}.finish_reason",
                "The specification requires the member finish_reason.",
                "null until the choice ends",
                ABSENT,
                Level.SHOULD,
                reference=_REFERENCE,
            )


def role_is_not_null(chunk: JsonObject) -> Iterator[Violation]:
    """A role is there or not: Alibaba's deltas have it as null."""
    for place, delta in _deltas(chunk):
        if "role" in delta and delta["role"] is None:
            yield violation(
                "chat.sse.role-first",
                f"{place}.role",
                "The role is null.",
                '"assistant", or no member role',
                seen(None),
                Level.SHOULD,
                reference=_REFERENCE,
            )


def no_calls_no_list(chunk: JsonObject) -> Iterator[Violation]:
    """Without a fragment of a call `tool_calls` is absent."""
    for place, delta in _deltas(chunk):
        if "tool_calls" in delta and delta["tool_calls"] in (None, []):
            yield violation(
                "chat.tools.absent-is-absent",
                f"{place}.tool_calls",
                "There is no fragment of a tool call, and yet the member.",
                "no member tool_calls",
                seen(delta["tool_calls"]),
                Level.SHOULD,
                reference=_REFERENCE,
            )


def usage_adds_up(chunk: JsonObject) -> Iterator[Violation]:
    """Total is prompt plus completion."""
    usage = chunk.get("usage")
    if isinstance(usage, dict):
        yield from adds_up(usage, path="$.usage")
        yield from counts_are_meant(usage, path="$.usage", rule=PLAUSIBLE, details=DETAILS)


def head_is_right(chunk: JsonObject) -> Iterator[Violation]:
    """A time in seconds, and a model with a name; Azure's first chunk has neither, and is told of already."""
    if not is_preamble(chunk):
        yield from head_is_meant(chunk, family="chat.json", reference=_REFERENCE)


def characters_are_whole(chunk: JsonObject) -> Iterator[Violation]:
    """U+FFFD stands for bytes that are no character: one that was cut between two tokens, decoded one by one."""
    for place, delta in _deltas(chunk):
        for name in _TEXTS:
            text = delta.get(name)
            if isinstance(text, str) and "\ufffd" in text:
                yield violation(
                    "chat.sse.no-broken-characters",
                    f"{place}.{name}",
                    "A piece of the text has U+FFFD, which is what is left of a broken character.",
                    "whole characters",
                    seen(text),
                    Level.SHOULD,
                    reference=_REFERENCE,
                )


CHUNK_RULES: tuple[Rule, ...] = (
    head_is_right,
    characters_are_whole,
    head_is_not_empty,
    finish_reason_is_null_not_absent,
    role_is_not_null,
    no_calls_no_list,
    usage_adds_up,
)

CHUNK = Contract(
    kind=Kind.CHUNK,
    noun="chunk of a chat completion",
    core="choices",
    form=AnyChunk,
    rules=CHUNK_RULES,
    summary="The data of one event of a streamed chat completion.",
    reference="CreateChatCompletionStreamResponse",
    examples=(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1764000000,
            "model": "gpt-4o-mini-2024-07-18",
            "choices": [{"index": 0, "delta": {"content": "Hel"}, "logprobs": None, "finish_reason": None}],
        },
    ),
)


def _deltas(chunk: JsonObject) -> Iterator[Found]:
    for place, choice in objects(chunk, "choices"):
        delta = choice.get("delta")
        if isinstance(delta, dict):
            yield f"{place}.delta", delta
