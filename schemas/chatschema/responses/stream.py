"""Events to one response, with every breach of the grammar at the event that causes it."""

from collections.abc import Iterator
from dataclasses import replace

from chatschema.breach import Breach, not_json, unfinished
from chatschema.contract import StreamContract
from chatschema.event_stream import EventStream
from chatschema.json_text import NotJsonError, load
from chatschema.json_walk import whole
from chatschema.kind import Kind
from chatschema.sse import SseEvent
from chatschema.violation import JsonObject, JsonValue, Level, Violation
from chatschema.words import seen

from .assembly import put_together
from .breaches import REFERENCE
from .contracts import EVENT, RESPONSE
from .event_rules import EVENT_TYPES
from .grammar import STEPS, STREAM, StreamPhase, StreamStep
from .output_track import OutputTrack
from .sequence import Sequence

__all__ = ["RESPONSE_STREAM", "ResponseStream"]

_DONE = "[DONE]"
_FRAMING = "responses.sse.framing"

_NO_NAME = Breach(
    rule=_FRAMING,
    message="The event has no name.",
    expected="an event field that says the type",
    level=Level.SHOULD,
)
_OTHER_NAME = Breach(
    rule=_FRAMING, message="The event's name is not its type.", expected="an event field that says the type"
)
_OTHER_RESPONSE = Breach(
    rule="responses.sse.events",
    message="The event is about another response.",
    expected="the id of the first event's",
)


class ResponseStream(EventStream):
    """Events to one `response`."""

    def __init__(self) -> None:
        super().__init__()
        self.response: JsonObject | None = None  #: as the last event had it that brings one
        self.error: JsonObject | None = None  #: the first event that was an error
        self._phase = StreamPhase.START
        self._sequence = Sequence()
        self._output = OutputTrack()
        self._over = False
        self._id: JsonValue = None

    def assembled(self) -> JsonObject | None:
        """The response of the last event; where none ended it, the first one's with the items as far as they came.

        None where no event brought a response.
        """
        if self.response is None or self._over:
            return self.response
        return put_together(self.response, self._output.items())

    def _end(self) -> Iterator[Violation]:
        self._phase, breach = STREAM[self._phase, StreamStep.END]
        if breach is not None:
            yield breach.violation("$", f"the end after {self.events} events", reference=REFERENCE)

    def _event(self, event: SseEvent, number: int) -> Iterator[Violation]:  # noqa: ARG002 - it is not counted by number
        yield from unfinished(event, rule=_FRAMING)
        if event.data == _DONE:
            self.done = True
            yield from self._step(StreamStep.DONE, event.data)
            return
        try:
            text = load(event.data)
        except NotJsonError as error:
            yield not_json(event, str(error), rule=_FRAMING)
            yield from self._step(StreamStep.JUNK, event.data)
            return
        yield from text.remarks()
        if not isinstance(text.value, dict):
            yield not_json(event, "JSON, but no object", rule=_FRAMING)
            yield from self._step(StreamStep.JUNK, text.value)
            return
        yield from _named(event, text.value)
        yield from self._object(text.value)

    def _object(self, value: JsonObject) -> Iterator[Violation]:
        yield from (_in_stream(violation) for violation in self._judge(EVENT, value))
        kind = value.get("type")
        number = value.get("sequence_number")
        step = _step_of(value)
        if step not in (StreamStep.JUNK, StreamStep.OTHER, StreamStep.ERROR) or number is not None:
            yield from self._sequence.feed(value, reference=REFERENCE)
        if self._phase is StreamPhase.START and step in _LATER and whole(number) and number > 0:
            self._output.resume()
            yield from self._step(StreamStep.RESUME, kind)
        running = self._phase not in (StreamPhase.FAILED, StreamPhase.OVER, StreamPhase.DONE)
        yield from self._step(step, kind)
        if step is StreamStep.ERROR:
            self.error = self.error or value
        elif step is StreamStep.WORK and running and isinstance(kind, str):
            yield from self._output.feed(kind, value)
        elif step in _SNAPSHOTS and (running or step is StreamStep.FAILED):
            yield from self._snapshot(value, step)

    def _snapshot(self, event: JsonObject, step: StreamStep) -> Iterator[Violation]:
        response = event.get("response")
        if not isinstance(response, dict) or self._over:
            return
        name = response.get("id")
        self._id = name if self._id is None else self._id
        if name not in (None, self._id):
            expected = replace(_OTHER_RESPONSE, expected=seen(self._id))
            yield expected.violation("$.response.id", seen(name), reference=REFERENCE)
        self.response = response
        self._over = step in (StreamStep.COMPLETED, StreamStep.FAILED)
        self.done |= self._over
        if step is StreamStep.COMPLETED:
            level = Level.MUST if event.get("type") == "response.completed" else Level.SHOULD
            yield from self._output.finish(response.get("output"), level)

    def _step(self, step: StreamStep, what: JsonValue) -> Iterator[Violation]:
        self._phase, breach = STREAM[self._phase, step]
        if breach is not None:
            yield breach.violation("$", seen(what), reference=REFERENCE)


#: Steps with which no stream begins, unless it begins in the middle.
_LATER = (
    StreamStep.QUEUED,
    StreamStep.IN_PROGRESS,
    StreamStep.WORK,
    StreamStep.COMPLETED,
    StreamStep.FAILED,
)
#: Steps that bring the response as it stands.
_SNAPSHOTS = (
    StreamStep.CREATED,
    StreamStep.QUEUED,
    StreamStep.IN_PROGRESS,
    StreamStep.COMPLETED,
    StreamStep.FAILED,
)


def _step_of(event: JsonObject) -> StreamStep:
    kind = event.get("type")
    if not isinstance(kind, str):
        return StreamStep.ERROR if event.get("error") else StreamStep.JUNK
    return STEPS.get(kind, StreamStep.WORK if kind in EVENT_TYPES else StreamStep.OTHER)


def _named(event: SseEvent, value: JsonObject) -> Iterator[Violation]:
    """OpenAI's events say their type twice (13,943 of 13,943). SDKs read the data; a browser listens for the name."""
    kind = value.get("type")
    if isinstance(kind, str) and event.event != kind:
        breach = _OTHER_NAME if event.event else _NO_NAME
        yield replace(breach, expected=f"event: {kind}").violation(
            "$", seen(event.event), reference=REFERENCE
        )


def _in_stream(violation: Violation) -> Violation:
    """The shape rules under the name that the catalogue has for streams."""
    if violation.rule.startswith("shape."):
        return replace(violation, rule="responses.sse.shape")
    return violation


RESPONSE_STREAM = StreamContract(
    kind=Kind.RESPONSE_STREAM,
    open=ResponseStream,
    whole=RESPONSE,
    framing=_FRAMING,
    summary="The events of a streamed response.",
    reference=REFERENCE,
)
