"""Miniatures: the fake, broken in one exact way each. They show that every case can fail, and on what.

A miniature names the case that it was made for, and those that see the same defect from their side; no other
case may find fault with it.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.conformance.wrapping import (
    CRASH,
    Handler,
    Object,
    Wrapper,
    as_html,
    as_json,
    asked,
    choice_of,
    chunks,
    completions,
    delta_of,
    each_chunk,
    is_chat,
    is_stream,
    message_of,
    refusals,
    requests,
    streams,
    where,
    with_body,
    with_type,
)

from chatfake import Answer, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Miniature:
    """A broken endpoint: what it was made to break, and what breaks along."""

    name: str
    breaks: str
    along: frozenset[str]
    make: Wrapper


MINIATURES: dict[str, Miniature] = {}


def broken(name: str, breaks: str, make: Wrapper, *, along: tuple[str, ...] = ()) -> None:
    """Register a broken endpoint."""
    assert name not in MINIATURES, name
    MINIATURES[name] = Miniature(name=name, breaks=breaks, along=frozenset(along), make=make)


def setting(target: Callable[[Object], Object], **members: Any) -> Callable[[Object], None]:
    """A change that sets members of a part of the completion."""
    return lambda value: target(value).update(members)


def without(target: Callable[[Object], Object], name: str) -> Callable[[Object], None]:
    """A change that takes a member away."""

    def change(value: Object) -> None:
        target(value).pop(name, None)

    return change


def itself(value: Object) -> Object:
    """The completion as a whole."""
    return value


def on_200(change: Callable[[Request, Answer], Answer], *, stream: bool) -> Wrapper:
    """Change good chat answers of one mode, as bytes."""

    def make(handler: Handler) -> Handler:
        def wrapped(request: Request) -> Answer:
            answer = handler(request)
            fits = is_chat(request) and answer.status == 200 and is_stream(answer) is stream
            return change(request, answer) if fits else answer

        return wrapped

    return make


# http

broken(
    "json-as-text", "http.json-content-type", on_200(lambda _, a: with_type(a, "text/plain"), stream=False)
)
broken("sse-as-text", "http.sse-content-type", on_200(lambda _, a: with_type(a, "text/plain"), stream=True))
broken("ascii-only", "http.utf8", where(lambda r: is_chat(r) and not r.body.isascii(), CRASH))
broken(
    "latin-1",
    "http.utf8",
    on_200(
        lambda r, a: (
            a if r.body.isascii() else with_body(a, a.body.replace(b'"object"', b'"\xfc":1,"object"'))
        ),
        stream=False,
    ),
)
broken("malformed-500", "http.malformed-json", where(lambda r: is_chat(r) and not asked(r), CRASH))
broken("html-404", "http.unknown-route", where(lambda r: "no-such-route" in r.path, as_html(404)))
broken(
    "wrong-method-200",
    "http.wrong-method",
    where(lambda r: r.method == "GET" and r.path.endswith("/chat/completions"), as_json(200, {})),
)
broken("bom", "http.no-junk", on_200(lambda _, a: with_body(a, b"\xef\xbb\xbf" + a.body), stream=False))
broken(
    "member-twice",
    "http.no-junk",
    on_200(lambda _, a: with_body(a, b'{"object":"chat.completion",' + a.body[1:]), stream=False),
)


def _shared_when_busy(handler: Handler) -> Handler:
    """Eight long questions at once all get the first one's answer."""
    meet = threading.Barrier(8, timeout=30)
    kept: list[Answer] = []

    def wrapped(request: Request) -> Answer:
        if b'"word' not in request.body:
            return handler(request)
        if meet.wait() == 0:
            kept.append(handler(request))
        meet.wait()
        return kept[0]

    return wrapped


broken("mixed-up-when-busy", "http.concurrent", _shared_when_busy)

# models


def _models(change: Callable[[Object], None]) -> Wrapper:
    def make(handler: Handler) -> Handler:
        def wrapped(request: Request) -> Answer:
            answer = handler(request)
            if not request.path.endswith("/models"):
                return answer
            value = json.loads(answer.body)
            change(value)
            return as_json(200, value)

        return wrapped

    return make


def _other_models(value: Object) -> None:
    value["data"] = [{**value["data"][0], "id": "another"}]


