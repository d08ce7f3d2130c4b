"""Miniatures that mix conversations, as their counts show."""

import json

from chatfake import Answer, Request
from chatproof.selftest.endpoint.miniatures.history.changes import counting
from chatproof.selftest.endpoint.miniatures.registry import broken
from chatproof.selftest.endpoint.wrapping import Handler, Object, asked, is_chat, requests


def _remembering(handler: Handler) -> Handler:
    """A server that keeps the longest conversation and adds it to every short one."""
    seen = [0]

    def count(body: Object, own: int) -> int:
        if len(body["messages"]) > 12:
            seen[0] = own
        return own + (seen[0] if len(body["messages"]) == 1 and "tools" not in body else 0)

    return counting(count)(handler)


broken("remembers-others", "history.stateless", _remembering)


def _mixing(handler: Handler) -> Handler:
    """A server that counts words of whoever asked before, where a conversation comes back to it."""
    seen: set[str] = set()
    before = [""]

    def count(body: Object, own: int) -> int:
        topic, whole = str(body["messages"][-1].get("content")), json.dumps(body)
        other, before[0] = before[0], topic
        known = whole in seen
        seen.add(whole)
        topics = {"And what of the river now?", "And what of the mountain now?"}
        return own + (1 if known and {other, topic} == topics else 0)

    return counting(count)(handler)


broken("mixes-conversations", "history.interleaved", _mixing, along=("history.repeatable",))


def _by_user(handler: Handler) -> Handler:
    """A server that keeps a conversation for each `user`, and goes on with it."""
    kept: dict[str, list[Object]] = {}

    def change(body: Object) -> None:
        if isinstance(name := body.get("user"), str):
            session = kept.setdefault(name, [])
            body["messages"] = [*session, *body["messages"]]
            session += [body["messages"][-1], {"role": "assistant", "content": "So it is."}]

    return requests(change)(handler)


broken("session-by-user", "history.session-by-user", _by_user)


def _uncounted_by_user(handler: Handler) -> Handler:
    """The same, but what is counted is what was sent."""
    inner = _by_user(handler)

    def wrapped(request: Request) -> Answer:
        if not is_chat(request) or "user" not in asked(request):
            return handler(request)
        right = json.loads(handler(request).body)["usage"]["prompt_tokens"]
        return counting(lambda _, __: right)(inner)(request)

    return wrapped


broken("session-by-user-uncounted", "history.session-by-user", _uncounted_by_user)
