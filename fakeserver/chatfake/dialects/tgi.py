"""Hugging Face's Text Generation Inference."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from chatfake.core.api_error import ApiError, MalformedJsonError, NoModelError, UnknownUrlError
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import split
from chatfake.dialects.format.chunk import Chunk, ChunkKind, finish_with_last_if_cut, role_everywhere
from chatfake.dialects.format.dialect import Deviation, Dialect, Heads, register
from chatfake.dialects.format.format import Body, Format, Stream, UsageIn
from chatfake.dialects.format.render_context import (
    ABSENT,
    Absent,
    RenderContext,
    always,
    at,
    filled,
    made,
    shape,
    where,
)
from chatfake.dialects.format.rendered_error import RenderedError
from chatfake.dialects.format.reply_adapters import one_without_refusals
from chatfake.dialects.format.request_rules import not_served
from chatfake.dialects.requests.tgi import SERDE, TGI_REQUESTS
from chatfake.generation.identity import Ids
from chatfake.generation.reply import Reply
from chatfake.request.chat_request import Chat

_FINGERPRINT = always("system_fingerprint", "3.3.6-dev0-native")
_USAGE = shape("prompt_tokens", "completion_tokens", "total_tokens")


def _calls(context: RenderContext) -> JsonValue | Absent:
    calls = context.openai.get("tool_calls")
    if not isinstance(calls, list):
        return ABSENT
    return [_call(call) for call in calls if isinstance(call, dict)]


def _call(call: JsonObject) -> JsonObject:
    """The definition of a function serves as its call."""
    function = call["function"]
    named = function if isinstance(function, dict) else {}
    written: JsonObject = {
        "description": None,
        "name": named.get("name"),
        "arguments": named.get("arguments"),
    }
    return {"id": call["id"], "type": "function", "function": written}


def _content(context: RenderContext) -> JsonValue | Absent:
    """A message has calls or a text."""
    return ABSENT if context.openai.get("tool_calls") else context.openai.get("content") or ""


def _fragments(calls: Iterable[JsonObject]) -> Iterator[list[JsonValue]]:
    """The name comes with the opening brace; id and type come with every piece."""
    for call in calls:
        function = call["function"]
        if isinstance(function, dict):
            first, *rest = split(str(function["arguments"])) or ("",)
            yield [_piece(call, function["name"], first)]
            for piece in rest:
                yield [_piece(call, None, piece)]


def _piece(call: JsonObject, name: JsonValue, arguments: str) -> JsonObject:
    function: JsonObject = {"name": name, "arguments": arguments}
    return {"index": 0, "id": call["id"], "type": "function", "function": function}


def _without_role(chunks: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
    """The role has no chunk; a text of nothing is its end alone."""
    return tuple(chunk for chunk in chunks if chunk.kind is not ChunkKind.ROLE)


def _without_finish_of_calls(chunks: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
    """The end token finds the parser waiting for another call, and is swallowed with its finish_reason."""
    if any(chunk.kind is ChunkKind.CALL for chunk in chunks) and chunks[-1].finish_reason != "length":
        return chunks[:-1]
    return chunks


def _logprobs(context: RenderContext) -> JsonObject:
    content = context.openai.get("content")
    return {"content": [_entry(entry) for entry in content] if isinstance(content, list) else []}


def _entry(entry: JsonValue) -> JsonObject:
    """There are no bytes."""
    if not isinstance(entry, dict):
        return {}
    written: JsonObject = {name: entry[name] for name in ("token", "logprob")}
    tops = entry.get("top_logprobs")
    if isinstance(tops, list):
        written["top_logprobs"] = [_entry(top) for top in tops]
    return written


def _ending(context: RenderContext) -> JsonValue:
    return "stop_sequence" if context.stopped_by else context.finish_reason


def _raw_ending(context: RenderContext) -> JsonValue:
    """In the chunks of a text the end has its own name, and before it there is an empty one."""
    return "eos_token" if _ending(context) == "stop" else _ending(context) or ""


_ENDING = made("finish_reason", _ending)
_HEAD = ("object", "id", "created", "model")
_CHAT = Format(
    body=Body(
        whole=shape(*_HEAD, _FINGERPRINT, "choices", "usage"),
        choice=shape("index", "message", "logprobs", _ENDING),
        message=shape("role", made("content", _content), made("tool_calls", _calls)),
        logprobs=_logprobs,
        usage=_USAGE,
    ),
    stream=Stream(
        chunk=shape(*_HEAD, _FINGERPRINT, "choices", filled("usage", None)),
        choice=shape("index", "delta", "logprobs", _ENDING),
        delta=shape("role", where(at(ChunkKind.TEXT, ChunkKind.FINISH), filled("content", "")), "tool_calls"),
        logprobs=_logprobs,
        usage=_USAGE,
        transforms=(finish_with_last_if_cut, _without_finish_of_calls, _without_role, role_everywhere),
        calls=_fragments,
    ),
)


def _text_chunk(context: RenderContext) -> JsonObject:
    return _TEXT_END(context) if "usage" in context.openai else _TEXT_PIECE(context)


_TEXT_PIECE = shape("object", "id", "created", "choices", "model", _FINGERPRINT)
_TEXT_END = shape(*_HEAD, _FINGERPRINT, "choices", "usage")
_TEXT = Format(
    body=Body(
        whole=shape(*_HEAD, _FINGERPRINT, "choices", "usage"),
        choice=shape("index", "text", "logprobs", _ENDING),
        usage=_USAGE,
    ),
    stream=Stream(
        chunk=_text_chunk,
        choice=shape("index", "text", "logprobs", made("finish_reason", _raw_ending)),
        usage=_USAGE,
        transforms=(finish_with_last_if_cut,),
        usage_asked=UsageIn.LAST_CHUNK,
        usage_unasked=UsageIn.LAST_CHUNK,
    ),
)


def _retold(replies: tuple[Reply, ...], chat: Chat) -> tuple[Reply, ...]:
    """One choice, and in it one call or a text; what stopped a text is part of it, and what ends a call is its end."""
    return tuple(_told(reply) for reply in one_without_refusals(replies, chat))


def _told(reply: Reply) -> Reply:
    if not reply.tool_calls:
        return replace(reply, text=(reply.text or "") + reply.stopped_by)
    ending = "length" if reply.finish_reason == "length" else "stop"
    first = replace(reply.tool_calls[0], id="0")
    return replace(reply, text=None, tool_calls=(first,), finish_reason=ending)


def _errors(error: ApiError) -> RenderedError:
    match error:
        case UnknownUrlError():
            return RenderedError(status=error.status, payload="")
        case ApiError(type=type_) if type_ == SERDE:
            return RenderedError(status=422, payload=error.message)
        case MalformedJsonError() | NoModelError():
            words = "Failed to parse the request body as JSON: EOF while parsing a value at line 1 column 0"
            return RenderedError(status=400, payload=words)
        case _:
            kind = _KINDS.get(error.status, error.type)
            message = "Model is overloaded" if error.status == 429 else error.message
            return RenderedError(status=error.status, payload={"error": message, "error_type": kind})


_KINDS = {429: "overloaded", 424: "generation", 500: "incomplete_generation"}


def _model(entry: JsonObject) -> JsonObject:
    return {"id": entry["id"], "object": "model", "created": 0, "owned_by": entry["id"]}


_CORS = (
    ("vary", "origin, access-control-request-method, access-control-request-headers"),
    ("access-control-allow-origin", "*"),
)

#: What is found wherever an error is looked at, and wherever an id is.
_ERRORS = (
    "http.malformed-json",
    "chat.sse.error-before",
    "chat.tools.unknown-choice",
    "chat.errors.missing-messages",
    "chat.errors.messages-not-a-list",
    "chat.errors.missing-role",
    "chat.errors.content-type",
    "chat.errors.temperature-type",
    "chat.errors.top-p-range",
    "chat.errors.stream-type",
    "chat.errors.tools-type",
    "chat.errors.stop-too-many",
    "chat.errors.max-tokens-negative",
    "chat.errors.shape",
    "shape.json",
    "shape.type",
)
_IDS = (
    "http.concurrent",
    "chat.json.shape",
    "chat.json.id",
    "chat.sse.shape",
    "shape.value",
)
_DEVIATIONS = (
    *(
        Deviation(
            rule=rule,
            sentence="Errors are `{error, error_type}`, and plain text where the body was not understood.",
        )
        for rule in _ERRORS
    ),
    *(Deviation(rule=rule, sentence="The id of every answer is empty.") for rule in _IDS),
    Deviation(
        rule="completions.sse.shape",
        sentence="Chunks of a text have an empty finish_reason, the last one `eos_token`.",
    ),
    Deviation(rule="http.unknown-route", sentence="An unknown path gets 404 without a body."),
    Deviation(rule="http.wrong-method", sentence="A wrong method gets 405 without a body."),
    Deviation(rule="models.retrieve", sentence="`/v1/models/{id}` is not there."),
    Deviation(
        rule="models.unknown", sentence="Whatever model is named, the loaded one speaks under that name."
    ),
    Deviation(rule="chat.json.spec-complete", sentence="`message.refusal` is absent."),
    Deviation(rule="chat.json.stop", sentence="`stop` must be a list; what stopped a text stays in it."),
    Deviation(rule="chat.json.n", sentence="`n` is passed over: there is one choice."),
    Deviation(rule="chat.sse.stream-false", sentence="`stream: null` is refused."),
    Deviation(rule="chat.sse.finish-once", sentence="A streamed tool call ends without a finish_reason."),
    Deviation(rule="chat.tools.sse-fragments", sentence="Every fragment of a call says its id."),
    Deviation(rule="chat.tools.content-null", sentence="A message with calls has no member `content`."),
    Deviation(rule="chat.tools.orphan-result", sentence="A tool message needs no call that it answers."),
    Deviation(rule="chat.errors.empty-messages", sentence="A conversation may be empty."),
    Deviation(rule="chat.errors.unknown-role", sentence="Any role is taken."),
    Deviation(rule="chat.errors.missing-model", sentence="Without a model the loaded one speaks."),
    Deviation(rule="chat.errors.temperature-range", sentence="A temperature has no upper bound."),
    Deviation(rule="chat.errors.n-zero", sentence="`n` is passed over."),
)

TGI = register(
    Dialect(
        name="tgi",
        source="Text Generation Inference 3.3.6-dev0 (db931fc), read in its source (router/src); not recorded",
        chat=_CHAT,
        text=_TEXT,
        retold=_retold,
        ids=Ids(completion=lambda _: "", text=lambda _: "", call=lambda _: "0"),
        heads=Heads(
            sse_type="text/event-stream",
            json=(("x-compute-type", "cpu"), *_CORS),
            sse=(
                ("cache-control", "no-cache"),
                ("x-compute-type", "cpu"),
                ("x-accel-buffering", "no"),
                *_CORS,
            ),
            error=_CORS,
        ),
        errors=_errors,
        requests=replace(TGI_REQUESTS, embeddings=not_served("POST", "/v1/embeddings")),
        model=_model,
        one_model=None,
        deviations=_DEVIATIONS,
    )
)
