"""A leg of the tour, and the pieces that its plan is made of."""

from dataclasses import dataclass

from chatproof.history.model.plan import MARK, ORDINARY, Again, Answer, Call, Move, Plan, Say, Tear, Together
from chatproof.history.model.seen import Play, Raised
from chatproof.history.rules.registry import Can
from chatproof.history.running.tour.reached import reached, why_not

__all__ = [
    "FILLING",
    "MOST_OUTGROWN",
    "MOST_ROUNDS",
    "SEVERAL",
    "Leg",
    "both_sides",
    "calling",
    "given",
    "ids",
    "says",
]

MOST_ROUNDS = 60
"""Rounds of the long conversation: more than the caps of 100 messages that clients have and do not declare."""

MOST_OUTGROWN = 250
"""Rounds of a window or a cap that are played beyond; a larger one is told to be out of reach."""

FILLING = "A paragraph that fills a budget of tokens, sentence after sentence. " * 60

SEVERAL = "One sentence of s\u00e9v\u00e9ral \u2013 \U0001f44d. " * 12
"""A reply that comes in several pieces, with characters of several bytes, which packets can split."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One plan of the tour: the rules that it provokes, and what the client's methods have to allow for it.

    In one that is `vague` messages are alike, and a mistake may look like another: it counts where there is none else.
    """

    name: str
    plan: Plan
    provokes: frozenset[str]
    needs: Can = frozenset()
    vague: bool = False

    def reached_by(self, play: Play) -> frozenset[str]:
        """The rules whose triggers this play of the plan came to."""
        return frozenset(rule for rule in self.provokes if reached(rule, play))

    def broke_off(self, play: Play) -> str:
        """Where the client left this play, by the end of its process say; empty where it did not."""
        made, last = len(play.steps), play.steps[-1]
        if last.failure or made == len(self.plan):
            return ""
        errors = "; ".join(ask.ending.error for ask in last.asks if isinstance(ask.ending, Raised))
        return (
            f"{self.name} broke off after {made} of {len(self.plan)} moves: {errors or 'there was no client'}"
        )

    def why_not(self, rule: str, play: Play) -> str:
        """Why a play did not come to what a rule is about, as far as that can be seen."""
        if failure := play.steps[-1].failure:
            return f"move {len(play.steps)} of {self.name} could not be made: {failure}"
        for number, step in enumerate(play.steps, 1):
            for ask in step.asks:
                if isinstance(ask.ending, Raised) and not step.exchanges:
                    return f"in move {number} of {self.name} the client raised {ask.ending.error}"
        return why_not(rule, play)

    @property
    def asks(self) -> int:
        """How often something is said."""
        return sum(_asks(move) for move in self.plan)


def _asks(move: Move) -> int:
    if isinstance(move, Together):
        return 2
    return int(isinstance(move, Say | Again | Tear))


def ids(*names: str) -> frozenset[str]:
    """The ids of rules, or what a client can."""
    return frozenset(names)


def says(number: int, *, to: str = "a") -> Plan:
    """So many ordinary asks."""
    return (Say(to=to),) * number


def given(name: str, *, streamed: bool = False, text: str = MARK) -> Say:
    """An ask that is given an answer, as often as the client asks."""
    return Say(answers=(Answer(name=name, text=text),), streamed=streamed)


def both_sides(text: str) -> Say:
    """The same trap is said and answered."""
    return Say(text=text, answers=(Answer(text=text),))


def calling(*calls: Call, text: str = "", then: Answer = ORDINARY, streamed: bool = False) -> Say:
    """An ask whose answer calls tools, and what is answered to their results."""
    return Say(answers=(Answer(text=text, calls=calls), then), streamed=streamed)
