"""Miniatures that are broken in the stream."""

import json
from dataclasses import replace

from chatfake import Answer, Cut, Request, Send
from chatproof.selftest.endpoint.miniatures.registry import (
    broken,
    on_200,
)
from chatproof.selftest.endpoint.wrapping import (
    Handler,
    Object,
    Wrapper,
    asked,
    choice_of,
    chunks,
    completions,
    delta_of,
    each_chunk,
    is_chat,
    refusals,
    requests,
    streams,
    with_body,
    with_type,
)

broken(
    "plain-lines",
    "chat.sse.framing",
    streams(lambda events: [*events[:2], "{oops", *events[2:]]),
)
broken(
    "stream-in-latin-1",
    "chat.sse.framing",
    on_200(lambda _, a: with_body(a, a.body.replace(b'"object"', b'"\xfc":1,"object"')), stream=True),
    along=("http.utf8",),
)
broken(
    "chunk-object",
    "chat.sse.shape",
    each_chunk(lambda _, c: c.update(object="chat.completion")),
)
broken("id-changes", "chat.sse.same-head", each_chunk(lambda n, c: c.update(id=f"chatcmpl-{n}")))
broken(
    "no-role",
    "chat.sse.role-first",
    each_chunk(lambda _, c: delta_of(c).pop("role", None)),
)


def _finish_twice(found: list[Object]) -> list[Object]:
    last = next(n for n, c in enumerate(found) if c["choices"] and c["choices"][0]["finish_reason"])
    return [*found[: last + 1], found[last], *found[last + 1 :]]


def _text_after_finish(found: list[Object]) -> list[Object]:
    text = next((c for c in found if c["choices"] and delta_of(c).get("content")), None)
    if text is None:
        return found
    last = next(n for n, c in enumerate(found) if c["choices"] and c["choices"][0]["finish_reason"])
    moved = [c for c in found if c is not text]
    return [*moved[:last], text, *moved[last:]]


broken("finish-twice", "chat.sse.finish-once", chunks(_finish_twice))
broken(
    "text-after-finish",
    "chat.sse.finish-once",
    chunks(_text_after_finish),
    along=("chat.sse.equals-json",),
)
broken(
    "no-finish",
    "chat.sse.finish-once",
    each_chunk(lambda _, c: [x.update(finish_reason=None) for x in c["choices"]]),
    along=("chat.sse.equals-json",),
)


def only_with(member: str, make: Wrapper) -> Wrapper:
    """A wrapper that changes the answers to requests with that member alone."""

    def made(handler: Handler) -> Handler:
        changed = make(handler)
        return lambda request: (changed if member in asked(request) else handler)(request)

    return made


for _member in ("tools", "stream_options", "stop"):
    broken(f"finish-twice-with-{_member}", "chat.sse.finish-once", only_with(_member, chunks(_finish_twice)))
broken(
    "usage-chunk-object",
    "chat.sse.shape",
    each_chunk(lambda _, c: c.update(object="chat.completion") if not c["choices"] else None),
)
broken("no-done", "chat.sse.done", streams(lambda events: [e for e in events if e != "[DONE]"]))
broken("done-twice", "chat.sse.done", streams(lambda events: [*events, "[DONE]"]))
broken(
    "chunk-after-done",
    "chat.sse.done",
    streams(lambda events: [*events, events[0]]),
    along=("chat.sse.usage-asked",),
)
broken(
    "message-in-stream",
    "chat.sse.delta-not-message",
    each_chunk(lambda _, c: [x.update(message=x.pop("delta")) for x in c["choices"]]),
    along=("chat.sse.shape", "chat.sse.role-first", "chat.tools.sse-fragments", "chat.tools.finish-reason"),
)


def _fails_in_the_middle(events: list[str]) -> list[str]:
    return [*events[:3], json.dumps({"error": {"message": "out of memory", "type": "server_error"}})]


broken(
    "error-in-mid-stream",
    "chat.sse.finish-once",
    streams(_fails_in_the_middle),
)
broken("nothing-but-an-error", "chat.sse.framing", streams(lambda events: _fails_in_the_middle(events)[3:]))
broken("events-without-number", "chat.sse.framing", streams(lambda events: [events[0]] * 10_001))


