"""How a case or a rule comes out."""

from enum import StrEnum

__all__ = ["JUDGED", "Outcome"]


class Outcome(StrEnum):
    """How a case ended."""

    PASSED = "passed"
    FAILED = "failed"
    """A must is broken, or a should in a run of which it is asked that none is."""
    WARNED = "warned"
    """A should is broken."""
    UNSUPPORTED = "unsupported"
    """An optional capability that the endpoint does not have."""
    INCONCLUSIVE = "inconclusive"
    """The endpoint gave nothing that could be judged."""
    EXPECTED = "expected"
    """Broken, and listed as known."""
    NOT_CLAIMED = "not-claimed"
    """A client does not declare what the rule is about."""
    NOT_REACHED = "not-reached"
    """Nothing that was done put the rule to the test: it is not known to be kept."""
    STALE = "stale"
    """Listed as known, and passes."""
    NOT_RUN = "not-run"
    """The run ended before it, the exchange could not be made, or the case was not selected."""
    ERROR = "error"
    """A fault of chatproof itself, not of the endpoint."""


JUDGED = frozenset({Outcome.PASSED, Outcome.FAILED, Outcome.WARNED, Outcome.EXPECTED, Outcome.STALE})
"""Outcomes that say something about the endpoint."""
