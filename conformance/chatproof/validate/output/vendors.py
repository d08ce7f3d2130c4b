"""Where a violation is likely to come from: the vendors who are known to deviate in this way."""

from chatschema import Kind, Violation
from chatschema.deviations import known_deviations

__all__ = ["likely_vendors"]


def likely_vendors(violation: Violation, kind: str) -> tuple[str, ...]:
    """A sentence for each who is known for this in a body of this kind, the likeliest first; often there is none."""
    return tuple(deviation.sentence for deviation in known_deviations(violation, Kind(kind)))
