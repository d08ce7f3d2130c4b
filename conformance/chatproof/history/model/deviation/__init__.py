"""Where what was sent differs from what was expected: each difference once, with one kind and one cause."""

from chatproof.history.model.deviation.deviation import Deviation
from chatproof.history.model.deviation.expectation import Expectation, Slot
from chatproof.history.model.deviation.explaining import Explained, explain
from chatproof.history.model.deviation.kinds import Cause, Difference, Moment, Presence
from chatproof.history.model.deviation.matching import Match

__all__ = [
    "Cause",
    "Deviation",
    "Difference",
    "Expectation",
    "Explained",
    "Match",
    "Moment",
    "Presence",
    "Slot",
    "explain",
]
