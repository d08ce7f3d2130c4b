"""Mistakes are still seen by the policy that is inferred from the client that makes them, but for those that are one."""

from collections.abc import Collection

import pytest

from chatproof.history.model.policy import Policy
from chatproof.history.rules import RULES
from chatproof.history.running.inference import Inferred, infer
from chatproof.history.running.trial import Search, Trial, unclaimed
from chatproof.selftest.mutants import MUTANTS, Mutant
from tests.history.inference.hiding import session_with
from tests.portion import one_in

_SIZE = "a client may have a window of that size, or store as much"
_OPEN = "what becomes of such a round is not inferred"
POLICIES = {
    "hides-a-cap-of-ten": _SIZE,
    "hides-a-cap-of-fifty": _SIZE,
    "ignores-the-window": "a client may send everything",
    "counts-rounds-for-messages": _SIZE,
    "one-round-too-few": _SIZE,
    "counts-the-system-prompt": "the system prompt may count",
    "never-prunes": "a client may store everything",
    "prunes-too-late": _SIZE,
    "no-system-prompt": "a client may have none",
    "breaks-control-tokens": "a client may do that on purpose",
    "stores-nothing": "a client may end with its process",
    "returns-to-the-first": "a client need not stay with the model that answered",
    "keeps-what-a-lost-connection-cost": "a client may keep what was said",
    "calls-without-end": "nobody waits for its end",
    "clears-old-results": "a client may do that on purpose",
    "keeps-what-timed-out": "no timeout is inferred",
    "keeps-half-a-reply": _OPEN,
    "keeps-what-was-cancelled": _OPEN,
}
"""Mutants whose mistake a client may declare, or about which inference says nothing: why."""


def broken(mutant: Mutant, found: Inferred, rules: Collection[str]) -> tuple[str, ...]:
    with session_with(mutant, found.policy) as session:
        session.gate()
        reasons = unclaimed(rules, found.policy, session.can)
        claimed = [rule for rule in rules if rule not in reasons]
        trial = Trial(player=session, rules=claimed, search=Search(examples=0))
        trial.tour()
        return trial.broken


SOME = [*MUTANTS][::6]  # each costs seconds


@pytest.mark.parametrize("name", one_in(15, SOME))
def test_a_mistake_is_seen_where_it_is_no_policy(name: str) -> None:
    mutant = MUTANTS[name]
    with session_with(mutant, Policy()) as session:
        found = infer(session)
    caught = (
        not mutant.caught_by.isdisjoint(found.broken)
        or broken(mutant, found, mutant.caught_by)
        or broken(mutant, found, RULES)
    )
    assert caught or name in POLICIES


def test_the_list_is_about_mutants() -> None:
    assert POLICIES.keys() <= MUTANTS.keys()
