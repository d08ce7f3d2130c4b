"""Values that are right but for one thing, which is named: what a judge has to refuse, and why."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar, cast

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.valid.members import mapped
from chatschema import JsonValue, Judgement, Kind, Level
from chatschema.core.describe import json_path

__all__ = [
    "Catalogue",
    "Miss",
    "NearMiss",
    "added",
    "altered",
    "at",
    "catalogue",
    "defect",
    "dropped",
    "events",
    "joined",
    "put",
    "replaced",
    "unlike",
    "value_at",
    "without",
]

ValueT = TypeVar("ValueT", bound=JsonValue)

_Step: TypeAlias = str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """One value with one defect."""

    data: (
        JsonValue | bytes
    )  #: a JSON value; bytes for a stream, and for what is wrong as text or is a JSON string
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


def joined(*parts: Catalogue) -> Catalogue:
    """One catalogue of several. Raises ValueError where a name comes twice."""
    return catalogue(*(miss for part in parts for miss in part.values()))


def defect(
    kind: Kind, name: str, rule: str, sentence: str, misses: SearchStrategy[Miss], level: Level = Level.MUST
) -> NearMiss:
    """A near miss of `kind`, which its name begins with."""
    return NearMiss(
        name=f"{kind}/{name}", kind=kind, rule=rule, level=level, sentence=sentence, misses=misses
    )


def unlike(near: NearMiss, miss: Miss, judgement: Judgement) -> tuple[str, ...]:
    """Where a judgement of `miss`, one of `near.misses`, says something else than `near`; empty where they agree.

    They agree where the judge names the rule at the path with the level, and no other must.
    """
    found = [(violation.rule, violation.path, violation.level) for violation in judgement.violations]
    wanted = (near.rule, miss.path, near.level)
    differences = [f"judged as {judgement.kind}, not {near.kind}"] if judgement.kind != near.kind else []
    if wanted in found:
        found.remove(wanted)
    else:
        differences.append(f"nothing says {near.rule} ({near.level}) at {miss.path}")
    others = (f"{rule} at {path} is broken too" for rule, path, level in found if level is Level.MUST)
    return (*differences, *others)


def without(valid: SearchStrategy[JsonValue], *steps: _Step) -> SearchStrategy[Miss]:
    """`valid` less the member at `steps`."""
    return mapped(valid, lambda value: Miss(data=dropped(value, *steps), path=json_path(steps)))


def replaced(
    valid: SearchStrategy[JsonValue], *steps: _Step, by: SearchStrategy[JsonValue]
) -> SearchStrategy[Miss]:
    """`valid` with another value at `steps`; the member is made where it is not there."""

    def miss(value: JsonValue, other: JsonValue) -> Miss:
        return Miss(data=put(value, *steps, by=other), path=json_path(steps))

    return st.builds(miss, valid, by)


#: The same, said where the member is one that must not be there.
added = replaced


def altered(
    valid: SearchStrategy[JsonValue], *steps: _Step, by: Callable[[JsonValue], JsonValue]
) -> SearchStrategy[Miss]:
    """`valid` with what stands at `steps` put through `by`."""

    def miss(value: JsonValue) -> Miss:
        return Miss(data=put(value, *steps, by=by(value_at(value, *steps))), path=json_path(steps))

    return mapped(valid, miss)


def at(misses: SearchStrategy[Miss], *steps: _Step) -> SearchStrategy[Miss]:
    """The same values, whose defect is at `steps` rather than where they were changed."""
    path = json_path(steps)
    return mapped(misses, lambda miss: replace(miss, path=path))


def events(data: Iterable[JsonValue]) -> bytes:
    """A stream: one event for each value; a text (`[DONE]`) is sent as it is."""
    texts = (item if isinstance(item, str) else json.dumps(item, ensure_ascii=False) for item in data)
    return b"".join(f"data: {text}\n\n".encode() for text in texts)


def put(value: ValueT, *steps: _Step, by: JsonValue) -> ValueT:
    """A copy of `value` with `by` at `steps`, where there may have been nothing; without steps `by` itself."""
    return cast("ValueT", _changed(value, steps, (by,)) if steps else by)


def dropped(value: ValueT, *steps: _Step) -> ValueT:
    """A copy of `value` with nothing at `steps`."""
    return cast("ValueT", _changed(value, steps, None))


def value_at(value: JsonValue, *steps: _Step) -> JsonValue:
    """What stands at `steps`."""
    for step in steps:
        value = cast("dict[_Step, JsonValue]", value)[step]  # or a list, which is asked in the same way
    return value


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
