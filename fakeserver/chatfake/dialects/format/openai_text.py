"""How OpenAI writes a text completion: one JSON object, or the chunks of a stream."""

from collections.abc import Iterator

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import split
from chatfake.dialects.format.chunk import Chunk, ChunkKind, Fragments
from chatfake.dialects.format.completion import TextCompletion
from chatfake.dialects.format.openai_base import BaseFormat
from chatfake.generation.logprobs import token_logprob


def _head(completion: TextCompletion) -> JsonObject:
    return {
        "id": completion.identity.text_id,
        "object": "text_completion",
        "created": completion.identity.created,
        "model": completion.chat.model,
        "system_fingerprint": completion.identity.system_fingerprint,
        "choices": None,
    }


def _whole(completion: TextCompletion) -> JsonObject:
    return {**_head(completion), "usage": None}


def _choice(completion: TextCompletion, index: int) -> JsonObject:
    text = completion.written(index)
    return {
        "text": text,
        "index": index,
        "logprobs": _logprobs(completion, split(text), 0),
        "finish_reason": completion.replies[index].ending,
    }


def _beats(completion: TextCompletion, index: int, _: Fragments) -> tuple[Chunk, ...]:
    return tuple(_in_turn(completion, index))


def _in_turn(completion: TextCompletion, index: int) -> Iterator[Chunk]:
    """A token a chunk, then an empty one with the finish_reason."""
    offset = 0
    for place, token in enumerate(split(completion.written(index))):
        logprobs = _logprobs(completion, (token,), offset, place)
        offset += len(token)
        yield Chunk(kind=ChunkKind.TEXT, index=index, delta={"text": token}, logprobs=logprobs)
    reply = completion.replies[index]
    yield Chunk(
        kind=ChunkKind.FINISH,
        index=index,
        delta={"text": ""},
        finish_reason=reply.ending,
        stopped_by=reply.stopped_by,
    )


def _piece(chunk: Chunk) -> JsonObject:
    return {
        "text": chunk.delta["text"],
        "index": chunk.index,
        "logprobs": chunk.logprobs,
        "finish_reason": chunk.finish_reason,
    }


def _usage(completion: TextCompletion) -> JsonObject:
    prompt, said = completion.prompt_tokens, completion.said_tokens
    return {"prompt_tokens": prompt, "completion_tokens": said, "total_tokens": prompt + said}


def _logprobs(completion: TextCompletion, tokens: tuple[str, ...], offset: int, start: int = 0) -> JsonValue:
    """Four lists of the same length."""
    if completion.logprobs is None:
        return None
    entries = [token_logprob(token, start + place, completion.logprobs) for place, token in enumerate(tokens)]
    offsets: list[JsonValue] = []
    for token in tokens:
        offsets.append(offset)
        offset += len(token)
    tops: list[JsonValue] = [_tops(entry) for entry in entries]
    return {
        "tokens": list(tokens),
        "token_logprobs": [entry["logprob"] for entry in entries],
        "top_logprobs": tops,
        "text_offset": offsets,
    }


def _tops(entry: JsonObject) -> JsonObject:
    tops = entry["top_logprobs"]
    found = [one for one in tops if isinstance(one, dict)] if isinstance(tops, list) else []
    return {str(one["token"]): one["logprob"] for one in found}


TEXT = BaseFormat(whole=_whole, choice=_choice, chunk=_head, chunks=_beats, piece=_piece, usage=_usage)
