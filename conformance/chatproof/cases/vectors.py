"""Vectors as answers hold them, compared by their direction: servers compute in parts, and round."""

from collections.abc import Sequence
from math import sqrt

from chatproof.cases.answer import dicts_in
from chatproof.findings.finding import InconclusiveError
from chatproof.probe import Exchange, Json
from chatschema.embeddings.vector import decoded

__all__ = ["numbers", "unlike", "vector", "vectors"]

_ALIKE = 0.99
"""The cosine of one text's vectors. OpenAI's differ from call to call by some 1e-4, and half precision by less."""

_AS_LONG = 0.05
"""What the lengths of one text's vectors may differ by."""


def vectors(exchange: Exchange) -> list[list[float]]:
    """The vectors of an answer in the order of their inputs; what cannot be read is an empty one."""
    data = dicts_in(exchange.object(), "data")
    ordered = sorted(data, key=lambda one: number if isinstance(number := one.get("index"), int) else 0)
    return [numbers(one.get("embedding")) for one in ordered]


def numbers(value: Json) -> list[float]:
    """The numbers of a vector in either form; none where it cannot be read."""
    if isinstance(value, str):
        try:
            return decoded(value)
        except ValueError:
            return []
    listed = value if isinstance(value, list) else []
    found = [float(one) for one in listed if isinstance(one, int | float) and abs(one) < 1e300]
    return found if len(found) == len(listed) else []


def vector(exchange: Exchange) -> list[float]:
    """The vector of an answer to one text.

    Raises:
        InconclusiveError: there is none that could be compared.
    """
    found = vectors(exchange)
    if exchange.status != 200 or not found or not any(found[0]):
        raise InconclusiveError(f"no vector to compare: {exchange.describe()}", exchange)
    return found[0]


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """The cosine of the angle between two vectors; 0 where they cannot be compared."""
    sizes = _size(one) * _size(other)
    if len(one) != len(other) or not sizes:
        return 0.0
    return sum(x * y for x, y in zip(one, other, strict=True)) / sizes


def _size(vector: Sequence[float]) -> float:
    return sqrt(sum(x * x for x in vector))


def unlike(wanted: Sequence[float], found: Sequence[float]) -> str:
    """How a vector differs from the one that it should be like; empty where it does not."""
    if len(wanted) != len(found):
        return f"{len(found)} numbers"
    near = _cosine(wanted, found)
    if not near >= _ALIKE:  # what is no number is not alike
        return f"another direction: cosine {near:.3f}"
    times = _size(found) / _size(wanted)
    return "" if abs(times - 1) <= _AS_LONG else f"{times:.3g} times as long"
