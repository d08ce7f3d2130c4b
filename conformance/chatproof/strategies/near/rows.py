"""Near misses as rows of a file that stands beside the module it belongs to.

A file has sections, `## KIND | BASE`, each with rows:

    NAME | RULE | PLACE | WRONG | SENTENCE

BASE names the strategy of right values that the module hands over. RULE is a rule's id (`missing`, `type` and `value`
for `shape.missing` and so on), with ` (should)` behind it where it is no must. PLACE is where the value is made wrong,
`choices[0].message`, with ` -> ` and the place of the defect where that is another (`$` is the whole). WRONG is
`gone`, `as-text`, `one-more`, or what is put there: a JSON list of values, `1..9`, a name of `BAD_VALUES`, several of
them with ` or `.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.bad_values import BAD_VALUES, one_more
from chatproof.strategies.near.near_miss import Miss, NearMiss, altered, at, defect, replaced, without
from chatschema import JsonValue, Kind, Level

__all__ = ["rows"]

_SHAPE = ("missing", "type", "value")
_ALTERED: Mapping[str, Callable[[JsonValue], JsonValue]] = {"as-text": str, "one-more": one_more}
_RANGE = re.compile(r"(-?\d+)\.\.(-?\d+)")
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


def rows(module: str, **bases: SearchStrategy[JsonValue]) -> Iterator[NearMiss]:
    """The near misses in the file beside `module`, a path of a Python file; `bases` are the right values by name."""
    valid: SearchStrategy[JsonValue] | None = None
    kind = Kind.COMPLETION
    for line in Path(module).with_suffix(".rows").read_text("utf-8").splitlines():
        if line.startswith("## "):
            name, base = line.removeprefix("## ").split(" | ")
            kind, valid = Kind(name), bases[base]
        elif line and valid is not None:
            yield _near_miss(kind, valid, line)


def _near_miss(kind: Kind, valid: SearchStrategy[JsonValue], line: str) -> NearMiss:
    name, rule, place, wrong, sentence = line.split(" | ")
    rule, _, level = rule.partition(" ")
    made, _, seen = place.partition(" -> ")
    misses = _misses(valid, wrong, _steps(made))
    return defect(
        kind,
        name,
        f"shape.{rule}" if rule in _SHAPE else rule,
        sentence,
        at(misses, *_steps(seen)) if seen else misses,
        Level(level.strip("()") or Level.MUST),
    )


def _misses(
    valid: SearchStrategy[JsonValue], wrong: str, steps: tuple[str | int, ...]
) -> SearchStrategy[Miss]:
    if wrong == "gone":
        return without(valid, *steps)
    if wrong in _ALTERED:
        return altered(valid, *steps, by=_ALTERED[wrong])
    return replaced(valid, *steps, by=st.one_of(*(_values(term) for term in wrong.split(" or "))))


def _values(term: str) -> SearchStrategy[JsonValue]:
    if between := _RANGE.fullmatch(term):
        return st.integers(int(between[1]), int(between[2]))
    return BAD_VALUES[term] if term in BAD_VALUES else st.sampled_from(json.loads(term))


def _steps(path: str) -> tuple[str | int, ...]:
    return tuple(int(number) if number else name for number, name in _STEP.findall(path.removeprefix("$")))
