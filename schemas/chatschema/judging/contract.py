"""What a kind of body is held to: its models, its rules beyond shape, and how a value is held to them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, TypeAlias

from pydantic import BaseModel, TypeAdapter, ValidationError

from chatschema.core.kind import Kind
from chatschema.core.violation import MOST, JsonObject, JsonValue, Judgement, Level, Violation, bounded

from .bounds import MOST_ELEMENTS, MOST_HOLDERS, QuickCheck, Size, size_of
from .shape import Shapes, models_in, unknown_members, violations_of
from .violation_kind import ViolationKind

__all__ = ["Contract", "Rule"]

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
    examples: tuple[JsonValue, ...] = ()  #: valid values, for the exported schema

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """Parses a value into `form`."""
        return TypeAdapter(self.form)

    @cached_property
    def models(self) -> tuple[type[BaseModel], ...]:
        """The models inside `form`."""
        return models_in(self.form)

    def inspect(self, value: JsonValue) -> Judgement:
        """Judge a value that is known not to be too deep, because it came from `json_text.load`."""
        size = size_of(value)
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

    def new_violations(self, value: JsonValue, shapes: Shapes) -> tuple[Violation, ...]:
        """The violations of `inspect`; those of shape only where one of them was in no earlier value.

        For streams, which tell of the same violation once.
        """
        size = size_of(value)
        broken = self._broken_rules(value, size)
        if (
            size is not Size.SMALL or len(broken) > MOST // 2
        ):  # so many that `bounded` counts them, with all others
            return self.inspect(value).violations
        _, error = self._parsed(value, size)
        violations = [] if error is None else shapes.new_violations(error, self.reference)
        return bounded([*violations, *broken])

    def extensions(self, value: JsonValue) -> tuple[str, ...]:
        """JSON paths of the members that the models do not know."""
        return unknown_members(value, self.models)

    def _broken_rules(self, value: JsonValue, size: Size) -> list[Violation]:
        return [] if size is Size.HUGE else [*islice(self._by_rules(value), _MOST_BROKEN)]

    def _by_rules(self, value: JsonValue) -> Iterator[Violation]:
        """What each rule finds."""
        if isinstance(value, dict):
            for rule in self.rules:
                yield from rule(value)
