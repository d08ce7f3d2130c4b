"""Miniatures that are broken in the history."""

from collections.abc import Callable

from chatfake import Answer, Request
from chatproof.selftest.endpoint.miniatures.registry import broken
from chatproof.selftest.endpoint.wrapping import (
    Handler,
    Object,
    Wrapper,
    as_json,
    asked,
    completions,
    each_chunk,
    is_chat,
    is_stream,
    requests,
    where,
)


def _counting(count: Callable[[Object, int], int]) -> Wrapper:
    """Count prompt tokens in a way of one's own."""

    def make(handler: Handler) -> Handler:
        def wrapped(request: Request) -> Answer:
            answer = handler(request)
            if not is_chat(request) or answer.status != 200:
                return answer
            body = asked(request)

            def recount(value: Object) -> None:
                usage = value.get("usage")
                if usage:
                    usage["prompt_tokens"] = count(body, usage["prompt_tokens"])
                    usage["total_tokens"] = usage["prompt_tokens"] + usage["completion_tokens"]

            if not is_stream(answer):
                return completions(recount)(lambda _: answer)(request)
            return each_chunk(lambda _, c: recount(c))(lambda _: answer)(request)

        return wrapped

    return make


def _last(count: int) -> Callable[[Object], None]:
    def change(body: Object) -> None:
        body["messages"] = body["messages"][-count:]

    return change


broken(
    "last-message-only",
    "history.grows",
    requests(lambda b: None if b.get("tools") else _last(1)(b)),
    along=("history.every-round-counts", "history.system-counts"),
)


def _slowly_longer() -> Callable[[Object, int], int]:
    calls = iter(range(10_000))
    return lambda body, count: count + next(calls) if len(body["messages"]) == 5 else count


broken(
    "counts-drift",
    "history.repeatable",
    _counting(_slowly_longer()),
    along=("history.interleaved", "history.json-equals-sse"),
)


def _remembering(handler: Handler) -> Handler:
    """A server that keeps the longest conversation and adds it to every short one."""
    seen = [0]

    def count(body: Object, own: int) -> int:
        if len(body["messages"]) > 12:
            seen[0] = own
        return own + (seen[0] if len(body["messages"]) == 1 and "tools" not in body else 0)

    return _counting(count)(handler)


broken("remembers-others", "history.stateless", _remembering)


def _mixing(handler: Handler) -> Handler:
    """A server that counts the words of whoever asked before, where the topic changes."""
    before = [""]

    def count(body: Object, own: int) -> int:
        topic = str(body["messages"][-1].get("content"))
        other, before[0] = before[0], topic
        return own + (
            1 if {other, topic} == {"And what of the river now?", "And what of the mountain now?"} else 0
        )

    return _counting(count)(handler)


broken("mixes-conversations", "history.interleaved", _mixing, along=("history.repeatable",))
broken(
    "system-dropped",
    "history.system-counts",
    requests(lambda b: b.update(messages=[m for m in b["messages"] if m.get("role") != "system"])),
)


def _without_middle(body: Object) -> None:
    if len(body["messages"]) >= 9:
        body["messages"] = [*body["messages"][:2], *body["messages"][4:]]


broken("middle-dropped", "history.every-round-counts", requests(_without_middle))


def _without_tools(body: Object) -> None:
    kept = [m for m in body["messages"] if m.get("role") != "tool" and not m.get("tool_calls")]
    if any(m.get("tool_calls") for m in body["messages"]):
        body["messages"] = kept


broken("tool-rounds-dropped", "history.tool-round-counts", requests(_without_tools))


def _streamed_window(body: Object) -> None:
    if body.get("stream") is True and not body.get("tools"):
        body["messages"] = body["messages"][-3:]


broken("streams-forget", "history.json-equals-sse", requests(_streamed_window))
broken(
    "own-reply-refused",
    "history.reply-replay",
    where(
        lambda r: (
            is_chat(r)
            and any(
                isinstance(m, dict) and m.get("role") == "assistant" and "refusal" in m
                for m in asked(r).get("messages") or ()
            )
        ),
        as_json(
            400,
            {"error": {"message": "refusal", "type": "invalid_request_error", "param": None, "code": None}},
        ),
    ),
)
