"""The items of a request: what was said before, results of tools, and what the model is asked now."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, cast

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from chatschema.core.base import Forbidden, NonEmpty, Tagged, forbidden
from chatschema.responses.body import Body
from chatschema.responses.content import TextOrParts

from .item import OtherItem, SharedItem

__all__ = ["InputItem", "InputMessage", "ItemReference"]


class InputMessage(Body):
    """What somebody said. Most clients leave its type out (1,185 of 1,241 recorded messages)."""

    type: Literal["message"] = "message"
    role: Literal["user", "assistant", "system", "developer"]
    content: TextOrParts
    id: str | None = None
    status: str | None = None
    phase: str | None = None


class ItemReference(Body):
    """An item that the server has, by its id."""

    type: Literal["item_reference"] = "item_reference"
    id: NonEmpty
    role: Forbidden = forbidden()  # an item without a type is a message where somebody has said it


class CompactionTrigger(Body):
    """Cut down what went before."""

    type: Literal["compaction_trigger"]


@dataclass(frozen=True)
class _Input(Tagged):
    """`Tagged` where the type may be left out: what has a role is a message, and anything else a reference."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        found = handler(schema)
        known = [tag[1:-1] for tag in cast("dict[str, Any]", schema)["choices"] if tag != "<>"]
        branches = cast("list[JsonSchemaValue]", found["oneOf"])
        other: JsonSchemaValue = {"properties": {self.member: {"type": "string", "not": {"enum": known}}}}
        branches[-1] = branches[-1] | {"type": "object", "required": [self.member]} | other
        return found

    def _tag(self, known: frozenset[str]) -> Any:
        named = super()._tag(known)

        def tag(value: Any) -> str | None:
            if isinstance(value, dict) and self.member not in value:
                return "<message>" if "role" in cast("dict[str, object]", value) else "<item_reference>"
            return cast("str | None", named(value))

        tag.__name__ = self.member  # the name is the member: see `Tagged`
        return tag


#: `type` decides which, where it is there.
InputItem = Annotated[
    InputMessage | ItemReference | CompactionTrigger | SharedItem, _Input("type", other=OtherItem)
]
