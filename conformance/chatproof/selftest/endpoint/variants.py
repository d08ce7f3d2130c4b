"""Endpoints that are unusual and right: no case may find fault with them."""

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chatfake import Answer, Request, Send
from chatproof.report import Outcome
from chatproof.selftest.endpoint.history_variants import HISTORY_VARIANTS
from chatproof.selftest.endpoint.miniatures import on_200
from chatproof.selftest.endpoint.miniatures.chat_reasoning import THINKING
from chatproof.selftest.endpoint.miniatures.chat_sse_text import in_time, slow_start
from chatproof.selftest.endpoint.miniatures.routes import answers_at, streams_at
from chatproof.selftest.endpoint.miniatures.tool_streams import BESIDE_TEXT, CALLING, TWO_CALLS
from chatproof.selftest.endpoint.tool_variants import TOOL_VARIANTS
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

UNSHOWN: dict[str, Outcome] = {
    "chat.errors.context-length": Outcome.INCONCLUSIVE,
    "chat.reasoning.replay": Outcome.UNSUPPORTED,
    "chat.reasoning.shape": Outcome.UNSUPPORTED,
    "chat.tools.parallel": Outcome.INCONCLUSIVE,
    "chat.tools.parallel-off": Outcome.INCONCLUSIVE,
    "history.recall": Outcome.INCONCLUSIVE,
    "http.bad-key": Outcome.UNSUPPORTED,
}
"""What the plain fake gives no occasion to judge: it calls one tool at a time, does not think aloud, repeats the last
message and none before it, takes any key, and does not tell how long its context is, as OpenAI's list does not."""


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


def packed_where_accepted(request: Request, answer: Answer) -> Answer:
    """Packed for clients that take it, as SDKs do."""
    if "gzip" not in dict(request.headers).get("accept-encoding", ""):
        return answer
    made = with_body(answer, gzip.compress(answer.body))
    return replace(made, headers=(*made.headers, ("content-encoding", "gzip")))


def _answers_to(name: str, change: Callable[[Object], object]) -> Wrapper:
    """Change JSON answers to requests that have this member."""

    def changed(request: Request, answer: Answer) -> Answer:
        if not asked(request).get(name):
            return answer
        value = json.loads(answer.body)
        change(value)
        return with_body(answer, json.dumps(value).encode())

    return on_200(changed, stream=False)


def _stripped(value: Object) -> None:
    for choice in value["choices"]:
        choice["message"]["content"] = (choice["message"]["content"] or "").rstrip() or None


def _scores(value: Object) -> list[Object]:
    found: list[Object] = value["choices"][0]["logprobs"]["content"]
    return found


def _each_score(value: Object, **members: Any) -> None:
    for entry in _scores(value):
        entry.update(members)


_RIVALS = [{"token": "x", "logprob": score, "bytes": None} for score in (0.0, -9999.0, -9999.0)]


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
        found[last]["choices"][0]["logprobs"] = found[last - 1]["choices"][0].get("logprobs")
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


def cut_by_the_limit(value: Object) -> None:
    """The limit cut a character: JSON mode shows what is left of it, and a stream held it back."""
    choice = value["choices"][0]
    if choice["finish_reason"] == "length" and choice["message"]["content"]:
        choice["message"]["content"] += "\ufffd"


def rounded(value: Object) -> None:
    """What half precision makes of a vector, not quite the same each time."""
    for one in value["data"]:
        if isinstance(one["embedding"], list):
            one["embedding"] = [round(number, 3) for number in one["embedding"]]


def like_vllm(value: Object) -> None:
    """VLLM's members of embeddings: an id, a time, and counts that a completion has."""
    value.update(id="embd-1", created=1764000000)
    value["usage"].update(completion_tokens=0, prompt_tokens_details=None)


def stopped_at(value: Object) -> None:
    """VLLM's members of a text."""
    value.update(kv_transfer_params=None, service_tier=None)
    value["choices"][0].update(stop_reason=None, token_ids=None, prompt_logprobs=None)


def without_end_space(value: Object) -> None:
    """A server that strips what it says at its end."""
    value["choices"][0]["text"] = value["choices"][0]["text"].rstrip()


def phased(value: Object) -> None:
    """VLLM's messages have a phase, and nothing is told of who pays."""
    value.pop("billing", None)
    for item in value["output"]:
        if item["type"] == "message":
            item["phase"] = None


def waiting(events: list[str]) -> list[str]:
    return [": keep-alive", *events]


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
    try:
        content = json.loads(message_of(value)["content"])
    except (TypeError, ValueError):  # a refusal, a text, or cut by its limit
        return answer
    message_of(value)["content"] = f"\n{json.dumps(content, indent=2)}\n"
    return with_body(answer, json.dumps(value).encode())


VARIANTS: dict[str, Wrapper] = {
    **TOOL_VARIANTS,
    "a-piece-at-a-time": on_200(in_time, stream=True),
    "slow-start": lambda handler: on_200(slow_start, stream=False)(on_200(slow_start, stream=True)(handler)),
    **HISTORY_VARIANTS,
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
    "gzip-json": on_200(packed_where_accepted, stream=False),
    "gzip-stream": on_200(packed_where_accepted, stream=True),
    "blank-before-a-stop-lost": _answers_to("stop", _stripped),
    "no-bytes-of-tokens": _answers_to("logprobs", lambda v: _each_score(v, bytes=None)),
    "end-token-scored": _answers_to(
        "logprobs", lambda v: _scores(v).append(_scores(v)[-1] | {"token": "</s>", "bytes": None})
    ),
    "whole-probability": _answers_to("logprobs", lambda v: _each_score(v, logprob=0.0, top_logprobs=_RIVALS)),
    "character-cut-by-the-limit": completions(cut_by_the_limit),
    "null-fingerprint": completions(set_member("system_fingerprint", None)),
    "no-fingerprint": completions(lambda v: v.pop("system_fingerprint", None) and None),
    "more-members": completions(extended),
    "more-members-in-chunks": each_chunk(extended_chunk),
    "created-with-a-point": completions(one_number),
    "first-content-null": each_chunk(first_null),
    "role-in-each-delta": each_chunk(role_in_each),
    "finish-with-the-last-text": joined(finish_with_text),
    "embeddings-in-half-precision": answers_at("/embeddings", rounded),
    "embeddings-like-vllm": answers_at("/embeddings", like_vllm),
    "text-like-vllm": answers_at("/completions", stopped_at),
    "text-without-end-space": answers_at("/completions", without_end_space, lambda body: "stop" in body),
    "text-stream-waits": streams_at("/completions", waiting),
    "response-like-vllm": answers_at("/responses", phased),
    "response-stream-waits": streams_at("/responses", waiting),
    "response-stream-done": streams_at("/responses", lambda events: [*events, "data: [DONE]"]),
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
