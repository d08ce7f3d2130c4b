"""SGLang's OpenAI-compatible server."""

from collections.abc import Iterable, Iterator

from chatfake.core.json_text import JsonObject, JsonValue, picked
from chatfake.core.tokens import split
from chatfake.dialects.format.chunk import ChunkKind, finish_with_last_if_cut
from chatfake.dialects.format.dialect import Dialect, Heads, deviations, register
from chatfake.dialects.format.format import Body, Format, Stream
from chatfake.dialects.format.render_context import (
    RenderContext,
    always,
    at,
    filled,
    logprob_entries,
    made,
    null,
    shape,
    where,
)
from chatfake.dialects.format.reply_adapters import calls_end_as_calls
from chatfake.dialects.format.tool_calls import numbered
from chatfake.dialects.requests.sglang import SGLANG_REQUESTS
from chatfake.dialects.requests.sglang_errors import sglang_error
from chatfake.generation.identity import Identity, Ids, prefixed

#: What ends a text of its own accord is a token; this is `<|im_end|>` of Qwen's vocabulary.
END_TOKEN = 151645


def _matched(context: RenderContext) -> JsonValue:
    """What ended the choice: a stop sequence, the number of the end token, or nothing that could be matched."""
    if context.stopped_by:
        return context.stopped_by
    called = context.chunk is None and context.reply is not None and context.reply.tool_calls
    return END_TOKEN if context.finish_reason in ("stop", "tool_calls") and not called else None


_MATCHED = made("matched_stop", _matched)
_USAGE = shape(
    "prompt_tokens total_tokens completion_tokens",
    null("prompt_tokens_details"),
    always("reasoning_tokens", 0),
    null("completion_tokens_details"),
)


def _call(number: int, call: JsonObject) -> JsonObject:
    return {"id": call["id"], "index": number, "type": "function", "function": call["function"]}


def _fragments(calls: Iterable[JsonObject]) -> Iterator[list[JsonValue]]:
    """The head with empty arguments; its pieces have null for what the head said."""
    for number, call in enumerate(calls):
        function = call["function"]
        if isinstance(function, dict):
            yield [_call(number, {**call, "function": {"name": function["name"], "arguments": ""}})]
            for piece in split(str(function["arguments"])):
                yield [_call(number, {"id": None, "function": {"name": None, "arguments": piece}})]


def _parsed(context: RenderContext) -> bool:
    """With tools the text runs through a parser too, whose chunks are written by pydantic and not by msgspec."""
    chat = context.completion.chat
    tools = bool(chat.tools) and chat.tool_choice != "none"
    return context.kind is ChunkKind.CALL or (context.kind is ChunkKind.TEXT and tools)


_PARSED_DELTA = shape(null("role"), filled("content", None), null("reasoning_content"), "tool_calls")
_DELTA = shape(
    null("reasoning_content"),
    "role",
    where(at(ChunkKind.ROLE), always("content", "")),
    where(at(ChunkKind.TEXT), "content"),
)


def _delta(context: RenderContext) -> JsonObject:
    return _PARSED_DELTA(context) if _parsed(context) else _DELTA(context)


_ENTRIES = logprob_entries("token", "bytes", "logprob")
_WHOLE = shape("id object created model choices usage", always("metadata", {"weight_version": "default"}))
_CHAT = Format(
    body=Body(
        whole=_WHOLE,
        choice=shape("index message logprobs finish_reason", _MATCHED),
        message=shape(
            "role",
            filled("content", ""),
            null("reasoning_content"),
            made("tool_calls", numbered("id", "index", "type", "function")),
        ),
        logprobs=_ENTRIES,
        usage=_USAGE,
    ),
    stream=Stream(
        chunk=shape("id object created model choices usage", where(_parsed, null("usage"))),
        choice=shape("index delta logprobs finish_reason", _MATCHED),
        delta=_delta,
        logprobs=_ENTRIES,
        usage=_USAGE,
        calls=_fragments,
    ),
)


def _text_logprobs(context: RenderContext) -> JsonObject:
    """The offsets are not computed."""
    tokens = context.openai["tokens"]
    offsets: list[JsonValue] = [-1 for _ in tokens] if isinstance(tokens, list) else []
    numbers, tops = context.openai["token_logprobs"], context.openai["top_logprobs"]
    return {"text_offset": offsets, "token_logprobs": numbers, "tokens": tokens, "top_logprobs": tops}


_TEXT_CHOICE = shape("index text logprobs finish_reason", _MATCHED)
_TEXT = Format(
    body=Body(
        whole=_WHOLE,
        choice=_TEXT_CHOICE,
        logprobs=_text_logprobs,
        usage=_USAGE,
    ),
    stream=Stream(
        chunk=shape(
            "id object created model choices",
            where(at(ChunkKind.TEXT, ChunkKind.FINISH), null("usage")),
            "usage",
        ),
        choice=_TEXT_CHOICE,
        logprobs=_text_logprobs,
        usage=shape("prompt_tokens total_tokens completion_tokens", always("reasoning_tokens", 0)),
        transforms=(finish_with_last_if_cut,),
    ),
)


def _model(entry: JsonObject) -> JsonObject:
    name = entry["id"]
    return {**entry, "owned_by": "sglang", "root": name, "parent": None, "max_model_len": 8192}


def _embeddings(body: JsonObject, _: Identity) -> JsonObject:
    entries = picked(body["data"], "embedding", "index", "object")
    usage = body["usage"] if isinstance(body["usage"], dict) else {}
    counted: JsonObject = {name: usage.get(name) for name in ("prompt_tokens", "total_tokens")}
    rest: JsonObject = {
        "completion_tokens": 0,
        "prompt_tokens_details": None,
        "reasoning_tokens": 0,
        "completion_tokens_details": None,
    }
    return {"data": entries, "model": body["model"], "object": "list", "usage": {**counted, **rest}}


_UVICORN = (("server", "uvicorn"),)

SGLANG = register(
    Dialect(
        name="sglang",
        source="SGLang 0.5.23, read in its source (srt/entrypoints, srt/sampling); not recorded",
        chat=_CHAT,
        text=_TEXT,
        retold=calls_end_as_calls,
        ids=Ids(completion=prefixed("", 32), text=prefixed("", 32), call=prefixed("call_", 24)),
        heads=Heads(json=_UVICORN, sse=_UVICORN, error=_UVICORN),
        errors=sglang_error,
        requests=SGLANG_REQUESTS,
        model=_model,
        one_model=_model,
        embeddings=_embeddings,
        deviations=deviations(
            {
                "Whatever model is named, the loaded one speaks under that name.": ("models.unknown"),
                "`message.refusal` is absent.": ("chat.json.spec-complete"),
                "A tool message needs no call that it answers.": ("chat.tools.orphan-result"),
                "Without a model the loaded one speaks as `default`.": ("chat.errors.missing-model"),
                "A temperature has no upper bound.": ("chat.errors.temperature-range"),
                '`"stream": "yes"` is true.': ("chat.errors.stream-type"),
                "Any number of stop sequences is taken.": ("chat.errors.stop-too-many"),
                "An error has no object `error`: its members are those of the body.": (
                    "chat.errors.shape chat.format.bad-schema shape.missing"
                ),
                "Later deltas have the role null.": ("chat.sse.role-first"),
                "A limit of 0 is taken.": ("chat.errors.max-tokens-zero"),
                "A prompt that is too long has no code of its own.": ("chat.errors.context-length"),
                "Offsets of log probabilities are -1.": ("completions.json.shape completions.logprobs"),
            }
        ),
    )
)
