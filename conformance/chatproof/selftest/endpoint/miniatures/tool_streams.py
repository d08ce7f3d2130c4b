"""Miniatures that are broken in streamed calls, in how calls end, and in several calls at once."""

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
    asked,
    chained,
    choice_of,
    chunks,
    completions,
    delta_of,
    is_chat,
    message_of,
    requests,
    speaking,
    where,
    with_body,
)

__all__ = ["BESIDE_TEXT", "CALLING", "TWO_CALLS"]


def _offers(request: Request) -> bool:
    return is_chat(request) and "tool_choice" in asked(request)


#: A model that calls a tool when it may.
CALLING = speaking("tool-call-only", lambda r: _offers(r) and asked(r).get("tool_choice") == "auto")
#: One that says something beside its calls.
BESIDE_TEXT = speaking(
    "tool-call-with-text", lambda r: _offers(r) and asked(r).get("tool_choice") in ("auto", "required")
)
#: One that calls a tool for each city.
TWO_CALLS = speaking("parallel-tool-calls", lambda r: _offers(r) and b"Rome" in r.body)


def _in_calls(change: Callable[[list[Object]], list[Object]]) -> Wrapper:
    """Change the chunks of each stream that has calls."""
    return chunks(lambda found: change(found) if any(_fragments(chunk) for chunk in found) else found)


def _fragments(chunk: Object) -> list[Any]:
    return list(delta_of(chunk).get("tool_calls") or ())


def _calls_end_with(reason: str) -> Callable[[list[Object]], list[Object]]:
    def change(found: list[Object]) -> list[Object]:
        for chunk in found:
            if chunk["choices"] and choice_of(chunk)["finish_reason"] == "tool_calls":
                choice_of(chunk)["finish_reason"] = reason
        return found

    return change


def _ends_with_stop(value: Object) -> None:
    if message_of(value).get("tool_calls"):
        choice_of(value)["finish_reason"] = "stop"


broken("calls-end-with-stop", "chat.tools.finish-reason", chained(CALLING, completions(_ends_with_stop)))
broken(
    "streamed-calls-end-with-stop",
    "chat.tools.finish-reason",
    chained(CALLING, _in_calls(_calls_end_with("stop"))),
)


def _repeating(member: str) -> Callable[[list[Object]], list[Object]]:
    """Say the id or the name in each fragment of a call."""

    def change(found: list[Object]) -> list[Object]:
        heads: dict[int, Object] = {}
        for call in (call for chunk in found for call in _fragments(chunk)):
            head = heads.setdefault(call["index"], call)
            if member == "id":
                call["id"] = head["id"]
            else:
                call["function"]["name"] = head["function"]["name"]
        return found

    return change


broken("id-in-each-fragment", "chat.tools.sse-fragments", _in_calls(_repeating("id")))
broken("name-in-each-fragment", "chat.tools.sse-fragments", _in_calls(_repeating("name")))


def _text_of(found: list[Object], index: int = 0) -> str:
    calls = (call for chunk in found for call in _fragments(chunk) if call["index"] == index)
    return "".join(call["function"].get("arguments", "") for call in calls)


def _arguments_twice(found: list[Object]) -> list[Object]:
    """After the fragments, all of the arguments once more."""
    last = max(n for n, chunk in enumerate(found) if _fragments(chunk))
    whole = {"index": 0, "function": {"arguments": _text_of(found)}}
    choice = {**choice_of(found[last]), "delta": {"tool_calls": [whole]}}
    return [*found[: last + 1], {**found[last], "choices": [choice]}, *found[last + 1 :]]


broken(
    "arguments-sent-twice",
    "chat.tools.sse-fragments",
    _in_calls(_arguments_twice),
    along=("chat.tools.arguments",),
)


def _as_text_too(found: list[Object]) -> list[Object]:
    """Before the call, the model's own text of it."""
    first = next(n for n, chunk in enumerate(found) if _fragments(chunk))
    call = {"name": "get_weather", "arguments": json.loads(_text_of(found))}
    text = f"<tool_call>\n{json.dumps(call)}\n</tool_call>"
    choice = {**choice_of(found[first]), "delta": {"content": text}}
    return [*found[:first], {**found[first], "choices": [choice]}, *found[first:]]


def _without_text(found: list[Object]) -> list[Object]:
    return [chunk for chunk in found if not delta_of(chunk).get("content")]


def _as_text_only(found: list[Object]) -> list[Object]:
    return [chunk for chunk in _as_text_too(found) if not _fragments(chunk)]