broken("models-without-object", "models.list", _models(lambda value: value["data"][0].pop("object")))
broken("model-not-listed", "models.serves", _models(_other_models))
broken("no-retrieve", "models.retrieve", where(lambda r: "/models/" in r.path, as_html(404)))
broken(
    "unknown-model-500",
    "models.unknown",
    refusals(
        lambda request, answer: CRASH if "no-such-model" in str(asked(request).get("model")) else answer
    ),
)

# chat.json

broken("wrong-object", "chat.json.shape", completions(setting(itself, object="chat.completion.v2")))
broken("created-as-text", "chat.json.shape", completions(lambda v: v.update(created=str(v["created"]))),
       along=("chat.json.created",))  # fmt: skip
broken("no-refusal", "chat.json.spec-complete", completions(without(message_of, "refusal")))


def _no_null_finish(_: int, chunk: Object) -> None:
    for choice in chunk["choices"]:
        if choice["finish_reason"] is None:
            del choice["finish_reason"]


broken("finish-reason-absent", "chat.json.spec-complete", each_chunk(_no_null_finish))
broken("same-id", "chat.json.id", completions(setting(itself, id="chatcmpl-1")), along=("http.concurrent",))
broken("created-in-ms", "chat.json.created", completions(lambda v: v.update(created=v["created"] * 1000)))
broken("another-model", "chat.json.model", completions(setting(itself, model="gpt-next")))
broken("role-bot", "chat.json.role", completions(setting(message_of, role="bot")),
       along=("chat.json.shape", "history.reply-replay"))  # fmt: skip
broken(
    "content-null",
    "chat.json.content",
    completions(setting(message_of, content=None)),
    along=("chat.sse.equals-json",),
)
broken(
    "no-finish-reason",
    "chat.json.finish-reason",
    completions(setting(choice_of, finish_reason=None)),
    along=(
        "chat.json.shape",
        "chat.json.length",
        "chat.json.max-completion-tokens",
        "chat.sse.equals-json",
        "chat.tools.finish-reason",
    ),
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
    "two-for-one",
    "chat.json.one-choice",
    completions(
        lambda v: v["choices"].append(dict(v["choices"][0], index=1)) if len(v["choices"]) == 1 else None
    ),
)
broken(
    "index-twice", "chat.json.n", completions(lambda v: [c.update(index=0) for c in v["choices"]] and None)
)
broken(
    "total-is-prompt",
    "chat.json.usage",
    completions(lambda v: v["usage"].update(total_tokens=v["usage"]["prompt_tokens"])),
)
broken(
    "no-usage",
    "chat.json.usage",
    completions(without(itself, "usage")),
    along=("chat.sse.equals-json",),
)
broken(
    "nothing-counted",
    "chat.json.usage-plausible",
    completions(lambda v: v["usage"].update(completion_tokens=0, total_tokens=v["usage"]["prompt_tokens"])),
    along=("chat.sse.equals-json",),
)


def _parts_refused(request: Request) -> bool:
    messages = asked(request).get("messages")
    return isinstance(messages, list) and any(
        isinstance(m, dict) and isinstance(m.get("content"), list) for m in messages
    )


broken("parts-500", "chat.json.parts", where(_parts_refused, CRASH))
broken(
    "parts-lost",
    "chat.json.parts",
    requests(lambda b: [m.update(content="") for m in b["messages"] if isinstance(m.get("content"), list)]),
)
broken(
    "null-refused",
    "chat.json.null-options",
    where(
        lambda r: is_chat(r) and "top_p" in asked(r) and asked(r)["top_p"] is None,
        as_json(400, {"error": {"message": "top_p"}}),
    ),
)


def _random(handler: Handler) -> Handler:
    calls = iter(range(10_000))

    def wrapped(request: Request) -> Answer:
        answer = handler(request)
        if not is_chat(request) or answer.status != 200 or asked(request).get("seed") != 7:
            return answer
        value = json.loads(answer.body)
        message_of(value)["content"] += str(next(calls))
        return with_body(answer, json.dumps(value).encode())

    return wrapped


broken("seed-ignored", "chat.json.seed", _random)
broken(
    "unknown-member-500",
    "chat.json.extra-member",
    where(lambda r: "chatproof_unknown_member" in asked(r), CRASH),
)

# chat.sse

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
    along=("chat.sse.shape", "chat.sse.role-first", "chat.sse.equals-json", "chat.tools.sse-fragments"),
)


def _fails_in_the_middle(events: list[str]) -> list[str]:
    return [*events[:3], json.dumps({"error": {"message": "out of memory", "type": "server_error"}})]


