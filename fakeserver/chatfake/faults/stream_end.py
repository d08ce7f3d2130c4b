"""Streams that end in another way than with one `[DONE]`."""

from collections.abc import Callable
from dataclasses import replace

from chatfake.core.http import Answer, Cut, Repeat, Send
from chatfake.faults.connection import half
from chatfake.faults.events import DONE, Events, event, is_named, is_stream, on_events
from chatfake.faults.fault import REGISTRY, SERVER_ERROR, Effect, ErrorEvent, Fault, add, fault
from chatfake.faults.pauses import waiting
from chatfake.faults.response_events import error_event

_BROKEN = "whose answer broke off in the middle"


@fault("stream-cut", "the connection is lost in mid-answer", _BROKEN)
def _stream_cut(answer: Answer) -> Answer:
    """A stream is cut between two events, after at least one; a body of one write in the middle of it."""
    return replace(answer, steps=(*half(answer), Cut()))


@fault("stream-cut-in-event", "the connection is lost in the middle of an event", _BROKEN)
def _stream_cut_in_event(answer: Answer) -> Answer:
    return _cut_in(answer, lambda data: len(data) // 2)


@fault("stream-cut-in-character", "the connection is lost in the middle of a UTF-8 character", _BROKEN)
def _stream_cut_in_character(answer: Answer) -> Answer:
    """Best over the scenario `unicode`; without a character to cut it is cut in the middle of an event."""
    return _cut_in(
        answer, lambda data: next((n + 1 for n, byte in enumerate(data) if byte >= 0xC0), len(data) // 2)
    )


@fault("stream-no-done", "a stream that ends cleanly without [DONE]", "whose stream ended without [DONE]")
def _stream_no_done(answer: Answer) -> Answer:
    return on_events(lambda events: [one for one in events if one != DONE])(answer)


def _cut_in(answer: Answer, place: Callable[[bytes], int]) -> Answer:
    sends = [step for step in answer.steps if isinstance(step, Send)]
    if not sends:
        return replace(answer, steps=(Cut(),))
    # the last event in the first half that has what is looked for
    wide = [n for n, send in enumerate(sends) if any(byte >= 0xC0 for byte in send.data)]
    middle = wide[len(wide) // 2] if wide else (len(sends) - 1) // 2
    broken = sends[middle].data
    kept = waiting(answer, (*sends[:middle], Send(broken[: place(broken)])))
    return replace(answer, steps=(*kept, Cut()))


def _after_half(events: Events, *extra: bytes) -> Events:
    middle = max(len(events) // 2, 1)
    return [*events[:middle], *extra]


def _error(write: ErrorEvent) -> Effect:
    return on_events(lambda events: _after_half(events, event(write(SERVER_ERROR))))


def _named_error(write: ErrorEvent) -> Effect:
    """Among the events of a response it is one of them."""

    def change(events: Events) -> Events:
        if is_named(events):
            return _after_half(events, event(error_event(SERVER_ERROR, max(len(events) // 2, 1))))
        return _after_half(events, b"event: error\n" + event(write(SERVER_ERROR)))

    return on_events(change)


def _breaking_off(name: str, description: str, broken_off: Callable[[ErrorEvent], Effect]) -> None:
    REGISTRY[name] = Fault(
        name=name, description=description, outcome="which failed in mid-stream", broken_off=broken_off
    )


add(
    "stream-ends-early",
    "a stream that ends cleanly in mid-answer, as behind a proxy that gave up",
    _BROKEN,
    on_events(_after_half),
)
add(
    "stream-done-twice",
    "[DONE] twice",
    "whose stream ended twice",
    on_events(lambda events: [*events, DONE]),
)
add(
    "stream-data-after-done",
    "a chunk after [DONE]",
    "whose stream went on after [DONE]",
    on_events(lambda events: [*events, *events[:1]]),
)
_breaking_off("stream-error", "an error object in mid-stream, and nothing after it", _error)
_breaking_off("stream-error-event", "an event named error in mid-stream, and nothing after it", _named_error)


@fault(
    "stream-endless",
    "a stream that never ends: its middle event comes again and again",
    "whose answer never ended",
)
def _stream_endless(answer: Answer) -> Answer:
    if not is_stream(answer):
        return answer
    first = half(answer)
    last = first[-1] if first else None
    return replace(answer, steps=(*first, Repeat(last.data))) if isinstance(last, Send) else answer
