"""Choosing rules by an expression."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.history import RULES
from chatproof.history.running.selection import SelectionError, selected


def chosen(expression: str) -> list[str]:
    return [rule.id for rule in selected(expression, RULES.values())]


@pytest.mark.parametrize(
    ("expression", "ids"),
    [
        ("truncate.bound", ["truncate.bound"]),
        ("RETRY.", ["retry.history", "retry.replaces"]),
        ("fallback and not history", ["fallback.sticky", "fallback.recorded-once"]),
        ("truncate.bound or answer.returned", ["answer.returned", "truncate.bound"]),
        ("fallback and not (sticky or history)", ["fallback.recorded-once"]),
        ("not not truncate.bound", ["truncate.bound"]),
        ("retry.history or fallback and sticky", ["retry.history", "fallback.sticky"]),
        ("nonesuch", []),
    ],
)
def test_expression_chooses_these_rules(expression: str, ids: list[str]) -> None:
    assert chosen(expression) == ids


@pytest.mark.parametrize(
    "expression", ["", "and", "a and", "a b", "(a", "a)", "not", "()", "(" * 99 + "a" + ")" * 99]
)
def test_expression_that_cannot_be_read_is_refused(expression: str) -> None:
    with pytest.raises(SelectionError, match="cannot be read"):
        chosen(expression)


@given(st.lists(st.sampled_from(["a", "record", "and", "or", "not", "(", ")"]), max_size=12).map(" ".join))
def test_expression_is_chosen_by_or_refused_and_nothing_else(expression: str) -> None:
    with contextlib.suppress(SelectionError):
        assert set(chosen(expression)) <= set(RULES)
