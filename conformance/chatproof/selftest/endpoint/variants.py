"""Endpoints that are unusual and right: no case may find fault with them."""

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chatfake import Answer, Request, Send
from chatproof.selftest.endpoint.miniatures import on_200
from chatproof.selftest.endpoint.miniatures.chat_reasoning import THINKING
from chatproof.selftest.endpoint.miniatures.tool_streams import BESIDE_TEXT, CALLING, TWO_CALLS
from chatproof.selftest.endpoint.wrapping import (
    Object,
    Wrapper,
    asked,
    chained,
    choice_of,
    completions,
    delta_of,
    each_chunk,
    message_of,
    speaking,
    with_body,
    with_type,
)

__all__ = ["UNSHOWN", "VARIANTS"]

UNSHOWN = frozenset(
    {"chat.tools.parallel", "chat.tools.parallel-off", "chat.reasoning.shape", "chat.reasoning.replay"}
)
"""What the plain fake gives no occasion to judge: it calls one tool at a time, and does not think aloud."""


def framed(change: Callable[[list[bytes]], bytes]) -> Wrapper:
    """Frame each stream in a way of one's own, from the data of its events."""

    def other(_: Request, answer: Answer) -> Answer:
        events = [event.removeprefix(b"data: ") for event in answer.body.split(b"\n\n") if event]
        return with_body(answer, change(events))

    return on_200(other, stream=True)


def over_lines(data: bytes) -> bytes:
    """JSON over several lines, each a data field."""
    if data == b"[DONE]":
        return b"data: [DONE]\n\n"
    lines = json.dumps(json.loads(data), indent=1).encode().split(b"\n")
    return b"".join(b"data: " + line + b"\n" for line in lines) + b"\n"


def drip(_: Request, answer: Answer) -> Answer:
    """One byte a write: characters are split over packets."""
    return replace(answer, steps=tuple(Send(bytes([byte])) for byte in answer.body))


def compressed(_: Request, answer: Answer) -> Answer:
    made = with_body(answer, gzip.compress(answer.body))
    return replace(made, headers=(*made.headers, ("content-encoding", "gzip")))


def first_null(number: int, chunk: Object) -> None:
    """llama.cpp: the first delta has the role and content null."""
    if number == 0 and delta_of(chunk).get("role"):
        delta_of(chunk)["content"] = None


def role_in_each(_: int, chunk: Object) -> None:
    """OpenRouter: the role in every delta."""
    if chunk["choices"]:
        delta_of(chunk)["role"] = "assistant"


def finish_with_text(found: list[Object]) -> list[Object]:
    """The last piece of text and the finish_reason in one chunk."""
    last = next((n for n, c in enumerate(found) if c["choices"] and c["choices"][0]["finish_reason"]), 0)
    if last and delta_of(found[last - 1]).get("content"):
        found[last]["choices"][0]["delta"] = delta_of(found[last - 1])
        del found[last - 1]
    return found


def joined(change: Callable[[list[Object]], list[Object]]) -> Wrapper:
    def again(events: list[bytes]) -> bytes:
        found = change([json.loads(event) for event in events if event != b"[DONE]"])
        return b"".join(b"data: %s\n\n" % json.dumps(chunk).encode() for chunk in found) + b"data: [DONE]\n\n"

    return framed(again)


def extended(value: Object) -> None:
    """VLLM's and others' members."""
    value.update(kv_transfer_params=None, prompt_logprobs=None, x_groq={"id": "req_1"})
    value["choices"][0].update(stop_reason=None, content_filter_results={})


def one_number(value: Object) -> None:
    """JSON has one type of number."""
    value["created"] = float(value["created"])


def set_member(name: str, member: Any) -> Callable[[Object], None]:
    return lambda value: value.update({name: member})


def extended_chunk(_: int, chunk: Object) -> None:
    chunk.update(service_tier=None, obfuscation="x" * 9)


def named_ends_with_calls(value: Object) -> None:
    """Most servers: `tool_calls` for a named choice too, where OpenAI has `stop`."""
    if message_of(value).get("tool_calls"):
        choice_of(value)["finish_reason"] = "tool_calls"


