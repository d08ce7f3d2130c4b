"""The events of a streamed answer, to be read and written by faults. An answer that is no stream has none."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias

from chatfake.faults.fault import Befall
from chatfake.jsontext import JsonObject, JsonValue, dump, encode
from chatfake.wire import Answer, Send

__all__ = ["DONE", "Events", "chunk_of", "event", "is_stream", "on_chunks", "on_events"]

#: Each is the bytes of one event, blank line included.
Events: TypeAlias = list[bytes]

DONE = b"data: [DONE]\n\n"


def is_stream(answer: Answer) -> bool:
    """Whether an answer is an event stream."""
    return answer.header("content-type").startswith("text/event-stream")


def on_events(change: Callable[[Events], Iterable[bytes]]) -> Befall:
    """A fault that changes the events of a stream, and leaves any other answer as it is."""

    def befall(answer: Answer) -> Answer:
        if not is_stream(answer):
            return answer
        events = [step.data for step in answer.steps if isinstance(step, Send)]
        return replace(answer, steps=tuple(Send(data) for data in change(events)))

    return befall


def on_chunks(change: Callable[[list[JsonObject]], Iterable[JsonObject]]) -> Befall:
    """A fault that changes the chunks of a stream; other events stay where they are, at its end."""

    def changed(events: Events) -> Iterator[bytes]:
        chunks = [chunk for one in events if (chunk := chunk_of(one)) is not None]
        yield from (event(chunk) for chunk in change(chunks))
        yield from (one for one in events if chunk_of(one) is None)

    return on_events(changed)


def chunk_of(data: bytes) -> JsonObject | None:
    """The object in an event's data; None for `[DONE]` and all else."""
    if not data.startswith(b"data: {"):
        return None
    value: JsonValue = json.loads(data[len(b"data: ") :])
    return value if isinstance(value, dict) else None


def event(payload: JsonObject) -> bytes:
    """A chunk as an event."""
    return encode(f"data: {dump(payload)}\n\n")
