"""The events of a streamed answer, to be read and written by faults. An answer that is no stream has none."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias

from chatfake.core.http import DONE as DONE_EVENT
from chatfake.core.http import SINGLE, Answer, Send
from chatfake.core.json_text import JsonObject, JsonValue, dump, encode
from chatfake.faults.fault import Effect
from chatfake.faults.pauses import ending, waiting

#: Each is the bytes of one event, blank line included.
Events: TypeAlias = list[bytes]
#: The chunks of a stream to others.
Change: TypeAlias = Callable[[list[JsonObject]], Iterable[JsonObject]]

DONE = DONE_EVENT.data
_NAME = b"event: "


def is_stream(answer: Answer) -> bool:
    """Whether an answer is an event stream."""
    return answer.header("content-type").startswith("text/event-stream")


def is_named(events: Events) -> bool:
    """Whether these are the events of a response, which have names."""
    return bool(events) and events[0].startswith(_NAME)


def on_events(change: Callable[[Events], Iterable[bytes]]) -> Effect:
    """A fault that changes the events of a stream, and leaves any other answer as it is."""

    def apply(answer: Answer) -> Answer:
        if not is_stream(answer):
            return answer
        events = [step.data for step in answer.steps if isinstance(step, Send)]
        sends = (SINGLE[data[0]] if len(data) == 1 else Send(data) for data in change(events))
        return replace(answer, steps=(*waiting(answer, sends), *ending(answer)))

    return apply


def on_chunks(change: Change, in_response: Change) -> Effect:
    """A fault that changes the chunks of a stream; other events stay where they are, at its end.

    The events of a response have names, and are changed otherwise.
    """

    def changed(events: Events) -> Iterator[bytes]:
        chunks = [chunk for one in events if (chunk := chunk_of(one)) is not None]
        told = (in_response if is_named(events) else change)(chunks)
        yield from (event(chunk) for chunk in told)
        yield from (one for one in events if chunk_of(one) is None)

    return on_events(changed)


def chunk_of(data: bytes) -> JsonObject | None:
    """The object in an event's data; None for `[DONE]`, for what another fault has garbled, and for all else."""
    if data.startswith(_NAME):
        _, _, data = data.partition(b"\n")
    if not data.startswith(b"data: {"):
        return None
    try:
        value: JsonValue = json.loads(data[len(b"data: ") :])
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def event(payload: JsonObject) -> bytes:
    """A chunk as an event; one that says its type has it for a name too."""
    name = payload.get("type")
    return encode((f"event: {name}\n" if isinstance(name, str) else "") + f"data: {dump(payload)}\n\n")
