"""`POST /v1/embeddings`: vectors of length one, the same for the same text on every machine."""

import base64
import hashlib
import math
import struct
from collections import Counter
from functools import lru_cache

from chatfake.core.api_error import MALFORMED_JSON, ApiError
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import count, split
from chatfake.generation.identity import identity
from chatfake.handling.effects import apply_effects
from chatfake.handling.request_context import Handled, RequestContext
from chatfake.handling.select_plan import select_plan
from chatfake.request.batch_limits import too_many_inputs
from chatfake.request.chat_request import Chat

#: Of text-embedding-3-small.
USUAL_DIMENSIONS = 1536


def answer_embeddings(context: RequestContext) -> Handled:
    """Validates and embeds; of a plan only the faults apply, and the scenarios that have no choices."""
    body = context.body()
    if isinstance(body, ApiError):
        return context.render_error(body)
    refusal = (
        None
        if context.settings.lenient
        else context.dialect.requests.embeddings(body, context.settings.context_length)
    )
    if refusal is not None or not isinstance(body, dict):
        return context.render_error(refusal or MALFORMED_JSON, body)
    members = context.normalize(body)
    given = _inputs(members.get("input"))
    chat = _chat(members, given)
    if crowd := too_many_inputs(given, chat.prompt_tokens):
        return context.render_error(crowd, body)
    plan = select_plan(context, chat)
    if isinstance(plan, ApiError):
        return context.render_error(plan, body)
    mark = identity(chat, (), context.settings.clock, context.settings.new_id)
    answer = context.dialect.written(
        context.dialect.embeddings(_listed(members, given, chat), mark), mark.request_mark
    )
    return Handled(answer=apply_effects(context, plan, answer, mark.digest), json=body, plan=plan)


def _listed(body: JsonObject, given: list[str], chat: Chat) -> JsonObject:
    size = body.get("dimensions")
    if isinstance(size, bool) or not isinstance(size, int) or not 0 < size <= 16_384:
        size = USUAL_DIMENSIONS
    data: list[JsonValue] = [
        {"object": "embedding", "index": index, "embedding": _written(text, size, body)}
        for index, text in enumerate(given)
    ]
    return {
        "object": "list",
        "data": data,
        "model": chat.model,
        "usage": {"prompt_tokens": chat.prompt_tokens, "total_tokens": chat.prompt_tokens},
    }


def _written(text: str, dimensions: int, body: JsonObject) -> JsonValue:
    floats = vector(text, dimensions)
    if body.get("encoding_format") == "base64":
        return base64.b64encode(struct.pack(f"<{dimensions}f", *floats)).decode()
    return list(floats)


def vector(text: str, dimensions: int) -> tuple[float, ...]:
    """A sum of one direction a word, so that texts which share words are near each other; of length one.

    The numbers are those of 32-bit floats, so that both encodings say the same.
    """
    words = Counter(word.strip() for word in split(text.lower())[:512] or ("",))
    # all places at once, as one number of 32 bits a place
    total = sum(times * _direction(word, dimensions) for word, times in words.items())
    middle = 127.5 * words.total()
    sums = [
        one - middle for one in struct.unpack(f"<{dimensions}I", total.to_bytes(4 * dimensions, "little"))
    ]
    length = math.sqrt(sum(one * one for one in sums)) or 1.0
    packed = struct.pack(f"<{dimensions}f", *(one / length for one in sums))
    return struct.unpack(f"<{dimensions}f", packed)


@lru_cache(maxsize=256)
def _direction(word: str, dimensions: int) -> int:
    """A byte a place."""
    spread = bytearray(4 * dimensions)
    spread[::4] = hashlib.shake_128(word.encode("utf-8", "replace")).digest(dimensions)
    return int.from_bytes(spread, "little")


def _inputs(given: JsonValue) -> list[str]:
    if isinstance(given, list) and given and not isinstance(given[0], int):
        return [_text(one) for one in given]
    return [_text(given)]


def _text(one: JsonValue) -> str:
    if isinstance(one, list):
        return " ".join(str(token) for token in one)
    return one if isinstance(one, str) else ""


def _chat(body: JsonObject, given: list[str]) -> Chat:
    return Chat(
        body=body,
        messages=tuple({"role": "user", "content": text} for text in given[:1]),
        model=str(body.get("model", "")),
        prompt_tokens=sum(max(count(text), 1) for text in given),
        room=0,
    )
