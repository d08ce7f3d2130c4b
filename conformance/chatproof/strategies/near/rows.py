"""Near misses as rows of a file that stands beside the module it belongs to.

A file has sections, `## KIND | BASE` (or several of these, with `; ` between them), each with rows:

    NAME | RULE | PLACE | WRONG | SENTENCE

BASE names the right values that the module hands over. RULE is a rule's id (`missing`, `type` and `value` for
`shape.missing` and so on), with ` (should)` behind it where it is no must. PLACE is where the value is made wrong,
`choices[0].message`, with ` -> ` and the place of the defect where that is another (`$` is the whole). WRONG is

    gone, as-text, one-more  nothing, the text of what is there, a number more
    [1, null], -9..-1        one of these values
    not-text                 one of the values that `BAD_VALUES` or the module has by that name; ` or ` joins several
    in-a-list                a list with the whole in it
    with {"n": 2}            the whole with these members besides
    a-name                   what the module's function of that name makes of the whole

In a stream the first step of a place is an event, by its number or by a name that the base knows: `[end-1].usage`.
There WRONG may be two things more:

    each gone                the same in every chunk that has a choice
    < :2 ERROR DONE >        these events: slices, single ones, and those that the base has a word for
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias, cast

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.bad_values import BAD_VALUES, one_more
from chatproof.strategies.near.near_miss import Miss, NearMiss, defect, dropped, put, value_at
from chatschema import JsonObject, JsonValue, Kind, Level
from chatschema.core.describe import json_path

__all__ = ["Base", "Change", "rows"]

_Steps: TypeAlias = tuple[str | int, ...]

#: What a module has for WRONG: values to put at the place, or a function of the whole. The function gives the whole
#: with its defect at the place, or says itself where: a tuple of the whole and the steps to it. Bytes go as they are.
Change: TypeAlias = SearchStrategy[JsonValue] | Callable[[Any], Any]

#: From the whole, the steps to a place and a value for it, the whole that is wrong.
_Apply: TypeAlias = Callable[[Any, _Steps, JsonValue], Any]

_SHAPE = ("missing", "type", "value")
_RANGE = re.compile(r"(-?\d+)\.\.(-?\d+)")
_STEP = re.compile(r"\[(\d+)\]|(\[[^\]]+\]|[^.\[\]]+)")
_EVENT = re.compile(r"(\d+|[a-z_.]+)([+-]\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """Right values, and how they travel; of a stream the values are lists of events."""

    values: SearchStrategy[Any]
    sent: Callable[[Any], JsonValue | bytes] = lambda value: value
    #: the number of the event that is meant by a name
    number: Callable[[Any, str], int] = lambda _stream, name: int(name)
    words: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])

    def steps(self, value: Any, steps: _Steps) -> _Steps:
        """The steps with the number of an event in place of its name."""
        first = steps[0] if steps else 0
        if isinstance(first, str) and first.startswith("["):
            return (self._number(value, first[1:-1]), *steps[1:])
        return steps

    def rearranged(self, stream: list[JsonValue], terms: list[str]) -> list[JsonValue]:
        """The events that the terms of `< … >` name."""
        found: list[JsonValue] = []
        for term in terms:
            start, to, stop = term.partition(":")
            if term in self.words:
                found.append(self.words[term])
            elif to:
                first = self._number(stream, start) if start else 0
                found += stream[first : self._number(stream, stop) if stop else None]
            else:
                found.append(stream[self._number(stream, term)])
        return found

    def _number(self, stream: Any, term: str) -> int:
        match = _EVENT.fullmatch(term)
        if match is None:
            raise ValueError(f"no event: {term}")
        name, more = match.groups("0")
        return (int(name) if name.isdigit() else self.number(stream, name)) + int(more)


def rows(
    module: str, changes: Mapping[str, Change] | None = None, **bases: SearchStrategy[Any] | Base
) -> Iterator[NearMiss]:
    """The near misses in the file beside `module`, a path of a Python file, with the module's own changes and bases."""
    heads: list[tuple[Kind, Base]] = []
    for line in Path(module).with_suffix(".rows").read_text("utf-8").splitlines():
        if line.startswith("## "):
            named = (head.split(" | ") for head in line.removeprefix("## ").split("; "))
            heads = [(Kind(kind), _base(bases[name])) for kind, name in named]
        elif line:
            yield from (_near_miss(kind, base, line, changes or {}) for kind, base in heads)


