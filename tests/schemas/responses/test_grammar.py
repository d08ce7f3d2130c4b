"""The tables have an answer to everything, and no entry is a dead end."""

from collections.abc import Mapping
from enum import Enum, IntEnum
from itertools import product
from typing import Any

import pytest

from chatschema.judging.lifecycle import Phase, Step
from chatschema.responses.events.rules import EVENT_TYPES
from chatschema.responses.stream.grammar import GRAMMAR, STEPS
from chatschema.responses.stream.piece_grammar import PIECE, TEXT, PiecePhase, PieceStep, TextPhase, TextStep
from chatschema.responses.stream.sequence import SEQUENCE, SequencePhase, SequenceStep
from chatschema.rulebook import RULEBOOK

TABLES = [
    (GRAMMAR.table, set(Phase), set(Step) - {Step.BARE}),
    (PIECE, set(PiecePhase), set(PieceStep)),
    (TEXT, set(TextPhase), set(TextStep)),
    (SEQUENCE, set(SequencePhase), set(SequenceStep)),
]


@pytest.mark.parametrize(("table", "phases", "steps"), TABLES)
def test_table_is_total(
    table: Mapping[tuple[Any, Any], tuple[Any, Any]], phases: set[IntEnum], steps: set[Enum]
) -> None:
    assert set(table) == set(product(phases, steps))


@pytest.mark.parametrize(("table", "phases", "steps"), TABLES)
def test_every_phase_can_be_reached(
    table: Mapping[tuple[Any, Any], tuple[Any, Any]], phases: set[IntEnum], steps: set[Enum]
) -> None:
    reached = [min(phases)]
    for phase in reached:
        found = (table[phase, step][0] for step in steps)
        reached += dict.fromkeys(phase for phase in found if phase not in reached)
    # a piece is missed from the start where a stream was asked for from the middle, or by work on it
    assert set(reached) == phases


@pytest.mark.parametrize(("table", "phases", "steps"), TABLES)
def test_every_violation_names_a_rule_of_the_book(
    table: Mapping[tuple[Any, Any], tuple[Any, Any]], phases: set[IntEnum], steps: set[Enum]
) -> None:
    assert all(kind is None or kind.rule in RULEBOOK for _, kind in table.values())


def test_all_steps_are_events_of_the_contract() -> None:
    assert set(STEPS) <= EVENT_TYPES
    assert len(EVENT_TYPES) == 62  # 58 of OpenAI's specification, 2 more that it sends, 2 of Open Responses
