"""What moves that say nothing do to the conversations: a restart, a branch, another window, files that are spoiled."""

from collections.abc import Sequence

from chatproof.history.model.deviation import Moment
from chatproof.history.model.message import Message
from chatproof.history.model.oracle.moments import Moments
from chatproof.history.model.oracle.recording import prune
from chatproof.history.model.oracle.storing import Storing
from chatproof.history.model.oracle.together import place_of
from chatproof.history.model.oracle.transcript import Node, Part, Status, Transcript
from chatproof.history.model.plan import Clear, Fork, Load, Restart, Spoil, Spoilage, Tear, Widen
from chatproof.history.model.policy import UNKNOWN, Policy, Unit, Unknown, Window
from chatproof.history.model.seen import Step

__all__ = ["Course"]


class Course:
    """All conversations of a play, and what is known of the window and the store."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._window = policy.window
        self._transcript = Transcript()
        self._rounds = 0
        self._storing = Storing(self._transcript)
        self._together: dict[str, list[set[int]]] = {}  #: pairs of rounds whose order is not known yet
        self._moments = Moments(tools=policy.tools is not None)

    def _moved(self, step: Step) -> None:
        """A move is made."""
        match step.move:
            case Tear():
                self._restarted(killed=True)
                self._storing.restart(works=True)
            case Restart(killed=killed):
                self._restarted(killed=killed)
                self._storing.restart(works=self._storing.works or killed)
            case Clear(to=to):
                self._transcript.remove(list(self._transcript.path(to)), Status.CLEARED, to)
                self._everywhere(Moment.CLEARED)
            case Fork(at=rounds, to=to, new=new):
                self._transcript.branch(to, new, self._begun_by(to, rounds))
                for key in self._transcript.relatives(to):
                    self._moments.put(key, Moment.FORKED_FROM)
                self._moments.put(new, Moment.FORKED)
            case Load(new=new):
                self._load(new, step.loaded)
            case Widen(n=n):
                self._widen(n)
            case Spoil(how=Spoilage.OLDER):
                self._storing.restart(works=True)
                self._everywhere(Moment.MIGRATED)
            case Spoil(how=Spoilage.UNWRITABLE):
                self._storing.forbid()
                self._everywhere(Moment.UNWRITABLE)
            case Spoil():
                self._storing.restart(works=True)
                for node in self._transcript.nodes:
                    node.firm = node.part is Part.SYSTEM
                self._everywhere(Moment.SPOILED)
            case _:
                pass

    def _everywhere(self, moment: Moment) -> None:
        for key in self._transcript.paths:
            self._moments.put(key, moment)

    def _restarted(self, *, killed: bool) -> None:
        if self._window != self._policy.window:  # whether a client remembers how it was set, nobody knows
            self._window = UNKNOWN
        families = [self._transcript.family(key) for key in self._transcript.paths]
        for key in self._transcript.paths:
            moment = Moment.KILLED if killed else Moment.RESTARTED
            if self._moments.is_after(key, Moment.TOGETHER, Moment.RESTARTED_TOGETHER):
                moment = Moment.RESTARTED_TOGETHER
            elif not killed and families.count(self._transcript.family(key)) > 1:
                moment = Moment.RESTARTED_TREE
            self._moments.put(key, moment)

    def _begun_by(self, key: str, rounds: int) -> list[Node]:
        """The messages of the first rounds.

        Of two that were asked at once nobody knows which is before the cut, and behind a round that may be none nobody
        knows where it is.
        """
        groups = self._transcript.rounds(key)
        perhaps = _perhaps(groups, rounds)
        for group in groups[rounds:perhaps]:
            for node in group:
                node.excused = True
        rounds = max(rounds, perhaps)
        pairs = self._together.pop(key, [])
        if any(place_of(groups[rounds - 1 : rounds + 1], pair) == 0 for pair in pairs):
            rounds += 1
        doubtful = set[int]().union(*pairs)
        for group in groups:
            for node in group if group[0].round in doubtful else ():
                node.excused = True
        return [node for group in groups[:rounds] for node in group]

    def _load(self, key: str, texts: Sequence[str]) -> None:
        self._transcript.remove(list(self._transcript.path(key)), Status.CLEARED, key)
        self._transcript.paths[key] = []
        for number, text in enumerate(texts):
            part, role = (Part.REPLY, "assistant") if number % 2 else (Part.QUESTION, "user")
            self._rounds += not number % 2
            node = self._transcript.add(key, self._rounds, part, Message(role=role, text=text))
            self._transcript.append(key, node)
        prune(self._transcript, self._policy.cap, key)
        self._moments.put(key, Moment.LOADED)

    def _widen(self, n: int) -> None:
        declared = self._policy.window
        if isinstance(declared, Unknown):
            self._everywhere(Moment.WIDENED)
            return
        zero = isinstance(self._window, Window) and self._window.n == 0
        self._window = Window(n, declared.unit if isinstance(declared, Window) else Unit.MESSAGES)
        self._everywhere(Moment.WIDENED_FROM_ZERO if zero else Moment.WIDENED)


def _perhaps(groups: Sequence[Sequence[Node]], rounds: int) -> int:
    """How many rounds from the beginning are the first ones, where those that may be none are none."""
    for number, group in enumerate(groups):
        if rounds <= 0:
            return number
        rounds -= all(node.is_sure for node in group)
    return len(groups)
