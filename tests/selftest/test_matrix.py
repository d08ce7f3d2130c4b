"""The judge is judged: each mistake is caught by a rule about it and by no other, and who is right is not named."""

import pytest

from chatproof.history.model.plan import ORDINARY, Answer, Say
from chatproof.history.rules import RULES
from chatproof.history.running.findings import found_in
from chatproof.history.running.opening import thread_session
from chatproof.selftest.legal import LEGAL
from chatproof.selftest.matrix import names, rows
from chatproof.selftest.mutants import MUTANTS
from tests.portion import one_in


@pytest.mark.parametrize("name", one_in(14, names()))
def test_a_row_is_right(name: str) -> None:
    (row,) = rows([name])
    assert row.broken <= row.declared
    assert bool(row.broken) is bool(row.declared)


def test_there_are_many_mistakes_and_many_ways_to_be_right() -> None:
    assert len(MUTANTS) >= 110
    assert len(LEGAL) >= 25


def test_every_rule_is_in_a_row() -> None:
    declared = {rule for mutant in MUTANTS.values() for rule in mutant.caught_by}
    assert declared - set(RULES) == set()
    assert set(RULES) - declared == set()


@pytest.mark.parametrize("name", ["asks-for-a-title", "suggests"])
def test_what_a_right_client_asks_besides_takes_no_reply_away_where_it_fails(name: str) -> None:
    right = LEGAL[name]
    lost = Say(answers=(ORDINARY, Answer(name="reset-in-body")))
    with thread_session(right.make, right.policy) as session:
        play = session.play((lost, Say()))
    assert found_in(play, ["answer.returned", "accumulate.complete"]) == ()
