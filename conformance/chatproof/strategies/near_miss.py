"""Values that are right but for one thing, which is named: what a judge has to refuse, and why."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatschema import JsonValue, Kind, Level
from chatschema.words import json_path

__all__ = ["Catalogue", "Miss", "NearMiss", "added", "catalogue", "events", "replaced", "without"]

_Step: TypeAlias = str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """One value with one defect."""

    data: JsonValue | bytes  #: a JSON value; bytes for a stream
    path: str  #: where the defect is, as a `Violation` has it


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """One kind of defect."""

    name: str  #: unique: the kind and what is wrong, `chat.completion/created-as-text`
    kind: Kind  #: what the value would be without the defect
    rule: str  #: the rule that it breaks
    level: Level = Level.MUST
    sentence: str  #: what is wrong, for a reader
    misses: SearchStrategy[Miss]


Catalogue: TypeAlias = Mapping[str, NearMiss]


def catalogue(*misses: NearMiss) -> Catalogue:
    """Near misses by name. Raises ValueError where a name comes twice."""
    found = {miss.name: miss for miss in misses}
    if len(found) < len(misses):
        raise ValueError("two near misses have the same name")
    return found


def without(valid: SearchStrategy[JsonValue], *steps: _Step) -> SearchStrategy[Miss]:
    """`valid` less the member at `steps`."""
    return valid.map(lambda value: Miss(data=_changed(value, steps, None), path=json_path(steps)))


def replaced(
    valid: SearchStrategy[JsonValue], *steps: _Step, by: SearchStrategy[JsonValue]
) -> SearchStrategy[Miss]:
    """`valid` with another value at `steps`; the member is made where it is not there."""

    def miss(value: JsonValue, other: JsonValue) -> Miss:
        return Miss(data=_changed(value, steps, (other,)), path=json_path(steps))

    return st.builds(miss, valid, by)


#: The same, said where the member is one that must not be there.
added = replaced


def events(data: Iterable[JsonValue]) -> bytes:
    """A stream: one event for each value; a text (`[DONE]`) is sent as it is."""
    texts = (item if isinstance(item, str) else json.dumps(item, ensure_ascii=False) for item in data)
    return b"".join(f"data: {text}\n\n".encode() for text in texts)


def _changed(value: JsonValue, steps: tuple[_Step, ...], by: tuple[JsonValue] | None) -> JsonValue:
    """A copy of `value` with `by` (None: nothing) at `steps`; `value` itself is not touched."""
    step, rest = steps[0], steps[1:]
    if isinstance(step, int):
        items = [*cast("list[JsonValue]", value)]
        if rest:
            items[step] = _changed(items[step], rest, by)
        elif by is None:
            del items[step]
        else:
            items[step] = by[0]
        return items
    members = {**cast("dict[str, JsonValue]", value)}
    if rest:
        members[step] = _changed(members[step], rest, by)
    elif by is None:
        del members[step]
    else:
        members[step] = by[0]
    return members
