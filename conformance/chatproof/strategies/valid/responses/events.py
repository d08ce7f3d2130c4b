"""A response as the events of its stream."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, product, zip_longest
from typing import TypeAlias, cast

from chatschema import JsonObject, JsonValue

__all__ = ["MANNERS", "NEVER_RECORDED", "Manner", "events_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a server streams."""

    size: int = 4  #: characters of a piece
    before: tuple[str, ...] = ("response.in_progress",)  #: what follows response.created
    hides: bool = True  #: pieces have padding
    interleaved: bool = False  #: items come side by side, as OpenRouter's do
    fails: bool = False  #: an error event comes before response.failed
    last: tuple[str, ...] = ()  #: what comes after the end


#: All manners. The first is OpenAI's.
MANNERS: tuple[Manner, ...] = tuple(
    Manner(size=size, before=before, hides=hides, interleaved=side_by_side, fails=fails, last=last)
    for side_by_side, fails, last, hides, before, size in product(
        (False, True),
        (False, True),
        ((), ("[DONE]",)),
        (True, False),
        (("response.in_progress",), ("response.queued", "response.in_progress")),
        (4, 1),
    )
)

#: The specification's events that no server was seen to send, and that belong to no item.
NEVER_RECORDED: tuple[JsonObject, ...] = (
    {"type": "response.audio.delta", "sequence_number": 7, "delta": "UklGRg=="},
    {"type": "response.audio.done", "sequence_number": 8, "response_id": "resp_1"},
    {"type": "response.audio.transcript.delta", "sequence_number": 9, "delta": "Hi"},
    {"type": "response.audio.transcript.done", "sequence_number": 10},
    {"type": "error", "sequence_number": 3, "code": None, "message": "out of memory", "param": None},
    {"type": "keepalive", "sequence_number": 2},
    {"type": "acme:tick", "now": 0.5},
)

_Item: TypeAlias = Mapping[str, JsonValue]
_Events: TypeAlias = Iterator[JsonObject]
_Make: TypeAlias = Callable[[_Item, Manner], _Events]


def events_of(response: JsonObject, manner: Manner) -> list[JsonObject]:
    """The events of a stream that ends with `response`, which is completed, incomplete or failed, numbered from 0."""
    begun: JsonObject = {
        **response,
        **dict.fromkeys(response.keys() & {"completed_at", "error", "incomplete_details", "usage"}),
        "status": "in_progress",
        "output": [],
    }
    items = cast("list[JsonObject]", response["output"])
    status = cast("str", response["status"])
    error: JsonObject = {"type": "server_error", "code": None, "message": "out of memory", "param": None}
    events: Iterator[JsonObject] = chain(
        [{"type": "response.created", "response": begun}],
        (
            {"type": name, "response": {**begun, "status": name.removeprefix("response.")}}
            for name in manner.before
        ),
        _outputs(items, manner),
        [{"type": "error", "error": error}] if manner.fails and status == "failed" else [],
        [{"type": f"response.{status}", "response": response}],
    )
    return [
        {"type": event["type"], "sequence_number": number, **event} for number, event in enumerate(events)
    ]


def _outputs(items: list[JsonObject], manner: Manner) -> _Events:
    all_of_them = [_item_events(index, item, manner) for index, item in enumerate(items)]
    if not manner.interleaved:
        return chain(*all_of_them)
    return (event for row in zip_longest(*all_of_them) for event in row if event is not None)


def _item_events(index: int, item: JsonObject, manner: Manner) -> _Events:
    kind = cast("str", item["type"])
    yield {"type": "response.output_item.added", "output_index": index, "item": _begun(item)}
    place: JsonObject = {"output_index": index, "item_id": item["id"]}
    for event in _WORK.get(kind, _nothing)(item, manner):
        yield {**event, **({"output_index": index} if "shell_call_command" in str(event["type"]) else place)}
    yield {"type": "response.output_item.done", "output_index": index, "item": item}


def _begun(item: JsonObject) -> JsonObject:
    """The item with nothing in it yet."""
    empty: JsonObject = {
        "content": [],
        "summary": [],
        "arguments": "",
        "input": "",
        "code": "",
        "results": None,
    }
    begun = {name: empty.get(name, value) for name, value in item.items()}
    if item["type"] in ("tool_search_call", "mcp_approval_request"):
        begun["arguments"] = item["arguments"]  # it comes as a whole
    return {**begun, "status": "in_progress"} if "status" in item else begun


def _nothing(_item: _Item, _manner: Manner) -> _Events:
    return iter(())


def _pieces(name: str, text: JsonValue, manner: Manner, **place: JsonValue) -> _Events:
    """The deltas of a text, and its done event."""
    said = cast("str", text)
    more: JsonObject = {"logprobs": []} if name == "output_text" else {}
    hidden: JsonObject = {"obfuscation": "x"} if manner.hides else {}
    for start in range(0, len(said), manner.size):
        piece = said[start : start + manner.size]
        yield {"type": f"response.{name}.delta", **place, "delta": piece, **more, **hidden}
    yield {"type": f"response.{name}.done", **place, _WHOLE[name]: said, **more}


