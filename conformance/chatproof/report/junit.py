"""The result document as JUnit XML, the form that CI systems read.

A failed case is a failure, and so is one that is listed as known and passes; a fault of chatproof is an error; what
is known to fail and what was not judged is skipped, with its reason; a should that only warns passes, with its text
under system-out, since JUnit has no warnings. A run that is not whole has one test case more, which says why: an
error, or skipped where a limit that the user set left the rest out.
"""

from xml.etree import ElementTree as ET

from chatproof.gate.escaping import block as xml_text
from chatproof.report.document import BEHIND, CaseResult, Evidence, Outcome, Result
from chatproof.report.exit_code import exit_code

__all__ = ["junit"]

_SKIPPED = frozenset(Outcome) - {Outcome.PASSED, Outcome.FAILED, Outcome.WARNED, Outcome.STALE, Outcome.ERROR}


def junit(result: Result) -> str:
    """The XML text."""
    counts = result.counts
    run = [] if result.whole else [_run(result)]
    suite = ET.Element(
        "testsuite",
        name="chatproof",
        tests=str(len(result.cases) + len(run)),
        failures=str(counts[Outcome.FAILED] + counts[Outcome.STALE]),
        errors=str(counts[Outcome.ERROR] + sum(case.find("error") is not None for case in run)),
        skipped=str(
            sum(counts[outcome] for outcome in _SKIPPED)
            + sum(case.find("skipped") is not None for case in run)
        ),
        time=f"{result.spent.seconds:.3f}",
    )
    if started := min((case.started for case in result.cases if case.started), default=""):
        suite.set("timestamp", started)
    properties = ET.SubElement(suite, "properties")
    for name in ("url", "model"):
        ET.SubElement(properties, "property", name=name, value=xml_text(str(result.target.get(name, ""))))
    ET.SubElement(properties, "property", name="whole", value=str(result.whole).lower())
    for case in result.cases:
        suite.append(_case(case))
    suite.extend(run)
    suites = ET.Element("testsuites")
    suites.append(suite)
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _run(result: Result) -> ET.Element:
    """Why the run is not whole, as a test case: CI shows nothing else of a suite."""
    element = ET.Element("testcase", classname="chatproof", name="run")
    ET.SubElement(
        element,
        "error" if exit_code(result) else "skipped",
        message=xml_text(f"not whole: {result.shortfall}"),
    )
    return element


def _case(case: CaseResult) -> ET.Element:
    element = ET.Element("testcase", classname=case.group, name=case.id, time=f"{case.seconds:.3f}")
    if case.started:
        element.set("timestamp", case.started)
    text = xml_text("\n\n".join(_lines(evidence) for evidence in case.evidence))
    if case.behind:
        text = f"behind    {BEHIND.get(case.behind, '')}\n{text}"
    message = xml_text(case.known if case.outcome is Outcome.EXPECTED else case.message)
    if case.outcome in {Outcome.FAILED, Outcome.STALE}:
        kind = case.broken if case.outcome is Outcome.FAILED else "stale"
        ET.SubElement(element, "failure", message=message, type=kind).text = text
    elif case.outcome is Outcome.ERROR:
        ET.SubElement(element, "error", message=message).text = text
    elif case.outcome in _SKIPPED:
        ET.SubElement(element, "skipped", message=f"{case.outcome.value}: {message}")
    elif case.outcome is Outcome.WARNED:
        ET.SubElement(element, "system-out").text = f"warned: {message}\n{text}"
    return element


def _lines(evidence: Evidence) -> str:
    where = f" at {evidence.path}" if evidence.path else ""
    lines = [f"expected  {evidence.expected}{where}", f"seen      {evidence.seen}"]
    lines += [f"again     {line}" for line in (evidence.compared, evidence.again) if line]
    return "\n".join([*lines, *(["as Python:", evidence.python.rstrip()] if evidence.python else [])])
