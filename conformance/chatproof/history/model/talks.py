"""Conversations to play, one strategy a rule: each exercises its own rule and gives no other a reason to break.

What is said shrinks to the first of the plain texts, a conversation to its fewest rounds.
"""

from collections.abc import Callable

from hypothesis import strategies as st

from chatproof.history.model.log import Answer, AnswerKind, Log, Round
from chatproof.history.model.policy import Policy
from chatproof.history.model.texts import NASTY, PLAIN

__all__ = ["Talks", "failing_talks", "nasty_talks", "outgrowing_talks", "recorded_talks"]

Talks = Callable[[Policy], st.SearchStrategy[Log]]
"""From a policy to the conversations that put a rule to the test under it."""

_LONGEST = 24
"""Rounds without a window. Hidden caps of 10, 20 and 40 messages are common in chat memories."""

_AROUND_A_FAILURE = 5
"""Rounds at most where some of them fail."""

_TRAPS = 16
"""Rounds of nasty text at most."""

_PLACES: tuple[str, ...] = ("{plain}{trap}", "{trap}{plain}", "{plain}{trap}{plain}")

_BEYOND = 4
"""So many rounds past the point where the window starts to cut."""


def recorded_talks(policy: Policy) -> st.SearchStrategy[Log]:
    """Ordinary rounds, at least two, whose history fits in the window."""
    most = _LONGEST if policy.window is None else min(policy.window.rounds + 1, _LONGEST)
    return st.integers(2, most).flatmap(_plain)


def outgrowing_talks(policy: Policy) -> st.SearchStrategy[Log]:
    """Ordinary rounds, in half of the examples more than the window holds."""
    full = 1 + (policy.window.rounds if policy.window is not None else 0)
    return (st.integers(1, full) | st.integers(full + 1, full + _BEYOND)).flatmap(_plain)


def failing_talks(kind: AnswerKind) -> Talks:
    """Rounds of which at least one gets such an answer, and the last is ordinary. No text is said twice."""

    def talks(policy: Policy) -> st.SearchStrategy[Log]:
        del policy  # what is dropped is dropped under any window
        said = st.lists(st.sampled_from(PLAIN), min_size=2, max_size=_AROUND_A_FAILURE, unique=True)
        fails = st.lists(st.booleans(), min_size=_AROUND_A_FAILURE, max_size=_AROUND_A_FAILURE)
        return st.builds(_failing, said, fails, st.just(kind))

    return talks


def _failing(said: list[str], fails: list[bool], kind: AnswerKind) -> Log:
    """The first round fails where no other one does, and the last one never does."""
    last = len(said) - 1
    failing = {number for number in range(last) if fails[number]} or {0}
    return tuple(
        Round(said=text, answer=Answer(kind=kind) if number in failing else _reply(number + 1))
        for number, text in enumerate(said)
    )


def nasty_talks(policy: Policy) -> st.SearchStrategy[Log]:
    """Ordinary rounds in which everything said has a trap for whoever touches text, each trap at most once.

    So many rounds that thirty examples meet every trap: a test holds that. Nothing said is blank, since a
    client may refuse to say nothing.
    """
    del policy  # what is new is sent under any window
    nasty = st.tuples(st.sampled_from(NASTY), st.sampled_from(PLAIN), st.sampled_from(_PLACES))
    return st.lists(nasty, min_size=1, max_size=_TRAPS, unique_by=lambda one: one[0]).map(
        lambda said: _ordinary([place.format(plain=plain, trap=trap) for trap, plain, place in said])
    )


def _plain(rounds: int) -> st.SearchStrategy[Log]:
    return st.lists(st.sampled_from(PLAIN), min_size=rounds, max_size=rounds).map(_ordinary)


def _ordinary(said: list[str]) -> Log:
    return tuple(Round(said=text, answer=_reply(number)) for number, text in enumerate(said, start=1))


def _reply(number: int) -> Answer:
    return Answer(text=f"answer {number}")
