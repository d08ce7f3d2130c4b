"""What right clients declare is found out where it can be seen, and by that none of them is blamed."""

import pytest

from chatproof.history.model.answers import ANSWERS, Fate
from chatproof.history.model.policy import Policy, SystemPrompt, Unit, Unknown, Window
from chatproof.history.rules import RULES
from chatproof.history.running.inference import Inferred, infer
from chatproof.history.running.inference.candidates import fates
from chatproof.history.running.trial import Search, Trial, unclaimed
from chatproof.selftest.legal import LEGAL
from tests.history.inference.hiding import session_with
from tests.portion import one_in


def rounds_held(policy: Policy) -> float | None:
    """How many ordinary rounds a request carries at most; None where nobody knows."""
    held = [float("inf")]
    for bound in (policy.window, policy.cap):
        if isinstance(bound, Unknown) or (bound is not None and bound.unit is Unit.TOKENS):
            return None
        if isinstance(bound, Window):
            counted = policy.system is SystemPrompt.COUNTED and bound.unit is Unit.MESSAGES
            held.append(Window(max(bound.n - counted, 0), bound.unit).rounds)
    return min(held)


def assert_found(declared: Policy, found: Inferred, *, streams: bool) -> None:
    policy = found.policy
    assert rounds_held(declared) in (rounds_held(policy), None)
    assert policy.system is declared.system
    assert (policy.models, policy.sticky) == (declared.models, declared.sticky)
    assert policy.persistent is declared.persistent
    assert policy.breaks_control_tokens is declared.breaks_control_tokens
    if isinstance(declared.tools, int):  # whether the last request counts is the client's to say
        assert policy.tools in (declared.tools, declared.tools + 1)
    else:
        assert policy.tools is None
    for name, fate in declared.fates.items():
        if name in ANSWERS and fate in fates(name) and (streams or ANSWERS[name].mode != "stream"):
            assert (name, policy.fate(name)) == (name, fate)


#: Who sends requests twice has twice as many of them: what counts requests is not for these.
TWICE = ("hedges-in-streams", "hedges-with-tools", "hedges", "hedges-what-is-slow")
SOME = [name for name in LEGAL if name not in TWICE][::3]  # each costs seconds


@pytest.mark.parametrize("name", one_in(15, SOME))
def test_its_policy_is_found_and_it_is_not_blamed_by_it(name: str) -> None:
    right = LEGAL[name]
    with session_with(right, Policy()) as session:
        found = infer(session)
        assert found.requests <= 200
        streams = "stream" in session.can or bool(getattr(right.make, "streams", False))
    assert_found(right.policy, found, streams=streams)
    assert found.broken == ()
    with session_with(right, found.policy) as session:
        session.gate()
        reasons = unclaimed(RULES, found.policy, session.can)
        trial = Trial(
            player=session,
            rules=[rule for rule in RULES if rule not in reasons],
            search=Search(examples=0),
        )
        trial.tour()
    assert (trial.broken, trial.ended) == ((), "")


def test_a_client_of_which_nothing_is_told_keeps_no_fate_that_nobody_may_declare() -> None:
    for name, kind in ANSWERS.items():
        assert kind.fate in fates(name) or kind.fate is Fate.UNKNOWN
        assert Fate.KEEP not in fates(name) or not kind.fails
