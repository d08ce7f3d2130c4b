"""The tables have an answer to everything, and each breach of theirs is seen."""

from itertools import product

import pytest

from chatschema.breach import Breach
from chatschema.lorax.grammar import NATIVE, OPENAI, Phase, Step, Table
from chatschema.rulebook import RULEBOOK
from tests.schemas.lorax.test_stream import BREACHES, CHAT_BREACHES, run

TABLES = [(NATIVE, {Phase.ENDED, Phase.DONE}), (OPENAI, {Phase.ENDED})]


@pytest.mark.parametrize(("table", "never"), TABLES)
def test_table_is_total(table: Table, never: set[Phase]) -> None:
    assert set(table) == set(product(set(Phase) - never, Step))


@pytest.mark.parametrize(("table", "never"), TABLES)
def test_every_phase_can_be_reached(table: Table, never: set[Phase]) -> None:
    reached = {Phase.START} | {phase for phase, _ in table.values()}
    assert reached == set(Phase) - (never - {Phase.ENDED})


def test_every_breach_names_a_rule_of_the_book_and_is_seen_failing() -> None:
    rows = (*BREACHES, *CHAT_BREACHES)
    seen = {violation.message for _, kind, items, _ in rows for _, violation in run(kind, items)[1]}
    breaches: set[Breach] = {breach for table in (NATIVE, OPENAI) for _, breach in table.values() if breach}
    assert {breach.rule for breach in breaches} <= set(RULEBOOK)
    assert {breach.message for breach in breaches} <= seen
