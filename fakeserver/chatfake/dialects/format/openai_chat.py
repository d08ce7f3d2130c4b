"""How OpenAI writes a chat answer, which is the ground of all dialects: one JSON object, or the beats of a stream."""

from collections.abc import Iterator

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import split
from chatfake.dialects.format.chunk import Beat, Fragments, Kind
from chatfake.dialects.format.completion import Spoken
from chatfake.dialects.format.openai_base import Ground
from chatfake.generation.logprobs import token_logprob

__all__ = ["CHAT"]


def _head(spoken: Spoken, kind: str) -> JsonObject:
    return {
        "id": spoken.identity.completion_id,
        "object": kind,
        "created": spoken.identity.created,
        "model": spoken.chat.model,
    }


def _tail(spoken: Spoken) -> JsonObject:
    return {"service_tier": "default", "system_fingerprint": spoken.identity.system_fingerprint}


def _whole(spoken: Spoken) -> JsonObject:
    return {**_head(spoken, "chat.completion"), "choices": None, "usage": None, **_tail(spoken)}


def _chunk(spoken: Spoken) -> JsonObject:
    return {**_head(spoken, "chat.completion.chunk"), **_tail(spoken), "choices": None}


def _usage(spoken: Spoken) -> JsonObject:
    prompt, said = spoken.prompt_tokens, spoken.said_tokens
    return {
        "prompt_tokens": prompt,
        "completion_tokens": said,
        "total_tokens": prompt + said,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": spoken.reasoning_tokens,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def _choice(spoken: Spoken, index: int) -> JsonObject:
    reply = spoken.replies[index]
    message: JsonObject = {"role": "assistant", "content": reply.text}
    if reply.tool_calls:
        calls: list[JsonValue] = [*_calls(spoken, index)]
        message["tool_calls"] = calls
    message["refusal"] = reply.refusal
    message["annotations"] = []
    return {
        "index": index,
        "message": message,
        "logprobs": _logprobs(spoken, reply.text, reply.refusal),
        "finish_reason": reply.ending,
    }


def _calls(spoken: Spoken, index: int) -> list[JsonObject]:
    return [
        {
            "id": call.id or spoken.identity.call_id(index, number),
            "type": "function",
            "function": {"name": call.name, "arguments": call.arguments},
        }
        for number, call in enumerate(spoken.replies[index].tool_calls)
    ]


def _logprobs(spoken: Spoken, text: str | None, refusal: str | None, start: int = 0) -> JsonValue:
    """One entry a token; null where none were asked for or nothing was said."""
    alternatives = spoken.chat.top_logprobs
    if alternatives is None or (text is None and refusal is None):
        return None
    return {"content": _entries(text, alternatives, start), "refusal": _entries(refusal, alternatives, start)}


def _entries(text: str | None, alternatives: int, start: int) -> list[JsonValue] | None:
    if text is None:
        return None
    return [token_logprob(token, start + place, alternatives) for place, token in enumerate(split(text))]


def _beats(spoken: Spoken, index: int, fragments: Fragments) -> tuple[Beat, ...]:
    return tuple(_in_turn(spoken, index, fragments))


def _in_turn(spoken: Spoken, index: int, fragments: Fragments) -> Iterator[Beat]:
    """The role, the reasoning, the text, the refusal and the calls a token at a time, the end."""
    reply = spoken.replies[index]
    opening: JsonObject = {
        "role": "assistant",
        "content": None if reply.text is None else "",
        "refusal": None,
    }
    yield Beat(kind=Kind.ROLE, index=index, delta=opening)
    for token in split(reply.reasoning or ""):
        yield Beat(kind=Kind.REASONING, index=index, delta={"reasoning": token})
    for place, token in enumerate(split(reply.text or "")):
        logprobs = _logprobs(spoken, token, None, place)
        yield Beat(kind=Kind.TEXT, index=index, delta={"content": token}, logprobs=logprobs)
    for place, token in enumerate(split(reply.refusal or "")):
        logprobs = _logprobs(spoken, None, token, place)
        yield Beat(kind=Kind.REFUSAL, index=index, delta={"refusal": token}, logprobs=logprobs)
    for calls in fragments(_calls(spoken, index)):
        yield Beat(kind=Kind.CALL, index=index, delta={"tool_calls": calls})
    yield Beat(kind=Kind.FINISH, index=index, finish_reason=reply.ending, stopped_by=reply.stopped_by)


def _piece(beat: Beat) -> JsonObject:
    return {
        "index": beat.index,
        "delta": beat.delta,
        "logprobs": beat.logprobs,
        "finish_reason": beat.finish_reason,
    }


CHAT = Ground(whole=_whole, choice=_choice, chunk=_chunk, beats=_beats, piece=_piece, usage=_usage)
