"""What a kind of body is held to: its models, its rules beyond shape, and how a stream of it is judged."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from pydantic import TypeAdapter

from .event_stream import EventStream
from .kind import Kind
from .members import extensions
from .shape import shape
from .violation import JsonObject, JsonValue, Judgement, Violation, bounded

__all__ = ["Contract", "Rule", "StreamContract"]

#: One rule over the members of a body. It passes over what has the wrong shape and yields its breaches.
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

    def inspect(self, value: JsonValue) -> Judgement:
        """Judge a value that is known not to be too deep, because it came from `json_text.load`."""
        parsed, violations = shape(value, self.adapter, reference=self.reference)
        if isinstance(value, dict):
            violations += [violation for rule in self.rules for violation in rule(value)]
        return Judgement(
            kind=self.kind,
            violations=bounded(violations),
            extensions=extensions(value, self.form),
            value=parsed,
        )


@dataclass(frozen=True, kw_only=True)
class StreamContract:
    """One stream of events."""

    kind: Kind
    open: Callable[[], EventStream]  #: a judge for one stream
    whole: Contract  #: what the events add up to
    summary: str
    reference: str