broken(
    "error-in-mid-stream",
    "chat.sse.finish-once",
    streams(_fails_in_the_middle),
    along=("chat.sse.equals-json", "chat.sse.usage-asked", "chat.tools.sse-fragments"),
)
broken("nothing-but-an-error", "chat.sse.framing", streams(lambda events: _fails_in_the_middle(events)[3:]))
broken("events-without-number", "chat.sse.framing", streams(lambda events: [events[0]] * 10_001))


def _cumulative(found: list[Object]) -> list[Object]:
    text = ""
    for chunk in found:
        delta = delta_of(chunk)
        if delta.get("content"):
            text += delta["content"]
            delta["content"] = text
    return found


broken("cumulative", "chat.sse.not-cumulative", chunks(_cumulative), along=("chat.sse.equals-json",))
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
broken(
    "stream-loses-end",
    "chat.sse.equals-json",
    chunks(
        lambda found: [
            c for n, c in enumerate(found) if not (delta_of(c).get("content") and n == len(found) - 3)
        ]
    ),
)


def _error_in_stream(request: Request, answer: Answer) -> Answer:
    if asked(request).get("stream") is not True:
        return answer
    body = b"data: " + answer.body + b"\n\ndata: [DONE]\n\n"
    return with_type(replace(with_body(answer, body), status=200), "text/event-stream")


broken("error-in-stream", "chat.sse.error-before", refusals(_error_in_stream))
broken(
    "null-streams",
    "chat.sse.stream-false",
    requests(lambda b: b.update(stream=True) if "stream" in b and b["stream"] is None else None),
)

# chat.tools


def _with_tools(request: Request) -> bool:
    return is_chat(request) and "tools" in asked(request)


broken("tools-500", "chat.tools.accepted", where(lambda r: asked(r).get("tool_choice") == "auto", CRASH))


def _other_function(chosen: Callable[[Any], bool]) -> Wrapper:
    """Call a function that nobody offered, under some tool_choice."""

    def change(request: Request, answer: Answer) -> Answer:
        if not chosen(asked(request).get("tool_choice")):
            return answer
        return with_body(answer, answer.body.replace(b'"get_weather"', b'"set_alarm"'))

    return on_200(change, stream=False)


broken(
    "another-function",
    "chat.tools.named",
    _other_function(lambda c: isinstance(c, dict)),
    along=("chat.tools.shape",),
)
broken("required-is-any", "chat.tools.required", _other_function(lambda c: c == "required"))
broken(
    "none-is-required",
    "chat.tools.none",
    requests(lambda b: b.update(tool_choice="required") if b.get("tool_choice") == "none" else None),
)


def _calls(change: Callable[[Object], object]) -> Wrapper:
    def each(value: Object) -> None:
        for call in message_of(value).get("tool_calls") or ():
            change(call)

    return completions(each)


broken("call-without-id", "chat.tools.shape", _calls(lambda call: call.update(id="")))
broken("call-without-type", "chat.tools.shape", _calls(lambda call: call.pop("type")))
broken(
    "arguments-as-object",
    "chat.tools.shape",
    _calls(lambda call: call["function"].update(arguments=json.loads(call["function"]["arguments"]))),
    along=("chat.tools.arguments",),
)


def _empty_calls(value: Object) -> None:
    message_of(value).setdefault("tool_calls", [])


broken(
    "empty-tool-calls",
    "chat.tools.absent-is-absent",
    completions(_empty_calls),
    along=("history.reply-replay",),  # the fake refuses an empty list, as OpenAI does
)
broken(
    "arguments-cut",
    "chat.tools.arguments",
    _calls(lambda call: call["function"].update(arguments=call["function"]["arguments"][:-1])),
)
broken(
    "arguments-that-do-not-fit",
    "chat.tools.arguments",
    _calls(lambda call: call["function"].update(arguments='{"city": 7}')),
)
broken(
    "calls-end-with-length",
    "chat.tools.finish-reason",
    completions(
        lambda v: (
            choice_of(v).update(finish_reason="function_call") if message_of(v).get("tool_calls") else None
        )
    ),
)
broken(
    "no-content-beside-calls",
    "chat.tools.content-null",
    completions(lambda v: message_of(v).pop("content") and None if message_of(v).get("tool_calls") else None),
)


