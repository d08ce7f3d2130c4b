"""Open Responses: the response, its stream as events and as bytes, and the request."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.valid.members import among, texts
from chatproof.strategies.valid.responses.events import MANNERS, NEVER_RECORDED, Manner, events_of
from chatproof.strategies.valid.responses.items import CALLS, MESSAGES, THOUGHTS, Make
from chatproof.strategies.valid.responses.requests import response_requests
from chatproof.strategies.valid.responses.tool_items import TOOL_ITEMS
from chatproof.strategies.valid.sse import FRAMINGS, Framing, framed_by
from chatschema import JsonObject, JsonValue

__all__ = [
    "calling_responses",
    "ended_responses",
    "plain_responses",
    "response_events",
    "response_requests",
    "response_streams",
    "responses",
    "streamed",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Vendor:
    """What a server adds to a response and leaves out of it; all were recorded, and none breaks a must."""

    body: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    usage: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    leaves_out: frozenset[str] = frozenset()


#: The specification's own members alone come first: that is what a failing test shrinks to.
_VENDORS = (
    _Vendor(),
    _Vendor(  # OpenAI
        body={
            "background": False,
            "billing": {"payer": "developer"},
            "frequency_penalty": 0.0,
            "max_output_tokens": None,
            "reasoning": {"effort": "none", "summary": None},
            "service_tier": "default",
            "store": False,
            "text": {"format": {"type": "text"}, "verbosity": "medium"},
            "top_logprobs": 0,
            "truncation": "disabled",
            "user": None,
        }
    ),
    _Vendor(body={"content_filters": [{"blocked": False}]}),  # Azure
    _Vendor(usage={"num_sources_used": 0, "cost_in_usd_ticks": 1}),  # xAI
    _Vendor(body={"output_text": "x"}, usage={"cost": 0.1, "is_byok": False}),  # OpenRouter
    _Vendor(body={"kv_transfer_params": None, "text": None}, leaves_out=frozenset({"error"})),  # vLLM
    _Vendor(
        leaves_out=frozenset(  # llama.cpp
            (
                *("error", "incomplete_details", "instructions", "metadata", "parallel_tool_calls"),
                *("temperature", "tool_choice", "tools", "top_p"),
            )
        )
    ),
    _Vendor(
        body={"model_dump": 1, "__dict__": {"a.b": [None, True, 0.5]}, "": "", "tools": [{"type": "acme:x"}]}
    ),
)

_SAID: tuple[tuple[Make, ...], ...] = tuple((make,) for make in (*MESSAGES, *CALLS, *THOUGHTS, *TOOL_ITEMS))
_SEVERAL: tuple[tuple[Make, ...], ...] = (
    (),
    *product(THOUGHTS, (*MESSAGES, *CALLS)),
    *product(MESSAGES[:2], CALLS),
    *((make, MESSAGES[0]) for make in TOOL_ITEMS),
    (THOUGHTS[0], *CALLS, CALLS[0], MESSAGES[0]),
)
_PLANS = (*_SAID, *_SEVERAL)

_ENDED = ("completed", "incomplete", "failed")
_STATUSES = (*_ENDED, "in_progress", "queued", "cancelled")


def responses() -> SearchStrategy[JsonObject]:
    """Any `response` that breaks no must: of no item to five, of all types, with all parts, annotations and actions;
    completed, cut off, failed, running, queued or cancelled; with members as seven servers add and leave them out.

    `{"id": "resp_0", "object": "response", "created_at": 1700000000, "status": "completed", "model": "gpt-5.1",
    "output": [{"id": "msg_0", "type": "message", "status": "completed", "role": "assistant",
    "content": [{"type": "output_text", "text": "", "annotations": [], "logprobs": []}]}], "error": null, …}`
    """
    return _responses(_PLANS, _STATUSES, _VENDORS)


def ended_responses() -> SearchStrategy[JsonObject]:
    """Those of `responses` that a stream can end with: completed, incomplete or failed."""
    return _responses(_PLANS, _ENDED, _VENDORS)


def plain_responses() -> SearchStrategy[JsonObject]:
    """Completed responses of one message with one text and no annotation, in the specification's own members."""
    return _responses(_SAID[:1], _ENDED[:1], _VENDORS[:2])


