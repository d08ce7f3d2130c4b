"""The fold over what was seen: each request is expected, explained, and taken over as the client's history.

So one fault is one deviation and no cascade.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chatproof.history.model.deviation import Deviation, Expectation, Moment, explain
from chatproof.history.model.message import Message, SentCall
from chatproof.history.model.oracle.adopting import adopt
from chatproof.history.model.oracle.asking import asker
from chatproof.history.model.oracle.course import Course
from chatproof.history.model.oracle.expecting import Limits, expect
from chatproof.history.model.oracle.hedging import hedges
from chatproof.history.model.oracle.reading import read
from chatproof.history.model.oracle.recording import record
from chatproof.history.model.oracle.regenerating import asked_last, asks_for, is_none
from chatproof.history.model.oracle.rounds import OpenRound, brings_calls
from chatproof.history.model.oracle.together import order_of, place_of
from chatproof.history.model.oracle.transcript import Node, Part, Status
from chatproof.history.model.plan import Again, Say
from chatproof.history.model.policy import Declared, Policy, SystemPrompt, Unit, Window
from chatproof.history.model.seen import Ask, Exchange, Play, Step

__all__ = ["Judged", "follow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One exchange with what was expected of it. A side request carries nothing of the conversation: not judged."""

    step: int
    ask: Ask | None
    exchange: Exchange
    expectation: Expectation
    deviations: tuple[Deviation, ...] = ()
    side: bool = False


def follow(play: Play) -> Iterator[Judged]:
    """Every exchange of a play, in order, with its deviations."""
    oracle = _Oracle(play.policy, play.system_prompt)
    for at, step in enumerate(play.steps):
        yield from oracle.step(at, step)


