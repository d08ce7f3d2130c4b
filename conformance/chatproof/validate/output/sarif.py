"""SARIF 2.1.0, which code scanning reads: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html."""

import hashlib
from collections.abc import Callable
from dataclasses import astuple
from pathlib import PurePath, PureWindowsPath
from typing import Any
from urllib.parse import quote

from chatproof.findings.version import __version__
from chatproof.gate.escaping import json_text
from chatproof.validate.files.body import Place
from chatproof.validate.judging.baseline import known_of, stable_name
from chatproof.validate.judging.policy import Standing
from chatproof.validate.judging.verdict import Counts, FileFinding, Outcome, Verdict
from chatschema import Level
from chatschema.rulebook import RULEBOOK

from .vendors import likely_vendors

__all__ = ["SarifOutput"]

#: GitHub shows 5,000 results of a run, the worst first, and refuses a file with more than 25,000.
MOST_RESULTS = 5000

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Level.MUST: "error", Level.SHOULD: "warning"}
_SUPPRESSED = {Standing.KNOWN: "in the baseline", Standing.ALLOWED: "allowed by --allow"}


class SarifOutput:
    """Keeps the results that are shown, errors before warnings, and writes one document."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._results: dict[Level, list[dict[str, Any]]] = {Level.MUST: [], Level.SHOULD: []}
        self._notes: list[dict[str, Any]] = []
        self._left_out = 0

    def take(self, verdict: Verdict) -> None:
        """One more verdict."""
        if verdict.outcome is Outcome.UNREADABLE:
            self._note(verdict)
        for finding in verdict.findings:
            kept = self._results[finding.violation.level]
            if len(kept) < MOST_RESULTS:
                kept.append(_result(verdict, finding))
            else:
                self._left_out += 1

    def end(self, counts: Counts) -> None:
        """Write the document."""
        results = [*self._results[Level.MUST], *self._results[Level.SHOULD]]
        left_out = self._left_out + len(results[MOST_RESULTS:])
        if left_out:
            self._notes.append(
                _notification("warning", f"{left_out} more results are left out: see --format json")
            )
        run: dict[str, Any] = {
            "tool": {"driver": _driver()},
            "columnKind": "unicodeCodePoints",
            "invocations": [
                {"executionSuccessful": not counts.unreadable, "toolExecutionNotifications": self._notes}
            ],
            "results": results[:MOST_RESULTS],
        }
        self._write(json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n")

    def _note(self, verdict: Verdict) -> None:
        if len(self._notes) < MOST_RESULTS:
            note = _notification("error", verdict.why)
            self._notes.append({**note, "locations": [_location(verdict.place)]})


def _driver() -> dict[str, Any]:
    return {
        "name": "chatproof",
        "version": __version__,
        "rules": [_rule(id_, sentence) for id_, sentence in RULEBOOK.items()],
    }


def _rule(id_: str, sentence: str) -> dict[str, Any]:
    return {
        "id": id_,
        "shortDescription": {"text": sentence},
        "fullDescription": {"text": sentence},
        "help": {"text": f"{sentence} Rule {id_} of chatproof's contract; --allow {id_} passes over it."},
    }


_INDEXES = {id_: index for index, id_ in enumerate(RULEBOOK)}


def _result(verdict: Verdict, finding: FileFinding) -> dict[str, Any]:
    violation, place = finding.violation, verdict.place
    likely = "".join(f" Likely: {sentence}" for sentence in likely_vendors(violation, verdict.kind)[:1])
    text = f"{violation.message} Expected {violation.expected}, seen {violation.seen} at {violation.path}."
    found: dict[str, Any] = {
        "ruleId": violation.rule,
        "level": _LEVELS[violation.level],
        "message": {"text": text + likely},
        "locations": [
            {
                **_location(place),
                "logicalLocations": [{"fullyQualifiedName": violation.path, "kind": "value"}],
            }
        ],
        "partialFingerprints": {"chatproof/v1": _fingerprint(verdict, finding)},
    }
    if violation.rule in _INDEXES:
        found["ruleIndex"] = _INDEXES[violation.rule]
    if finding.standing in _SUPPRESSED:
        why = _SUPPRESSED[finding.standing]
        found["suppressions"] = [{"kind": "external", "status": "accepted", "justification": why}]
    return found


def _location(place: Place) -> dict[str, Any]:
    artifact = {"uri": _uri(place.file)}
    physical = {"artifactLocation": artifact, "region": {"startLine": place.line}}
    return {"physicalLocation": physical, **({"message": {"text": place.item}} if place.item else {})}


def _uri(file: str) -> str:
    """A relative reference with slashes: code scanning resolves it against the repository."""
    name = stable_name(file)
    if PurePath(name).is_absolute() or PureWindowsPath(name).is_absolute():
        return f"file://{'' if name.startswith('/') else '/'}{_quoted(name)}"
    return _quoted(name)


def _quoted(name: str) -> str:
    try:
        data = name.encode("utf-8", "surrogateescape")  # the bytes that the file system has
    except UnicodeEncodeError:
        data = name.encode("utf-8", "replace")
    return quote(data, safe="/:" if name[1:2] == ":" else "/")


def _fingerprint(verdict: Verdict, finding: FileFinding) -> str:
    """The same for the same violation while lines move: what a baseline would say."""
    known = known_of(verdict.place, finding.violation)
    text = "\0".join(astuple(known))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _notification(level: str, text: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": text}}
