"""llama.cpp's server, `llama-server`."""

from dataclasses import replace

from chatfake.chat import Chat
from chatfake.dialects.beat import Beat, Kind, head_with_first_fragment
from chatfake.dialects.dialect import Deviation, Dialect, Heads, register
from chatfake.dialects.llamacpp_requests import LLAMACPP_REQUESTS
from chatfake.dialects.manner import Body, Manner, Stream, UsageIn
from chatfake.dialects.marks import MIXED, lettered
from chatfake.dialects.retelling import without_refusals
from chatfake.dialects.shape import (
    ABSENT,
    Absent,
    Moment,
    always,
    at,
    at_last,
    filled,
    made,
    shape,
    where,
)
from chatfake.dialects.told import Told, is_unknown_url, is_wrong_method
from chatfake.identity import Identity, Ids
from chatfake.jsontext import JsonObject, JsonValue, digest
from chatfake.limits import spoken_tokens
from chatfake.refusal import MALFORMED_JSON, NO_MODEL, Refusal
from chatfake.reply import Reply

_FINGERPRINT = always("system_fingerprint", "b11434-unknown")
_ANY_ORIGIN = (("server", "llama.cpp"), ("access-control-allow-origin", ""))


def _said(moment: Moment) -> int:
    """Of several choices the first alone is counted."""
    return sum(spoken_tokens(reply) for reply in moment.spoken.replies[:1])


def _usage(moment: Moment) -> JsonObject:
    prompt, said = moment.spoken.prompt_tokens, _said(moment)
    return {
        "completion_tokens": said,
        "prompt_tokens": prompt,
        "total_tokens": prompt + said,
        "prompt_tokens_details": {"cached_tokens": 0},
    }


def _timings(moment: Moment) -> JsonValue:
    """As if a token of the prompt took a tenth of a millisecond, and one that is said a whole one."""
    prompt, said = moment.spoken.prompt_tokens, _said(moment)
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


def _calls(moment: Moment) -> JsonValue | Absent:
    calls = moment.ground.get("tool_calls")
    if not isinstance(calls, list):
        return ABSENT
    each = [call for call in calls if isinstance(call, dict)]
    return [{name: call[name] for name in ("type", "function", "id")} for call in each]


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


def _logprobs(moment: Moment) -> JsonObject:
    return {"content": _entries(moment.ground.get("content"))}


def _where_asked(moment: Moment) -> JsonValue | Absent:
    """Absent, not null, where none were asked for."""
    found = moment.ground.get("logprobs")
    return ABSENT if found is None else found


def _end_token(beats: tuple[Beat, ...]) -> tuple[Beat, ...]:
    """The token that ends a text has a chunk of its own, without text."""
    end = beats[-1]
    if end.finish_reason != "stop" or end.stopped_by:
        return beats
    return (*beats[:-1], replace(end, kind=Kind.TEXT, finish_reason=None), end)


_LOGPROBS = made("logprobs", _where_asked)
_TIMINGS = made("timings", _timings)
_CHAT = Manner(
    body=Body(
        whole=shape("choices", "created", "model", _FINGERPRINT, "object", "usage", "id", _TIMINGS),
        choice=shape("finish_reason", "index", "message", _LOGPROBS),
        message=shape("role", filled("content", ""), made("tool_calls", _calls)),
        logprobs=_logprobs,
        usage=_usage,
    ),
    stream=Stream(
        chunk=shape(
            "choices", "created", "id", "model", _FINGERPRINT, "object", "usage", where(at_last, _TIMINGS)
        ),
        choice=shape("finish_reason", "index", "delta", _LOGPROBS),
        delta=shape(
            "role",
            where(at(Kind.ROLE), always("content", None)),
            where(at(Kind.TEXT), "content"),
            "tool_calls",
        ),
        logprobs=_logprobs,
        usage=_usage,
        calls=head_with_first_fragment,
    ),
)


def _text_logprobs(moment: Moment) -> JsonObject:
    """Those of a chat answer, in place of OpenAI's four lists."""
    tokens, numbers, tops = (moment.ground[name] for name in ("tokens", "token_logprobs", "top_logprobs"))
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


_TEXT = Manner(
    body=Body(
        whole=shape("choices", "created", "model", _FINGERPRINT, "object", "usage", "id", _TIMINGS),
        logprobs=_text_logprobs,
        usage=_usage,
    ),
    stream=Stream(
        chunk=shape(
            "choices", "created", "model", _FINGERPRINT, "object", "usage", "id", where(at_last, _TIMINGS)
        ),
        logprobs=_text_logprobs,
        usage=_usage,
        rhythm=(_end_token,),
        usage_asked=UsageIn.LAST_CHUNK,
        usage_unasked=UsageIn.LAST_CHUNK,
    ),
)


def _retold(replies: tuple[Reply, ...], chat: Chat) -> tuple[Reply, ...]:
    """A call ends with `tool_calls`, a named one too."""
    return tuple(
        replace(reply, finish_reason="") if reply.tool_calls and reply.finish_reason == "stop" else reply
        for reply in without_refusals(replies, chat)
    )


