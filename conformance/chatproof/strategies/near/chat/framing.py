"""Near misses of streams in their bytes: lines that are no events, and events whose data is no chunk."""

import json
from collections.abc import Callable

from hypothesis import strategies as st

from chatproof.strategies.near.chat.broken import Events, chunked, said
from chatproof.strategies.near.near_miss import catalogue, events
from chatproof.strategies.near.rows import Change, rows
from chatproof.strategies.valid.chat import spoken_completions
from chatschema import JsonObject, JsonValue

__all__ = ["NEAR_FRAMING"]

_STREAM = said(spoken_completions())
_NO_OBJECT: tuple[JsonValue, ...] = ([], [{"choices": []}], 0, None, True, 0.5)
_NO_FIELDS = ("ping", "warning: slow", "content-type: text/event-stream", "Data: {}")


def _data(text: str) -> bytes:
    return f"data: {text}\n\n".encode()


def _between(make: Callable[[str], bytes]) -> Callable[[Events], bytes]:
    """One event more after the first; `make` gets the JSON of that one."""
    return lambda stream: events(stream[:1]) + make(json.dumps(stream[0])) + events(stream[1:])


def _replaced(old: bytes, new: bytes) -> Callable[[Events], bytes]:
    return lambda stream: events(stream).replace(old, new)


def _other(drawn: tuple[Events, JsonValue]) -> bytes:
    stream, other = drawn
    return _between(lambda _chunk: _data(json.dumps(other)))(stream)


def _lined(drawn: tuple[Events, str]) -> bytes:
    stream, line = drawn
    return events(stream[:1]) + f"{line}\n".encode() + events(stream[1:])


def _refused(text: str) -> bytes:
    error: JsonObject = {"message": f"overloaded {text}", "type": "server_error", "param": None, "code": None}
    return json.dumps({"error": error}).encode()


def _twice(chunk: str) -> bytes:
    return _data(f'{chunk[:-1]}, "id": {json.dumps(json.loads(chunk)["id"])}}}')


def _latin(chunk: str) -> bytes:
    return f'data: {chunk[:-1]}, "city": "'.encode() + "Köln".encode("latin-1") + b'"}\n\n'


_CHANGES: dict[str, Change] = {
    # one event
    "cut": _between(lambda chunk: _data(chunk[:-9])),
    "other": _other,
    "encoded": _between(lambda chunk: _data(json.dumps(chunk))),
    "with-nan": _between(lambda chunk: _data(f'{chunk[:-1]}, "extra": NaN}}')),
    "two-in-one": _between(lambda chunk: f"data: {chunk}\ndata: {chunk}\n\n".encode()),
    "prefixed": _between(lambda chunk: _data(f"data: {chunk}")),
    "over-lines": _between(lambda chunk: _data(json.dumps(json.loads(chunk), indent=1))),
    "as-python": _between(lambda chunk: _data(repr(json.loads(chunk)))),
    "empty": _between(lambda _chunk: b"data:\n\n"),
    "with-id": _between(_twice),
    "in-latin": _between(_latin),
    # all events
    "named": _replaced(b"data: {", b"event: chunk\ndata: {"),
    "open": lambda stream: events(stream)[:-1],
    "lines": _replaced(b"data: ", b""),
    "blank": _replaced(b"data: ", b"data : "),
    "capitals": _replaced(b"data: ", b"Data: "),
    "line": _lined,
    # no stream
    "written": lambda answer: json.dumps(answer).encode(),
    "refused": _refused,
    "commented": lambda text: f": {text}\n\n".encode(),
}

NEAR_FRAMING = catalogue(
    *rows(
        __file__,
        _CHANGES,
        stream=chunked(_STREAM),
        with_other=st.tuples(_STREAM, st.sampled_from(_NO_OBJECT)),
        with_line=st.tuples(_STREAM, st.sampled_from(_NO_FIELDS)),
        whole=spoken_completions(),
        letters=st.text(max_size=9),
        comments=st.text("ab :", max_size=9),
    )
)
