"""A window or a cap that no conversation of the tour outgrows is told to be out of reach, and never kept."""

import pytest

from chatproof.history import RULES, Messages, Policy, Rounds, Search, thread_session
from chatproof.history.running.run import run_client
from chatproof.report import Outcome
from chatproof.selftest.bots.bot import Bot

BOUNDS = ("truncate.bound", "truncate.full", "truncate.most-recent", "truncate.system-kept")
CAPS = ("truncate.stored-cap", "truncate.most-recent", "truncate.system-kept")


@pytest.mark.parametrize(
    ("policy", "rules", "outcome", "told"),
    [
        (Policy(window=Messages(502)), BOUNDS, Outcome.NOT_REACHED, "does not outgrow 502 messages"),
        (Policy(window=Messages(140)), BOUNDS, Outcome.PASSED, ""),
        (Policy(cap=Rounds(251)), CAPS, Outcome.NOT_REACHED, "does not outgrow 251 rounds"),
        (Policy(cap=Messages(220)), CAPS, Outcome.PASSED, ""),
    ],
)
def test_what_is_not_outgrown_is_not_kept(
    policy: Policy, rules: tuple[str, ...], outcome: Outcome, told: str
) -> None:
    with thread_session(Bot, policy) as session:
        result = run_client(session, search=Search(examples=0), rules=[RULES[rule] for rule in rules])
    assert {case.outcome for case in result.cases} == {outcome}
    assert all(told in case.message for case in result.cases)
