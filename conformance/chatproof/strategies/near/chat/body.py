"""Near misses of chat completions as text: what is no JSON, or no JSON that every reader reads alike."""

import json
from collections.abc import Callable
from functools import partial

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.near_miss import Miss, catalogue, defect
from chatproof.strategies.valid.chat import plain_completions, scored_completions
from chatproof.strategies.valid.members import mapped
from chatschema import JsonObject, JsonValue, Kind, Level

__all__ = ["NEAR_BODY"]

_PLAIN = plain_completions()
_BODY, _JUNK = "shape.json", "http.no-junk"
_HTML = "<html><head><title>502 Bad Gateway</title></head></html>"

_miss = partial(defect, Kind.COMPLETION)


def _text(
    change: Callable[[str], str | bytes], valid: SearchStrategy[JsonObject] = _PLAIN
) -> SearchStrategy[Miss]:
    """The answer's text put through `change`."""

    def miss(answer: JsonObject) -> Miss:
        text = change(json.dumps(answer, ensure_ascii=False))
        return Miss(data=text.encode() if isinstance(text, str) else text, path="$")

    return mapped(valid, miss)


def _latin(text: str) -> bytes:
    return f'{text[:-1]}, "city": "'.encode() + "Köln".encode("latin-1") + b'"}'


def _cut(answer: JsonObject, place: int) -> Miss:
    body = json.dumps(answer, ensure_ascii=False).encode()
    return Miss(data=body[: 1 + place % (len(body) - 1)], path="$")


def _deep(answer: JsonObject, depth: int) -> Miss:
    inner: JsonValue = []
    for _ in range(depth):
        inner = [inner]
    return Miss(data={**answer, "extra": inner}, path="$")


NEAR_BODY = catalogue(
    _miss("cut-off", _BODY, "The body ends early.", st.builds(_cut, _PLAIN, st.integers(0, 9999))),
    _miss(
        "empty-body",
        _BODY,
        "There is no body, or blanks alone.",
        mapped(st.text(" \r\n\t"), lambda text: Miss(data=text.encode(), path="$")),
    ),
    _miss(
        "web-page",
        _BODY,
        "A proxy answers with a web page.",
        mapped(st.text(max_size=9), lambda text: Miss(data=(_HTML + text).encode(), path="$")),
    ),
    _miss("two-answers", _BODY, "Two answers stand in one body.", _text(lambda text: text + "\n" + text)),
    _miss(
        "log-line-first",
        _BODY,
        "A line of a log stands before the answer.",
        _text(lambda text: "INFO: 200 OK\n" + text),
    ),
    _miss(
        "trailing-comma", _BODY, "A comma stands before the last brace.", _text(lambda text: text[:-1] + ",}")
    ),
    _miss(
        "python-literal",
        _BODY,
        "The answer is written as Python's repr.",
        mapped(_PLAIN, lambda answer: Miss(data=repr(answer).encode(), path="$")),
    ),
    _miss(
        "not-a-number",
        _BODY,
        "A logprob is NaN, which Python's json writes.",
        _text(lambda text: text.replace('"logprob": 0.0', '"logprob": NaN'), scored_completions()),
    ),
    _miss("not-utf-8", _BODY, "The body is Latin-1 and says nothing of it.", _text(_latin)),
    _miss(
        "encoded-twice", "shape.type", "The body is a JSON string that holds the answer.", _text(json.dumps)
    ),
    _miss(
        "too-deep",
        _BODY,
        "A member is nested deeper than readers go.",
        st.builds(_deep, _PLAIN, st.integers(100, 120)),
    ),
    _miss(
        "byte-order-mark",
        _JUNK,
        "A byte-order mark stands before the answer.",
        _text(lambda text: "\ufeff" + text),
        Level.SHOULD,
    ),
    _miss(
        "member-twice",
        _JUNK,
        "A member stands twice.",
        _text(lambda text: text[:-1] + ', "model": "gpt-4o-2024-08-06"}'),
        Level.SHOULD,
    ),
)
