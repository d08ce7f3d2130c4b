"""Items in which the model calls tools that the client runs, and the results that it is told.

A client that says such an item again may leave its id out, so the id is no member that the shape asks for: that an
item of an answer has one is the rule `responses.json.items`.
"""

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from chatschema.core.base import MOST_PARTS, NonEmpty, Text
from chatschema.responses.body import Body
from chatschema.responses.caller import Caller
from chatschema.responses.content import TextOrParts
from chatschema.responses.tool import Tool

from .messages import ItemStatus

__all__ = [
    "AdditionalToolsItem",
    "CustomCallItem",
    "CustomCallOutputItem",
    "FunctionCallItem",
    "FunctionCallOutputItem",
    "ProgramItem",
    "ProgramOutputItem",
    "ToolSearchCallItem",
    "ToolSearchOutputItem",
]


class FunctionCallItem(Body):
    """A call of a function; `arguments` is JSON text, which the model may have got wrong."""

    type: Literal["function_call"]
    id: NonEmpty | None = None
    call_id: Annotated[
        NonEmpty, Field(description="What the result names to say whose it is; not the item's id.")
    ]
    name: NonEmpty
    arguments: Text
    namespace: str | None = None
    caller: Caller | None = None
    status: ItemStatus | None = None


class FunctionCallOutputItem(Body):
    """The result of a function."""

    type: Literal["function_call_output"]
    id: NonEmpty | None = None
    call_id: NonEmpty
    output: TextOrParts
    name: str | None = None
    namespace: str | None = None
    caller: Caller | None = None
    status: ItemStatus | None = None
    created_by: str | None = None


class CustomCallItem(Body):
    """A call of a custom tool with free-form input."""

    type: Literal["custom_tool_call"]
    id: NonEmpty | None = None
    call_id: NonEmpty
    name: NonEmpty
    input: str
    namespace: str | None = None
    caller: Caller | None = None
    status: ItemStatus | None = None


class CustomCallOutputItem(Body):
    """The result of a custom tool."""

    type: Literal["custom_tool_call_output"]
    id: NonEmpty | None = None
    call_id: NonEmpty
    output: TextOrParts
    caller: Caller | None = None
    status: ItemStatus | None = None
    created_by: str | None = None


class ToolSearchCallItem(Body):
    """The model looks for tools. Without a call id where the server looks itself."""

    type: Literal["tool_search_call"]
    id: NonEmpty | None = None
    call_id: NonEmpty | None = None
    arguments: JsonValue = None
    execution: str | None = None
    status: ItemStatus | None = None
    created_by: str | None = None


class ToolSearchOutputItem(Body):
    """The tools that were found."""

    type: Literal["tool_search_output"]
    id: NonEmpty | None = None
    call_id: NonEmpty | None = None
    tools: Annotated[list[Tool], Field(max_length=MOST_PARTS)]
    execution: str | None = None
    status: ItemStatus | None = None
    created_by: str | None = None


class AdditionalToolsItem(Body):
    """Tools that are given in the middle of a conversation."""

    type: Literal["additional_tools"]
    id: NonEmpty | None = None
    role: str
    tools: Annotated[list[Tool], Field(max_length=MOST_PARTS)]


class ProgramItem(Body):
    """A program that the model wrote to call tools with."""

    type: Literal["program"]
    id: NonEmpty
    call_id: NonEmpty
    code: str
    fingerprint: str | None = None


class ProgramOutputItem(Body):
    """What the program came to."""

    type: Literal["program_output"]
    id: NonEmpty
    call_id: NonEmpty
    result: str
    status: ItemStatus | None = None
