"""Miniatures that are broken in what a chat request asks for: limits, stop sequences, forms of messages, scores."""

import json
from collections.abc import Callable
from typing import Any

from chatfake import Answer, Request
from chatproof.selftest.endpoint.miniatures.registry import broken, on_200
from chatproof.selftest.endpoint.wrapping import (
    CRASH,
    Handler,
    Object,
    Wrapper,
    as_json,
    asked,
    chunks,
    delta_of,
    is_chat,
    message_of,
    messages_in,
    requests,
    where,
    with_body,
)

broken(
    "limit-ignored",
    "chat.json.length",
    requests(lambda body: body.pop("max_tokens") if body.get("max_tokens") == 1 else None),
)
broken(
    "new-limit-ignored",
    "chat.json.max-completion-tokens",
    requests(lambda body: body.pop("max_completion_tokens", None)),
)


def _stop(kind: type) -> Wrapper:
    """Forget a stop sequence of one form; too many of them are still refused."""

    def change(body: Object) -> None:
        if isinstance(body.get("stop"), kind) and body["stop"][0] != "a1":
            del body["stop"]

    return requests(change)


broken("stop-ignored", "chat.json.stop", _stop(str))
broken("stop-list-ignored", "chat.json.stop", _stop(list))
broken(
    "stop-ignored-in-streams",
    "chat.json.stop",
    requests(lambda body: body.pop("stop") if body.get("stream") is True and "stop" in body else None),
)


def _where_asked(wanted: Callable[[Object], Any], change: Callable[[Object], object]) -> Wrapper:
    """Change JSON completions whose request is one that is wanted."""

    def changed(request: Request, answer: Answer) -> Answer:
        if not wanted(asked(request)):
            return answer
        value = json.loads(answer.body)
        change(value)
        return with_body(answer, json.dumps(value).encode())

    return on_200(changed, stream=False)


def _streams_where(
    wanted: Callable[[Object], Any], change: Callable[[list[Object]], list[Object]]
) -> Wrapper:
    """Change the chunks of streams whose request is one that is wanted."""

    def make(handler: Handler) -> Handler:
        changed = chunks(change)(handler)
        return lambda request: changed(request) if wanted(asked(request)) else handler(request)

    return make


def _finished(reason: str) -> Callable[[list[Object]], list[Object]]:
    def change(found: list[Object]) -> list[Object]:
        for chunk in found:
            for choice in chunk["choices"]:
                choice["finish_reason"] = choice["finish_reason"] and reason
        return found

    return change


broken(
    "stop-at-the-limit",
    "chat.json.length",
    _where_asked(lambda b: b.get("max_tokens") == 1, lambda v: v["choices"][0].update(finish_reason="stop")),
)
broken(
    "stop-at-the-limit-in-streams",
    "chat.json.length",
    _streams_where(lambda b: b.get("max_tokens") == 1, _finished("stop")),
)
broken(
    "limit-ignored-in-streams",
    "chat.json.length",
    requests(lambda b: b.pop("max_tokens") if b.get("max_tokens") == 1 and b.get("stream") else None),
)


def _has_stop(body: Object) -> bool:
    return isinstance(body.get("stop"), str)


def _stop_of(body: Object) -> str:
    found: str = body["stop"]
    return found


def _with_stop(change: Callable[[str, str], str]) -> Wrapper:
    """Replies to a request with a stop sequence, made of the whole reply and the sequence, in JSON."""

    def make(handler: Handler) -> Handler:
        without = requests(lambda body: body.pop("stop", None))(handler)

        def wrapped(request: Request) -> Answer:
            body = asked(request)
            if not is_chat(request) or not _has_stop(body) or body.get("stream"):
                return handler(request)
            answer = without(request)
            value = json.loads(answer.body)
            message = message_of(value)
            message["content"] = change(message["content"], _stop_of(body))
            return with_body(answer, json.dumps(value).encode())

        return wrapped

    return make