broken(
    "call-as-text-in-streams",
    "chat.tools.equals-json",
    _in_calls(_as_text_too),
    along=("chat.sse.role-first", "chat.tools.accepted"),
)
broken(
    "text-beside-calls-lost-in-streams",
    "chat.tools.equals-json",
    chained(BESIDE_TEXT, _in_calls(_without_text)),
)


def _json_as_text(request: Request, answer: Answer) -> Answer:
    """A JSON mode that does not read the model's call, made of its own accord, where streams do."""
    value = json.loads(answer.body)
    if asked(request).get("tool_choice") != "auto" or not message_of(value).pop("tool_calls", None):
        return answer
    message_of(value)["content"] = '<tool_call>\n{"name": "get_weather"}\n</tool_call>'
    choice_of(value)["finish_reason"] = "stop"
    return with_body(answer, json.dumps(value).encode())


broken(
    "call-as-text-in-json",
    "chat.tools.equals-json",
    chained(CALLING, on_200(_json_as_text, stream=False)),
    along=("chat.tools.accepted",),
)


def _auto_as_text(found: list[Object]) -> list[Object]:
    """The other way round: streams that do not read it."""
    if not any(c["choices"] and choice_of(c)["finish_reason"] == "tool_calls" for c in found):
        return found
    return _calls_end_with("stop")(_as_text_only(found))


def _auto_only(make: Wrapper) -> Wrapper:
    """Broken where the model calls of its own accord."""

    def wrapped(handler: Handler) -> Handler:
        other = make(handler)
        return lambda r: other(r) if asked(r).get("tool_choice") == "auto" else handler(r)

    return wrapped


broken(
    "call-as-text-not-read-in-streams",
    "chat.tools.equals-json",
    _auto_only(chained(CALLING, _in_calls(_auto_as_text))),
    along=("chat.sse.role-first", "chat.tools.accepted"),
)
broken(
    "required-not-in-streams",
    "chat.tools.required",
    requests(
        lambda b: (
            b.update(tool_choice="none") if b.get("tool_choice") == "required" and b.get("stream") else None
        )
    ),
)
broken(
    "crash-on-streamed-required",
    "chat.tools.required",
    where(
        lambda r: is_chat(r) and asked(r).get("tool_choice") == "required" and bool(asked(r).get("stream")),
        CRASH,
    ),
)
broken(
    "none-is-required-in-streams",
    "chat.tools.none",
    requests(
        lambda b: (
            b.update(tool_choice="required") if b.get("tool_choice") == "none" and b.get("stream") else None
        )
    ),
)
broken(
    "streams-with-tools-500",
    "chat.tools.sse-fragments",
    where(lambda r: _offers(r) and bool(asked(r).get("stream")), CRASH),
)


def _index_zero(found: list[Object]) -> list[Object]:
    for call in (call for chunk in found for call in _fragments(chunk)):
        call["index"] = 0
    return found


def _first_call_only(found: list[Object]) -> list[Object]:
    return [chunk for chunk in found if all(call["index"] == 0 for call in _fragments(chunk))]


def _mixed(found: list[Object]) -> list[Object]:
    """The arguments of all calls under the first one's index; the heads are right."""
    for call in (call for chunk in found for call in _fragments(chunk) if "id" not in call):
        call["index"] = 0
    return found


def _one_id(value: Object) -> None:
    for call in message_of(value).get("tool_calls") or ():
        call["id"] = "call_1"


broken(
    "index-zero-on-all-calls",
    "chat.tools.parallel",
    chained(TWO_CALLS, _in_calls(_index_zero)),
    along=("chat.tools.sse-fragments",),
)
broken("second-call-not-streamed", "chat.tools.parallel", chained(TWO_CALLS, _in_calls(_first_call_only)))
broken(
    "arguments-of-two-calls-mixed",
    "chat.tools.parallel",
    chained(TWO_CALLS, _in_calls(_mixed)),
    along=("chat.tools.arguments",),
)
broken(
    "one-id-for-all-calls",
    "chat.tools.parallel",
    chained(TWO_CALLS, completions(_one_id)),
    along=("chat.tools.shape",),
)
broken(
    "parallel-off-ignored",
    "chat.tools.parallel-off",
    chained(requests(lambda b: b.pop("parallel_tool_calls", None)), TWO_CALLS),
)
broken(
    "parallel-off-ignored-in-streams",
    "chat.tools.parallel-off",
    chained(requests(lambda b: b.pop("parallel_tool_calls", None) if b.get("stream") else None), TWO_CALLS),
)
broken(
    "crash-on-parallel-off",
    "chat.tools.parallel-off",
    where(lambda r: is_chat(r) and asked(r).get("parallel_tool_calls") is False, CRASH),
)