def calling_responses() -> SearchStrategy[JsonObject]:
    """Completed responses of a thought, two calls of functions and one of a custom tool."""
    return _responses(((THOUGHTS[0], CALLS[0], CALLS[1], CALLS[0]),), _ENDED[:1], _VENDORS[:2])


def response_events() -> SearchStrategy[JsonObject]:
    """One event, any of those of a stream, and those that no server was ever seen to send.

    `{"type": "response.output_text.delta", "sequence_number": 4, "output_index": 0, "item_id": "msg_0",
    "content_index": 0, "delta": "Hi", "logprobs": []}`
    """

    def one(response: JsonObject, manner: Manner, number: int) -> JsonObject:
        events = [*events_of(response, manner), *NEVER_RECORDED]
        return events[number % len(events)]

    return st.builds(one, ended_responses(), among(MANNERS), st.integers(0, 999))


def response_streams() -> SearchStrategy[bytes]:
    """The bytes of any streamed response, in any framing that is legal, one in two with `[DONE]`. Up to some 50 kB.

    `event: response.created`, a line end, `data: {"type": "response.created", "sequence_number": 0, …}`, …
    """

    def sent(framing: Framing, response: JsonObject, manner: Manner) -> bytes:
        return streamed(events_of(response, manner), framing, manner.last)

    return st.builds(sent, FRAMINGS, ended_responses(), among(MANNERS))


def streamed(events: Iterable[JsonValue], framing: Framing | None = None, last: Sequence[str] = ()) -> bytes:
    """Events as bytes, each with its type as its name; `last` comes after them as it is."""
    framing = framing or Framing()
    bare = replace(framing, start=b"")
    named = (
        framed_by(replace(bare, before=(*framing.before, f"event: {_type(event)}")), [event])
        for event in events
    )
    return framing.start + b"".join(named) + framed_by(bare, last)


def _type(event: JsonValue) -> JsonValue:
    return event.get("type", "") if isinstance(event, dict) else ""


def _responses(
    plans: Sequence[tuple[Make, ...]], statuses: Sequence[str], vendors: Sequence[_Vendor]
) -> SearchStrategy[JsonObject]:
    ways = [(plan, status, vendor) for vendor in vendors for status in statuses for plan in plans]
    return st.builds(_response, among(ways), texts(), texts(), st.integers(0, 10**6))


def _response(way: tuple[tuple[Make, ...], str, _Vendor], text: str, beside: str, number: int) -> JsonObject:
    plan, status, vendor = way
    ended, failed = status in ("completed", "incomplete"), status == "failed"
    output: list[JsonValue] = [make(text, beside, number + each) for each, make in enumerate(plan)]
    error: JsonObject = {"code": "server_error", "message": beside or "out of memory"}
    reason: JsonObject = {"reason": "max_output_tokens"}
    body: JsonObject = {
        "id": f"resp_{number}",
        "object": "response",
        "created_at": 1_700_000_000 + number,
        "status": status,
        "completed_at": 1_700_000_000 + number if status == "completed" else None,
        "model": "gpt-5.1",
        "output": output if ended else [],
        "error": error if failed else None,
        "incomplete_details": reason if status == "incomplete" else None,
        "instructions": text if number % 2 else None,
        "metadata": {"a": beside},
        "parallel_tool_calls": True,
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 0.98,
        "usage": {**_usage(number), **vendor.usage} if ended else None,
        **vendor.body,
    }
    left_out = vendor.leaves_out if not failed else vendor.leaves_out - {"error"}
    return {name: member for name, member in body.items() if name not in left_out}


def _usage(number: int) -> JsonObject:
    put_in, put_out = divmod(number, 1000)
    return {
        "input_tokens": put_in,
        "input_tokens_details": {"cached_tokens": put_in // 2, "cache_write_tokens": 0},
        "output_tokens": put_out,
        "output_tokens_details": {"reasoning_tokens": put_out // 2},
        "total_tokens": put_in + put_out,
    }