class _Oracle(Course):
    def __init__(self, policy: Policy, prompt: str) -> None:
        super().__init__(policy)
        self._prompt = prompt if policy.system is not SystemPrompt.NONE else ""
        self._tools = policy.tools is not None
        self._bodies: set[bytes] = set()  #: of the requests of all steps before
        self._failed: dict[str, Node] = {}  #: the question of the round before, where that left no trace
        message = Message(role="system", text=self._prompt)
        self._carried: set[Message] = {message} if self._prompt else set()  #: by requests of asks before
        self._system = self._transcript.add("", -1, Part.SYSTEM, message) if self._prompt else None

    def step(self, at: int, step: Step) -> Iterator[Judged]:
        """What a step shows."""
        if step.asks:
            yield from self._asked(at, step)
            self._storing.changed(said=True)
            if not self._storing.works:  # what was stored before may be lost with each round
                self._everywhere(Moment.UNWRITABLE)
        self._moved(step)
        if not step.asks:
            self._storing.changed(said=False)
            yield from (self._beside(at, exchange) for exchange in step.exchanges)

    def _asked(self, at: int, step: Step) -> Iterator[Judged]:
        again = isinstance(step.move, Again)
        if again and step.exchanges:
            self._sort_together(step.asks[0].to, step.exchanges[0], again=True)
        rounds = [self._regenerated(ask, step) if again else self._begun(ask, step) for ask in step.asks]
        left = hedges(step, self._bodies, tools=self._tools)
        self._bodies |= {exchange.body for exchange in step.exchanges}
        for exchange in step.exchanges:
            if exchange.number in left:
                yield self._beside(at, exchange)
                continue
            current = asker(rounds, exchange, step, tools=self._tools, known=self._carried)
            if current is None:
                yield self._beside(at, exchange)
            else:
                ask = next(ask for ask, one in zip(step.asks, rounds, strict=True) if one is current)
                others = [one for one in rounds if one is not current and one.key == current.key]
                yield self._judged(at, step, ask, current, others, exchange)
        self._carried |= {message for one in rounds for sent in one.exchanges for message in sent.messages}
        together = len(rounds) > 1 and len({one.key for one in rounds}) == 1
        for ask, current in zip(step.asks, rounds, strict=True):
            self._moments.ended(step, current)
            self._failed.pop(current.key, None)
            record(
                self._transcript,
                self._policy,
                step,
                ask,
                current,
                together=together,
                stores=self._storing.works,
            )
            question = current.nodes[:1]
            if question and question[0].status is Status.FAILED:
                self._failed[current.key] = question[0]
        if together:
            self._together.setdefault(rounds[0].key, []).append({one.round for one in rounds})

    def _begun(self, ask: Ask, step: Step) -> OpenRound:
        self._rounds += 1
        said = Message(role="user", text=ask.said)
        question = self._transcript.add(ask.to, self._rounds, Part.QUESTION, said)
        groups = self._transcript.rounds(ask.to)
        same = None
        if isinstance(step.move, Say) and step.move.same:
            question.also = self._forms(said)
            if groups and len(groups[-1]) == 1 and groups[-1][0].message == said:
                same = groups[-1][0]
        return OpenRound(key=ask.to, said=ask.said, round=self._rounds, nodes=[question], same=same)

    def _forms(self, said: Message) -> tuple[Message, ...]:
        """In what other forms the same was sent before."""
        nodes = (one for one in reversed(self._transcript.nodes) if one.message == said)
        return next((node.also for node in nodes if node.also), ())

    def _regenerated(self, ask: Ask, step: Step) -> OpenRound:
        groups = self._transcript.rounds(ask.to)
        asked = asked_last(step, self._transcript.nodes)
        failed = self._failed.get(ask.to)
        if failed is not None and failed.message == asked and not asks_for(groups[-1:], asked):
            # what failed is asked again, in place of what was answered before it: that is as right
            return self._begun(replace(ask, said=failed.message.text), step)
        if asked is not None and not asks_for(groups[-1:], asked) and self._storing.may_ask(asked):
            return self._begun(replace(ask, said=asked.text), step)
        while asked is not None and is_none(groups, asked, step, whole=self._window is None):
            self._transcript.remove(groups.pop(), Status.FAILED, ask.to)
        last = groups[-1] if groups else []
        question = [node for node in last if node.part is Part.QUESTION]
        return OpenRound(
            key=ask.to,
            said=question[0].message.text if question else "",
            round=last[0].round if last else -1,
            nodes=question,
            regenerates=True,
            replaced=[node for node in last if node.part is not Part.QUESTION],
        )

    def _beside(self, at: int, exchange: Exchange) -> Judged:
        return Judged(step=at, ask=None, exchange=exchange, expectation=Expectation(slots=()), side=True)

    def _judged(
        self,
        at: int,
        step: Step,
        ask: Ask,
        current: OpenRound,
        others: Sequence[OpenRound],
        exchange: Exchange,
    ) -> Judged:
        self._sort_together(current.key, exchange, again=current.regenerates)
        limits = Limits(window=self._limit(), cap=self._policy.cap, tools=self._tools)
        expectation = expect(self._transcript, current, others, self._system, limits)
        sent = read(exchange, expectation.slots, self._policy, self._prompt)
        explained = explain(expectation, sent)
        (moment, answer), since = self._moments.of(current, exchange, step)
        within = self._is_within(current, sent) if explained.deviations else False
        windowed = isinstance(self._window, Window)
        deviations = tuple(
            replace(
                deviation,
                moment=moment,
                moment_answer=answer,
                since=tuple(dict.fromkeys((*since, *deviation.since))),
                streamed=exchange.streamed,
                within=within,
                windowed=windowed,
            )
            for deviation in explained.deviations
        )
        adopt(self._transcript, current, expectation, explained, sent, (moment, answer))
        self._answered(current, exchange)
        return Judged(step=at, ask=ask, exchange=exchange, expectation=expectation, deviations=deviations)

    def _sort_together(self, key: str, exchange: Exchange, *, again: bool) -> None:
        """Of two rounds that were asked at once, the one is last that is sent last: for each pair."""
        groups = self._transcript.rounds(key)
        for pair in tuple(self._together.get(key, ())):
            at = place_of(groups, pair)
            if at is None:
                continue
            last = again and at == len(groups) - 2
            changed, known = order_of(self._transcript, groups[at : at + 2], exchange, regenerated=last)
            if known:
                self._together[key].remove(pair)
            if changed:
                groups[at : at + 2] = groups[at + 1], groups[at]
                self._transcript.paths[key] = [node.id for group in groups for node in group]

    def _limit(self) -> Declared:
        window = self._window
        if not isinstance(window, Window) or not self._system:
            return window
        counted = self._policy.system is SystemPrompt.COUNTED and window.unit is Unit.MESSAGES
        return Window(max(window.n - 1, 0), window.unit) if counted else window

    def _is_within(self, current: OpenRound, sent: Sequence[Message]) -> bool:
        limit = self._limit()
        history = sum(message.role != "system" for message in sent) - len(current.nodes)
        return isinstance(limit, Window) and limit.unit is Unit.MESSAGES and history <= limit.n

    def _answered(self, current: OpenRound, exchange: Exchange) -> None:
        """What a request's answer adds to its round."""
        current.exchanges.append(exchange)
        if not self._tools or exchange.left or not brings_calls(exchange.answer):
            return
        calls = tuple(
            SentCall(id=call.id, name=call.tool, arguments=call.arguments) for call in exchange.answer.calls
        )
        asked = Message(role="assistant", text=exchange.answer.text, calls=calls)
        add = self._transcript.add
        current.nodes.append(add(current.key, current.round, Part.CALL, asked))
        for call in calls:
            result = Message(role="tool", result_of=call.id)
            current.nodes.append(add(current.key, current.round, Part.RESULT, result))
