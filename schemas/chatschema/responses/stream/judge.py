"""Events to one response, with every violation of the grammar at the event that causes it."""

from collections.abc import Iterator
from dataclasses import replace

from chatschema.core.describe import seen
from chatschema.core.json_text import whole
from chatschema.core.kind import Kind
from chatschema.core.sse import SseEvent
from chatschema.core.violation import JsonObject, JsonValue, Level, Violation
from chatschema.judging.lifecycle import Phase, Step
from chatschema.judging.stream_judge import GrammarJudge, StreamContract, StreamGrammar
from chatschema.judging.violation_kind import ViolationKind
from chatschema.responses.events.contract import EVENT
from chatschema.responses.events.rules import EVENT_TYPES
from chatschema.responses.response.contract import RESPONSE

from .assembly import assemble
from .grammar import ANSWER_STEPS, GRAMMAR, STEPS
from .output_track import OutputTrack
from .sequence import Sequence
from .violation_kinds import EVENTS, REFERENCE

__all__ = ["RESPONSE_STREAM", "ResponseStream"]


_NO_NAME = ViolationKind(
    GRAMMAR.framing, "The event has no name.", "an event field that says the type", Level.SHOULD
)
_OTHER_NAME = ViolationKind(
    GRAMMAR.framing, "The event's name is not its type.", "an event field that says the type"
)
_OTHER_RESPONSE = ViolationKind(EVENTS, "The event is about another response.", "the id of the first event's")


class ResponseStream(GrammarJudge[StreamGrammar]):
    """Events to one `response`."""

    def __init__(self) -> None:
        super().__init__(GRAMMAR)
        self.response: JsonObject | None = None  #: as the last event had it that brings one
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
        return assemble(self.response, self._output.items())

    def _object(self, value: JsonObject, event: SseEvent) -> Iterator[Violation]:
        kind, number = value.get("type"), value.get("sequence_number")
        if isinstance(kind, str) and event.event != kind:
            violates = _OTHER_NAME if event.event else _NO_NAME
            if self._is_new(violates.rule, "$", violates.message):
                yield from self._report(replace(violates, expected=f"event: {kind}"), "$", seen(event.event))
        yield from self._part(EVENT, value)
        step = _step_of(value)
        if step in ANSWER_STEPS or number is not None:
            yield from self._sequence.feed(value, reference=REFERENCE)
        if self._phase is Phase.START and step in ANSWER_STEPS[1:] and whole(number) and number > 0:
            self._output.resume()
            yield from self._step(Step.RESUME, kind)
        running = self._phase < Phase.LAST
        yield from self._step(step, kind)
        if step is Step.ERROR:
            self.error = self.error or value
        elif step is Step.PART:
            if running and isinstance(kind, str):
                yield from self._output.feed(kind, value)
        elif step in ANSWER_STEPS and (running or step is Step.FAILED):
            yield from self._snapshot(value, step)

    def _snapshot(self, event: JsonObject, step: Step) -> Iterator[Violation]:
        response = event.get("response")
        if not isinstance(response, dict) or self._over:
            return
        name = response.get("id")
        self._id = name if self._id is None else self._id
        if name not in (None, self._id):
            expected = replace(_OTHER_RESPONSE, expected=seen(self._id))
            yield expected.violation("$.response.id", seen(name), reference=REFERENCE)
        self.response = response
        self._over = step in (Step.LAST, Step.FAILED)
        self.done |= self._over
        if step is Step.LAST:
            level = Level.MUST if event.get("type") == "response.completed" else Level.SHOULD
            yield from self._output.finish(response.get("output"), level)


def _step_of(event: JsonObject) -> Step:
    kind = event.get("type")
    if not isinstance(kind, str):
        return Step.ERROR if event.get("error") else Step.JUNK
    return STEPS.get(kind, Step.PART if kind in EVENT_TYPES else Step.OTHER)


RESPONSE_STREAM = StreamContract(
    kind=Kind.RESPONSE_STREAM,
    open=ResponseStream,
    whole=RESPONSE,
    framing=GRAMMAR.framing,
    summary="The events of a streamed response.",
    reference=REFERENCE,
)
