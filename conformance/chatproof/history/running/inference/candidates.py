"""What a client may declare: the finite candidates among which inference chooses.

What is wrong for anybody is none of them: a reply that nobody gave, a call without its result, a reply without its
question, a reply that is lost though the user has read it.
"""

from collections.abc import Iterator
from dataclasses import replace

from chatproof.history.model.answers import ANSWERS, Fate
from chatproof.history.model.policy import (
    UNKNOWN,
    Messages,
    Policy,
    Rounds,
    SystemPrompt,
    Window,
)

__all__ = ["bounds", "fates", "weakest"]

_MOST = 2
"""So many more than what is seen at most a window may hold: what is there comes in whole rounds."""


def weakest(policy: Policy) -> Policy:
    """The policy that says least: what is amiss under it is so whatever a client declares."""
    return replace(policy, window=UNKNOWN, cap=None, fates=dict.fromkeys(list(ANSWERS)[1:], Fate.UNKNOWN))


def fates(name: str) -> tuple[Fate, ...]:
    """What may become of a round with that answer, the default first, where a client may choose."""
    kind = ANSWERS[name]
    if kind.fate is Fate.KEEP:
        return (Fate.KEEP,)
    if kind.fate is Fate.UNKNOWN:
        return Fate.DROP, Fate.KEEP, Fate.KEEP_USER
    arrives = (
        kind.rule == "record.stream-cut"
    )  # an error, or what cannot be read, is no end of a reply for anybody
    return (Fate.DROP, Fate.KEEP_USER, *((Fate.KEEP_ARRIVED,) if arrives else ()))


def bounds(policy: Policy, messages: int, rounds: int) -> Iterator[Policy]:
    """The policy with each window that would hold at most so many messages and rounds; the most ordinary first.

    Turns are not told from rounds: no round has two questions.
    """
    yield replace(policy, window=None)
    for n in range(max(messages - 1, 0), messages + _MOST + 1):
        yield replace(policy, window=Messages(n))
    for n in range(max(rounds - 1, 0), rounds + 2):
        yield replace(policy, window=Rounds(n))
    if policy.system is SystemPrompt.KEPT:
        for n in range(messages, messages + _MOST + 2):
            yield replace(policy, window=Messages(n), system=SystemPrompt.COUNTED)


def as_cap(policy: Policy) -> Policy:
    """The same bound as one of what is stored."""
    bound = policy.window
    return replace(policy, window=None, cap=bound) if isinstance(bound, Window) else policy