def whole_calls(found: list[Object]) -> list[Object]:
    """Transformers: each call in one fragment."""
    heads: dict[int, Object] = {}
    kept: list[Object] = []
    for chunk in found:
        fragments: list[Object] = delta_of(chunk).get("tool_calls", [])
        for call in fragments:
            head = heads.setdefault(call["index"], call)
            if head is not call:
                head["function"]["arguments"] += call["function"]["arguments"]
        if not fragments or any("id" in call for call in fragments):
            kept.append(chunk)
    return kept


def type_in_each_fragment(_: int, chunk: Object) -> None:
    for call in delta_of(chunk).get("tool_calls") or ():
        call["type"] = "function"


def blanks_before_calls(found: list[Object]) -> list[Object]:
    """What a model writes between its thinking and a call."""
    first = next((n for n, chunk in enumerate(found) if delta_of(chunk).get("tool_calls")), 0)
    if not first:
        return found
    blank = {**found[first], "choices": [{**found[first]["choices"][0], "delta": {"content": "\n\n"}}]}
    return [*found[:first], blank, *found[first:]]


def pretty_object(request: Request, answer: Answer) -> Answer:
    """JSON as the model likes to write it."""
    value = json.loads(answer.body)
    if "response_format" not in asked(request):
        return answer
    content = json.loads(message_of(value)["content"])
    message_of(value)["content"] = f"\n{json.dumps(content, indent=2)}\n"
    return with_body(answer, json.dumps(value).encode())


VARIANTS: dict[str, Wrapper] = {
    "crlf": framed(lambda events: b"".join(b"data: " + e + b"\r\n\r\n" for e in events)),
    "cr": framed(lambda events: b"".join(b"data: " + e + b"\r\r" for e in events)),
    "no-space": framed(lambda events: b"".join(b"data:" + e + b"\n\n" for e in events)),
    "bom": framed(lambda events: b"\xef\xbb\xbf" + b"".join(b"data: " + e + b"\n\n" for e in events)),
    "keep-alives": framed(
        lambda events: b": PROCESSING\n\n" + b"".join(b":\n\ndata: " + e + b"\n\n" for e in events)
    ),
    "named-message": framed(lambda events: b"".join(b"event: message\ndata: " + e + b"\n\n" for e in events)),
    "id-and-retry": framed(
        lambda events: b"retry: 3000\n\n" + b"".join(b"id: 7\ndata: " + e + b"\n\n" for e in events)
    ),
    "many-lines": framed(lambda events: b"".join(map(over_lines, events))),
    "one-byte-a-write": on_200(drip, stream=True),
    "charset": on_200(lambda _, a: with_type(a, "Text/Event-Stream; charset=utf-8"), stream=True),
    "json-charset": on_200(lambda _, a: with_type(a, "application/json; charset=utf-8"), stream=False),
    "json-after-blanks": on_200(lambda _, a: with_body(a, b"\n   \n" * 20 + a.body), stream=False),
    "pretty-json": on_200(
        lambda _, a: with_body(a, json.dumps(json.loads(a.body), indent=4).encode()), stream=False
    ),
    "gzip-json": on_200(compressed, stream=False),
    "gzip-stream": on_200(compressed, stream=True),
    "null-fingerprint": completions(set_member("system_fingerprint", None)),
    "no-fingerprint": completions(lambda v: v.pop("system_fingerprint", None) and None),
    "more-members": completions(extended),
    "more-members-in-chunks": each_chunk(extended_chunk),
    "created-with-a-point": completions(one_number),
    "first-content-null": each_chunk(first_null),
    "role-in-each-delta": each_chunk(role_in_each),
    "finish-with-the-last-text": joined(finish_with_text),
    "dated-model": completions(lambda v: v.update(model=f"{v['model']}-2026-01-01")),
    "calls-of-its-own-accord": CALLING,
    "text-beside-calls": BESIDE_TEXT,
    "two-calls-at-once": TWO_CALLS,
    "named-ends-with-tool-calls": completions(named_ends_with_calls),
    "whole-calls-in-a-fragment": chained(TWO_CALLS, joined(whole_calls)),
    "type-in-each-fragment": each_chunk(type_in_each_fragment),
    "blanks-before-calls": joined(blanks_before_calls),
    "pretty-object": on_200(pretty_object, stream=False),
    "reasoning-content": THINKING,
    "reasoning": speaking("reasoning-member"),
    "no-usage-null": each_chunk(lambda _, c: c.pop("usage") and None if c.get("usage", 0) is None else None),
}
