"""What one body may cost, whatever it holds: how much of it is looked at, and how.

A megabyte can hold 120,000 objects that each lack ten members. pydantic makes an error of each, at a kilobyte and ten
microseconds; so a body of many elements is first held to its form by a validator that makes no models and leaves a
list at the first item that is wrong.

It can hold 160,000 events as well. A stream has a `Budget`: its bytes earn what its elements cost.
"""

from typing import Any, TypeAlias, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import SchemaValidator

from chatschema.core.json_text import holders_in

__all__ = ["Budget", "QuickCheck"]

#: What is paid for an event with up to eight objects and lists, for each more of them, and for a violation that is
#: made, be it known or new. A unit is about a microsecond.
_EVENT, _FEW, _HOLDER, _VIOLATION = 14, 8, 4, 5
#: What a stream may cost before its bytes count, and the bytes that earn a unit more. Of recorded streams of more than
#: 20 kB, the one that costs the most for its size has 10 bytes to a unit.
_START, _BYTES = 30_000, 5
#: Bytes of an event beside its data.
_FRAME = 8

_Schema: TypeAlias = dict[str, Any]


class Budget:
    """What a stream may still cost. Once it is spent, it stays so."""

    def __init__(self) -> None:
        self._left = _START * _BYTES

    @property
    def spent(self) -> bool:
        """Whether nothing is left."""
        return self._left < 0

    def pay_event(self, data: str) -> None:
        """An event came, which earns what its bytes are worth."""
        self._left += len(data) + _FRAME - _EVENT * _BYTES

    def pay_holders(self, data: str) -> None:
        """What stands in an event is about to be judged."""
        self._left -= _HOLDER * _BYTES * max(0, holders_in(data, _FEW) - _FEW)

    def pay_violation(self) -> None:
        """A violation was made."""
        self._left -= _VIOLATION * _BYTES


class QuickCheck:
    """A form without its models: whether a value has it, and if not, the first errors."""

    def __init__(self, form: TypeAdapter[Any]) -> None:
        form.rebuild()
        schema = _first_errors(form.core_schema)
        self._validator = SchemaValidator(schema, {"strict": True, "extra_fields_behavior": "allow"})

    def error(self, value: object) -> ValidationError | None:
        """The errors, of each list those of its first wrong item; None where there are none."""
        try:
            self._validator.validate_python(value)
        except ValidationError as error:
            return error
        return None


def _first_errors(schema: Any) -> Any:
    """A core schema that makes no models, and whose lists end at their first wrong item."""
    if isinstance(schema, list | tuple):
        return [_first_errors(item) for item in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    found: _Schema = {
        name: member if name in ("metadata", "serialization") else _first_errors(member)
        for name, member in cast("_Schema", schema).items()
    }
    match found:
        case {"type": "model", "schema": dict()}:
            # a validator of the model's own would be taken instead, with all errors
            fields = cast("_Schema", found["schema"])
            return {**fields, "ref": found["ref"]} if "ref" in found else fields
        case {"type": "list" | "dict", **rest} if "items_schema" in rest or "values_schema" in rest:
            return {**found, "fail_fast": True}
        case _:
            return found
