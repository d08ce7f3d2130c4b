"""Where a violation is likely to come from: the vendors who are known to deviate in this way."""

from chatschema import Kind, Violation
from chatschema.deviations import Deviation, known_deviations

__all__ = ["likely_vendors"]

#: Of those who do the same, the likeliest.
_MOST_NAMED = 3


def likely_vendors(violation: Violation, kind: str) -> tuple[str, ...]:
    """A sentence for each who is known for this in a body of this kind, the likeliest first; often there is none."""
    return tuple(map(_told, known_deviations(violation, Kind(kind))))


def _told(row: Deviation) -> str:
    """The sentence, and before it who does that, where it names nobody."""
    names_one = any(vendor.lower() in row.sentence.lower() for vendor in row.vendors)
    return row.sentence if names_one else f"{', '.join(row.vendors[:_MOST_NAMED])}: {row.sentence}"
