"""Hugging Face's Text Generation Inference."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from chatfake.core.api_error import ApiError, MalformedJsonError, NoModelError, UnknownUrlError
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import split
from chatfake.dialects.format.chunk import Chunk, ChunkKind, finish_with_last_if_cut, role_everywhere
from chatfake.dialects.format.dialect import Dialect, Heads, deviations, register
from chatfake.dialects.format.format import Body, Format, Stream, UsageIn
from chatfake.dialects.format.render_context import (
    ABSENT,
    Absent,
    RenderContext,
    always,
    at,
    filled,
    logprob_entries,
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
_USAGE = shape("prompt_tokens completion_tokens total_tokens")


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


def _ending(context: RenderContext) -> JsonValue:
    return "stop_sequence" if context.stopped_by else context.finish_reason


def _raw_ending(context: RenderContext) -> JsonValue:
    """In the chunks of a text the end has its own name, and before it there is an empty one."""
    return "eos_token" if _ending(context) == "stop" else _ending(context) or ""


_LOGPROBS = logprob_entries("token", "logprob")
_ENDING = made("finish_reason", _ending)
_HEAD = ("object", "id", "created", "model")
_CHAT = Format(
    body=Body(
        whole=shape(*_HEAD, _FINGERPRINT, "choices usage"),
        choice=shape("index message logprobs", _ENDING),
        message=shape("role", made("content", _content), made("tool_calls", _calls)),
        logprobs=_LOGPROBS,
        usage=_USAGE,
    ),
    stream=Stream(
        chunk=shape(*_HEAD, _FINGERPRINT, "choices", filled("usage", None)),
        choice=shape("index delta logprobs", _ENDING),
        delta=shape("role", where(at(ChunkKind.TEXT, ChunkKind.FINISH), filled("content", "")), "tool_calls"),
        logprobs=_LOGPROBS,
        usage=_USAGE,
        transforms=(finish_with_last_if_cut, _without_finish_of_calls, _without_role, role_everywhere),
        calls=_fragments,
    ),
)


def _text_chunk(context: RenderContext) -> JsonObject:
    return _TEXT_END(context) if "usage" in context.openai else _TEXT_PIECE(context)


_TEXT_PIECE = shape("object id created choices model", _FINGERPRINT)
_TEXT_END = shape(*_HEAD, _FINGERPRINT, "choices usage")
_TEXT = Format(
    body=Body(
        whole=shape(*_HEAD, _FINGERPRINT, "choices usage"),
        choice=shape("index text logprobs", _ENDING),
        usage=_USAGE,
    ),
    stream=Stream(
        chunk=_text_chunk,
        choice=shape("index text logprobs", made("finish_reason", _raw_ending)),
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
        deviations=deviations(
            {
                "Errors are `{error, error_type}`, and plain text where the body was not understood.": (
                    "http.malformed-json chat.sse.error-before chat.errors.missing-messages "
                    "chat.errors.messages-not-a-list chat.errors.missing-role "
                    "chat.errors.content-type chat.errors.temperature-type chat.errors.stream-type "
                    "chat.errors.tools-type chat.errors.max-tokens-negative chat.errors.shape "
                    "shape.json shape.type"
                ),
                "The id of every answer is empty.": (
                    "http.concurrent chat.json.shape chat.json.id history.ids-differ chat.sse.shape "
                    "shape.value completions.json.shape"
                ),
                "Chunks of a text have an empty finish_reason, the last one `eos_token`.": (
                    "completions.sse.shape"
                ),
                "An unknown path gets 404 without a body.": ("http.unknown-route"),
                "A wrong method gets 405 without a body.": ("http.wrong-method"),
                "`/v1/models/{id}` is not there.": ("models.retrieve"),
                "Whatever model is named, the loaded one speaks under that name.": ("models.unknown"),
                "`message.refusal` is absent.": ("chat.json.spec-complete"),
                "`stop` must be a list; what stopped a text stays in it.": ("chat.json.stop"),
                "`n` is passed over: there is one choice.": ("chat.json.n"),
                "`stream: null` is refused.": ("chat.sse.stream-false"),
                "A streamed tool call ends without a finish_reason, one in JSON with `stop`.": (
                    "chat.sse.finish-once chat.tools.finish-reason"
                ),
                "`response_format` holds its schema in a member `value`.": (
                    "chat.format.json-object chat.format.json-schema chat.format.bad-schema"
                ),
                "Every fragment of a call says its id.": ("chat.tools.sse-fragments chat.tools.equals-json"),
                "A message with calls has no member `content`.": ("chat.tools.content-null"),
                "A tool message needs no call that it answers.": ("chat.tools.orphan-result"),
                "A conversation may be empty.": ("chat.errors.empty-messages"),
                "Any role is taken.": ("chat.errors.unknown-role"),
                "Without a model the loaded one speaks.": ("chat.errors.missing-model"),
                "A temperature has no upper bound.": ("chat.errors.temperature-range"),
                "`n` is passed over.": ("chat.errors.n-zero"),
            }
        ),
    )
)
