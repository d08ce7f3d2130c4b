"""How OpenAI writes a chat answer (all dialects are differences from it): one JSON object, or chunks of a stream."""

from collections.abc import Iterator

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import split
from chatfake.dialects.format.chunk import Chunk, ChunkKind, Fragments
from chatfake.dialects.format.completion import Completion
from chatfake.dialects.format.openai_base import BaseFormat
from chatfake.generation.logprobs import token_logprob


def _head(completion: Completion, kind: str) -> JsonObject:
    return {
        "id": completion.identity.completion_id,
        "object": kind,
        "created": completion.identity.created,
        "model": completion.chat.model,
    }


def _tail(completion: Completion) -> JsonObject:
    return {"service_tier": "default", "system_fingerprint": completion.identity.system_fingerprint}


def _whole(completion: Completion) -> JsonObject:
    return {**_head(completion, "chat.completion"), "choices": None, "usage": None, **_tail(completion)}


def _chunk(completion: Completion) -> JsonObject:
    return {**_head(completion, "chat.completion.chunk"), **_tail(completion), "choices": None}


def _usage(completion: Completion) -> JsonObject:
    prompt, said = completion.prompt_tokens, completion.said_tokens
    return {
        "prompt_tokens": prompt,
        "completion_tokens": said,
        "total_tokens": prompt + said,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": completion.reasoning_tokens,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def _choice(completion: Completion, index: int) -> JsonObject:
    reply = completion.replies[index]
    message: JsonObject = {"role": "assistant", "content": reply.text}
    if reply.tool_calls:
        calls: list[JsonValue] = [*_calls(completion, index)]
        message["tool_calls"] = calls
    message["refusal"] = reply.refusal
    message["annotations"] = []
    return {
        "index": index,
        "message": message,
        "logprobs": _logprobs(completion, reply.text, reply.refusal),
        "finish_reason": reply.ending,
    }


def _calls(completion: Completion, index: int) -> list[JsonObject]:
    return [
        {
            "id": call.id or completion.identity.call_id(index, number),
            "type": "function",
            "function": {"name": call.name, "arguments": call.arguments},
        }
        for number, call in enumerate(completion.replies[index].tool_calls)
    ]


def _logprobs(completion: Completion, text: str | None, refusal: str | None, start: int = 0) -> JsonValue:
    """One entry a token; null where none were asked for or nothing was said."""
    alternatives = completion.chat.top_logprobs
    if alternatives is None or (text is None and refusal is None):
        return None
    return {"content": _entries(text, alternatives, start), "refusal": _entries(refusal, alternatives, start)}


def _entries(text: str | None, alternatives: int, start: int) -> list[JsonValue] | None:
    if text is None:
        return None
    return [token_logprob(token, start + place, alternatives) for place, token in enumerate(split(text))]


def _beats(completion: Completion, index: int, fragments: Fragments) -> tuple[Chunk, ...]:
    return tuple(_in_turn(completion, index, fragments))


def _in_turn(completion: Completion, index: int, fragments: Fragments) -> Iterator[Chunk]:
    """The role, the reasoning, the text, the refusal and the calls a token at a time, the end."""
    reply = completion.replies[index]
    opening: JsonObject = {
        "role": "assistant",
        "content": None if reply.text is None else "",
        "refusal": None,
    }
    yield Chunk(kind=ChunkKind.ROLE, index=index, delta=opening)
    for token in split(reply.reasoning or ""):
        yield Chunk(kind=ChunkKind.REASONING, index=index, delta={"reasoning": token})
    for place, token in enumerate(split(reply.text or "")):
        logprobs = _logprobs(completion, token, None, place)
        yield Chunk(kind=ChunkKind.TEXT, index=index, delta={"content": token}, logprobs=logprobs)
    for place, token in enumerate(split(reply.refusal or "")):
        logprobs = _logprobs(completion, None, token, place)
        yield Chunk(kind=ChunkKind.REFUSAL, index=index, delta={"refusal": token}, logprobs=logprobs)
    for calls in fragments(_calls(completion, index)):
        yield Chunk(kind=ChunkKind.CALL, index=index, delta={"tool_calls": calls})
    yield Chunk(kind=ChunkKind.FINISH, index=index, finish_reason=reply.ending, stopped_by=reply.stopped_by)


def _piece(chunk: Chunk) -> JsonObject:
    return {
        "index": chunk.index,
        "delta": chunk.delta,
        "logprobs": chunk.logprobs,
        "finish_reason": chunk.finish_reason,
    }


CHAT = BaseFormat(whole=_whole, choice=_choice, chunk=_chunk, chunks=_beats, piece=_piece, usage=_usage)
