"""What the export makes of each way in which a model can be constrained."""

import json
from typing import Annotated, Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, JsonValue

from chatschema import Kind
from chatschema.core.base import Byte, Code, Forbidden, Integer, NonEmpty, Strict, Tagged, forbidden
from chatschema.judging.contract import Contract
from chatschema.schema_export import text
from tests.schemas.json_schema.changing import changed
from tests.schemas.json_schema.pair import made
from tests.schemas.replies import JSON


class Circle(Strict):
    """A form with a radius.

    Its docstring has a second
    paragraph.
    """

    type: Literal["circle", "disc"]
    radius: Integer


class Line(Strict):
    """A form whose own model would do without its tag."""

    type: Literal["line"] = "line"
    length: Annotated[float, Field(gt=0, le=2, allow_inf_nan=False)] | None = None


class Other(Strict):
    """Any other form; its tag may be missing for all that the model says."""

    type: str = ""
    sides: Annotated[list[Byte], Field(min_length=1, max_length=2)]


class Drawing(Strict):
    """All that the models use."""

    closed: Annotated[Circle | Line, Tagged("type")]
    opened: Annotated[Circle | Line, Tagged("type", other=Other)] | None = None
    plain: str | list[NonEmpty] | None = None
    code: Code | None = None
    free: JsonValue = None
    bag: dict[str, JsonValue] | None = None
    texts: dict[str, Annotated[str, Field(max_length=2)]] | None = None
    stroke: Literal["thin", "thick"] | None = None
    visible: bool | None = None
    gone: Forbidden = forbidden()
    # names that are keywords of JSON Schema
    title: Annotated[str, Field(description="What it is\ncalled.")] = "none"
    default: Integer = 3
    properties: Integer | None = None


DRAWING = made(Drawing)
EXAMPLE: JsonValue = {
    "closed": {"type": "circle", "radius": 3},
    "opened": {"type": "square", "sides": [1]},
    "plain": ["a"],
    "code": 1,
    "title": "t",
    "properties": None,
}


@given(st.data())
def test_schema_and_models_have_one_verdict(data: st.DataObject) -> None:
    value = data.draw(DRAWING.values | st.just(EXAMPLE))
    assert DRAWING.accepted_by_schema(value)
    assert DRAWING.agree(value)
    assert DRAWING.agree(data.draw(changed(value, DRAWING.words)))
    assert DRAWING.agree(data.draw(JSON))


@pytest.mark.parametrize(
    ("opened", "accepted"),
    [
        ({"type": "circle", "radius": 1}, True),
        ({"type": "square", "sides": [4]}, True),
        ({"type": "", "sides": [4]}, True),
        ({"type": "circle", "sides": [4]}, False),  # a known text is held to its own model
        ({"type": "disc", "sides": [4]}, False),
        ({"type": "line", "sides": [4]}, True),
        ({"sides": [4]}, False),
        ({"length": 1}, False),
        ({"type": None, "sides": [4]}, False),
        ({"type": 3, "sides": [4]}, False),
        ([], False),
        (None, True),
    ],
)
def test_an_open_union_takes_what_its_models_take(opened: JsonValue, accepted: bool) -> None:
    value: JsonValue = {"closed": {"type": "line"}, "opened": opened}
    assert DRAWING.accepted_by_models(value) == DRAWING.accepted_by_schema(value) == accepted


def test_the_document_has_nothing_that_is_pythons_or_openapis() -> None:
    properties = DRAWING.schema["properties"]
    assert properties["title"] == {"description": "What it is called.", "type": "string"}
    assert properties["default"] == {"type": "integer"}
    assert properties["properties"] == {"type": ["integer", "null"]}
    assert properties["stroke"] == {"type": ["string", "null"], "enum": ["thin", "thick", None]}
    assert properties["free"] == {}
    assert properties["bag"] == {"type": ["object", "null"], "additionalProperties": True}
    assert "discriminator" not in properties["closed"]
    assert list(DRAWING.schema["$defs"]) == ["Circle", "Line", "Other"]


def test_a_docstring_flows_and_its_first_sentence_gives_way_to_the_summary() -> None:
    assert DRAWING.schema["$defs"]["Circle"]["description"] == (
        "A form with a radius.\n\nIts docstring has a second paragraph."
    )
    assert made(Circle, summary="What is drawn.").schema["description"] == (
        "What is drawn. Its docstring has a second paragraph."
    )


class Named(Strict):
    """A model with a constraint that validators treat each in their own way."""

    id: UUID


def test_a_keyword_that_validators_differ_on_is_refused() -> None:
    with pytest.raises(ValueError, match="the keyword format cannot be exported"):
        made(Named)


def test_an_example_is_part_of_the_document() -> None:
    contract = Contract(kind=Kind.ERROR, form=Drawing, summary="S.", reference="R", examples=(EXAMPLE,))
    assert json.loads(text(contract))["examples"] == [EXAMPLE]
