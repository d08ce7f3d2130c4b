"""How OpenAI writes a reply: one JSON object, or the chunks of a stream. Two renderings of the same `Spoken`."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from chatfake.chat import Chat
from chatfake.identity import Identity
from chatfake.jsontext import JsonObject, JsonValue
from chatfake.limits import spoken_tokens
from chatfake.logprobs import token_logprob
from chatfake.reply import Reply
from chatfake.tokens import split


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What is said to a chat request, one (already limited) reply a choice, under which identity."""

    chat: Chat
    replies: tuple[Reply, ...]
    identity: Identity


def completion(spoken: Spoken) -> JsonObject:
    """The body of a JSON answer."""
    return {
        **_head(spoken, "chat.completion"),
        "choices": [_choice(spoken, index, reply) for index, reply in enumerate(spoken.replies)],
        "usage": _usage(spoken),
        **_tail(spoken),
    }


def chunks(spoken: Spoken) -> Iterator[JsonObject]:
    """The chunks of a stream in order: choices in turn, then usage where it was asked for."""
    usage: JsonObject = {"usage": None} if spoken.chat.include_usage else {}
    head = {**_head(spoken, "chat.completion.chunk"), **_tail(spoken)}
    choices = [_chunk_choices(spoken, index, reply) for index, reply in enumerate(spoken.replies)]
    for row in zip_longest(*choices):
        for choice in row:
            if choice is not None:
                yield {**head, "choices": [choice], **usage}
    if not choices:
        yield {**head, "choices": [], **usage}
    if spoken.chat.include_usage:
        yield {**head, "choices": [], "usage": _usage(spoken)}


def _head(spoken: Spoken, kind: str) -> JsonObject:
    return {
        "id": spoken.identity.completion_id,
        "object": kind,
        "created": spoken.identity.created,
        "model": spoken.chat.model,
    }


def _tail(spoken: Spoken) -> JsonObject:
    return {"service_tier": "default", "system_fingerprint": spoken.identity.system_fingerprint}


def _usage(spoken: Spoken) -> JsonObject:
    prompt = spoken.chat.prompt_tokens
    said = sum(spoken_tokens(reply) for reply in spoken.replies)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": said,
        "total_tokens": prompt + said,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def _choice(spoken: Spoken, index: int, reply: Reply) -> JsonObject:
    message: JsonObject = {"role": "assistant", "content": reply.text}
    if reply.tool_calls:
        message["tool_calls"] = _calls(spoken, index, reply)
    message["refusal"] = reply.refusal
    message["annotations"] = []
    return {
        "index": index,
        "message": message,
        "logprobs": _logprobs(spoken.chat, reply.text, reply.refusal),
        "finish_reason": reply.ending,
    }


def _calls(spoken: Spoken, index: int, reply: Reply) -> list[JsonValue]:
    return [
        {
            "id": call.id or spoken.identity.call_id(index, number),
            "type": "function",
            "function": {"name": call.name, "arguments": call.arguments},
        }
        for number, call in enumerate(reply.tool_calls)
    ]


def _logprobs(chat: Chat, text: str | None, refusal: str | None, start: int = 0) -> JsonValue:
    """One entry a token; null where none were asked for or nothing was said."""
    if chat.top_logprobs is None or (text is None and refusal is None):
        return None
    return {
        "content": _entries(text, chat.top_logprobs, start),
        "refusal": _entries(refusal, chat.top_logprobs, start),
    }


def _entries(text: str | None, alternatives: int, start: int) -> list[JsonValue] | None:
    if text is None:
        return None
    return [token_logprob(token, start + place, alternatives) for place, token in enumerate(split(text))]


def _chunk_choices(spoken: Spoken, index: int, reply: Reply) -> Iterator[JsonObject]:
    """The choices of one reply's chunks: the role, its pieces, its end."""
    for delta, logprobs in _deltas(spoken, index, reply):
        yield {"index": index, "delta": delta, "logprobs": logprobs, "finish_reason": None}
    yield {"index": index, "delta": {}, "logprobs": None, "finish_reason": reply.ending}


def _deltas(spoken: Spoken, index: int, reply: Reply) -> Iterator[tuple[JsonObject, JsonValue]]:
    opening: JsonObject = {
        "role": "assistant",
        "content": None if reply.text is None else "",
        "refusal": None,
    }
    fragments = list(_fragments(_calls(spoken, index, reply)))
    if reply.text is None and len(reply.tool_calls) == 1:
        # OpenAI opens a lone call together with the role
        opening = {**opening, **fragments.pop(0)}
    yield opening, None
    for place, token in enumerate(split(reply.text or "")):
        yield {"content": token}, _logprobs(spoken.chat, token, None, place)
    for place, token in enumerate(split(reply.refusal or "")):
        yield {"refusal": token}, _logprobs(spoken.chat, None, token, place)
    for fragment in fragments:
        yield fragment, None


def _fragments(calls: list[JsonValue]) -> Iterator[JsonObject]:
    """Each call's head with empty arguments, then its arguments a token at a time."""
    for number, call in enumerate(calls):
        if not isinstance(call, dict) or not isinstance(function := call["function"], dict):
            continue
        yield {"tool_calls": [{"index": number, **call, "function": {**function, "arguments": ""}}]}
        for token in split(str(function["arguments"])):
            yield {"tool_calls": [{"index": number, "function": {"arguments": token}}]}
