"""How OpenAI writes a text completion: one JSON object, or the beats of a stream."""

from collections.abc import Iterator

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import split
from chatfake.dialects.format.chunk import Beat, Fragments, Kind
from chatfake.dialects.format.completion import TextSpoken
from chatfake.dialects.format.openai_base import Ground
from chatfake.generation.logprobs import token_logprob

__all__ = ["TEXT"]


def _head(spoken: TextSpoken) -> JsonObject:
    return {
        "id": spoken.identity.text_id,
        "object": "text_completion",
        "created": spoken.identity.created,
        "model": spoken.chat.model,
        "system_fingerprint": spoken.identity.system_fingerprint,
        "choices": None,
    }


def _whole(spoken: TextSpoken) -> JsonObject:
    return {**_head(spoken), "usage": None}


def _choice(spoken: TextSpoken, index: int) -> JsonObject:
    text = spoken.written(index)
    return {
        "text": text,
        "index": index,
        "logprobs": _logprobs(spoken, split(text), 0),
        "finish_reason": spoken.replies[index].ending,
    }


def _beats(spoken: TextSpoken, index: int, _: Fragments) -> tuple[Beat, ...]:
    return tuple(_in_turn(spoken, index))


def _in_turn(spoken: TextSpoken, index: int) -> Iterator[Beat]:
    """A token a chunk, then an empty one with the finish_reason."""
    offset = 0
    for place, token in enumerate(split(spoken.written(index))):
        logprobs = _logprobs(spoken, (token,), offset, place)
        offset += len(token)
        yield Beat(kind=Kind.TEXT, index=index, delta={"text": token}, logprobs=logprobs)
    reply = spoken.replies[index]
    yield Beat(
        kind=Kind.FINISH,
        index=index,
        delta={"text": ""},
        finish_reason=reply.ending,
        stopped_by=reply.stopped_by,
    )


def _piece(beat: Beat) -> JsonObject:
    return {
        "text": beat.delta["text"],
        "index": beat.index,
        "logprobs": beat.logprobs,
        "finish_reason": beat.finish_reason,
    }


def _usage(spoken: TextSpoken) -> JsonObject:
    prompt, said = spoken.prompt_tokens, spoken.said_tokens
    return {"prompt_tokens": prompt, "completion_tokens": said, "total_tokens": prompt + said}


def _logprobs(spoken: TextSpoken, tokens: tuple[str, ...], offset: int, start: int = 0) -> JsonValue:
    """Four lists of the same length."""
    if spoken.logprobs is None:
        return None
    entries = [token_logprob(token, start + place, spoken.logprobs) for place, token in enumerate(tokens)]
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


TEXT = Ground(whole=_whole, choice=_choice, chunk=_head, beats=_beats, piece=_piece, usage=_usage)
