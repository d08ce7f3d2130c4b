"""Near misses of chat completions as text: what is no JSON, or no JSON that every reader reads alike."""

import json
from collections.abc import Callable

from hypothesis import strategies as st

from chatproof.strategies.near.near_miss import catalogue
from chatproof.strategies.near.rows import Change, rows
from chatproof.strategies.valid.chat import plain_completions, scored_completions
from chatschema import JsonObject, JsonValue

__all__ = ["NEAR_BODY"]

_HTML = "<html><head><title>502 Bad Gateway</title></head></html>"


def _text(change: Callable[[str], str]) -> Callable[[JsonObject], bytes]:
    """The answer's text put through `change`."""
    return lambda answer: change(json.dumps(answer, ensure_ascii=False)).encode()


def _latin(answer: JsonObject) -> bytes:
    text = json.dumps(answer, ensure_ascii=False)
    return f'{text[:-1]}, "city": "'.encode() + "Köln".encode("latin-1") + b'"}'


def _cut(drawn: tuple[JsonObject, int]) -> bytes:
    body = json.dumps(drawn[0], ensure_ascii=False).encode()
    return body[: 1 + drawn[1] % (len(body) - 1)]


def _deep(drawn: tuple[JsonObject, int]) -> JsonValue:
    inner: JsonValue = []
    for _ in range(drawn[1]):
        inner = [inner]
    return {**drawn[0], "extra": inner}


_CHANGES: dict[str, Change] = {
    "cut": _cut,
    "written": str.encode,
    "page": lambda text: (_HTML + text).encode(),
    "twice": _text(lambda text: text + "\n" + text),
    "after-a-line": _text(lambda text: "INFO: 200 OK\n" + text),
    "with-comma": _text(lambda text: text[:-1] + ",}"),
    "as-python": lambda answer: repr(answer).encode(),
    "with-nan": _text(lambda text: text.replace('"logprob": 0.0', '"logprob": NaN')),
    "in-latin": _latin,
    "encoded": _text(json.dumps),
    "deep": _deep,
    "marked": _text(lambda text: "\ufeff" + text),
    "with-model": _text(lambda text: text[:-1] + ', "model": "gpt-4o-2024-08-06"}'),
}
_PLAIN = plain_completions()

NEAR_BODY = catalogue(
    *rows(
        __file__,
        _CHANGES,
        plain=_PLAIN,
        scored=scored_completions(),
        with_number=st.tuples(_PLAIN, st.integers(0, 9999)),
        with_depth=st.tuples(_PLAIN, st.integers(100, 120)),
        blanks=st.text(" \r\n\t"),
        letters=st.text(max_size=9),
    )
)
