"""What a kind of body is held to: its models, its rules beyond shape, and how a value is held to them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import islice
from typing import Any, Literal, TypeAlias, cast, get_args, get_origin

from pydantic import BaseModel, RootModel, TypeAdapter, ValidationError

from chatschema.core.base import Tagged
from chatschema.core.describe import json_path, seen
from chatschema.core.json_text import MOST_ELEMENTS, MOST_HOLDERS, Size, size_of
from chatschema.core.kind import Kind
from chatschema.core.violation import MOST, JsonObject, JsonValue, Judgement, Level, Violation

from .bounds import QuickCheck
from .shape import Shapes, violations_of
from .violation_kind import ViolationKind, violation

__all__ = ["Contract", "Rule", "bounded"]

_Place: TypeAlias = tuple[str | int, ...]
_Models: TypeAlias = tuple[type[BaseModel], ...]
_HOLDERS = (dict, list)

#: Broken rules of one body that are counted.
_MOST_BROKEN = 1_000

_BOUNDS = "http.bounds"
_FIRST_OF_LISTS = ViolationKind(
    _BOUNDS,
    f"The body has more than {MOST_ELEMENTS:,} elements: not judged further than the first wrong item of each list.",
    f"at most {MOST_ELEMENTS:,} members and items",
    Level.SHOULD,
)
_NO_RULES = ViolationKind(
    _BOUNDS,
    f"The body has more than {MOST_HOLDERS:,} elements: not judged further than its shape.",
    f"at most {MOST_HOLDERS:,} objects and lists",
    Level.SHOULD,
)

#: One rule over the members of a body. It passes over what has the wrong shape and yields its violations.
Rule: TypeAlias = Callable[[JsonObject], Iterator[Violation]]


@dataclass(frozen=True, kw_only=True)
class Contract:
    """One JSON body."""

    kind: Kind
    form: Any  #: a model, or an annotation over models (a list, a tagged union)
    summary: str  #: one sentence: what it is and where it travels; the exported schema's description
    reference: str  #: the name of the specification's own schema, or where the server's source has it
    rules: tuple[Rule, ...] = ()
    noun: str = ""  #: what it is in a sentence; with `core`, a body that is something else is told of as such
    core: str = ""  #: the member that nothing else of its kind makes up for
    examples: tuple[JsonValue, ...] = ()  #: valid values, for the exported schema

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """Parses a value into `form`."""
        return TypeAdapter(self.form)

    @cached_property
    def models(self) -> tuple[type[BaseModel], ...]:
        """The models inside `form`."""
        return models_in(self.form)

    def parsed(self, value: JsonValue) -> Any:
        """The value as the form has it; None where that refuses it."""
        try:
            return self.adapter.validate_python(value)
        except ValidationError:
            return None

    def inspect(self, value: JsonValue) -> Judgement:
        """Judge a value that is known not to be too deep, because it came from `json_text.load`."""
        size = size_of(value)
        if (other := self._other_thing(value)) is not None:
            unknown = self.extensions(value) if size < Size.HUGE else ()
            return Judgement(kind=self.kind, violations=(other,), extensions=unknown, value=None)
        parsed, error = self._parsed(value, size)
        violations, more = [*self._bounds(error, size), *self._broken_rules(value, size)], 0
        if error is not None:
            found = violations_of(error, self.reference)
            violations, more = [*found, *violations], error.error_count() - len(found)
        return Judgement(
            kind=self.kind,
            violations=bounded(violations, more),
            extensions=self.extensions(value) if size < Size.HUGE else (),
            value=parsed,
        )

    def _parsed(self, value: JsonValue, size: Size) -> tuple[Any, ValidationError | None]:
        """The value in its form, or what is wrong with it."""
        error = None if size is Size.SMALL else self._quick_check.error(value)
        if error is not None:
            return None, error
        try:
            return self.adapter.validate_python(value), None
        except ValidationError as found:
            return None, found

    @cached_property
    def _quick_check(self) -> QuickCheck:
        return QuickCheck(self.adapter)

    def _bounds(self, error: ValidationError | None, size: Size) -> Iterator[Violation]:
        """That something was not looked at."""
        if size is Size.HUGE:
            yield _NO_RULES.violation("$", f"more than {MOST_HOLDERS:,}", reference=self.reference)
        elif size is Size.LARGE and error is not None:
            yield _FIRST_OF_LISTS.violation("$", f"more than {MOST_ELEMENTS:,}", reference=self.reference)

    def new_violations(self, value: JsonValue, shapes: Shapes, size: Size) -> tuple[Violation, ...]:
        """The violations of `inspect`; those of shape only where one of them was in no earlier value.

        For streams, which tell of the same violation once.
        """
        if (other := self._other_thing(value)) is not None:
            shapes.refused += 1
            return (other,)
        broken, (_, error) = self._broken_rules(value, size), self._parsed(value, size)
        count = 0 if error is None else error.error_count()
        shapes.refused += error is not None
        # so many that `bounded` counts them
        if size is not Size.SMALL or count + len(broken) > MOST:
            return self.inspect(value).violations
        return (*(() if error is None else shapes.new_violations(error, self.reference)), *broken)

    def extensions(self, value: JsonValue) -> tuple[str, ...]:
        """JSON paths of the members that the models do not know, in order; the first 100.

        Works on a value of any shape, so that a refused answer has its extensions listed too.
        """
        found: list[_Place] = []
        _unknown(value, self.models, (), found)
        return tuple(json_path(place) for place in found)

    def _broken_rules(self, value: JsonValue, size: Size) -> list[Violation]:
        return [] if size is Size.HUGE else [*islice(self._by_rules(value), _MOST_BROKEN)]

    def _by_rules(self, value: JsonValue) -> Iterator[Violation]:
        """What each rule finds."""
        if isinstance(value, dict):
            for rule in self.rules:
                yield from rule(value)

    def _other_thing(self, value: JsonValue) -> Violation | None:
        """Where the value is an error, or has next to nothing of its kind: that, and not all that it lacks."""
        if not self.core or not isinstance(value, dict) or self.core in value:
            return None
        if value.get("error") or value.get("object") == "error":
            message = f"An error object in place of the answer: with HTTP 200, SDKs hand back one without {self.core}."
            expected = f"a {self.noun}, or an error status"
            return violation("shape.error", "$", message, expected, seen(value), reference=self.reference)
        names, object_ = self._head
        if value.get("object") == object_ or len(names & value.keys()) > 1:
            return None
        what = seen(value).replace('"', "")
        message = f"This is no {self.noun}: {what}."
        return violation("shape.kind", "$", message, f"a {self.noun}", seen(value), reference=self.reference)

    @cached_property
    def _head(self) -> tuple[frozenset[str], object]:
        """The members that a body must have beside `core`, and what it says of itself."""
        fields = self.models[0].model_fields
        names = {name for name, field in fields.items() if field.is_required()} - {"object", self.core}
        return frozenset(names), get_args(fields["object"].annotation)[0]


def bounded(violations: Iterable[Violation], more: int = 0) -> tuple[Violation, ...]:
    """The first `MOST` violations; the last of them says how many were left out, with `more` that nobody made.

    Where shoulds would keep out a must, the musts come first.
    """
    found = tuple(violations)
    left = len(found) + more - MOST
    if left <= 0:
        return found
    if not any(violation.level is Level.MUST for violation in found[:MOST]):
        found = tuple(sorted(found, key=lambda violation: violation.level is not Level.MUST))
    last = replace(found[MOST - 1], message=f"{found[MOST - 1].message} ({left} more violations not listed)")
    return (*found[: MOST - 1], last)


def _unknown(value: object, models: _Models, place: _Place, found: list[_Place]) -> None:
    """Adds the members that no model knows. Recursion follows the models; ours are some six levels."""
    # most members are scalars: they are told apart before they cost a call
    if isinstance(value, list):
        for index, item in enumerate(cast("list[object]", value)):
            if isinstance(item, _HOLDERS):
                _unknown(cast("object", item), models, (*place, index), found)
                if len(found) >= MOST:
                    return
    elif isinstance(value, dict) and models:
        members = cast("dict[str, object]", value)
        fields = _fields(models if len(models) == 1 else _candidates(members, models))
        for name, member in members.items():
            inner = fields.get(name)
            if inner is None:
                found.append((*place, name))
            elif inner and isinstance(member, _HOLDERS):
                _unknown(cast("object", member), inner, (*place, name), found)
            else:
                continue
            if len(found) >= MOST:
                return


def _candidates(members: Mapping[str, object], models: _Models) -> _Models:
    """Those of a union that the value names itself; all of them where it names none."""
    candidates = models
    for name, by_text, others in _literals(models):
        if name in members:
            text = members[name]
            named = others if isinstance(text, _HOLDERS) else by_text.get(text, others)
            candidates = named if candidates is models else tuple(one for one in candidates if one in named)
    return candidates or models


@cache
def _literals(models: _Models) -> tuple[tuple[str, Mapping[object, _Models], _Models], ...]:
    """The members by which models of a union differ: to each text those that may have it, and what any other may be."""
    found: dict[str, dict[type[BaseModel], tuple[Any, ...]]] = {}
    for model in models:
        for name, info in model.model_fields.items():
            if get_origin(info.annotation) is Literal:
                found.setdefault(name, {})[model] = get_args(info.annotation)
    return tuple(
        (
            name,
            {
                text: tuple(one for one in models if text in texts.get(one, (text,)))
                for known in texts.values()
                for text in known
            },
            tuple(one for one in models if one not in texts),
        )
        for name, texts in found.items()
    )


@cache
def _fields(models: _Models) -> dict[str, _Models]:
    found: dict[str, _Models] = {}
    for model in models:
        for field, info in model.model_fields.items():
            name = info.alias or field
            inner = (*models_in(info.annotation), *(one for extra in info.metadata for one in _other(extra)))
            found[name] = found.get(name, ()) + inner
    return found


def models_in(annotation: Any) -> _Models:
    """The models inside an annotation: `list[A | B] | None` has A and B."""
    if isinstance(annotation, type) and issubclass(annotation, RootModel):
        return models_in(annotation.model_fields["root"].annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return (annotation,)
    return _other(annotation) + tuple(model for part in get_args(annotation) for model in models_in(part))


def _other(metadata: Any) -> _Models:
    return (metadata.other,) if isinstance(metadata, Tagged) and metadata.other is not None else ()
