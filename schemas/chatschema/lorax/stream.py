"""What LoRAX's three streams share: how an event is read, and the steps of the grammar."""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import replace

from chatschema.breach import named, not_json, unfinished
from chatschema.contract import Contract
from chatschema.event_stream import EventStream
from chatschema.json_text import NotJsonError, load
from chatschema.sse import SseEvent
from chatschema.violation import JsonObject, JsonValue, Violation
from chatschema.words import seen

from .contracts import ERROR
from .grammar import FRAMING, Phase, Step, Table

__all__ = ["LoraxStream"]

_DONE = "[DONE]"
_SHAPE = "lorax.stream.shape"


class LoraxStream(EventStream):
    """One event a token, then the end; or an error at any place, which is the end as well."""

    def __init__(self, table: Table, piece: Contract) -> None:
        super().__init__()
        self.tokens = 0  #: events that brought a token
        self.error: JsonObject | None = None  #: the first event that was an error
        self._table = table
        self._piece = piece
        self._phase = Phase.START

    @abstractmethod
    def _step_of(self, value: JsonObject) -> Step:
        """What an event that is no error is: a token, the last one, or junk."""

    @abstractmethod
    def _take(self, value: JsonObject, step: Step) -> Iterator[Violation]:
        """Join a token, in its place; `step` says whether it is the last."""

    def _event(self, event: SseEvent, number: int) -> Iterator[Violation]:  # noqa: ARG002 - the number says nothing here
        yield from unfinished(event, rule=FRAMING)
        yield from named(event, rule=FRAMING)
        if event.data == _DONE:
            yield from self._step(Step.DONE, event.data)
            return
        try:
            text = load(event.data)
        except NotJsonError as error:
            yield not_json(event, str(error), rule=FRAMING, expected="a JSON object")
            yield from self._step(Step.JUNK, event.data)
            return
        yield from text.remarks()
        if not isinstance(text.value, dict):
            yield not_json(event, "JSON, but no object", rule=FRAMING, expected="a JSON object")
            yield from self._step(Step.JUNK, text.value)
            return
        yield from self._object(text.value)

    def _end(self) -> Iterator[Violation]:
        yield from self._step(Step.END, None)

    def _object(self, value: JsonObject) -> Iterator[Violation]:
        if "error" in value and self._step_of(value) is Step.JUNK:
            yield from self._judged(ERROR, value, rule="lorax.errors.stream")
            yield from self._step(Step.ERROR, value["error"])
            self.error = self.error or value
            return
        yield from self._judged(self._piece, value, rule=_SHAPE)
        step, running = self._step_of(value), self._phase in (Phase.START, Phase.OPEN)
        yield from self._step(step, value)
        if running and step is not Step.JUNK:
            self.tokens += 1
            yield from self._take(value, step)

    def _judged(self, contract: Contract, value: JsonObject, *, rule: str) -> Iterator[Violation]:
        for violation in self._judge(contract, value):
            yield replace(violation, rule=rule) if violation.rule.startswith("shape.") else violation

    def _step(self, step: Step, what: JsonValue) -> Iterator[Violation]:
        self._phase, breach = self._table[self._phase, step]
        if breach is not None:
            said = f"the end after {self.events} events" if step is Step.END else seen(what)
            yield breach.violation("$", said, reference="router/src/server.rs, generate_stream_with_callback")
