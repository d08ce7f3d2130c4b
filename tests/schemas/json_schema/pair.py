"""A schema beside the models that it was made from, and their verdicts on one value."""

import json
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from chatschema import JsonValue, Kind
from chatschema.judging.catalogue import CONTRACTS
from chatschema.judging.contract import Contract
from chatschema.schema_export import document, file_name, sayable
from tests.schemas.json_schema.drawing import Schema, Values, drawn, names

__all__ = ["COMMAND", "FOLDER", "Pair", "committed", "made"]

COMMAND = "run `chatproof schemas export schemas/chatschema/json` and commit what it wrote"
FOLDER = files("chatschema").joinpath("json")


@dataclass(frozen=True)
class Pair:
    """Two judges of the same values."""

    schema: Schema
    models: TypeAdapter[Any]

    @cached_property
    def validator(self) -> Draft202012Validator:
        return Draft202012Validator(self.schema)

    @cached_property
    def words(self) -> list[str]:
        """All names and texts that the schema knows."""
        return sorted({*names(self.schema), "x"})

    @cached_property
    def values(self) -> Values:
        """Values that the schema accepts."""
        return drawn(self.schema)

    def accepted_by_schema(self, value: JsonValue) -> bool:
        return self.validator.is_valid(value)

    def accepted_by_models(self, value: JsonValue) -> bool:
        try:
            self.models.validate_python(value)
        except ValidationError:
            return False
        return True

    def agree(self, value: JsonValue) -> bool:
        """Whether the two verdicts are one, or differ by nothing but what `DIFFERENCES` lists."""
        by_schema, by_models = self.accepted_by_schema(value), self.accepted_by_models(value)
        if by_schema == by_models:
            return True
        near = sayable(value)
        listed = by_schema and repr(near) != repr(value)  # 1e19 == 10**19
        return listed and self.accepted_by_schema(near) == self.accepted_by_models(near)


@cache
def committed(kind: Kind) -> Pair:
    """The committed schema of one kind."""
    schema = json.loads(FOLDER.joinpath(file_name(kind)).read_text(encoding="utf-8"))
    return Pair(schema, CONTRACTS[kind].adapter)


def made(form: Any, *, summary: str = "A form.") -> Pair:
    """The schema of a form that only a test knows."""
    contract = Contract(kind=Kind.ERROR, form=form, summary=summary, reference="a test")
    return Pair(document(contract), contract.adapter)