_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    501: "not_supported_error",
}


def _errors(refusal: Refusal) -> Told:
    status, message = refusal.status, refusal.message
    kind = _TYPES.get(status, refusal.type)
    if is_unknown_url(refusal) or is_wrong_method(refusal):
        error: JsonObject = {"message": "File Not Found", "type": "not_found_error", "code": 404}
        return Told(status=404, payload={"error": error})
    if refusal is NO_MODEL:
        message = f"{_PARSE} {_EMPTY}"
    elif refusal is MALFORMED_JSON:
        message = f"{_PARSE} syntax error while parsing value - invalid literal"
    error = {"code": status, "message": message, "type": kind}
    if refusal.code == "context_length_exceeded":
        numbers = [int(word) for word in message.replace("(", " ").split() if word.isdecimal()]
        error.update(zip(("n_prompt_tokens", "n_ctx"), numbers, strict=False))
    return Told(status=status, payload={"error": error})


_EMPTY = (
    "attempting to parse an empty input; check that your input string or stream contains the expected JSON"
)
_PARSE = "[json.exception.parse_error.101] parse error at line 1, column 1:"


def _embeddings(body: JsonObject, _: Identity) -> JsonObject:
    data = body["data"]
    entries: list[JsonValue] = []
    for entry in data if isinstance(data, list) else []:
        if isinstance(entry, dict):
            written: JsonObject = {name: entry[name] for name in ("embedding", "index", "object")}
            form: JsonObject = {"encoding_format": "base64"} if isinstance(entry["embedding"], str) else {}
            entries.append({**written, **form})
    return {"model": body["model"], "object": "list", "usage": body["usage"], "data": entries}


def _model(entry: JsonObject) -> JsonObject:
    return {
        "id": entry["id"],
        "aliases": [entry["id"]],
        "tags": [],
        "object": "model",
        "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
        "created": entry["created"],
        "owned_by": "llamacpp",
        "meta": {
            "vocab_type": 2,
            "n_vocab": 151936,
            "n_ctx": 8192,
            "n_ctx_train": 40960,
            "n_embd": 1024,
            "n_params": 596049920,
            "size": 1198182400,
            "ftype": "F16",
        },
    }


def _models(entries: list[JsonValue]) -> JsonValue:
    """Ollama's list stands before OpenAI's."""
    names = [entry["id"] for entry in entries if isinstance(entry, dict)]
    details: JsonObject = {
        "parent_model": "",
        "format": "gguf",
        "family": "",
        "families": [""],
        "parameter_size": "",
        "quantization_level": "",
    }
    models: list[JsonValue] = [
        {
            "name": name,
            "model": name,
            "modified_at": "",
            "size": "",
            "digest": "",
            "type": "model",
            "description": "",
            "tags": [""],
            "capabilities": ["completion"],
            "parameters": "",
            "details": details,
        }
        for name in names
    ]
    return {"models": models, "object": "list", "data": entries}


LLAMACPP = register(
    Dialect(
        name="llama.cpp",
        source="llama-server b11434, recorded on loopback (192 requests, and 11 with --embeddings)",
        chat=_CHAT,
        text=_TEXT,
        retold=_retold,
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
        errors=_errors,
        requests=LLAMACPP_REQUESTS,
        model=_model,
        models=_models,
        one_model=None,
        embeddings=_embeddings,
        deviations=(
            Deviation(rule="models.retrieve", sentence="`/v1/models/{id}` is not there."),
            Deviation(rule="models.unknown", sentence="Whatever model is named, the loaded one speaks."),
            Deviation(
                rule="chat.json.spec-complete",
                sentence="`message.refusal` and, where none were asked for, `logprobs` are absent.",
            ),
            Deviation(
                rule="chat.tools.orphan-result", sentence="A tool message needs no call that it answers."
            ),
            Deviation(
                rule="chat.tools.unknown-choice",
                sentence="A `tool_choice` may name a tool that is not there.",
            ),
            Deviation(rule="chat.errors.empty-messages", sentence="A conversation may be empty."),
            Deviation(rule="chat.errors.unknown-role", sentence="Any role is taken."),
            Deviation(
                rule="chat.errors.missing-role", sentence="A message without a role is answered with 500."
            ),
            Deviation(rule="chat.errors.missing-model", sentence="Without a model the loaded one speaks."),
            Deviation(rule="chat.errors.temperature-range", sentence="Any temperature is taken."),
            Deviation(rule="chat.errors.top-p-range", sentence="Any `top_p` is taken."),
            Deviation(
                rule="chat.errors.tools-type", sentence="Tools that are no list are answered with 500."
            ),
            Deviation(rule="chat.errors.stop-too-many", sentence="Any number of stop sequences is taken."),
            Deviation(rule="chat.errors.max-tokens-negative", sentence="A negative limit is none."),
            Deviation(
                rule="chat.errors.shape",
                sentence="An error's `code` is the status, a number, and `param` is absent.",
            ),
        ),
    )
)
