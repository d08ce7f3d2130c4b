"""Near misses of streams in their bytes: lines that are no events, and events whose data is no chunk."""

import json
from collections.abc import Callable, Sequence
from functools import partial

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.chat.broken import Events, said
from chatproof.strategies.near.near_miss import Miss, at, catalogue, defect, events
from chatproof.strategies.valid.chat import spoken_completions
from chatproof.strategies.valid.members import mapped
from chatschema import JsonObject, JsonValue, Kind, Level
from chatschema.core.describe import json_path

__all__ = ["NEAR_FRAMING"]

_STREAM = said(spoken_completions())
_FRAMING, _DONE = "chat.sse.framing", "chat.sse.done"
_NO_OBJECT: Sequence[JsonValue] = ([], [{"choices": []}], 0, None, True, 0.5)

_miss = partial(defect, Kind.STREAM)


def _between(make: Callable[[str], bytes]) -> SearchStrategy[Miss]:
    """One event more after the first; `make` gets the JSON of that one."""

    def miss(stream: Events) -> Miss:
        more = make(json.dumps(stream[0]))
        return Miss(data=events(stream[:1]) + more + events(stream[1:]), path="$[1]")

    return mapped(_STREAM, miss)


def _written(write: Callable[[bytes], bytes], path: Callable[[Events], str]) -> SearchStrategy[Miss]:
    """The bytes of the whole stream put through `write`."""
    return mapped(_STREAM, lambda stream: Miss(data=write(events(stream)), path=path(stream)))


def _before_done(text: str) -> SearchStrategy[Miss]:
    """One event more before the last."""

    def miss(stream: Events) -> Miss:
        return Miss(data=events([*stream[:-1], text, stream[-1]]), path=_at_done(stream))

    return mapped(_STREAM, miss)


def _refused(text: str) -> Miss:
    error: JsonObject = {"message": f"overloaded {text}", "type": "server_error", "param": None, "code": None}
    return Miss(data=json.dumps({"error": error}).encode(), path="$[0]")


def _at_start(_stream: Events) -> str:
    return "$[0]"


def _at_done(stream: Events) -> str:
    return json_path((len(stream) - 1,))


def _data(text: str) -> bytes:
    return f"data: {text}\n\n".encode()


def _pretty(chunk: str) -> bytes:
    return _data(json.dumps(json.loads(chunk), indent=1))


def _twice(chunk: str) -> bytes:
    return _data(f'{chunk[:-1]}, "id": {json.dumps(json.loads(chunk)["id"])}}}')


def _latin(chunk: str) -> bytes:
    return f'data: {chunk[:-1]}, "city": "'.encode() + "Köln".encode("latin-1") + b'"}\n\n'


def _no_object(stream: Events, other: JsonValue) -> Miss:
    more = _data(json.dumps(other))
    return Miss(data=events(stream[:1]) + more + events(stream[1:]), path="$[1]")


NEAR_FRAMING = catalogue(
    # one event
    _miss(
        "event-cut", _FRAMING, "The JSON of an event ends early.", _between(lambda chunk: _data(chunk[:-9]))
    ),
    _miss(
        "event-no-object",
        _FRAMING,
        "An event's data is a list, a number or null.",
        st.builds(_no_object, _STREAM, st.sampled_from(_NO_OBJECT)),
    ),
    _miss(
        "event-encoded-twice",
        _FRAMING,
        "An event's data is a JSON string that holds the chunk.",
        _between(lambda chunk: _data(json.dumps(chunk))),
    ),
    _miss(
        "event-with-nan",
        _FRAMING,
        "An event has NaN, which Python's json writes.",
        _between(lambda chunk: _data(f'{chunk[:-1]}, "extra": NaN}}')),
    ),
    _miss(
        "two-in-one",
        _FRAMING,
        "Two chunks stand in one event.",
        _between(lambda chunk: f"data: {chunk}\ndata: {chunk}\n\n".encode()),
    ),
    _miss(
        "prefix-twice",
        _FRAMING,
        "An event was framed twice.",
        _between(lambda chunk: _data(f"data: {chunk}")),
    ),
    _miss(
        "event-over-lines",
        _FRAMING,
        "JSON over several lines, the first alone with its field name.",
        _between(_pretty),
    ),
    _miss(
        "python-literal",
        _FRAMING,
        "An event's data is Python's repr.",
        _between(lambda chunk: _data(repr(json.loads(chunk)))),
    ),
    _miss("event-empty", _FRAMING, "An event's data is empty.", _between(lambda _chunk: b"data:\n\n")),
    _miss(
        "done-as-json",
        _FRAMING,
        "[DONE] comes as JSON text before it comes as it is.",
        _before_done('"[DONE]"'),
    ),
    _miss(
        "done-in-small-letters",
        _FRAMING,
        "[done] comes before [DONE].",
        _before_done("[done]"),
    ),
    _miss(
        "member-twice", "http.no-junk", "A member stands twice in a chunk.", _between(_twice), Level.SHOULD
    ),
    _miss("not-utf-8", "http.utf8", "A chunk is Latin-1.", at(_between(_latin))),
    # all events
    _miss(
        "events-named",
        _FRAMING,
        "Every event has a name, and onmessage of a browser sees none.",
        _written(lambda data: data.replace(b"data: {", b"event: chunk\ndata: {"), _at_start),
        Level.SHOULD,
    ),
    _miss(
        "last-event-open",
        _FRAMING,
        "No blank line comes after [DONE].",
        _written(lambda data: data[:-1], _at_done),
        Level.SHOULD,
    ),
    _miss(
        "lines-of-json",
        _DONE,
        "JSON lines come, as from Ollama's own API, and no event.",
        _written(lambda data: data.replace(b"data: ", b""), _at_start),
    ),
    _miss(
        "blank-before-colon",
        _DONE,
        "A blank before the colon makes another field of `data`.",
        _written(lambda data: data.replace(b"data: ", b"data : "), _at_start),
    ),
    _miss(
        "field-in-capitals",
        _DONE,
        "`Data` is no field that anybody reads.",
        _written(lambda data: data.replace(b"data: ", b"Data: "), _at_start),
    ),
    _miss(
        "json-for-a-stream",
        _DONE,
        "A whole JSON answer comes where a stream was asked for.",
        mapped(spoken_completions(), lambda answer: Miss(data=json.dumps(answer).encode(), path="$[0]")),
    ),
    _miss(
        "error-for-a-stream",
        _DONE,
        "A plain JSON error comes where a stream was asked for, with a good status.",
        mapped(st.text(max_size=9), _refused),
    ),
    _miss(
        "nothing-but-comments",
        _DONE,
        "Keep-alive comments come, and nothing else.",
        mapped(st.text("ab :", max_size=9), lambda text: Miss(data=f": {text}\n\n".encode(), path="$[0]")),
    ),
)
