"""Together: a seed in every choice, the text twice in each chunk, the end of calls twice, and a bare list of models."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from chatfake.core.api_error import ApiError
from chatfake.core.json_text import JsonObject, JsonValue, digest
from chatfake.dialects.format.chunk import Chunk, ChunkKind
from chatfake.dialects.format.dialect import Dialect, Heads, deviations, register
from chatfake.dialects.format.format import Body, Format, Stream, UsageIn
from chatfake.dialects.format.id_alphabets import BASE58, LOWER, lettered, letters
from chatfake.dialects.format.render_context import (
    ABSENT,
    Absent,
    RenderContext,
    always,
    at,
    made,
    shape,
    where,
)
from chatfake.dialects.format.rendered_error import RenderedError
from chatfake.dialects.format.reply_adapters import without_refusals
from chatfake.dialects.format.request_rules import Requests, changed
from chatfake.dialects.format.tool_calls import numbered
from chatfake.generation.identity import Ids
from chatfake.request.validation import messages
from chatfake.request.validation.rules import refusal_of

#: Llama's token that ends a turn.
_END_TOKEN = 128009


# -- answers --------------------------------------------------------------------------------------------


def _id(mark: str) -> str:
    return f"{letters(mark[32:], BASE58, 7)}-{letters(mark[16:], BASE58, 6)}-{mark[:16]}"


def _seed(context: RenderContext) -> JsonValue:
    """64 bits as JavaScript writes them: 17 digits, then zeros."""
    text = f"{int(context.completion.identity.digest[:16], 16):d}"
    return int(text[:17].ljust(len(text), "0"))


def _has_calls(context: RenderContext) -> bool:
    return context.reply is not None and bool(context.reply.tool_calls)


def _calls(context: RenderContext) -> JsonValue:
    """An empty list where there are none; the arguments stand before the name."""
    calls = numbered("index", "id", "type", "function")(context)
    for call in calls if isinstance(calls, list) else ():
        if isinstance(call, dict) and isinstance(function := call["function"], dict):
            call["function"] = {"arguments": function["arguments"], "name": function["name"]}
    return [] if calls is ABSENT else calls


def _rhythm(chunks: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
    """Text has no chunk for the role. The last piece of a call has the finish_reason, and so has the end."""
    *pieces, end = chunks
    if not any(chunk.kind is ChunkKind.CALL for chunk in pieces):
        return tuple(chunk for chunk in chunks if chunk.kind is not ChunkKind.ROLE)
    pieces[-1] = replace(pieces[-1], finish_reason=end.finish_reason)
    return (*pieces, end)


def _text(context: RenderContext) -> str:
    delta = context.chunk.delta if context.chunk is not None else {}
    return str(delta.get("content") or "")


def _token(context: RenderContext) -> JsonValue:
    if context.kind is ChunkKind.FINISH:
        return _END_TOKEN
    return int(digest(_text(context))[:8], 16) % 128000 if context.kind is ChunkKind.TEXT else None


def _seed_at_the_end(context: RenderContext) -> JsonValue | Absent:
    if context.kind is ChunkKind.FINISH:
        return _seed(context)
    return ABSENT if _has_calls(context) else None


def _usage_of_chunk(context: RenderContext) -> JsonValue | Absent:
    """Null until there is one; absent before calls."""
    if "usage" in context.openai:
        return context.openai["usage"]
    return ABSENT if any(reply.tool_calls for reply in context.completion.replies) else None


def _two_fragments(calls: Iterable[JsonObject]) -> Iterator[list[JsonValue]]:
    """Each call's head, then all of its arguments."""
    for number, call in enumerate(calls):
        function = call["function"]
        if isinstance(function, dict):
            yield [{"index": number, **call, "function": {**function, "arguments": ""}}]
            yield [{"index": number, "function": {"arguments": function["arguments"]}}]


