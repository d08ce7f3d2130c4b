"""How much the default suite takes of what is many: the rest is the exhaustive part, `pytest -m exhaustive`."""

from collections.abc import Iterable

import pytest
from hypothesis import settings

__all__ = ["one_in", "share"]


def one_in(every: int, values: Iterable[object]) -> list[object]:
    """Parameters of which the first, and each `every`th after it, is in the default suite."""
    return [
        pytest.param(value, marks=pytest.mark.exhaustive if number % every else ())
        for number, value in enumerate(values)
    ]


def share(part: float) -> settings:
    """For a property whose examples cost much, or that is held for many parameters: a part of the profile's."""
    return settings(max_examples=max(round(settings().max_examples * part), 5))
