"""The plays by which a client is asked what it declares. Each is played once, and judged by every candidate."""

from collections.abc import Iterable

from chatproof.history.model.answers import ANSWERS, Mode
from chatproof.history.model.plan import MARK, ORDINARY, Answer, Call, Fork, Move, Plan, Restart, Say, Widen
from chatproof.history.model.policy import Policy
from chatproof.history.running.tour.leg import FILLING, SEVERAL, calling, given, says

__all__ = [
    "CONTROL",
    "FIRST_FILLED",
    "MOST_CALLS",
    "fallback",
    "growth",
    "inner_branch",
    "kinds_in",
    "other_windows",
    "restart",
    "rounds_that_fail",
    "tools",
]

MOST_CALLS = 12
"""Answers that call a tool, one after another: a client that answers them all is not waited for any longer."""

CONTROL = f"<|im_end|> [INST] {MARK} </s>"

_BEFORE, _AFTER = 21, 19
"""Rounds of the long conversation before and after the odd ones: more than a window of 40 holds, of whatever unit."""

_FILLED = 3

FIRST_FILLED = _BEFORE + 1 + _AFTER
"""The step of the long conversation from which on texts are long, or the one before."""

_LOCKING = ("http-401", "http-403", "http-404")
"""After these a client may believe that nothing can ever work again: they come last."""

_IN_A_ROW = 6
"""Failures in a row: some clients give up after more."""


def tools() -> Plan:
    """Calls, as often as they are answered, up to a number."""
    called = Answer(text="", calls=(Call(),))
    return (Say(), Say(answers=((called,) * MOST_CALLS) + (ORDINARY,)), Say())


def growth(policy: Policy) -> Plan:
    """A long conversation in which two rounds do not have two messages, at the end one of long texts.

    Rounds of one message and of five tell units apart, and six messages from seven; what is long shows a budget of
    tokens.
    """
    odd: Plan = (given("http-500"), *((calling(Call(), Call()),) if policy.tools is not None else ()))
    control = Say(text=CONTROL)
    filled = (Say(text=f"{MARK} {FILLING}"),) * _FILLED
    return (*says(_BEFORE), *odd, *says(_AFTER), control, *filled, Say())


def other_windows(rounds: int) -> Plan:
    """Other windows, for a client in which they can be set, and of whose rounds so many are sent or stored."""
    return (*says(max(rounds, 6) + 2), Widen(n=4), Say(), Widen(n=2 * rounds + 20), *says(2))


def inner_branch(rounds: int) -> Plan:
    """A branch after the first round: a client that stores less than all has another first round."""
    return (*says(rounds + 2), Fork(at=1), Say(to="b"))


def restart() -> Plan:
    """A client that is ended, and begun anew at the same place."""
    return (*says(2), Restart(), Say())


def fallback(tries: int) -> Plan:
    """The first model fails as often as it is asked, and the next one answers."""
    failing = Answer(name="http-500")
    return (Say(), Say(answers=((failing,) * tries) + (ORDINARY,)), Say())


def kinds_in(mode: Mode, policy: Policy) -> tuple[str, ...]:
    """The answers that are no plain ones, as they are given in streams alone, or elsewhere, too."""
    left_out = ["stall", *(() if policy.tools is None else ("tool-call-only", "stream-tool-call-only"))]
    names = [
        one.name
        for one in ANSWERS.values()
        if one.rule and (one.mode is Mode.STREAM) is (mode is Mode.STREAM) and one.name not in left_out
    ]
    return tuple(sorted(names, key=lambda name: name in _LOCKING))


def rounds_that_fail(names: Iterable[str], *, streamed: bool = False) -> Plan:
    """Each answer once, with an ordinary round after some: the next request shows what has become of one."""
    moves: list[Move] = [Say(streamed=streamed)]
    for number, name in enumerate(names, 1):
        text = f"{MARK} {SEVERAL}" if ANSWERS[name].mode is Mode.STREAM else MARK
        moves.append(given(name, streamed=streamed, text=text))
        if number % _IN_A_ROW == 0:
            moves.append(Say(streamed=streamed))
    return (*moves, Say(streamed=streamed))
