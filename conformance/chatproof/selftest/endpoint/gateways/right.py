"""Gateways that change what they may: ids, times, members of their own, how a stream is cut."""

import copy
from dataclasses import replace

from chatfake import Answer
from chatproof.selftest.endpoint.wrapping import (
    Handler,
    Object,
    Wrapper,
    chunks,
    completions,
    delta_of,
    each_chunk,
    message_of,
)

__all__ = ["RIGHT"]


def _both(json_mode: Wrapper, sse_mode: Wrapper) -> Wrapper:
    return lambda handler: json_mode(sse_mode(handler))


def _of_its_own(value: Object) -> None:
    value.update(id="gateway-1", created=1_700_000_000, provider="here", model="gateway/name")
    for choice in value["choices"]:
        choice["native_finish_reason"] = "stop"


def _without_nulls(value: Object) -> None:
    for holder in (value, *value["choices"], message_of(value)):
        for name in [name for name, inner in holder.items() if inner is None]:
            del holder[name]


def _letter_by_letter(found: list[Object]) -> list[Object]:
    cut: list[Object] = []
    for chunk in found:
        text = delta_of(chunk).get("content")
        if not text:
            cut.append(chunk)
            continue
        for letter in text:
            piece = copy.deepcopy(chunk)
            delta_of(piece)["content"] = letter
            cut.append(piece)
    return cut


def _with_headers(handler: Handler) -> Handler:
    def answer(request: object) -> Answer:
        found = handler(request)  # type: ignore[arg-type]  # it is handed on as it came
        kept = tuple(pair for pair in found.headers if pair[0].lower() != "x-request-id")
        return replace(found, headers=(*kept, ("via", "1.1 gateway"), ("x-request-id", "gateway-7")))

    return answer


RIGHT: dict[str, Wrapper] = {
    "hands-on": lambda handler: handler,
    "has-its-own": _both(completions(_of_its_own), each_chunk(lambda _, chunk: _of_its_own(chunk))),
    "leaves-nulls-out": completions(_without_nulls),
    "letter-by-letter": chunks(_letter_by_letter),
    "own-headers": _with_headers,
}
"""What makes each of them of its backend."""
