"""Candidates are held to recorded plays: a play is played once, and judged as often as there are candidates."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from chatproof.history.model.deviation import Deviation
from chatproof.history.model.message import Message
from chatproof.history.model.oracle import follow
from chatproof.history.model.policy import Policy
from chatproof.history.model.seen import Play, Step

__all__ = ["Evidence", "carried"]

_AFTER = 5
"""Steps after a round in which it is seen what has become of it."""

_Key = tuple[int, int, str, str, Message | None]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Recorded plays, and what is amiss in them whatever the client declares: that tells nothing about a candidate."""

    plays: tuple[Play, ...]
    amiss: frozenset[_Key]

    @classmethod
    def of(cls, plays: Iterable[Play], weakest: Policy) -> "Evidence":
        """What plays show under the policy that says least."""
        kept = tuple(plays)
        return cls(kept, frozenset(_deviations(kept, weakest)))

    def about(self, answer: str) -> "Evidence":
        """The same as far as it says something about rounds with an answer: some of the steps after the last one."""
        return Evidence(tuple(replace(play, steps=_about(play, answer)) for play in self.plays), self.amiss)

    def survives(self, candidate: Policy) -> bool:
        """Whether the plays show nothing amiss under it but what is so under any; it ends at the first that is."""
        return next(self._added(candidate), None) is None

    def count(self, candidate: Policy) -> int:
        """How much the plays show amiss."""
        return sum(1 for _ in self._added(candidate))

    def _added(self, candidate: Policy) -> Iterator[_Key]:
        return (key for key in _deviations(self.plays, candidate) if key not in self.amiss)


def _about(play: Play, answer: str) -> tuple[Step, ...]:
    ends = [
        at
        for at, step in enumerate(play.steps)
        if step.exchanges and step.exchanges[-1].answer.name == answer
    ]
    return play.steps[: ends[-1] + 1 + _AFTER] if ends else ()


def _deviations(plays: Sequence[Play], policy: Policy) -> Iterator[_Key]:
    for number, play in enumerate(plays):
        for judged in follow(replace(play, policy=policy)):
            for one in judged.deviations:
                yield number, judged.exchange.number, *_difference(one)


def _difference(one: Deviation) -> tuple[str, str, Message | None]:
    """In what and of which message a request differs. How that came about is the policy's to say."""
    return one.kind, one.role, one.sent or one.expected


def carried(play: Play, weakest: Policy) -> Iterator[tuple[int, int, int]]:
    """How many messages and rounds of the history each ordinary request carries, with the number of its step."""
    before: list[str] = []
    for judged in follow(replace(play, policy=weakest)):
        if judged.side or judged.ask is None:
            continue
        messages = judged.exchange.messages
        if any(one.role == "prompt" for one in messages):  # one text, made of the messages
            rounds = sum(text in messages[0].text for text in set(before) - {judged.ask.said})
            yield judged.step, 2 * rounds, rounds
        else:
            said = [one.role for one in messages if one.role != "system"]
            asked = max((at for at, role in enumerate(said) if role == "user"), default=0)
            yield judged.step, asked, said[:asked].count("user")
        before.append(judged.ask.said)
