"""How much the default suite takes of what is many: the rest is the exhaustive part, `pytest -m exhaustive`."""

from collections.abc import Iterable

import pytest

__all__ = ["one_in"]


def one_in(every: int, values: Iterable[object]) -> list[object]:
    """Parameters of which the first, and each `every`th after it, is in the default suite."""
    return [
        pytest.param(value, marks=pytest.mark.exhaustive if number % every else ())
        for number, value in enumerate(values)
    ]
