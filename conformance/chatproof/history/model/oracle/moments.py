"""What a request comes after, which is to blame for what is wrong in it."""

from chatproof.history.model.answers import ANSWERS
from chatproof.history.model.deviation import Moment
from chatproof.history.model.oracle.rounds import OpenRound, brings_calls, is_abandoned, is_stopped
from chatproof.history.model.oracle.transcript import Part
from chatproof.history.model.plan import Say, Tear
from chatproof.history.model.seen import Exchange, Step

__all__ = ["Moments"]

_Told = tuple[Moment, str]

_PLAIN: _Told = (Moment.PLAIN, "")


class Moments:
    """By conversation, what its next request comes after: moments, each with the name of the answer that made it one.

    Until a request has shown what a conversation holds, all that has happened to it may be to blame.
    """

    def __init__(self, *, tools: bool) -> None:
        self._since: dict[str, list[_Told]] = {}
        self._tools = tools

    def put(self, key: str, moment: Moment) -> None:
        """The next request of a conversation comes after this."""
        self._since.setdefault(key, []).append((moment, ""))

    def is_after(self, key: str, *moments: Moment) -> bool:
        """Whether the next request of a conversation comes right after one of these."""
        return key in self._since and self._since[key][-1][0] in moments

    def of(self, current: OpenRound, exchange: Exchange, step: Step) -> tuple[_Told, tuple[_Told, ...]]:
        """What a request comes after, and what else has happened since the last one."""
        told = self._told(current, exchange, step)
        since = self._since.get(current.key, ()) if current.last is None else ()
        return told, tuple(one for one in dict.fromkeys(since) if one != told)

    def _told(self, current: OpenRound, exchange: Exchange, step: Step) -> _Told:
        if together := self._together(step):
            return together, ""
        last = current.last
        if last is None and current.regenerates:
            return Moment.REGENERATING, ""
        if last is None:
            if isinstance(step.move, Say) and step.move.same:
                return Moment.SAID_AGAIN, ""
            return self._since.get(current.key, [_PLAIN])[-1]
        if self._tools and brings_calls(last.answer):
            return Moment.TOOL_ROUND, ""
        if brings_calls(last.answer) and ANSWERS[last.answer.name].rule:
            return Moment.FAULT, last.answer.name  # it answers a call all the same
        return (Moment.FALLBACK if exchange.model != last.model else Moment.RETRY), ""

    def ended(self, step: Step, current: OpenRound) -> None:
        """A round is over."""
        if current.last is not None:  # what it held has been seen
            self._since[current.key] = [(Moment.STREAMED, "")] * _streamed(step)
        self._since.setdefault(current.key, []).append(self._after(step, current))

    def _after(self, step: Step, current: OpenRound) -> _Told:
        last = current.last
        if together := self._together(step):
            return together, ""
        if current.regenerates:
            return Moment.REGENERATED, ""
        if last is None or isinstance(step.move, Tear):  # of which the kill is told
            return _PLAIN
        if any(is_stopped(step, ask, last) for ask in step.asks):
            return (Moment.ABANDONED if is_abandoned(step, last) else Moment.CANCELLED), ""
        called = any(node.part is Part.CALL for node in current.nodes)
        if ANSWERS[last.answer.name].rule:
            return (Moment.FAULT_AFTER_CALL if called else Moment.FAULT), last.answer.name
        if called or brings_calls(last.answer):
            return Moment.TOOLS_USED, ""
        if len({exchange.model for exchange in current.exchanges}) > 1:
            return Moment.FELL_BACK, ""
        return (Moment.STREAMED if _streamed(step) else Moment.PLAIN), ""

    @staticmethod
    def _together(step: Step) -> Moment | None:
        if len(step.asks) < 2:
            return None
        apart = len({ask.to for ask in step.asks}) > 1
        return Moment.TOGETHER if apart else Moment.TOGETHER_IN_ONE


def _streamed(step: Step) -> bool:
    return isinstance(step.move, Say) and step.move.streamed