_USAGE = shape("prompt_tokens completion_tokens total_tokens", always("cached_tokens", 0))
_LOGPROBS = shape("content")
_CHAT = Format(
    body=Body(
        whole=shape("id object created model", always("prompt", []), "choices usage"),
        choice=shape("finish_reason", made("seed", _seed), "index logprobs message"),
        message=shape("role content", made("tool_calls", _calls), "reasoning"),
        logprobs=_LOGPROBS,
        usage=_USAGE,
        reasoning="reasoning",
    ),
    stream=Stream(
        chunk=shape("id object created choices model", made("usage", _usage_of_chunk)),
        choice=shape(
            "index",
            where(at(ChunkKind.ROLE), always("role", "assistant")),
            made("text", _text),
            "logprobs finish_reason",
            made("seed", _seed_at_the_end),
            "delta",
        ),
        delta=shape(
            made("token_id", _token),
            always("role", "assistant"),
            made("content", _text),
            "reasoning tool_calls",
        ),
        logprobs=_LOGPROBS,
        usage=_USAGE,
        reasoning="reasoning",
        transforms=(_rhythm,),
        calls=_two_fragments,
        usage_asked=UsageIn.LAST_CHUNK,
        usage_unasked=UsageIn.LAST_CHUNK,
    ),
)
_TEXT = Format(
    body=Body(
        whole=shape(
            "id", always("object", "text.completion"), "created model", always("prompt", []), "choices usage"
        ),
        choice=shape("text finish_reason", made("seed", _seed), "logprobs index"),
        usage=_USAGE,
    ),
    stream=Stream(
        chunk=shape(
            "id",
            always("object", "completion.chunk"),
            "created choices model",
            made("usage", _usage_of_chunk),
        ),
        choice=shape("index text logprobs finish_reason", made("seed", _seed_at_the_end)),
        usage=_USAGE,
        usage_asked=UsageIn.LAST_CHUNK,
        usage_unasked=UsageIn.LAST_CHUNK,
    ),
)


# -- errors and models ------------------------------------------------------------------------------------


def together_error(error: ApiError) -> RenderedError:
    """OpenAI's object, with an id beside it."""
    return RenderedError(status=error.status, payload={"id": _id(digest(error.message)), **error.payload})


def _messages(body: JsonObject) -> Iterator[ApiError]:
    """OpenAI's rules, but for the empty lists of calls that Together itself writes."""
    found = body.get("messages")
    if isinstance(found, list):
        body = {**body, "messages": [_without_no_calls(message) for message in found]}
    return messages.shape(body)


def _without_no_calls(message: JsonValue) -> JsonValue:
    if not isinstance(message, dict) or message.get("tool_calls") != []:
        return message
    return {name: value for name, value in message.items() if name != "tool_calls"}


def _model(entry: JsonObject) -> JsonObject:
    return {
        "id": entry["id"],
        "object": "model",
        "created": entry["created"],
        "type": "chat",
        "running": False,
        "display_name": entry["id"],
        "organization": entry["owned_by"],
        "link": "",
        "license": "",
        "context_length": 131072,
        "pricing": {"hourly": 0, "input": 0.88, "output": 0.88, "base": 0, "finetune": 0},
    }


def _models(entries: list[JsonValue]) -> JsonValue:
    return entries


TOGETHER = register(
    Dialect(
        name="together",
        source="api.together.ai, recorded answers of 2026; togethercomputer/openapi 090263a",
        chat=_CHAT,
        text=_TEXT,
        retold=without_refusals,
        ids=Ids(completion=_id, text=_id, call=lettered("call_", LOWER, 24)),
        heads=Heads(
            json_type="application/json; charset=utf-8",
            sse_type="text/event-stream;charset=utf-8",
            json=(("access-control-allow-origin", "*"),),
            sse=(("access-control-allow-origin", "*"),),
            error=(),
        ),
        errors=together_error,
        requests=Requests(
            chat=partial(refusal_of, rules=changed({"unknown-members": None, "messages": _messages}))
        ),
        model=_model,
        models=_models,
        deviations=deviations(
            {
                "The list of models is a bare array.": ("models.list models.serves shape.type"),
                "Messages have no member refusal.": ("chat.json.spec-complete"),
                "Usage comes with the finish_reason, not in a chunk of its own.": ("chat.sse.usage-asked"),
                "After calls, the last chunk says finish_reason a second time.": ("chat.sse.finish-once"),
                "Without a call, tool_calls is an empty list.": ("chat.tools.absent-is-absent"),
                "A text completion has object text.completion.": ("shape.value"),
                "The chunks of one have object completion.chunk.": ("completions.sse.shape"),
                "The object of a text is `text.completion`.": ("completions.json.shape"),
            }
        ),
    )
)