def _base(values: SearchStrategy[Any] | Base) -> Base:
    return values if isinstance(values, Base) else Base(values=values)


def _near_miss(kind: Kind, base: Base, line: str, changes: Mapping[str, Change]) -> NearMiss:
    name, rule, place, wrong, sentence = line.split(" | ")
    rule, _, level = rule.partition(" ")
    rule = f"shape.{rule}" if rule in _SHAPE else rule
    misses = _misses(base, place, *_change(base, wrong, changes))
    return defect(kind, name, rule, sentence, misses, Level(level.strip("()") or Level.MUST))


def _misses(
    base: Base, place: str, change: _Apply, values: SearchStrategy[JsonValue]
) -> SearchStrategy[Miss]:
    made, _, seen = place.partition(" -> ")
    steps, way = _steps(made), _steps(seen or made)

    def miss(value: Any, by: JsonValue) -> Miss:
        changed = change(value, base.steps(value, steps), by)
        wrong, where = changed, base.steps(value, way)
        if isinstance(changed, tuple):
            wrong, where = cast("tuple[Any, _Steps]", changed)
        return Miss(data=wrong if isinstance(wrong, bytes) else base.sent(wrong), path=json_path(where))

    return st.builds(miss, base.values, values)


_CHANGES: Mapping[str, _Apply] = {
    "gone": lambda value, steps, _by: dropped(value, *steps),
    "as-text": lambda value, steps, _by: put(value, *steps, by=str(value_at(value, *steps))),
    "one-more": lambda value, steps, _by: put(value, *steps, by=one_more(value_at(value, *steps))),
    "in-a-list": lambda value, _steps, _by: [value],
}
_NO_VALUE: SearchStrategy[JsonValue] = st.none()


def _change(
    base: Base, wrong: str, changes: Mapping[str, Change]
) -> tuple[_Apply, SearchStrategy[JsonValue]]:
    """What makes the whole wrong, and the values to be drawn for it."""
    own = changes.get(wrong)
    if own is not None and not isinstance(own, SearchStrategy):
        return lambda value, _steps, _by: own(value), _NO_VALUE
    name, _, more = wrong.partition(" ")
    match name:
        case "with":
            members = cast("JsonObject", json.loads(more))
            return lambda value, _steps, _by: {**value, **members}, _NO_VALUE
        case "each":
            change, values = _change(base, more, changes)
            return partial(_each, change), values
        case "<":
            return lambda stream, _steps, _by: base.rearranged(stream, more.split()[:-1]), _NO_VALUE
        case _ if wrong in _CHANGES:
            return _CHANGES[wrong], _NO_VALUE
        case _:
            values = st.one_of(*(_values(term, changes) for term in wrong.split(" or ")))
            return lambda value, steps, by: put(value, *steps, by=by), values


def _each(change: _Apply, stream: list[JsonValue], steps: _Steps, by: JsonValue) -> list[JsonValue]:
    """The stream with every chunk changed that has a choice, at the place in it."""
    return [
        change(event, steps[1:], by) if isinstance(event, dict) and event["choices"] else event
        for event in stream
    ]


def _values(term: str, changes: Mapping[str, Change]) -> SearchStrategy[JsonValue]:
    if between := _RANGE.fullmatch(term):
        return st.integers(int(between[1]), int(between[2]))
    if term in BAD_VALUES:
        return BAD_VALUES[term]
    if term in changes:
        return cast("SearchStrategy[JsonValue]", changes[term])
    return st.sampled_from(json.loads(term))


def _steps(path: str) -> _Steps:
    return tuple(int(number) if number else name for number, name in _STEP.findall(path.removeprefix("$")))
