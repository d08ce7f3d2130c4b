"""Miniatures that are broken in tools."""

import json
from collections.abc import Callable
from typing import Any

from chatfake import Answer, Request
from chatproof.selftest.endpoint.miniatures.registry import (
    broken,
    on_200,
)
from chatproof.selftest.endpoint.wrapping import (
    CRASH,
    Object,
    Wrapper,
    asked,
    chained,
    choice_of,
    completions,
    delta_of,
    each_chunk,
    is_chat,
    message_of,
    requests,
    where,
    with_body,
)


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
broken(
    "crash-on-required",
    "chat.tools.required",
    where(lambda r: is_chat(r) and asked(r).get("tool_choice") == "required", CRASH),
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


def _fragments(change: Callable[[Object], object]) -> Wrapper:
    def each(_: int, chunk: Object) -> None:
        for call in delta_of(chunk).get("tool_calls") or ():
            change(call)

    return each_chunk(each)


broken("call-without-id", "chat.tools.shape", _calls(lambda call: call.update(id="")))
broken("call-without-type", "chat.tools.shape", _calls(lambda call: call.pop("type")),
       along=("history.reply-replay",))  # fmt: skip
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
    chained(
        _calls(lambda call: call["function"].update(arguments='{"city": 7}')),
        _fragments(lambda call: call["function"].update(arguments='{"city": 7}' if "id" in call else "")),
    ),
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


broken(
    "fragments-without-index", "chat.tools.sse-fragments", _fragments(lambda call: call.pop("index", None))
)
broken("fragments-without-id", "chat.tools.sse-fragments", _fragments(lambda call: call.pop("id", None)))
broken(
    "calls-not-streamed",
    "chat.tools.sse-fragments",
    each_chunk(lambda _, c: delta_of(c).pop("tool_calls", None)),
    along=("chat.tools.finish-reason",),
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