#: The member of a done event that has the whole text.
_WHOLE = {
    "output_text": "text",
    "refusal": "refusal",
    "reasoning_text": "text",
    "reasoning": "text",
    "reasoning_summary_text": "text",
    "function_call_arguments": "arguments",
    "mcp_call_arguments": "arguments",
    "custom_tool_call_input": "input",
    "code_interpreter_call_code": "code",
    "apply_patch_call_operation_diff": "diff",
    "shell_call_command": "command",
}


def _parts(item: _Item, manner: Manner) -> _Events:
    for index, part in enumerate(cast("list[JsonObject]", item.get("content") or [])):
        place: JsonObject = {"content_index": index}
        yield {"type": "response.content_part.added", **place, "part": _begun_part(part)}
        kind = cast("str", part["type"])
        if kind in _WHOLE:
            name = "reasoning" if kind == "reasoning_text" and manner.hides else kind
            yield from _pieces(name, part[_WHOLE[kind]], manner, **place)
        for number, annotation in enumerate(cast("list[JsonValue]", part.get("annotations", []))):
            about: JsonObject = {"annotation_index": number, "annotation": annotation}
            yield {"type": "response.output_text.annotation.added", **place, **about}
        yield {"type": "response.content_part.done", **place, "part": part}


def _begun_part(part: JsonObject) -> JsonObject:
    empty: JsonObject = {"text": "", "refusal": "", "annotations": [], "logprobs": []}
    return {name: empty.get(name, value) for name, value in part.items()}


def _thought(item: _Item, manner: Manner) -> _Events:
    for index, part in enumerate(cast("list[JsonObject]", item["summary"])):
        place: JsonObject = {"summary_index": index}
        yield {"type": "response.reasoning_summary_part.added", **place, "part": _begun_part(part)}
        yield from _pieces("reasoning_summary_text", part["text"], manner, **place)
        yield {"type": "response.reasoning_summary_part.done", **place, "part": part}
    yield from _parts(item, manner)


def _progress(item: _Item, *steps: str) -> _Events:
    return ({"type": f"response.{item['type']}.{step}"} for step in steps)


def _code(item: _Item, manner: Manner) -> _Events:
    yield from _progress(item, "in_progress")
    yield from _pieces("code_interpreter_call_code", item["code"], manner)
    yield from _progress(item, "interpreting", "completed")


def _image(item: _Item, _manner: Manner) -> _Events:
    yield from _progress(item, "in_progress", "generating")
    piece: JsonObject = {"partial_image_index": 0, "partial_image_b64": item["result"]}
    yield {"type": "response.image_generation_call.partial_image", **piece}
    yield from _progress(item, "completed")


def _mcp(item: _Item, manner: Manner) -> _Events:
    yield from _progress(item, "in_progress")
    yield from _pieces("mcp_call_arguments", item["arguments"], manner)
    yield from _progress(item, cast("str", item["status"]))


def _shell(item: _Item, manner: Manner) -> _Events:
    commands = cast("list[str]", cast("JsonObject", item["action"])["commands"])
    for index, command in enumerate(commands):
        yield {"type": "response.shell_call_command.added", "command_index": index, "command": ""}
        yield from _pieces("shell_call_command", command, manner, command_index=index)


def _shell_output(item: _Item, _manner: Manner) -> _Events:
    name, output = "response.shell_call_output_content", cast("list[JsonObject]", item["output"])
    yield {"type": f"{name}.delta", "command_index": 0, "delta": {"stdout": output[0]["stdout"]}}
    yield {"type": f"{name}.done", "command_index": 0, "output": cast("JsonValue", output)}


def _patch(item: _Item, manner: Manner) -> _Events:
    operation = cast("JsonObject", item["operation"])
    return _pieces("apply_patch_call_operation_diff", operation.get("diff", ""), manner)


#: The type of an item -> the events between its first and its last.
_WORK: Mapping[str, _Make] = {
    "message": _parts,
    "reasoning": _thought,
    "function_call": lambda item, manner: _pieces("function_call_arguments", item["arguments"], manner),
    "custom_tool_call": lambda item, manner: _pieces("custom_tool_call_input", item["input"], manner),
    "file_search_call": lambda item, _manner: _progress(item, "in_progress", "searching", "completed"),
    "web_search_call": lambda item, _manner: _progress(item, "in_progress", "searching", "completed"),
    "mcp_list_tools": lambda item, _manner: _progress(
        item, "in_progress", "failed" if item.get("error") else "completed"
    ),
    "code_interpreter_call": _code,
    "image_generation_call": _image,
    "mcp_call": _mcp,
    "shell_call": _shell,
    "shell_call_output": _shell_output,
    "apply_patch_call": _patch,
}
