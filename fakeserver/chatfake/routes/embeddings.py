"""`POST /v1/embeddings`. Of a plan only the faults apply, and the scenarios that have no choices."""

import base64
import struct

from chatfake.core.api_error import ApiError
from chatfake.core.http import Answer
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import count
from chatfake.generation.embedding import vector
from chatfake.generation.identity import identity
from chatfake.handling.pipeline import Endpoint
from chatfake.handling.request_context import RequestContext
from chatfake.request.batch_limits import too_many_inputs
from chatfake.request.chat_request import Chat
from chatfake.scripting.plan import Plan

#: Of text-embedding-3-small.
USUAL_DIMENSIONS = 1536


def _chats(context: RequestContext, body: JsonObject) -> tuple[Chat, ...] | ApiError:
    """One conversation, of the first text: it is what a script goes by."""
    members = context.normalize(body)
    inputs = _inputs(members)
    tokens = sum(max(count(text), 1) for text in inputs)
    chat = Chat(
        body=members,
        messages=tuple({"role": "user", "content": text} for text in inputs[:1]),
        model=str(members.get("model", "")),
        prompt_tokens=tokens,
        room=0,
    )
    return too_many_inputs(inputs, tokens) or (chat,)


def _inputs(members: JsonObject) -> list[str]:
    given = members.get("input")
    if isinstance(given, list) and given and not isinstance(given[0], int):
        return [_text(one) for one in given]
    return [_text(given)]


def _text(one: JsonValue) -> str:
    if isinstance(one, list):
        return " ".join(str(token) for token in one)
    return one if isinstance(one, str) else ""


def _render(context: RequestContext, chats: tuple[Chat, ...], _: Plan) -> tuple[Answer, str]:
    settings, dialect, chat = context.settings, context.dialect, chats[0]
    mark = identity(chat, (), settings.clock, settings.new_id)
    return dialect.written(dialect.embeddings(_listed(chat), mark), mark.request_mark), mark.digest


def _listed(chat: Chat) -> JsonObject:
    data: list[JsonValue] = [
        {"object": "embedding", "index": index, "embedding": _encoded(text, chat.body)}
        for index, text in enumerate(_inputs(chat.body))
    ]
    return {
        "object": "list",
        "data": data,
        "model": chat.model,
        "usage": {"prompt_tokens": chat.prompt_tokens, "total_tokens": chat.prompt_tokens},
    }


def _encoded(text: str, body: JsonObject) -> JsonValue:
    size = body.get("dimensions")
    if isinstance(size, bool) or not isinstance(size, int) or not 0 < size <= 16_384:
        size = USUAL_DIMENSIONS
    floats = vector(text, size)
    if body.get("encoding_format") == "base64":
        return base64.b64encode(struct.pack(f"<{size}f", *floats)).decode()
    return list(floats)


EMBEDDINGS = Endpoint(
    refuse=lambda context, body: context.dialect.requests.embeddings(body, context.settings.context_length),
    chats=_chats,
    render=_render,
)
