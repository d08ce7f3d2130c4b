"""The report for programs: `{"schema": "chatproof.validate/1", "tool", "items", "summary"}`, an item a line.

It is written while the run goes on, so that a run of any size needs no memory for it, and a reader that goes line
by line none either.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from chatproof.findings.version import __version__
from chatproof.gate.escaping import json_text
from chatproof.validate.judging.verdict import Counts, FileFinding, Outcome, Verdict

from .vendors import likely_vendors

__all__ = ["SCHEMA", "JsonOutput"]

SCHEMA = "chatproof.validate/1"


class JsonOutput:
    """Writes each item as it comes."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._started = False

    def take(self, verdict: Verdict) -> None:
        """One more verdict."""
        self._write(f"{self._between()}{json_text(_item(verdict))}")

    def end(self, counts: Counts) -> None:
        """Close the document."""
        start = "" if self._started else self._between()
        self._write(f'{start}\n],\n"summary": {json_text(_summary(counts))}}}\n')

    def _between(self) -> str:
        if self._started:
            return ",\n"
        self._started = True
        tool = json_text({"name": "chatproof", "version": __version__})
        return f'{{"schema": "{SCHEMA}",\n"tool": {tool},\n"items": [\n'


def _item(verdict: Verdict) -> dict[str, Any]:
    place = {"file": verdict.place.file, "item": verdict.place.item, "line": verdict.place.line}
    found: dict[str, Any] = {**place, "outcome": verdict.outcome.value}
    if verdict.outcome in {Outcome.SKIPPED, Outcome.UNREADABLE}:
        return {**found, "why": verdict.why}
    violations = [_violation(finding, verdict.kind) for finding in verdict.findings]
    return {**found, "kind": verdict.kind, "violations": violations, "extensions": list(verdict.extensions)}


def _violation(finding: FileFinding, kind: str) -> dict[str, Any]:
    found = {**asdict(finding.violation), "standing": finding.standing.value}
    likely = likely_vendors(finding.violation, kind)
    return {**found, "likely": list(likely)} if likely else found


def _summary(counts: Counts) -> dict[str, Any]:
    return {**asdict(counts), "skipped": dict(counts.skipped)}
