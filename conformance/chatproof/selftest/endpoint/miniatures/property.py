"""Miniatures that are broken in what nobody asks for by name: the property cases come upon it."""

import json
from collections.abc import Callable

from chatfake import Answer, Request
from chatproof.selftest.endpoint.miniatures.registry import broken, on_200
from chatproof.selftest.endpoint.wrapping import (
    CRASH,
    Handler,
    Wrapper,
    as_html,
    asked,
    is_chat,
    where,
    with_body,
)


def _drawn(request: Request) -> bool:
    """Is this one of the random requests? Only they have a limit of 17 tokens."""
    return is_chat(request) and asked(request).get("max_tokens") == 17


def _many(request: Request) -> bool:
    return (
        _drawn(request) and len(asked(request).get("messages", [])) > 1 and not asked(request).get("stream")
    )


def _valid(condition: Callable[[Request], bool], answer: Answer) -> Wrapper:
    """Give an answer to those that are valid."""

    def make(handler: Handler) -> Handler:
        def wrapped(request: Request) -> Answer:
            found = handler(request)
            return answer if found.status == 200 and condition(request) else found

        return wrapped

    return make


broken("any-history-500", "property.valid-requests", _valid(_many, CRASH))
broken(
    "any-history-in-html",
    "property.valid-requests",
    _valid(_many, as_html(400)),
    along=("chat.errors.shape",),
)


def _no_role(request: Request, answer: Answer) -> Answer:
    if not _many(request):
        return answer
    value = json.loads(answer.body)
    value["choices"][0]["message"].pop("role")
    return with_body(answer, json.dumps(value).encode())


broken(
    "any-history-without-role",
    "property.valid-requests",
    on_200(_no_role, stream=False),
    along=("chat.json.shape",),
)


def _crash_on_mistakes(handler: Handler) -> Handler:
    """5xx for every mistake of a request that is drawn."""

    def wrapped(request: Request) -> Answer:
        found = handler(request)
        streamed = bool(asked(request).get("stream"))
        return CRASH if _drawn(request) and found.status >= 400 and not streamed else found

    return wrapped


broken("any-mistake-500", "property.invalid-requests", _crash_on_mistakes)


def _finished_twice(request: Request, answer: Answer) -> Answer:
    if not _drawn(request):
        return answer
    events = answer.body.split(b"\n\n")
    last = next(n for n, event in enumerate(events) if b'"finish_reason":"' in event.replace(b": ", b":"))
    return with_body(answer, b"\n\n".join([*events[: last + 1], *events[last:]]))


broken(
    "any-stream-ends-twice",
    "property.streams",
    on_200(_finished_twice, stream=True),
    along=("chat.sse.finish-once",),
)
broken(
    "any-stream-500", "property.streams", where(lambda r: _drawn(r) and asked(r).get("stream") is True, CRASH)
)
