"""Near misses of one event of LoRAX's native streams, and of the answer of its root route."""

from functools import partial

from hypothesis import strategies as st

from chatproof.strategies.lorax_generate import detailed_responses, generate_roots, plain_generate_streams
from chatproof.strategies.near_miss import Miss, at, catalogue, defect, replaced, without
from chatproof.strategies.wrong import NOT_AN_OBJECT, NULL
from chatschema import JsonObject, JsonValue, Kind, Level

__all__ = ["NEAR_LORAX_EVENT"]

_MISSING, _TYPE, _VALUE, _COMPLETE = "shape.missing", "shape.type", "shape.value", "lorax.spec-complete"

_event = partial(defect, Kind.LORAX_EVENT)
_root = partial(defect, Kind.LORAX_ROOT)


def _first(events: list[JsonObject]) -> JsonValue:
    return events[0]


def _twice(answer: JsonValue) -> Miss:
    return Miss(data=[answer, answer], path="$")


_EVENT, _ANSWER = st.builds(_first, plain_generate_streams()), detailed_responses()

NEAR_LORAX_EVENT = catalogue(
    _root("not-in-a-list", _TYPE, "`/` answers as `/generate` does.", at(replaced(_ANSWER, "x", by=NULL))),
    _root("empty", _VALUE, "`/` answers an empty list.", st.just(Miss(data=[], path="$"))),
    _root(
        "two-answers",
        _VALUE,
        "`/` answers more than one text.",
        st.builds(_twice, _ANSWER),
    ),
    _root(
        "no-text",
        _MISSING,
        "The answer in the list has no text.",
        without(generate_roots(), 0, "generated_text"),
    ),
    _event("no-token", _MISSING, "The event has no token.", without(_EVENT, "token")),
    _event("token-as-text", _TYPE, "The token is its text.", replaced(_EVENT, "token", by=NOT_AN_OBJECT)),
    _event(
        "no-generated-text",
        _MISSING,
        "The event leaves the text out, and clients that ask whether it is null take it for the last one.",
        without(_EVENT, "generated_text"),
    ),
    _event("no-details", _MISSING, "The event leaves the details out.", without(_EVENT, "details")),
    _event(
        "details-without-seed",
        _MISSING,
        "The details have no seed, not even null.",
        at(
            replaced(
                _EVENT,
                "details",
                by=st.just({"finish_reason": "length", "prompt_tokens": 1, "generated_tokens": 1}),
            ),
            "details",
            "seed",
        ),
    ),
    _event(
        "no-skipped",
        _COMPLETE,
        "The server is older than 0.12.1.",
        without(_EVENT, "token", "skipped"),
        Level.SHOULD,
    ),
)
