"""Gateways that change one thing, each with the case that tells it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from chatfake import Answer, Request
from chatproof.selftest.endpoint.miniatures.registry import itself, on_200, without
from chatproof.selftest.endpoint.wrapping import (
    Object,
    Wrapper,
    as_json,
    choice_of,
    chunks,
    completions,
    delta_of,
    each_chunk,
    message_of,
    refusals,
    streams,
    with_type,
)

__all__ = ["WRONG", "Gateway"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """A gateway around its backend; `breaks` is the case that tells it, `along` those that see it, too."""

    breaks: str
    level: str
    make: Wrapper
    along: frozenset[str] = frozenset()


WRONG: dict[str, Gateway] = {}


def _wrong(
    name: str, breaks: str, make: Wrapper, *, level: str = "must", along: tuple[str, ...] = ()
) -> None:
    WRONG[name] = Gateway(breaks=f"gateway.{breaks}", level=level, make=make, along=frozenset(along))


def _renamed(value: Object) -> None:
    value["model_name"] = value.pop("model")


def _as_text(value: Object) -> None:
    choice_of(value)["index"] = "0"


_wrong("loses-the-id", "same-shape", completions(without(itself, "id")))
_wrong("renames-the-model", "same-shape", completions(_renamed))
_wrong("index-as-text", "same-shape", completions(_as_text))
_wrong("loses-calls", "same-shape", completions(without(message_of, "tool_calls")))
_wrong("loses-log-probabilities", "same-shape", completions(without(choice_of, "logprobs")))
_wrong(
    "loses-the-fingerprint", "same-shape", completions(without(itself, "system_fingerprint")), level="should"
)


def _shouting(value: Object) -> None:
    message_of(value)["content"] = str(message_of(value).get("content") or "").upper() or None


def _ended(value: Object) -> None:
    if not message_of(value).get("tool_calls"):
        choice_of(value)["finish_reason"] = "content_filter"


_wrong("changes-the-text", "same-text", completions(_shouting))
_wrong("ends-otherwise", "same-text", completions(_ended))


def _counting_anew(value: Object) -> None:
    if value.get("usage"):
        value["usage"]["prompt_tokens"] += 3
        value["usage"]["total_tokens"] += 3


def _without_usage(found: list[Object]) -> list[Object]:
    return [chunk for chunk in found if not chunk.get("usage")]


_wrong("loses-usage", "same-usage", completions(without(itself, "usage")))
_wrong("counts-anew", "same-usage", completions(_counting_anew))
_wrong("counts-anew-in-streams", "same-usage", each_chunk(lambda _, chunk: _counting_anew(chunk)))
_wrong("loses-usage-of-streams", "same-usage", chunks(_without_usage))


def _error(change: Callable[[Object], object]) -> Callable[[Request, Answer], Answer]:
    def changed(_: Request, answer: Answer) -> Answer:
        value = json.loads(answer.body)
        other = change(value)
        made = as_json(answer.status, value if other is None else other)
        kept = tuple(pair for pair in answer.headers if pair[0] not in {"content-type", "content-length"})
        return replace(made, headers=(*kept, *made.headers))

    return changed


_wrong("flat-errors", "same-errors", refusals(_error(lambda value: {"detail": value["error"]["message"]})))
_wrong("errors-of-its-own", "same-errors", refusals(lambda _, answer: replace(answer, status=500)))
_wrong("errors-under-200", "same-errors", refusals(lambda _, answer: replace(answer, status=200)))
_wrong(
    "another-status", "same-errors", refusals(lambda _, answer: replace(answer, status=422)), level="should"
)
_wrong(
    "another-type",
    "same-errors",
    refusals(_error(lambda value: value["error"].update(type="gateway_error"))),
    level="should",
)
_wrong(
    "hides-the-reason",
    "same-errors",
    refusals(_error(lambda value: value["error"].update(message="upstream error"))),
    level="should",
)


def _without_last_text(found: list[Object]) -> list[Object]:
    last = max((n for n, chunk in enumerate(found) if delta_of(chunk).get("content")), default=-1)
    return [chunk for n, chunk in enumerate(found) if n != last]


def _broken_characters(_: int, chunk: Object) -> None:
    if text := delta_of(chunk).get("content"):
        delta_of(chunk)["content"] = f"{text[:-1]}\ufffd"


_wrong("loses-the-last-piece", "same-stream", chunks(_without_last_text))
_wrong("breaks-characters", "same-stream", each_chunk(_broken_characters))
_wrong("loses-done", "same-stream", streams(lambda events: [one for one in events if one != "[DONE]"]))
_wrong("loses-the-model-of-chunks", "same-stream", each_chunk(lambda _, chunk: chunk.pop("model", None)))
_wrong("sends-the-end-twice", "same-stream", chunks(lambda found: [*found, *found[-2:]]))

_wrong(
    "streams-as-text", "headers", on_200(lambda _, a: with_type(a, "text/plain"), stream=True), level="should"
)


def _without_header(name: str) -> Wrapper:
    def without_it(answer: Answer) -> Answer:
        return replace(answer, headers=tuple(pair for pair in answer.headers if pair[0].lower() != name))

    return lambda handler: lambda request: without_it(handler(request))


_wrong("loses-the-request-id", "headers", _without_header("x-request-id"), level="should")
_wrong("loses-retry-after", "headers", _without_header("retry-after"), level="should")