broken("stop-cut-out", "chat.json.stop", _with_stop(lambda text, word: text.replace(word, "")))
broken(
    "stop-cut-in-half",
    "chat.json.stop",
    _with_stop(lambda text, word: text[: text.index(word) + len(word) // 2]),
)
broken("stop-kept", "chat.json.stop", _with_stop(lambda text, word: text[: text.index(word) + len(word)]))
broken("stop-takes-too-much", "chat.json.stop", _with_stop(lambda text, word: text[: text.index(word) // 2]))
broken(
    "stop-ends-with-length",
    "chat.json.stop",
    _where_asked(_has_stop, lambda v: v["choices"][0].update(finish_reason="length")),
)


def _leaking(handler: Handler) -> Handler:
    """The first letter of a stop sequence is out before it is known for one."""

    def wrapped(request: Request) -> Answer:
        body = asked(request)
        if not is_chat(request) or not _has_stop(body) or not body.get("stream"):
            return handler(request)

        def change(found: list[Object]) -> list[Object]:
            last = next(
                chunk for chunk in reversed(found) if chunk["choices"] and delta_of(chunk).get("content")
            )
            delta_of(last)["content"] += _stop_of(body)[0]
            return found

        return chunks(change)(handler)(request)

    return wrapped


broken("stop-leaks-in-streams", "chat.json.stop", _leaking)


def _parts_refused(request: Request) -> bool:
    return any(isinstance(message.get("content"), list) for message in messages_in(asked(request)))


broken("parts-500", "chat.json.parts", where(_parts_refused, CRASH), along=("history.parts-count",))
broken(
    "parts-lost",
    "chat.json.parts",
    requests(lambda b: [m.update(content="") for m in b["messages"] if isinstance(m.get("content"), list)]),
    along=("history.parts-count", "chat.image"),
)


def _has(request: Request, name: str, value: object) -> bool:
    """Has a message of the request that member?"""
    return is_chat(request) and any(message.get(name) == value for message in messages_in(asked(request)))


def _without_messages(name: str, value: object) -> Wrapper:
    def change(body: Object) -> None:
        body["messages"] = [m for m in body["messages"] if m.get(name) != value] or body["messages"][:1]

    return requests(change)


_REFUSED = as_json(
    400, {"error": {"message": "no", "type": "invalid_request_error", "param": None, "code": None}}
)
broken(
    "developer-refused", "chat.json.developer-role", where(lambda r: _has(r, "role", "developer"), _REFUSED)
)
broken("developer-lost", "chat.json.developer-role", _without_messages("role", "developer"))
broken("name-500", "chat.json.name", where(lambda r: _has(r, "name", "ann"), CRASH))
broken(
    "named-text-lost",
    "chat.json.name",
    requests(lambda b: [m.update(content="") for m in b["messages"] if m.get("name") == "ann"]),
)


def _ends_with_assistant(request: Request) -> bool:
    messages = messages_in(asked(request))
    return is_chat(request) and bool(messages) and messages[-1].get("role") == "assistant"


broken("assistant-last-500", "chat.json.assistant-last", where(_ends_with_assistant, CRASH))
broken(
    "assistant-last-empty",
    "chat.json.assistant-last",
    where(_ends_with_assistant, as_json(200, {})),
    along=("chat.json.shape",),
)


def _scores(change: Callable[[list[Object]], object]) -> Wrapper:
    """Change the log probabilities in JSON answers."""

    def changed(value: Object) -> None:
        change(value["choices"][0]["logprobs"]["content"])

    return _where_asked(lambda b: b.get("logprobs"), changed)


broken(
    "logprobs-500",
    "chat.json.logprobs",
    where(lambda r: bool(asked(r).get("logprobs")), CRASH),
    along=("completions.logprobs",),
)
broken(
    "logprob-is-a-probability", "chat.json.logprobs", _scores(lambda c: [e.update(logprob=0.5) for e in c])
)
broken("logprobs-lack-a-token", "chat.json.logprobs", _scores(lambda c: c.pop(0)))
broken(
    "logprobs-of-other-tokens",
    "chat.json.logprobs",
    _scores(lambda c: c[0].update({"token": " x", "bytes": None})),
)
broken("bytes-of-another-token", "chat.json.logprobs", _scores(lambda c: c[1].update(bytes=[120])))
broken(
    "logprobs-as-text",
    "chat.json.logprobs",
    _scores(lambda c: c[0].update(logprob="-0.5")),
    along=("chat.json.shape",),
)
broken(
    "one-rival",
    "chat.json.logprobs",
    _scores(lambda c: [e.update(top_logprobs=e["top_logprobs"][:1]) for e in c]),
)
broken("rivals-unsorted", "chat.json.logprobs", _scores(lambda c: [e["top_logprobs"].reverse() for e in c]))


def _no_scores(found: list[Object]) -> list[Object]:
    for chunk in found:
        for choice in chunk["choices"]:
            choice["logprobs"] = None
    return found


def _last_scores_lost(found: list[Object]) -> list[Object]:
    scored = [chunk for chunk in found if chunk["choices"] and chunk["choices"][0].get("logprobs")]
    for chunk in scored[1:]:
        chunk["choices"][0]["logprobs"] = None
    return found


broken(
    "no-logprobs-in-streams", "chat.json.logprobs", _streams_where(lambda b: b.get("logprobs"), _no_scores)
)
broken(
    "logprobs-lost-in-streams",
    "chat.json.logprobs",
    _streams_where(lambda b: b.get("logprobs"), _last_scores_lost),
)