def _fragments(change: Callable[[Object], object]) -> Wrapper:
    def each(_: int, chunk: Object) -> None:
        for call in delta_of(chunk).get("tool_calls") or ():
            change(call)

    return each_chunk(each)


broken(
    "fragments-without-index", "chat.tools.sse-fragments", _fragments(lambda call: call.pop("index", None))
)
broken("fragments-without-id", "chat.tools.sse-fragments", _fragments(lambda call: call.pop("id", None)))
broken(
    "calls-not-streamed",
    "chat.tools.sse-fragments",
    each_chunk(lambda _, c: delta_of(c).pop("tool_calls", None)),
)
broken(
    "null-content-refused",
    "chat.tools.round-trip",
    where(lambda r: _with_tools(r) and b'"content":null' in r.body, CRASH),
)
broken(
    "orphan-accepted",
    "chat.tools.orphan-result",
    requests(
        lambda b: (
            b.update(messages=[m for m in b["messages"] if m.get("role") != "tool"])
            if not any(m.get("tool_calls") for m in b["messages"])
            else None
        )
    ),
)
broken(
    "unknown-choice-accepted",
    "chat.tools.unknown-choice",
    requests(
        lambda b: b.update(tool_choice="auto") if "no_such_function" in str(b.get("tool_choice")) else None
    ),
)

# history


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

# chat.errors

_WRONG: dict[str, Callable[[Object], bool]] = {
    "missing-messages": lambda b: "messages" not in b,
    "empty-messages": lambda b: b.get("messages") == [],
    "unknown-role": lambda b: '"wizard"' in json.dumps(b),
    "missing-role": lambda b: any("role" not in m for m in b.get("messages", ()) if isinstance(m, dict)),
    "content-type": lambda b: '"content": 7' in json.dumps(b),
    "missing-model": lambda b: "model" not in b,
    "temperature-type": lambda b: b.get("temperature") == "hot",
    "temperature-range": lambda b: b.get("temperature") == 5,
    "top-p-range": lambda b: b.get("top_p") == 2,
    "n-zero": lambda b: b.get("n") == 0,
    "stream-type": lambda b: b.get("stream") == "yes",
    "tools-type": lambda b: isinstance(b.get("tools"), str),
    "stop-too-many": lambda b: isinstance(b.get("stop"), list) and len(b["stop"]) > 4,
    "max-tokens-negative": lambda b: b.get("max_tokens") == -1,
}


def _answering_500(wrong: Callable[[Object], bool]) -> Wrapper:
    return refusals(lambda r, answer: CRASH if asked(r) and wrong(asked(r)) else answer)


def _accepting(wrong: Callable[[Object], bool]) -> Wrapper:
    good = {"model": "tiny", "messages": [{"role": "user", "content": "hi"}]}

    def make(handler: Handler) -> Handler:
        def wrapped(request: Request) -> Answer:
            if is_chat(request) and asked(request) and wrong(asked(request)):
                return handler(replace(request, body=json.dumps(good).encode()))
            return handler(request)

        return wrapped

    return make


for _name, _wrong in _WRONG.items():
    broken(f"{_name}-500", f"chat.errors.{_name}", _answering_500(_wrong))
    broken(f"{_name}-accepted", f"chat.errors.{_name}", _accepting(_wrong))

_NOT_A_LIST: Callable[[Object], bool] = lambda b: isinstance(b.get("messages"), str)  # noqa: E731  a row of the table above
broken(
    "messages-not-a-list-500",
    "chat.errors.messages-not-a-list",
    _answering_500(lambda b: _NOT_A_LIST(b) and not b.get("stream")),
)


broken(
    "error-under-200",
    "chat.errors.unknown-role",
    refusals(lambda r, answer: replace(answer, status=200) if _WRONG["unknown-role"](asked(r)) else answer),
)


def _detail(request: Request, answer: Answer) -> Answer:
    if not _NOT_A_LIST(asked(request)) or asked(request).get("stream"):
        return answer
    return as_json(422, {"detail": [{"loc": ["body", "messages"], "msg": "value is not a valid list"}]})


broken("error-is-detail", "chat.errors.shape", refusals(_detail), along=("chat.errors.messages-not-a-list",))


def _two_members(request: Request, answer: Answer) -> Answer:
    if not _NOT_A_LIST(asked(request)) or asked(request).get("stream"):
        return answer
    return as_json(400, {"error": {"message": "messages must be a list", "type": "invalid_request_error"}})


broken("error-without-code", "chat.errors.shape", refusals(_two_members))
