"""The channels in which a stream brings text: which events carry it, and where the finished item has it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from chatschema.core.violation import JsonObject, JsonValue, Level
from chatschema.responses.known_types import type_of

__all__ = ["CHANNELS", "Channel", "Key", "PartList", "text_of_part", "texts_of"]


class PartList(Enum):
    """A list of parts that an item holds: its name in the item, and what an event calls a place in it."""

    CONTENT = ("content", "content_index")
    SUMMARY = ("summary", "summary_index")

    @property
    def member(self) -> str:
        """The list's name in the item."""
        return self.value[0]

    @property
    def index(self) -> str:
        """The member of an event that says which part it is about."""
        return self.value[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One kind of text."""

    name: str  #: `response.<name>.delta` brings a piece, `response.<name>.done` all of it
    whole: str  #: the member of the last event that has all of it
    item: str  #: the type of the item that it belongs to
    part_list: PartList | None = None  #: where a part has to be open for it
    own_index: str | None = None  #: the member that says which text it is, where that is not its part's
    #: How much it matters that the pieces come at all, within a part that is open. Clients show text and refusals as
    #: they come; they wait for the end of a call, and show thoughts if they like.
    level: Level = Level.SHOULD

    @property
    def index(self) -> str | None:
        """The member of an event that says which text it is, where the item has several."""
        return self.own_index if self.part_list is None else self.part_list.index


OUTPUT_TEXT = Channel(
    name="output_text", whole="text", item="message", part_list=PartList.CONTENT, level=Level.MUST
)
REFUSAL = Channel(
    name="refusal", whole="refusal", item="message", part_list=PartList.CONTENT, level=Level.MUST
)
REASONING = Channel(name="reasoning_text", whole="text", item="reasoning", part_list=PartList.CONTENT)
SUMMARY = Channel(name="reasoning_summary_text", whole="text", item="reasoning", part_list=PartList.SUMMARY)
ARGUMENTS = Channel(name="function_call_arguments", whole="arguments", item="function_call")
MCP_ARGUMENTS = Channel(name="mcp_call_arguments", whole="arguments", item="mcp_call")
CUSTOM_INPUT = Channel(name="custom_tool_call_input", whole="input", item="custom_tool_call")
CODE = Channel(name="code_interpreter_call_code", whole="code", item="code_interpreter_call")
DIFF = Channel(name="apply_patch_call_operation_diff", whole="diff", item="apply_patch_call")
COMMAND = Channel(name="shell_call_command", whole="command", item="shell_call", own_index="command_index")

_ALL = (
    OUTPUT_TEXT,
    REFUSAL,
    REASONING,
    SUMMARY,
    ARGUMENTS,
    MCP_ARGUMENTS,
    CUSTOM_INPUT,
    CODE,
    DIFF,
    COMMAND,
)

#: By the middle of an event's type. Open Responses calls a model's own thoughts `reasoning`.
CHANNELS: Mapping[str, Channel] = {**{channel.name: channel for channel in _ALL}, "reasoning": REASONING}

#: One text of an item.
Key: TypeAlias = tuple[Channel, int]

#: The type of a part -> its text.
_OF_PART: Mapping[str, Channel] = {
    "output_text": OUTPUT_TEXT,
    "refusal": REFUSAL,
    "reasoning_text": REASONING,
    "summary_text": SUMMARY,
}
#: The type of an item -> the one text that it has beside its parts.
_OF_ITEM: Mapping[str, Channel] = {
    channel.item: channel for channel in (ARGUMENTS, MCP_ARGUMENTS, CUSTOM_INPUT, CODE)
}


def text_of_part(part: JsonObject) -> tuple[Channel, str] | None:
    """What a part says, and on which channel; None where it is no text that is known."""
    channel = _OF_PART.get(type_of(part))
    text = None if channel is None else part.get(channel.whole)
    return (channel, text) if channel is not None and isinstance(text, str) else None


def texts_of(item: JsonObject) -> dict[Key, tuple[str, str]]:
    """All texts of an item, each with its path inside the item."""
    return {key: (path, text) for key, path, text in _texts(item)}


def _texts(item: JsonObject) -> Iterator[tuple[Key, str, str]]:
    for part_list in PartList:
        for index, part in enumerate(_list(item.get(part_list.member))):
            found = text_of_part(part) if isinstance(part, dict) else None
            if found is not None and found[0].part_list is part_list:
                yield (found[0], index), f".{part_list.member}[{index}].{found[0].whole}", found[1]
    kind = type_of(item)
    channel = _OF_ITEM.get(kind)
    if channel is not None:
        yield from _text((channel, 0), f".{channel.whole}", item.get(channel.whole))
    operation, action = item.get("operation"), item.get("action")
    if kind == DIFF.item and isinstance(operation, dict):
        yield from _text((DIFF, 0), ".operation.diff", operation.get("diff"))
    if kind == COMMAND.item and isinstance(action, dict):
        for index, command in enumerate(_list(action.get("commands"))):
            yield from _text((COMMAND, index), f".action.commands[{index}]", command)


def _text(key: Key, path: str, text: JsonValue) -> Iterator[tuple[Key, str, str]]:
    if isinstance(text, str):
        yield key, path, text


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []
