"""What was said with how it went: a play as the checks read it, one turn for each ask."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chatproof.history.model.answers import ANSWERS, AnswerKind, Fate
from chatproof.history.model.oracle import Judged
from chatproof.history.model.oracle.rounds import is_stopped
from chatproof.history.model.plan import Again, Move, Restart, Say, Spoil, Spoilage, Tear, Together
from chatproof.history.model.policy import Policy
from chatproof.history.model.printed import holds
from chatproof.history.model.seen import (
    Ask,
    Cancelled,
    Displayed,
    Exchange,
    Hung,
    Play,
    Printed,
    Raised,
    Returned,
    Step,
)
from chatproof.history.model.words import tags
from chatproof.history.rules.registry import Breach, Check

__all__ = ["Turn", "has_failed", "shown", "turns", "unanswered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One ask: its requests, in order, without those about something else.

    `blamed` is the rule about what came before it, where an ask that is not answered breaks that one.
    """

    at: int
    step: Step
    ask: Ask
    judged: tuple[Judged, ...]
    blamed: str
    after_a_round: bool = (
        False  #: what was said before in this conversation was answered, and is kept for certain
    )

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Its requests."""
        return tuple(one.exchange for one in self.judged)

    @property
    def kind(self) -> AnswerKind | None:
        """What answered it at last; None where no request came."""
        return ANSWERS[self.judged[-1].exchange.answer.name] if self.judged else None

    @property
    def is_stopped(self) -> bool:
        """Whether it was ended from outside."""
        return is_stopped(self.step, self.ask, self.judged[-1].exchange if self.judged else None)

    @property
    def is_ordinary(self) -> bool:
        """Whether its last answer is a text and nothing else; without a request, whether it would have been."""
        if self.is_stopped:
            return False
        if self.judged:
            return self.judged[-1].exchange.answer.is_ordinary
        if isinstance(self.step.move, Again) and not self.after_a_round:
            return False
        answers = self.step.move.answers if isinstance(self.step.move, Say | Again) else ()
        return all(answer.is_ordinary for answer in answers)

    @property
    def text(self) -> str | None:
        """What came back; None where nothing did, or nothing of the reply."""
        match self.ask.ending:
            case Returned(text=text):
                return text
            case Printed(text=text) | Displayed(text=text):
                return None if self._is_beside(text) else text
            case _:
                return None

    def _is_beside(self, printed: str) -> bool:
        """Whether what was printed is nothing, or has no word of a reply that came: an error, or a banner."""
        if not printed.strip():
            return True
        answer = self.judged[-1].exchange.answer if self.judged else None
        if answer is None or not answer.is_ordinary:
            return False
        said = tags(answer.text)
        return bool(said) and not any(holds(printed, tag) for tag in said)

    def has_failed(self, policy: Policy) -> bool:
        """Whether its last answer is one after which the client has no reply."""
        if self.is_stopped or self.kind is None or not self.kind.fails:
            return False
        called = self.judged[-1].exchange.answer.calls and policy.tools is not None
        return not called and policy.fate(self.kind.name) not in (Fate.KEEP, Fate.KEEP_ARRIVED)

    def breach(self, message: str, *, expected: str = "", seen: str = "") -> Breach:
        """A breach by its last request."""
        number = self.judged[-1].exchange.number if self.judged else None
        return Breach(step=self.at, exchange=number, message=message, expected=expected, seen=seen)


def has_failed(step: Step) -> bool:
    """Whether the client failed in a move; not whether nobody has a way to make it."""
    return bool(step.failure) and not step.failure.startswith("cannot: ")


_SPOILED = {Spoilage.UNWRITABLE: "persist.read-only", Spoilage.OLDER: "persist.migrates"}


def _opens(move: Move) -> str:
    """The rule about a move that has the client start on its files."""
    match move:
        case Spoil(how=how):
            return _SPOILED.get(how, "persist.corrupt")
        case Restart(killed=killed):
            return "persist.atomic" if killed else "persist.round-trip"
        case Tear():
            return "persist.atomic"
        case _:
            return ""


def turns(play: Play, judged: Sequence[Judged]) -> Iterator[Turn]:
    """All asks of a play, in order."""
    blamed = ""
    whole: set[str] = set()
    forgets = False
    for at, step in enumerate(play.steps):
        blamed = _opens(step.move) or blamed
        if isinstance(step.move, Spoil):
            forgets = step.move.how is Spoilage.UNWRITABLE
        if forgets or not (step.asks or isinstance(step.move, Restart)):
            whole.clear()
        for ask in step.asks:
            own = tuple(one for one in judged if one.step == at and one.ask == ask and not one.side)
            turn = Turn(
                at=at,
                step=step,
                ask=ask,
                judged=own,
                blamed=blamed or _together(step),
                after_a_round=ask.to in whole,
            )
            yield turn
            whole.discard(ask.to)
            if turn.is_ordinary and turn.text is not None and own and not isinstance(step.move, Together):
                whole.add(ask.to)
            if turn.has_failed(play.policy) or turn.is_stopped:
                blamed = blamed or "record.recovers"
            elif turn.text is not None and own:
                blamed = ""


def _together(step: Step) -> str:
    if not isinstance(step.move, Together):
        return "answer.returned"
    return "isolate.concurrent" if step.move.first.to != step.move.second.to else "isolate.one-at-a-time"


def unanswered(rule: str) -> Check:
    """The check of a rule that what comes next is asked and answered as ever."""

    def check(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
        for at, step in enumerate(play.steps):
            if has_failed(step) and _opens(step.move) == rule:
                yield Breach(step=at, message="The client could not start on its files.", seen=step.failure)
        for turn in turns(play, judged):
            if turn.blamed == rule and turn.is_ordinary and (turn.text is None or not turn.judged):
                why = "The endpoint answered, and the client gave no reply back."
                breach = turn.breach(why if turn.judged else "The client sent no request.", seen=shown(turn))
                yield replace(breach, unasked=isinstance(turn.step.move, Again) and not turn.judged)

    return check


def shown(turn: Turn) -> str:
    """How an ask ended, for people."""
    match turn.ask.ending:
        case Returned(text=None, shown=value):
            return f"it returned {value or 'nothing'}"
        case Returned(text=text):
            return f"it returned {text!r}"
        case Printed(text=text, aside=aside):
            beside = f", and {aside!r} on standard error" if aside else ""
            return f"it printed {text!r}{beside}, and its exit status was 0"
        case Displayed(text=text):
            return f"it printed {text!r}"
        case Raised(error=error):
            return f"it raised {error}"
        case Hung(seconds=seconds):
            return f"it did not come back within {seconds:g} s"
        case Cancelled():
            return "it was cancelled"
