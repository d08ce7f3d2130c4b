"""Random plans: what may be done with a client of a policy, mixed. They shrink by losing moves."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.history.model.answers import ANSWERS
from chatproof.history.model.plan import (
    FIRST,
    MARK,
    ORDINARY,
    Again,
    Answer,
    Call,
    Clear,
    Fork,
    Load,
    Move,
    Plan,
    Restart,
    Say,
    Spoil,
    Spoilage,
    Tear,
    Together,
    Widen,
)
from chatproof.history.model.policy import Policy, Unit, Window
from chatproof.history.rules.registry import Can
from chatproof.history.running.sayable import sayable

__all__ = ["plans", "playable"]

_LONGEST = 14
"""Moves of a plan."""

_SECOND = "other"
"""The name of a second conversation."""

_TRAPS = (
    f" {MARK} ",
    f"{MARK}\r\n",
    f"\n\t{MARK}",
    f"{{{{{MARK}}}}} {{x}} {{}} %s %d ${{HOME}}",
    f"null None undefined {MARK}",
    f"e\u0301 \ufb01 \u00a0 {MARK} \U0001f44d\U0001f3fd",
    f"\u202eabc\u202c \u200b{MARK}",
    f"&lt;b&gt; \\n \\u0041 {MARK}",
    f'"{MARK}"',
)
_CONTROL = (f"<|im_end|> {MARK}", f"[INST] {MARK} [/INST]", f"</s>{MARK}")


def plans(policy: Policy, can: Can) -> SearchStrategy[Plan]:
    """Plans that a client of the policy can play: every move in any order."""
    return st.lists(_moves(policy, can), min_size=1, max_size=_LONGEST).map(
        lambda moves: sayable(playable(moves, policy), can)
    )


def _moves(policy: Policy, can: Can) -> SearchStrategy[Move]:
    texts = st.just(MARK) | st.sampled_from(_TRAPS + (() if policy.breaks_control_tokens else _CONTROL))
    many = policy.many and "conversation" in can
    branches = ("b1", "b2") if policy.tree and "fork" in can else ()
    keys = st.sampled_from((FIRST, *((_SECOND,) if many else ()), *branches))
    answers = _answers(policy)
    say = st.builds(Say, text=texts, answers=answers, to=keys)
    moves: list[SearchStrategy[Move]] = [say, say, st.builds(Say, to=keys, same=st.just(value=True))]
    if "stream" in can:
        moves.append(st.builds(Say, text=texts, answers=answers, to=keys, streamed=st.just(value=True)))
    if "cancel" in can:
        streamed = st.booleans() if "stream" in can else st.just(value=False)
        moves.append(st.builds(Say, to=keys, stop=st.integers(0, 3), streamed=streamed))
    if "again" in can:
        moves.append(st.builds(Again, to=keys, answers=answers))
    if "clear" in can:
        moves.append(st.builds(Clear, to=keys))
    if "restart" in can and policy.persistent:
        killed = st.booleans() if "kill" in can else st.just(value=False)
        moves.append(st.builds(Restart, killed=killed))
        if "tear" in can:
            moves.append(st.builds(Tear, to=keys))
        moves.append(st.builds(Spoil, how=st.sampled_from(_spoilages(can))))
    if branches:
        moves.append(st.builds(Fork, at=st.integers(0, 4), to=keys, new=st.sampled_from(branches)))
    if "load" in can:
        loaded = st.integers(0, 3).map(lambda rounds: (MARK, MARK) * rounds)
        moves.append(st.builds(Load, texts=loaded, new=keys))
    if "window" in can and isinstance(policy.window, Window) and policy.window.unit is not Unit.TOKENS:
        moves.append(st.builds(Widen, n=st.integers(0, 12)))
    plain = st.builds(Say, to=keys)
    if "together" in can:
        moves.append(st.builds(Together, first=plain, second=plain))
    return st.one_of(moves)


def _spoilages(can: Can) -> list[Spoilage]:
    needs = {Spoilage.UNWRITABLE: "spoil", Spoilage.OLDER: "older"}
    return [how for how in Spoilage if how not in needs or needs[how] in can]


def _answers(policy: Policy) -> SearchStrategy[tuple[Answer, ...]]:
    names = [name for name in ANSWERS if name != "stall" or policy.timeout is not None]
    answer = st.just(ORDINARY) | st.builds(Answer, name=st.sampled_from(names))
    if policy.tools is not None:
        call = st.builds(Call, tool=st.sampled_from(("look_up", "look_up", "break_down", "not_there")))
        calls = st.lists(call, min_size=1, max_size=3).map(tuple)
        answer |= st.builds(Answer, text=st.sampled_from((MARK, "")), calls=calls)
    return st.just((ORDINARY,)) | st.lists(answer, min_size=1, max_size=4).map(tuple)


@dataclass(slots=True)
class _Course:
    """The conversations that there are, and those in which something was said."""

    policy: Policy
    talks: set[str] = field(default_factory=lambda: {FIRST})
    said: set[str] = field(default_factory=set[str])

    def take(self, move: Move) -> Move | None:
        """The move as it can be played now; None where it would have no meaning."""
        match move:
            case Say():
                return self._say(move)
            case Together(first=first, second=second):
                return Together(first=self._say(first), second=self._say(second))
            case Again(to=to) | Clear(to=to):
                return replace(move, to=self._at_hand(to))
            case Tear(to=to):
                if not self.said:  # and nothing stored
                    return None
                to = self._at_hand(to)
                self.talks &= {FIRST, _SECOND}
                return replace(move, to=to if to in self.talks else FIRST)
            case Restart() | Spoil():
                # a branch has no name that a client would know it by afterwards
                self.talks &= {FIRST, _SECOND}
                return move
            case Fork(to=to, new=new):
                if new in self.talks:
                    return None
                to = self._at_hand(to)
                self.talks.add(new)
                self.said = self.said - {new} | ({new} if to in self.said else set())
                return replace(move, to=to)
            case Load(new=new):
                # a list has no key, under which a store would keep it
                if new != FIRST and (not self.policy.many or self.policy.persistent):
                    return None
                self.talks.add(new)
                return move
            case _:
                return move

    def _say(self, say: Say) -> Say:
        to = self._at_hand(say.to)
        same = say.same and to in self.said
        self.said.add(to)
        return replace(say, to=to, same=same)

    def _at_hand(self, to: str) -> str:
        """A conversation that there is: where a branch has not begun yet, the first one."""
        if to == _SECOND:
            self.talks.add(_SECOND)
        return to if to in self.talks else FIRST


def playable(moves: Iterable[Move], policy: Policy) -> Plan:
    """The plan without the moves that have no meaning where they stand."""
    course = _Course(policy)
    taken = (course.take(move) for move in moves)
    return tuple(move for move in taken if move is not None)
