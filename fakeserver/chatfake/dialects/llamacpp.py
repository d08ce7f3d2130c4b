"""llama.cpp's server, `llama-server`."""

from dataclasses import replace

from chatfake.core.json_text import JsonObject, JsonValue, digest
from chatfake.dialects.format.chunk import Chunk, ChunkKind, head_with_first_fragment
from chatfake.dialects.format.dialect import Dialect, Heads, deviations, register
from chatfake.dialects.format.format import Body, Format, Stream, UsageIn
from chatfake.dialects.format.id_alphabets import MIXED, lettered
from chatfake.dialects.format.render_context import (
    ABSENT,
    Absent,
    RenderContext,
    always,
    at,
    at_last,
    filled,
    made,
    shape,
    where,
)
from chatfake.dialects.format.reply_adapters import calls_end_as_calls
from chatfake.dialects.format.tool_calls import numbered
from chatfake.dialects.llamacpp_lists import listed_embeddings, listed_model, listed_models
from chatfake.dialects.requests.llamacpp import LLAMACPP_REQUESTS
from chatfake.dialects.requests.llamacpp_errors import llamacpp_error
from chatfake.generation.identity import Ids
from chatfake.generation.reply import spoken_tokens

_FINGERPRINT = always("system_fingerprint", "b11434-unknown")
_ANY_ORIGIN = (("server", "llama.cpp"), ("access-control-allow-origin", ""))


def _said(context: RenderContext) -> int:
    """Of several choices the first alone is counted."""
    return sum(spoken_tokens(reply) for reply in context.completion.replies[:1])


def _usage(context: RenderContext) -> JsonObject:
    prompt, said = context.completion.prompt_tokens, _said(context)
    return {
        "completion_tokens": said,
        "prompt_tokens": prompt,
        "total_tokens": prompt + said,
        "prompt_tokens_details": {"cached_tokens": 0},
    }


def _timings(context: RenderContext) -> JsonValue:
    """As if a token of the prompt took a tenth of a millisecond, and one that is said a whole one."""
    prompt, said = context.completion.prompt_tokens, _said(context)
    return {
        "cache_n": 0,
        "prompt_n": prompt,
        "prompt_ms": round(prompt * 0.1, 3),
        "prompt_per_token_ms": 0.1,
        "prompt_per_second": 10000.0,
        "predicted_n": said,
        "predicted_ms": float(said),
        "predicted_per_token_ms": 1.0,
        "predicted_per_second": 1000.0,
    }


def _entry(entry: JsonValue) -> JsonObject:
    """Each token has the number that it has in the vocabulary; here it is made up."""
    if not isinstance(entry, dict):
        return {}
    token = str(entry.get("token"))
    written: JsonObject = {"id": int(digest(token)[:8], 16) % 151_936}
    written.update({name: entry[name] for name in ("token", "bytes", "logprob")})
    if "top_logprobs" in entry:
        written["top_logprobs"] = _entries(entry["top_logprobs"])
    return written


def _entries(entries: JsonValue) -> list[JsonValue]:
    return [_entry(entry) for entry in entries] if isinstance(entries, list) else []


def _logprobs(context: RenderContext) -> JsonObject:
    return {"content": _entries(context.openai.get("content"))}


def _where_asked(context: RenderContext) -> JsonValue | Absent:
    """Absent, not null, where none were asked for."""
    found = context.openai.get("logprobs")
    return ABSENT if found is None else found


