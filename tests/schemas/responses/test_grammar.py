"""The tables have an answer to everything, and no entry is a dead end."""

from collections.abc import Mapping
from enum import Enum
from itertools import product
from typing import Any

import pytest

from chatschema.responses.event_rules import EVENT_TYPES
from chatschema.responses.grammar import STEPS, STREAM, StreamPhase, StreamStep
from chatschema.responses.piece_grammar import PIECE, TEXT, PiecePhase, PieceStep, TextPhase, TextStep
from chatschema.responses.sequence import SEQUENCE, SequencePhase, SequenceStep
from chatschema.rulebook import RULEBOOK

TABLES = [
    (STREAM, StreamPhase, StreamStep, {StreamPhase.ENDED}),
    (PIECE, PiecePhase, PieceStep, set[PiecePhase]()),
    (TEXT, TextPhase, TextStep, set[TextPhase]()),
    (SEQUENCE, SequencePhase, SequenceStep, set[SequencePhase]()),
]


@pytest.mark.parametrize(("table", "phases", "steps", "last"), TABLES)
def test_table_is_total(
    table: Mapping[tuple[Any, Any], tuple[Any, Any]], phases: type[Enum], steps: type[Enum], last: set[Enum]
) -> None:
    assert set(table) == set(product(set(phases) - last, steps))


@pytest.mark.parametrize(("table", "phases", "steps", "last"), TABLES)
def test_every_phase_can_be_reached(
    table: Mapping[tuple[Any, Any], tuple[Any, Any]], phases: type[Enum], steps: type[Enum], last: set[Enum]
) -> None:
    reached = [next(iter(phases))]
    for phase in reached:
        found = (table[phase, step][0] for step in steps if phase not in last)
        reached += dict.fromkeys(phase for phase in found if phase not in reached)
    # a piece is missed from the start where a stream was asked for from the middle, or by work on it
    assert set(reached) == set(phases)


@pytest.mark.parametrize(("table", "phases", "steps", "last"), TABLES)
def test_every_breach_names_a_rule_of_the_book(
    table: Mapping[tuple[Any, Any], tuple[Any, Any]], phases: type[Enum], steps: type[Enum], last: set[Enum]
) -> None:
    assert all(breach is None or breach.rule in RULEBOOK for _, breach in table.values())


def test_all_steps_are_events_of_the_contract() -> None:
    assert set(STEPS) <= EVENT_TYPES
    assert len(EVENT_TYPES) == 62  # 58 of OpenAI's specification, 2 more that it sends, 2 of Open Responses
