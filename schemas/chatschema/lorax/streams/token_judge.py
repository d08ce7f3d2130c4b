"""What LoRAX's three streams share: one event a token."""

from abc import abstractmethod
from collections.abc import Iterator

from chatschema.core.sse import SseEvent
from chatschema.core.violation import JsonObject, Violation
from chatschema.judging.contract import Contract
from chatschema.judging.lifecycle import Phase, Step
from chatschema.judging.stream_judge import GrammarJudge, StreamGrammar
from chatschema.lorax.native.contracts import ERROR

__all__ = ["LoraxStream"]


class LoraxStream(GrammarJudge[StreamGrammar]):
    """One event a token, then the end; or an error at any place, which is the end as well."""

    def __init__(self, grammar: StreamGrammar, token: Contract) -> None:
        super().__init__(grammar)
        self.tokens = 0  #: events that brought a token
        self._token = token

    @abstractmethod
    def _step_of(self, value: JsonObject) -> Step:
        """What an event that is no error is: a token, the last one, or junk."""

    @abstractmethod
    def _take(self, value: JsonObject, step: Step) -> Iterator[Violation]:
        """Join a token, in its place; `step` says whether it is the last."""

    def _object(self, value: JsonObject, event: SseEvent) -> Iterator[Violation]:
        del event
        step, running = self._step_of(value), self._phase < Phase.LAST
        if "error" in value and step is Step.JUNK:
            yield from self._part(ERROR, value, rule="lorax.errors.stream")
            yield from self._step(Step.ERROR, value["error"])
            self.error = self.error or value
            return
        yield from self._part(self._token, value)
        yield from self._step(step, value)
        if running and step is not Step.JUNK:
            self.tokens += 1
            yield from self._take(value, step)