def _end_token(chunks: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
    """The token that ends a text has a chunk of its own, without text."""
    end = chunks[-1]
    if end.finish_reason != "stop" or end.stopped_by:
        return chunks
    return (*chunks[:-1], replace(end, kind=ChunkKind.TEXT, finish_reason=None), end)


_LOGPROBS = made("logprobs", _where_asked)
_TIMINGS = made("timings", _timings)
_CHAT = Format(
    body=Body(
        whole=shape("choices created model", _FINGERPRINT, "object usage id", _TIMINGS),
        choice=shape("finish_reason index message", _LOGPROBS),
        message=shape("role", filled("content", ""), made("tool_calls", numbered("type", "function", "id"))),
        logprobs=_logprobs,
        usage=_usage,
    ),
    stream=Stream(
        chunk=shape("choices created id model", _FINGERPRINT, "object usage", where(at_last, _TIMINGS)),
        choice=shape("finish_reason index delta", _LOGPROBS),
        delta=shape(
            "role",
            where(at(ChunkKind.ROLE), always("content", None)),
            where(at(ChunkKind.TEXT), "content"),
            "tool_calls",
        ),
        logprobs=_logprobs,
        usage=_usage,
        calls=head_with_first_fragment,
    ),
)


def _text_logprobs(context: RenderContext) -> JsonObject:
    """Those of a chat answer, in place of OpenAI's four lists."""
    tokens, numbers, tops = (context.openai[name] for name in ("tokens", "token_logprobs", "top_logprobs"))
    if not isinstance(tokens, list) or not isinstance(numbers, list) or not isinstance(tops, list):
        return {"content": []}
    entries: list[JsonValue] = [
        {
            **_alone(str(token), number),
            "top_logprobs": [_alone(name, one) for name, one in top.items()] if isinstance(top, dict) else [],
        }
        for token, number, top in zip(tokens, numbers, tops, strict=True)
    ]
    return {"content": _entries(entries)}


def _alone(token: str, logprob: JsonValue) -> JsonObject:
    return {"token": token, "bytes": [*token.encode("utf-8", "replace")], "logprob": logprob}


_TEXT = Format(
    body=Body(
        whole=shape("choices created model", _FINGERPRINT, "object usage id", _TIMINGS),
        logprobs=_text_logprobs,
        usage=_usage,
    ),
    stream=Stream(
        chunk=shape("choices created model", _FINGERPRINT, "object usage id", where(at_last, _TIMINGS)),
        logprobs=_text_logprobs,
        usage=_usage,
        transforms=(_end_token,),
        usage_asked=UsageIn.LAST_CHUNK,
        usage_unasked=UsageIn.LAST_CHUNK,
    ),
)


LLAMACPP = register(
    Dialect(
        name="llama.cpp",
        source="llama-server b11434, recorded on loopback (192 requests, and 11 with --embeddings)",
        chat=_CHAT,
        text=_TEXT,
        retold=calls_end_as_calls,
        ids=Ids(
            completion=lettered("chatcmpl-", MIXED, 32),
            text=lettered("chatcmpl-", MIXED, 32),
            call=lettered("", MIXED, 32),
        ),
        heads=Heads(
            json_type="application/json; charset=utf-8",
            sse_type="text/event-stream",
            json=_ANY_ORIGIN,
            sse=(*_ANY_ORIGIN, ("x-accel-buffering", "no")),
            error=_ANY_ORIGIN,
        ),
        errors=llamacpp_error,
        requests=LLAMACPP_REQUESTS,
        model=listed_model,
        models=listed_models,
        one_model=None,
        embeddings=listed_embeddings,
        deviations=deviations(
            {
                "`/v1/models/{id}` is not there.": ("models.retrieve"),
                "Whatever model is named, the loaded one speaks.": ("models.unknown"),
                "`message.refusal` and, where none were asked for, `logprobs` are absent.": (
                    "chat.json.spec-complete"
                ),
                "A tool message needs no call that it answers.": ("chat.tools.orphan-result"),
                "A `tool_choice` may name a tool that is not there.": ("chat.tools.unknown-choice"),
                "A conversation may be empty.": ("chat.errors.empty-messages"),
                "Any role is taken.": ("chat.errors.unknown-role"),
                "A message without a role is answered with 500.": ("chat.errors.missing-role"),
                "Without a model the loaded one speaks.": ("chat.errors.missing-model"),
                "Any temperature is taken.": ("chat.errors.temperature-range"),
                "Any `top_p` is taken.": ("chat.errors.top-p-range"),
                "Tools that are no list are answered with 500.": ("chat.errors.tools-type"),
                "Any number of stop sequences is taken.": ("chat.errors.stop-too-many"),
                "A negative limit is none.": ("chat.errors.max-tokens-negative"),
                "With several choices the usage counts one of them.": ("chat.json.n"),
                "An error's `code` is the status, a number, and `param` is absent.": ("chat.errors.shape"),
                "A limit of 0 or of a thousand million is taken.": (
                    "chat.errors.max-tokens-zero chat.errors.max-tokens-huge"
                ),
                "The code of an error is the HTTP status.": ("chat.errors.context-length"),
                "Log probabilities of a text are written as those of a chat.": ("completions.logprobs"),
            }
        ),
    )
)
