"""What was found in answers, as values that one process can tell another."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from chatproof.report.document import Evidence

__all__ = ["Breach", "Cause", "Count", "Place", "cause"]

Place = tuple[int, int]
"""Where in a run an answer came: the case at work, by its place in the catalogue, and which of its answers."""

Cause = tuple[str, str, str]

_CHANGING = re.compile(r'"(?:[^"\\]|\\.)*"|\d+')


def cause(evidence: Evidence) -> Cause:
    """What is the same of one cause wherever it shows: not the numbers of chunks, and nothing that was quoted."""
    place = re.sub(r"\d+", "*", evidence.path)
    expected = "" if evidence.rule else _CHANGING.sub("*", evidence.expected)
    return evidence.rule, place, expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One cause in all answers that have it, with the first of them; requests have names, equal ones the same."""

    case: str
    breaks: str
    evidence: Evidence
    first: Place
    requests: frozenset[str]

    def __add__(self, other: "Breach") -> "Breach":
        """The same cause in more answers."""
        first = self if self.first <= other.first else other
        return replace(first, requests=self.requests | other.requests)

    def to_json(self) -> dict[str, Any]:
        """The JSON form."""
        return {**asdict(self), "requests": sorted(self.requests), "first": list(self.first)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Breach":
        """The value of a JSON form."""
        return cls(
            case=value["case"],
            breaks=value["breaks"],
            evidence=Evidence(**value["evidence"]),
            first=(value["first"][0], value["first"][1]),
            requests=frozenset(value["requests"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What one prompt was counted as, with the first request that was answered so."""

    prompt: str
    request: str
    tokens: int
    again: str
    response: str
    first: Place

    def to_json(self) -> dict[str, Any]:
        """The JSON form."""
        return {**asdict(self), "first": list(self.first)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Count":
        """The value of a JSON form."""
        return cls(
            prompt=value["prompt"],
            request=value["request"],
            tokens=value["tokens"],
            again=value["again"],
            response=value["response"],
            first=(value["first"][0], value["first"][1]),
        )
