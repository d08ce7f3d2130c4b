"""JUnit XML: a test case for each item. JUnit has no warnings, so they stand in the output of a case that passed.

The cases are written to a temporary file first: the numbers come before them and are known after them.
"""

import tempfile
from collections.abc import Callable
from xml.etree import ElementTree as ET

from chatproof.gate.escaping import block as xml_text
from chatproof.validate.files.body import where
from chatproof.validate.judging.policy import Standing
from chatproof.validate.judging.verdict import Counts, FileFinding, Outcome, Verdict

__all__ = ["JunitOutput"]

#: Violations that one case tells: more of them are no more to act on, and a report stays small enough to be read in.
_MOST = 20


class JunitOutput:
    """Keeps cases on the disk until their number is known."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._cases = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  closed by end()

    def take(self, verdict: Verdict) -> None:
        """One more verdict."""
        case = _case(verdict)
        ET.indent(case, level=2)
        self._cases.write(f"    {ET.tostring(case, encoding='unicode')}\n")

    def end(self, counts: Counts) -> None:
        """Write the report."""
        skipped = sum(count for _, count in counts.skipped)
        suite = ET.Element(
            "testsuite",
            name="chatproof validate",
            tests=str(counts.judged + counts.unreadable + skipped),
            failures=str(counts.failed),
            errors=str(counts.unreadable),
            skipped=str(skipped),
        )
        opening = ET.tostring(suite, encoding="unicode").replace(" />", ">")
        self._write(f"<?xml version='1.0' encoding='utf-8'?>\n<testsuites>\n  {opening}\n")
        with self._cases as cases:
            cases.seek(0)
            for line in cases:
                self._write(line)
        self._write("  </testsuite>\n</testsuites>\n")


def _case(verdict: Verdict) -> ET.Element:
    place = verdict.place
    case = ET.Element(
        "testcase",
        classname=xml_text(place.file),
        name=xml_text(f"{place.item or 'body'} ({verdict.kind})" if verdict.kind else place.item or "body"),
        file=xml_text(place.file),
        line=str(place.line),
    )
    told = [finding for finding in verdict.findings if finding.standing in {Standing.FAILS, Standing.WARNS}]
    text = "\n".join(_line(finding) for finding in told[:_MOST])
    if len(told) > _MOST:
        text += f"\nand {len(told) - _MOST} more"
    match verdict.outcome:
        case Outcome.FAILED:
            first = next(verdict.standing(Standing.FAILS))
            message = xml_text(f"{first.rule} at {first.path}: {first.message}")
            ET.SubElement(case, "failure", message=message, type=first.rule).text = xml_text(
                f"{where(place)}\n{text}"
            )
        case Outcome.UNREADABLE:
            ET.SubElement(case, "error", message=xml_text(verdict.why))
        case Outcome.SKIPPED:
            ET.SubElement(case, "skipped", message=xml_text(verdict.why))
        case Outcome.WARNED:
            ET.SubElement(case, "system-out").text = xml_text(text)
        case Outcome.VALID:
            pass
    return case


def _line(finding: FileFinding) -> str:
    violation = finding.violation
    return (
        f"{violation.level}  {violation.rule}  {violation.path}: {violation.message}"
        f" expected {violation.expected}, seen {violation.seen}"
    )
