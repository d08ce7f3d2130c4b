"""What a kind of body is held to: its models, its rules beyond shape, and how a value is held to them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias, get_args

from pydantic import BaseModel, TypeAdapter

from chatschema.core.describe import seen
from chatschema.core.kind import Kind
from chatschema.core.violation import MOST, JsonObject, JsonValue, Judgement, Violation, bounded

from .shape import Shapes, models_in, shape, unknown_members
from .violation_kind import violation

__all__ = ["Contract", "Rule"]

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

    def inspect(self, value: JsonValue) -> Judgement:
        """Judge a value that is known not to be too deep, because it came from `json_text.load`."""
        if (other := self._other_thing(value)) is not None:
            return Judgement(
                kind=self.kind, violations=(other,), extensions=self.extensions(value), value=None
            )
        parsed, violations = shape(value, self.adapter, reference=self.reference)
        return Judgement(
            kind=self.kind,
            violations=bounded([*violations, *self._broken_rules(value)]),
            extensions=self.extensions(value),
            value=parsed,
        )

    def new_violations(self, value: JsonValue, shapes: Shapes) -> tuple[Violation, ...]:
        """The violations of `inspect`; those of shape only where one of them was in no earlier value.

        For streams, which tell of the same violation once.
        """
        if (other := self._other_thing(value)) is not None:
            return (other,)
        violations = shapes.new_violations(value, self.adapter, reference=self.reference)
        broken = self._broken_rules(value)
        if len(broken) > MOST // 2:  # so many that `bounded` counts them, with all others
            return self.inspect(value).violations
        return bounded([*violations, *broken])

    def extensions(self, value: JsonValue) -> tuple[str, ...]:
        """JSON paths of the members that the models do not know."""
        return unknown_members(value, self.models)

    def _other_thing(self, value: JsonValue) -> Violation | None:
        """Where the value is an error, or has next to nothing of its kind: that, and not all that it lacks."""
        if not self.core or not isinstance(value, dict) or self.core in value:
            return None
        if value.get("error") or value.get("object") == "error":
            message = f"An error object with HTTP 200: SDKs hand back an answer without {self.core}."
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

    def _broken_rules(self, value: JsonValue) -> list[Violation]:
        if not isinstance(value, dict):
            return []
        return [violation for rule in self.rules for violation in rule(value)]
