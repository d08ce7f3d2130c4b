"""Random plans: what may be done with a client of a policy, mixed. They shrink by losing moves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.history.model.answers import ANSWERS, Fate
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
    Together,
    Widen,
)
from chatproof.history.model.policy import Policy, Unit, Window
from chatproof.history.rules.registry import Can

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
    """Plans that a client of the policy can play, and that say all that they do: what is unclear is left out."""
    return st.lists(_moves(policy, can), min_size=1, max_size=_LONGEST).map(
        lambda moves: playable(moves, policy)
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
    if branches:
        moves.append(st.builds(Fork, at=st.integers(0, 4), to=keys, new=st.sampled_from(branches)))
    if "load" in can:
        loaded = st.integers(0, 3).map(lambda rounds: (MARK, MARK) * rounds)
        moves.append(st.builds(Load, texts=loaded, new=keys))
    if "window" in can and isinstance(policy.window, Window) and policy.window.unit is not Unit.TOKENS:
        moves.append(st.builds(Widen, n=st.integers(0, 12)))
    plain = st.builds(Say, to=keys)
    moves.append(st.builds(Together, first=plain, second=plain))
    return st.one_of(moves)


def _answers(policy: Policy) -> SearchStrategy[tuple[Answer, ...]]:
    names = [name for name in ANSWERS if name != "stall" or policy.timeout is not None]
    answer = st.just(ORDINARY) | st.builds(Answer, name=st.sampled_from(names))
    if policy.tools is not None:
        call = st.builds(Call, tool=st.sampled_from(("look_up", "look_up", "break_down", "not_there")))
        calls = st.lists(call, min_size=1, max_size=3).map(tuple)
        answer |= st.builds(Answer, text=st.sampled_from((MARK, "")), calls=calls)
    return st.just((ORDINARY,)) | st.lists(answer, min_size=1, max_size=4).map(tuple)


@dataclass(slots=True)
class _Known:
    """A conversation as far as a plan tells it: its rounds, None where that is not sure; was the last one kept?"""

    rounds: int | None = 0
    whole: bool = False
    said: bool = False


@dataclass(slots=True)
class _Course:
    policy: Policy
    talks: dict[str, _Known] = field(default_factory=lambda: {FIRST: _Known()})

    def take(self, move: Move) -> Move | None:
        """The move as it can be played now; None where it cannot."""
        match self._at_hand(move):
            case Say(to=to) as move:
                talk = self.talks[to]
                said, talk.said = talk.said, True
                self._over(talk, kept=self._is_kept(move))
                return replace(move, same=move.same and said)
            case Together(first=first, second=second) as move:
                one, other = self.talks[first.to], self.talks[second.to]
                for talk in (one, other):
                    self._over(
                        talk, kept=True if one is not other else None
                    )  # of two at once, one may be lost
                    talk.said = False
                return move
            case Again(to=to) as move:
                talk = self.talks[to]
                if not talk.whole or self.policy.cap is not None:
                    return None
                if not self._is_kept(move):
                    talk.rounds, talk.whole = None, False
                talk.said = False
                return move
            case Restart():
                # a branch has no name that a client would know it by afterwards
                self.talks = {key: talk for key, talk in self.talks.items() if key in (FIRST, _SECOND)}
                return move
            case Clear(to=to) as move:
                self.talks[to] = _Known()
                return move
            case Fork(at=at, to=to, new=new) as move:
                talk = self.talks[to]
                if new in self.talks or talk.rounds is None or self.policy.cap is not None:
                    return None
                at = min(at, talk.rounds)
                self.talks[new] = _Known(rounds=at, whole=at > 0 and (talk.whole or at < talk.rounds))
                return replace(move, at=at)
            case Load(new=new, texts=texts):
                # a list has no key, under which a store would keep it
                elsewhere = new != FIRST and (not self.policy.many or self.policy.persistent)
                if self.talks.get(new, _Known()) != _Known() or elsewhere:
                    return None
                self.talks[new] = _Known(rounds=len(texts) // 2, whole=bool(texts))
                return move
            case _:
                return move

    def _at_hand(self, move: Move) -> Move:
        """The move in a conversation that there is: where a branch has not begun yet, in the first one."""
        match move:
            case Together(first=first, second=second):
                return Together(first=self._say_at_hand(first), second=self._say_at_hand(second))
            case Say():
                return self._say_at_hand(move)
            case Again(to=to) | Clear(to=to) | Fork(to=to) if to not in self.talks:
                return replace(move, to=FIRST)
            case _:
                return move

    def _say_at_hand(self, say: Say) -> Say:
        if say.to == _SECOND:
            self.talks.setdefault(_SECOND, _Known())
        return say if say.to in self.talks else replace(say, to=FIRST)

    def _over(self, talk: _Known, *, kept: bool | None) -> None:
        talk.whole = kept is True
        if kept is None or talk.rounds is None:
            talk.rounds = None
        elif kept:
            talk.rounds += 1

    def _is_kept(self, move: Say | Again) -> bool | None:
        """Whether the round is kept whole; None where that is not sure."""
        if isinstance(move, Say) and move.stop is not None:
            return None
        *before, last = move.answers
        if any(answer.calls for answer in move.answers):
            tools = self.policy.tools
            calls = all(answer.calls and answer.name == "text" for answer in before)
            ends = isinstance(tools, int) and len(before) < tools and not last.calls
            return True if calls and ends and self.policy.fate(last.name) is Fate.KEEP else None
        fates = {self.policy.fate(answer.name) for answer in move.answers}
        return True if fates == {Fate.KEEP} else False if fates == {Fate.DROP} else None


def playable(moves: Iterable[Move], policy: Policy) -> Plan:
    """The plan without the moves that cannot be played where they stand."""
    return tuple(_taken(moves, _Course(policy)))


def _taken(moves: Iterable[Move], course: _Course) -> Iterator[Move]:
    for move in moves:
        taken = course.take(move)
        if taken is not None:
            yield taken
