"""Near misses of LoRAX's native streams."""

import json
from collections.abc import Callable
from functools import partial
from typing import TypeAlias, cast

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.near_miss import Miss, catalogue, defect, events
from chatproof.strategies.valid.lorax.generate import plain_generate_streams
from chatschema import JsonObject, JsonValue, Kind, Level

__all__ = ["NEAR_LORAX_STREAM", "STREAM_ERROR", "missed"]

#: What the router says when the model stops without an end.
STREAM_ERROR: JsonObject = {"error": "Incomplete generation", "error_type": "incomplete_generation"}

_Change: TypeAlias = Callable[[list[JsonObject]], tuple[list[JsonValue], str]]

_FRAMING, _SHAPE, _LAST = "lorax.stream.framing", "lorax.stream.shape", "lorax.stream.last-event"
_ADDS_UP, _ERRORS = "lorax.stream.text-adds-up", "lorax.errors.stream"

_miss = partial(defect, Kind.LORAX_STREAM)


def missed(change: _Change, valid: SearchStrategy[list[JsonObject]]) -> SearchStrategy[Miss]:
    """A stream with its events put through `change`, which says where the defect is then: an event's number, and
    the path in it.
    """

    def miss(stream: list[JsonObject]) -> Miss:
        changed, path = change(stream)
        return Miss(data=events(changed), path=f"$[{path}")

    return st.builds(miss, valid)


_sent = partial(missed, valid=plain_generate_streams())


def _with(event: JsonObject, step: str, *rest: str, by: JsonValue) -> JsonObject:
    """A copy of `event` with another value at the steps."""
    return {**event, step: _with(cast("JsonObject", event[step]), *rest, by=by) if rest else by}


def _less(event: JsonObject, name: str) -> JsonObject:
    return {key: value for key, value in event.items() if key != name}


