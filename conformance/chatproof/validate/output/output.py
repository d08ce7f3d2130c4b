"""What a report is: it takes verdicts as they come, and ends with the numbers."""

from typing import Protocol

from chatproof.validate.files.body import Place
from chatproof.validate.tally import Counts
from chatproof.validate.verdict import Verdict

__all__ = ["Output", "where"]


class Output(Protocol):
    """One form of report."""

    def take(self, verdict: Verdict) -> None:
        """One more verdict, in the order of the files."""

    def end(self, counts: Counts) -> None:
        """There are no more."""


def where(place: Place) -> str:
    """A place in the form that editors and terminals open: `file:12`, and which item that is."""
    if not place.item:
        return place.file if place.line == 1 else f"{place.file}:{place.line}"
    item = "" if place.item == f"line {place.line}" else f" {place.item}"
    return f"{place.file}:{place.line}{item}"
