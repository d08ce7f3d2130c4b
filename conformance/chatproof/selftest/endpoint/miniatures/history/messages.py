"""Miniatures that lose messages in another form than one string each, in turn; and one that refuses its own reply."""

import json
from collections.abc import Callable
from itertools import groupby

from chatproof.selftest.endpoint.miniatures.history.changes import REFUSED
from chatproof.selftest.endpoint.miniatures.registry import broken
from chatproof.selftest.endpoint.wrapping import (
    CRASH,
    Object,
    Wrapper,
    as_json,
    asked,
    is_chat,
    messages_in,
    requests,
    where,
)


def _in_parts(body: Object) -> list[Object]:
    return [m for m in messages_in(body) if isinstance(m.get("content"), list)]


def _of_parts(change: Callable[[Object], object], *roles: str) -> Wrapper:
    """Change the messages that have parts, of these roles or of all."""

    def each(body: Object) -> None:
        for message in _in_parts(body):
            if not roles or message["role"] in roles:
                change(message)

    return requests(each)


broken(
    "last-part-only",
    "history.parts-count",
    _of_parts(lambda m: m.update(content=m["content"][-1:])),
)
broken(
    "first-part-only",
    "history.parts-count",
    _of_parts(lambda m: m.update(content=m["content"][:1]), "user"),
    along=("chat.image",),
)
broken(
    "system-parts-lost",
    "history.parts-count",
    _of_parts(lambda m: m.update(content=""), "system"),
)
broken(
    "assistant-parts-lost",
    "history.parts-count",
    _of_parts(lambda m: m.update(content=""), "assistant"),
)
broken(
    "parts-as-json",
    "history.parts-count",
    _of_parts(lambda m: m.update(content=json.dumps(m["content"])) if len(m["content"]) > 1 else None),
)
for _name, _answer in (("refused", as_json(400, REFUSED)), ("500", CRASH)):
    broken(
        f"assistant-parts-{_name}",
        "history.parts-count",
        where(
            lambda r: is_chat(r) and any(m.get("role") == "assistant" for m in _in_parts(asked(r))), _answer
        ),
    )


def _last_of_each_run(*roles: str) -> Callable[[Object], None]:
    """Keep of several messages of one role in a row the last one."""

    def change(body: Object) -> None:
        kept: list[Object] = []
        for role, run in groupby(body["messages"], lambda message: message.get("role")):
            messages = list(run)
            kept += messages[-1:] if role in roles else messages
        body["messages"] = kept

    return change


def _first_system_only(body: Object) -> None:
    first = next((m for m in body["messages"] if m.get("role") == "system"), None)
    body["messages"] = [m for m in body["messages"] if m.get("role") != "system" or m is first]


broken("last-of-two-users", "history.user-runs-count", requests(_last_of_each_run("user")))
broken("last-of-two-systems", "history.system-runs-count", requests(_last_of_each_run("system")))
broken("first-system-only", "history.system-runs-count", requests(_first_system_only))
broken(
    "own-reply-refused",
    "history.reply-replay",
    where(
        lambda r: (
            is_chat(r) and any(m.get("role") == "assistant" and "refusal" in m for m in messages_in(asked(r)))
        ),
        as_json(
            400,
            {"error": {"message": "refusal", "type": "invalid_request_error", "param": None, "code": None}},
        ),
    ),
)