broken(
    "usage-withheld",
    "chat.sse.usage-asked",
    chunks(lambda found: [c for c in found if c["choices"]]),
)
broken(
    "usage-in-last-text",
    "chat.sse.usage-asked",
    chunks(
        lambda found: (
            [*found[:-2], {**found[-2], "usage": found[-1]["usage"]}] if not found[-1]["choices"] else found
        )
    ),
)
broken(
    "usage-forced",
    "chat.sse.usage-unasked",
    requests(lambda b: b.update(stream_options={"include_usage": True}) if b.get("stream") is True else None),
)


def _error_in_stream(request: Request, answer: Answer) -> Answer:
    if asked(request).get("stream") is not True:
        return answer
    body = b"data: " + answer.body + b"\n\ndata: [DONE]\n\n"
    return with_type(replace(with_body(answer, body), status=200), "text/event-stream")


_LIMITS = ("chat.errors.max-tokens-huge", "chat.errors.max-tokens-negative", "chat.errors.max-tokens-zero")
broken("error-in-stream", "chat.sse.error-before", refusals(_error_in_stream), along=_LIMITS)
broken(
    "unknown-model-in-stream",
    "chat.sse.error-before",
    refusals(lambda r, a: _error_in_stream(r, a) if "no-such-model" in str(asked(r).get("model")) else a),
)


def accepting_in_streams(handler: Handler) -> Handler:
    """Answer whatever is wrong, where a stream is asked for."""
    good = {"model": "tiny", "messages": [{"role": "user", "content": "hi"}], "stream": True}

    def wrapped(request: Request) -> Answer:
        answer = handler(request)
        if not is_chat(request) or answer.status < 400 or asked(request).get("stream") is not True:
            return answer
        return handler(replace(request, body=json.dumps(good).encode()))

    return wrapped


broken("stream-takes-anything", "chat.sse.error-before", accepting_in_streams, along=_LIMITS)
broken(
    "created-moves",
    "chat.sse.same-head",
    each_chunk(lambda n, c: c.update(created=c["created"] + n // 3)),
)
broken("model-changes", "chat.sse.same-head", each_chunk(lambda n, c: c.update(model=f"tiny-{n // 3}")))
broken(
    "events-have-names",
    "chat.sse.framing",
    on_200(lambda _, a: with_body(a, a.body.replace(b"data: {", b"event: chunk\ndata: {")), stream=True),
)
broken(
    "no-blank-lines",
    "chat.sse.framing",
    on_200(lambda _, a: with_body(a, a.body.replace(b"\n\n", b"\n")), stream=True),
)
broken(
    "torn-stream",
    "chat.sse.framing",
    on_200(lambda _, a: with_body(a, a.body[: a.body.rindex(b'":', 0, len(a.body) * 2 // 3)]), stream=True),
)
broken(
    "lost-stream",
    "chat.sse.framing",
    on_200(lambda _, a: replace(a, steps=(Send(a.body[: len(a.body) // 2]), Cut())), stream=True),
)
broken("stream-cut-off", "chat.sse.finish-once", streams(lambda events: events[: len(events) // 2]))


def _usage_lost(request: Request, answer: Answer) -> Answer:
    if not asked(request).get("stream_options"):
        return answer
    return with_body(answer, answer.body[: len(answer.body) // 2])


broken(
    "usage-stream-torn",
    "chat.sse.framing",
    on_200(_usage_lost, stream=True),
)
broken(
    "index-counts-chunks",
    "chat.sse.finish-once",
    each_chunk(lambda n, c: [choice.update(index=n) for choice in c["choices"]]),
    along=("chat.tools.finish-reason", "chat.tools.sse-fragments"),
)
broken(
    "null-streams",
    "chat.sse.stream-false",
    requests(lambda b: b.update(stream=True) if "stream" in b and b["stream"] is None else None),
)
broken(
    "delta-in-json",
    "chat.sse.delta-not-message",
    completions(lambda v: choice_of(v).update(delta={"content": "hi"})),
    along=("chat.json.shape",),
)