def _last(step: str, *rest: str, by: JsonValue) -> _Change:
    def change(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
        return [
            *stream[:-1],
            _with(stream[-1], step, *rest, by=by),
        ], f"{len(stream) - 1}]{_path(step, *rest)}"

    return change


def _first(step: str, *rest: str, by: JsonValue) -> _Change:
    def change(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
        return [_with(stream[0], step, *rest, by=by), *stream[1:]], f"0]{_path(step, *rest)}"

    return change


def _path(*steps: str) -> str:
    return "".join(f".{step}" for step in steps)


def _more(*extra: JsonValue) -> _Change:
    def change(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
        return [*stream, *extra], f"{len(stream)}]"

    return change


def _again(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
    return [*stream, stream[-1]], f"{len(stream)}]"


def _token_after(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
    return [*stream, stream[0]], f"{len(stream)}]"


def _cut(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
    return [*stream[:-1]], f"{len(stream) - 1}]"


def _never_said(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
    last: JsonObject = {**stream[-1], "generated_text": None, "details": None}
    return [*stream[:-1], last], f"{len(stream)}]"


def _early(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
    return [{**stream[0], "details": stream[-1]["details"]}, *stream[1:]], "0].details"


def _off_by_one(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
    return _last("details", "generated_tokens", by=len(stream) + 1)(stream)


def _another(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
    """The tokens say nothing that looks like a mark, of which one cannot be sure that it is text."""
    said = [_with(_with(event, "token", "text", by="a"), "token", "special", by=False) for event in stream]
    last = _with({**said[-1], "generated_text": "b"}, "details", "finish_reason", by="length")
    return [*said[:-1], last], f"{len(stream) - 1}].generated_text"


def _between(data: JsonValue) -> _Change:
    def change(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
        return [stream[0], data, *stream[1:]], "1]"

    return change


def _named(name: str) -> SearchStrategy[Miss]:
    def miss(stream: list[JsonObject]) -> Miss:
        return Miss(data=f"event: {name}\n".encode() + events(stream), path="$[0]")

    return st.builds(miss, plain_generate_streams())


def _unended(stream: list[JsonObject]) -> Miss:
    return Miss(data=events(stream).removesuffix(b"\n"), path=f"$[{len(stream) - 1}]")


def _array(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
    return [json.dumps([stream[0]]), *stream], "0]"


def _member_gone(name: str) -> _Change:
    def change(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
        return [_less(stream[0], name), *stream[1:]], f"0].{name}"

    return change


NEAR_LORAX_STREAM = catalogue(
    # what comes when
    _miss("empty", _LAST, "The stream brings nothing.", st.just(Miss(data=b": hi\n\n", path="$[0]"))),
    _miss("cut-off", _LAST, "The stream ends before its last event.", _sent(_cut)),
    _miss("no-text-at-all", _LAST, "No event has the text.", _sent(_never_said)),
    _miss("last-event-twice", _LAST, "The last event comes twice.", _sent(_again)),
    _miss("token-after-the-last", _LAST, "A token comes after the last event.", _sent(_token_after)),
    _miss("details-early", _LAST, "The details come before the last event.", _sent(_early)),
    _miss(
        "done",
        _FRAMING,
        "`[DONE]` as on the OpenAI routes, which clients take for JSON.",
        _sent(_more("[DONE]")),
    ),
    _miss(
        "error-after-the-last", _ERRORS, "An error comes after the last event.", _sent(_more(STREAM_ERROR))
    ),
    _miss(
        "token-after-an-error",
        _ERRORS,
        "A token comes after an error.",
        _sent(lambda stream: ([stream[0], STREAM_ERROR, stream[0]], "2]")),
    ),
    _miss(
        "two-errors",
        _ERRORS,
        "An error comes after an error.",
        _sent(lambda _: ([STREAM_ERROR, STREAM_ERROR], "1]")),
        Level.SHOULD,
    ),
    _miss(
        "done-after-an-error",
        _FRAMING,
        "`[DONE]` comes after an error.",
        _sent(lambda _: ([STREAM_ERROR, "[DONE]"], "1]")),
    ),
    # errors
    _miss(
        "nested-error",
        _ERRORS,
        "An error is nested as OpenAI's is.",
        _sent(
            lambda _: ([{"error": {"message": "no", "type": "validation"}, "error_type": "x"}], "0].error")
        ),
    ),
    _miss(
        "error-without-type",
        _ERRORS,
        "An error has no type, by which clients tell them apart.",
        _sent(lambda stream: ([stream[0], {"error": "Model is overloaded"}], "1].error_type")),
    ),
    # what it adds up to
    _miss("another-text", _ADDS_UP, "The text is another than the tokens'.", _sent(_another)),
    _miss("count-off-by-one", _ADDS_UP, "The count is not that of the events.", _sent(_off_by_one)),
    # the shape of events
    _miss("no-token", _SHAPE, "An event has no token.", _sent(_member_gone("token"))),
    _miss(
        "no-generated-text", _SHAPE, "An event leaves the text out.", _sent(_member_gone("generated_text"))
    ),
    _miss("no-details", _SHAPE, "An event leaves the details out.", _sent(_member_gone("details"))),
    _miss("token-no-object", _SHAPE, "A token is its text.", _sent(_first("token", by="Hi"))),
    _miss("text-no-text", _SHAPE, "A token's text is null.", _sent(_first("token", "text", by=None))),
    _miss("id-no-number", _SHAPE, "A token's id is text.", _sent(_first("token", "id", by="1"))),
    _miss("generated-text-no-text", _SHAPE, "The text is a list.", _sent(_last("generated_text", by=["Hi"]))),
    _miss(
        "wrong-finish-reason",
        _SHAPE,
        "The reason is OpenAI's.",
        _sent(_last("details", "finish_reason", by="stop")),
    ),
    # frames
    _miss("no-json", _FRAMING, "An event is cut off.", _sent(_between('{"token": {"id": 1'))),
    _miss(
        "not-a-number", _FRAMING, "A log probability is NaN.", _sent(_between('{"token": {"logprob": NaN}}'))
    ),
    _miss("in-a-list", _FRAMING, "An event is a list, as the answer of `/` is.", _sent(_array)),
    _miss("named", _FRAMING, "An event has a name.", _named("token"), Level.SHOULD),
    _miss(
        "no-blank-line",
        _FRAMING,
        "The last event has no blank line after it.",
        st.builds(_unended, plain_generate_streams()),
        Level.SHOULD,
    ),
)
