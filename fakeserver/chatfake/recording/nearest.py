"""What is recorded that is most like a request that is not, and where the two differ."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from chatfake.core.json_text import JsonValue, canonical, dump
from chatfake.recording.matching import MatchKey

#: Recordings that are named, differences of each, and characters of a value.
NAMED = 3
MOST_DIFFERENCES = 3
LONGEST_VALUE = 40
#: Recordings that are looked at, and differences after which one is no longer near.
MOST_COMPARED = 2_000
FAR = 50


def nearest(asked: MatchKey, recorded: Iterable[tuple[str, MatchKey]]) -> tuple[str, ...]:
    """A clause for each of the nearest: its name, and what differs."""
    compared = islice(recorded, MOST_COMPARED)
    scored = ((tuple(islice(differences(one, asked), FAR)), name) for name, one in compared)
    best = heapq.nsmallest(NAMED, scored, key=lambda pair: (_weight(pair[0]), pair[1]))
    return tuple(f"{name} ({_listed(found)})" for found, name in best)


def _weight(found: Sequence[str]) -> int:
    """How far away a recording is: another route is further than any difference of bodies."""
    return len(found) + FAR * sum(one.startswith(("method: ", "path: ")) for one in found)


def _listed(found: Sequence[str]) -> str:
    more = len(found) - MOST_DIFFERENCES
    rest = f"; and {'at least ' * (len(found) == FAR)}{more} more" if more > 0 else ""
    return "; ".join(found[:MOST_DIFFERENCES]) + rest


def differences(recorded: MatchKey, asked: MatchKey) -> Iterator[str]:
    """Where two requests differ, in the words of the error: `messages[2].content: "a" recorded, "b" asked`."""
    yield from _differ("method", recorded.method, asked.method)
    yield from _differ("path", recorded.path, asked.path)
    yield from _differ("query", dict(recorded.query), dict(asked.query))
    yield from _differ("", recorded.body, asked.body)


class _Absent:
    """There is no such member or item."""


_ABSENT = _Absent()


def _differ(path: str, recorded: "JsonValue | _Absent", asked: "JsonValue | _Absent") -> Iterator[str]:
    if _same(recorded, asked):
        return
    if isinstance(recorded, dict) and isinstance(asked, dict):
        for name in dict.fromkeys((*recorded, *asked)):
            inner = f"{path}.{name}" if path else name
            yield from _differ(inner, recorded.get(name, _ABSENT), asked.get(name, _ABSENT))
    elif isinstance(recorded, list) and isinstance(asked, list):
        for place in range(max(len(recorded), len(asked))):
            yield from _differ(f"{path}[{place}]", _item(recorded, place), _item(asked, place))
    else:
        start = _shared(recorded, asked)
        yield f"{path or 'body'}: {_shown(recorded, start)} recorded, {_shown(asked, start)} asked"


def _same(recorded: "JsonValue | _Absent", asked: "JsonValue | _Absent") -> bool:
    """As the identity has it: to Python, 1 and true are equal."""
    if isinstance(recorded, _Absent) or isinstance(asked, _Absent):
        return recorded is asked
    return recorded == asked and canonical(recorded) == canonical(asked)


def _item(items: list[JsonValue], place: int) -> "JsonValue | _Absent":
    return items[place] if place < len(items) else _ABSENT


def _shared(one: object, other: object) -> int:
    """Characters to leave out, so that the first difference of two long texts is seen."""
    if not isinstance(one, str) or not isinstance(other, str):
        return 0
    pairs = zip(one, other, strict=False)
    same = next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
    return max(same - LONGEST_VALUE // 2, 0) if max(len(one), len(other)) > LONGEST_VALUE else 0


def _shown(value: "JsonValue | _Absent", start: int) -> str:
    if isinstance(value, _Absent):
        return "absent"
    if isinstance(value, str):
        cut = value[start : start + LONGEST_VALUE]
        return dump(f"{'…' * (start > 0)}{cut}{'…' * (len(value) > start + LONGEST_VALUE)}")
    text = dump(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
