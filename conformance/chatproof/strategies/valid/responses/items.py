"""The items of a response in which the model speaks, thinks and calls; `response_tool_items` has all others.

A maker takes a text to be said, a text beside it, and a number for ids. The items are at their end, as a finished
response has them.
"""

import json
from collections.abc import Callable
from typing import TypeAlias

from chatproof.strategies.valid.members import NAMES, something
from chatschema import JsonObject, JsonValue

__all__ = [
    "CALLS",
    "MESSAGES",
    "THOUGHTS",
    "Make",
    "bare",
    "call",
    "item",
]

#: Makes an item.
Make: TypeAlias = Callable[[str, str, int], JsonObject]


def output_text(text: str, *annotations: JsonValue) -> JsonObject:
    """A part with a text of the assistant's."""
    return {"type": "output_text", "text": text, "annotations": [*annotations], "logprobs": []}


def message(number: int, *content: JsonValue) -> JsonObject:
    """A message of the assistant's."""
    return item_of("message", "msg", number, role="assistant", content=[*content])


def item_of(kind: str, prefix: str, number: int, **members: JsonValue) -> JsonObject:
    """An item that is completed; its id is the prefix and the number."""
    return {"id": f"{prefix}_{number}", "type": kind, "status": "completed", **members}


def call_of_kind(kind: str, prefix: str, number: int, **members: JsonValue) -> JsonObject:
    """An item with a call_id: a call, or a result."""
    return item_of(kind, prefix, number, call_id=f"call_{number}", **members)


def item(kind: str, prefix: str, members: Make) -> Make:
    """Makes an item of its members."""
    return lambda text, beside, number: item_of(kind, prefix, number, **members(text, beside, number))


def call(kind: str, prefix: str, members: Make) -> Make:
    """Makes an item with a call_id: a call, or a result."""
    return lambda text, beside, number: call_of_kind(kind, prefix, number, **members(text, beside, number))


def bare(make: Make) -> Make:
    """Makes an item of a type that has no status."""

    def made(text: str, beside: str, number: int) -> JsonObject:
        return {name: value for name, value in make(text, beside, number).items() if name != "status"}

    return made


def _text(text: str, _beside: str, number: int) -> JsonObject:
    return message(number, output_text(text))


def _phase(text: str, _beside: str, number: int) -> JsonObject:
    return {**message(number, output_text(text)), "phase": ("commentary", "final_answer")[number % 2]}


def _scored(text: str, _beside: str, number: int) -> JsonObject:
    rival: JsonObject = {"token": "x", "bytes": [120], "logprob": -2.5}
    scores: list[JsonValue] = [
        {"token": letter, "bytes": [*letter.encode()], "logprob": -0.5, "top_logprobs": [rival]}
        for letter in text
    ]
    return message(number, {**output_text(text), "logprobs": scores})


def _cited(text: str, beside: str, number: int) -> JsonObject:
    end = len(text)
    url: JsonObject = {
        "type": "url_citation",
        "url": "https://example.org/",
        "start_index": 0,
        "end_index": end,
    }
    file: JsonObject = {"type": "file_citation", "file_id": "file_1", "index": end, "filename": beside}
    made: JsonObject = {
        "type": "container_file_citation",
        "container_id": "c",
        "file_id": "f",
        "start_index": 0,
    }
    path: JsonObject = {"type": "file_path", "file_id": "file_2", "index": 0}
    other: JsonObject = {"type": "acme:footnote", "note": beside}
    all_of_them: tuple[JsonObject, ...] = ({**url, "title": beside}, file, made, path, other, url)
    return message(number, output_text(text, *all_of_them[: 1 + number % 6]))


def _two_texts(text: str, beside: str, number: int) -> JsonObject:
    return message(number, output_text(text), output_text(beside))


def _refusal(_text: str, beside: str, number: int) -> JsonObject:
    return message(number, {"type": "refusal", "refusal": something(beside)})


def _vendor_part(text: str, beside: str, number: int) -> JsonObject:
    return message(number, output_text(text), {"type": "acme:chart", "data": [beside]})


def _summary(text: str, beside: str, number: int) -> JsonObject:
    parts: list[JsonValue] = [{"type": "summary_text", "text": each} for each in (text, beside)]
    return {"id": f"rs_{number}", "type": "reasoning", "summary": parts[: 1 + number % 2]}


def _sealed(text: str, _beside: str, number: int) -> JsonObject:
    return {"id": f"rs_{number}", "type": "reasoning", "summary": [], "encrypted_content": f"gAAAA{text}"}


def _thoughts(text: str, _beside: str, number: int) -> JsonObject:
    said: JsonObject = {"type": "reasoning_text", "text": text}
    return item_of("reasoning", "rs", number, summary=[], content=[said], encrypted_content=None)


def _function(text: str, _beside: str, number: int) -> JsonObject:
    arguments = json.dumps({"text": text}, ensure_ascii=number % 2 == 1)
    cut = arguments[:-1] if number % 4 == 2 else arguments  # a model may well get it wrong
    return call_of_kind("function_call", "fc", number, name=NAMES[number % len(NAMES)], arguments=cut)


def _custom(text: str, _beside: str, number: int) -> JsonObject:
    return call_of_kind("custom_tool_call", "ctc", number, name=NAMES[number % len(NAMES)], input=text)


MESSAGES: tuple[Make, ...] = (_text, _phase, _scored, _cited, _two_texts, _refusal, _vendor_part)
THOUGHTS: tuple[Make, ...] = (_summary, _sealed, _thoughts)
#: Calls that the client has to answer.
CALLS: tuple[Make, ...] = (_function, _custom)
