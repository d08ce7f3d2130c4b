"""The tables have an answer to everything, and each violation of theirs is seen."""

from itertools import product

import pytest

from chatschema.judging.lifecycle import Phase, Step
from chatschema.judging.stream_judge import StreamGrammar
from chatschema.judging.violation_kind import ViolationKind
from chatschema.lorax.streams.grammar import NATIVE, OPENAI
from chatschema.rulebook import RULEBOOK
from tests.schemas.lorax.test_stream import BREACHES, CHAT_BREACHES, run

STEPS = {Step.PART, Step.LAST, Step.ERROR, Step.JUNK, Step.DONE, Step.END}
PHASES = {Phase.START, Phase.OPEN, Phase.LAST, Phase.FAILED, Phase.ENDED}
GRAMMARS = [(NATIVE, PHASES), (OPENAI, {*PHASES, Phase.DONE})]


@pytest.mark.parametrize(("grammar", "phases"), GRAMMARS)
def test_table_is_total(grammar: StreamGrammar, phases: set[Phase]) -> None:
    assert set(grammar.table) == set(product(phases, STEPS))


@pytest.mark.parametrize(("grammar", "phases"), GRAMMARS)
def test_every_phase_can_be_reached(grammar: StreamGrammar, phases: set[Phase]) -> None:
    assert {Phase.START} | {phase for phase, _ in grammar.table.values()} == phases


def test_every_violation_names_a_rule_of_the_book_and_is_seen_failing() -> None:
    rows = (*BREACHES, *CHAT_BREACHES)
    seen = {violation.message for _, kind, items, _ in rows for _, violation in run(kind, items)[1]}
    cells = (*NATIVE.table.values(), *OPENAI.table.values())
    kinds: set[ViolationKind] = {kind for _, kind in cells if kind}
    assert {kind.rule for kind in kinds} <= set(RULEBOOK)
    assert {kind.message for kind in kinds} <= seen
