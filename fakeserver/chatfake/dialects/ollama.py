"""Ollama: short bodies in Go's JSON, calls that come whole, and one choice whatever is asked."""

from dataclasses import replace

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.dialects.format.chunk import Chunk, ChunkKind
from chatfake.dialects.format.dialect import Dialect, Heads, deviations, register
from chatfake.dialects.format.format import Body, Format, Stream
from chatfake.dialects.format.id_alphabets import LOWER, lettered
from chatfake.dialects.format.json_forms import go_json, go_line
from chatfake.dialects.format.render_context import (
    ABSENT,
    Absent,
    RenderContext,
    always,
    filled,
    made,
    not_at,
    shape,
    where,
)
from chatfake.dialects.format.reply_adapters import one_without_refusals
from chatfake.dialects.format.tool_calls import numbered, one_by_one
from chatfake.dialects.requests.ollama import OLLAMA_REQUESTS, ollama_error
from chatfake.generation.identity import Ids

_FINGERPRINT = always("system_fingerprint", "fp_ollama")
_CALL = ("id", "index", "type", "function")
_USAGE = shape("prompt_tokens completion_tokens total_tokens")
_LOGPROBS = shape("content")


def _has_logprobs(context: RenderContext) -> bool:
    return context.openai.get("logprobs") is not None


def _role_with_first(chunks: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
    """The role comes with the first piece; a chunk of its own has it only where nothing is said."""
    if len(chunks) < 3 or chunks[0].kind is not ChunkKind.ROLE:
        return chunks
    first = chunks[1]
    return (replace(first, delta={"role": "assistant", **first.delta}), *chunks[2:])


def _counts(context: RenderContext) -> JsonValue | Absent:
    """Where a text completion's usage was asked for, the chunks before it have zeros."""
    if context.completion.chat.include_usage and "usage" not in context.openai:
        return {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    return context.openai.get("usage", ABSENT)


_CHAT = Format(
    body=Body(
        whole=shape("id object created model", _FINGERPRINT, "choices usage"),
        choice=shape("index message finish_reason", where(_has_logprobs, "logprobs")),
        message=shape("role", filled("content", ""), "reasoning", made("tool_calls", numbered(*_CALL))),
        logprobs=_LOGPROBS,
        usage=_USAGE,
        reasoning="reasoning",
    ),
    stream=Stream(
        chunk=shape("id object created model", _FINGERPRINT, "choices usage"),
        choice=shape("index delta finish_reason", where(_has_logprobs, "logprobs")),
        delta=shape("role", where(not_at(ChunkKind.FINISH), filled("content", "")), "reasoning tool_calls"),
        logprobs=_LOGPROBS,
        usage=_USAGE,
        reasoning="reasoning",
        transforms=(_role_with_first,),
        calls=one_by_one(*_CALL),
    ),
)
_TEXT = Format(
    body=Body(
        whole=shape("id object created model", _FINGERPRINT, "choices usage"),
        choice=shape("text index finish_reason"),
        usage=_USAGE,
    ),
    stream=Stream(
        chunk=shape("id object created choices model", _FINGERPRINT, made("usage", _counts)),
        choice=shape("text index finish_reason"),
        usage=_USAGE,
    ),
)


def _model(entry: JsonObject) -> JsonObject:
    return {**entry, "owned_by": "library"}


OLLAMA = register(
    Dialect(
        name="ollama",
        source="ollama/ollama fb30760 (August 2026): openai/openai.go, middleware/openai.go; recorded answers of 2026",
        chat=_CHAT,
        text=_TEXT,
        retold=one_without_refusals,
        ids=Ids(
            completion=lambda mark: f"chatcmpl-{int(mark, 16) % 999}",
            text=lambda mark: f"cmpl-{int(mark, 16) % 999}",
            call=lettered("call_", LOWER, 8),
        ),
        heads=Heads(sse_type="text/event-stream", json=(), sse=(), error=()),
        errors=ollama_error,
        requests=OLLAMA_REQUESTS,
        model=_model,
        json=go_line,
        event_json=go_json,
        deviations=deviations(
            {
                "An unknown path gets a plain text.": ("http.unknown-route shape.json"),
                "A wrong method gets a plain text.": ("http.wrong-method"),
                "Messages have no member refusal.": ("chat.json.spec-complete"),
                "Whatever `n` asks for, there is one choice.": ("chat.json.n"),
                "`n` is not read.": ("chat.errors.n-zero"),
                "Ranges and roles are not looked at.": (
                    "chat.errors.unknown-role chat.errors.missing-role chat.errors.temperature-range "
                    "chat.errors.top-p-range chat.errors.stop-too-many "
                    "chat.errors.max-tokens-negative"
                ),
                "A tool message needs no call that it answers.": ("chat.tools.orphan-result"),
                "A `response_format` of an unknown type is passed over.": ("chat.format.bad-schema"),
                "`tool_choice` is not read.": ("chat.tools.unknown-choice"),
                "An id is one of 999, by chance: some come twice.": ("history.ids-differ"),
                "Without messages the model is loaded, and the answer has no choices.": ("chat.json.shape"),
                "Any limit is taken.": ("chat.errors.max-tokens-zero chat.errors.max-tokens-huge"),
                "`logprobs` of a text is absent.": ("completions.json.shape completions.sse.shape"),
                "A prompt is one text.": ("completions.prompt-list"),
            }
        ),
    )
)
