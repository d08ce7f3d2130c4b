"""The report for people: a row a group while it runs, then every deviation, then the sum."""

from collections import Counter
from collections.abc import Iterable, Mapping

from click import style

from chatproof.gate.escaping import line as plain
from chatproof.probe import Json
from chatproof.report.alike import by_cause, without_particulars
from chatproof.report.document import BEHIND, NOT_SELECTED, CaseResult, Evidence, Outcome, Result

__all__ = ["deviation", "header", "row", "rows", "summary", "tally"]

_MARKS = {
    Outcome.PASSED: ("■", "green"),
    Outcome.FAILED: ("✗", "red"),
    Outcome.WARNED: ("□", "yellow"),
    Outcome.UNSUPPORTED: ("-", "bright_black"),
    Outcome.INCONCLUSIVE: ("?", "bright_black"),
    Outcome.EXPECTED: ("x", "yellow"),
    Outcome.NOT_CLAIMED: ("-", "bright_black"),
    Outcome.NOT_REACHED: ("?", "bright_black"),
    Outcome.STALE: ("=", "red"),
    Outcome.NOT_RUN: ("·", "bright_black"),
    Outcome.ERROR: ("!", "magenta"),
}

_WORDS = {
    Outcome.WARNED: "should warned",
    Outcome.EXPECTED: "known",
    Outcome.PASSED: "passed",
    Outcome.UNSUPPORTED: "unsupported",
    Outcome.INCONCLUSIVE: "inconclusive",
    Outcome.NOT_CLAIMED: "not claimed",
    Outcome.NOT_REACHED: "not reached",
    Outcome.NOT_RUN: "not run",
    Outcome.ERROR: "broke chatproof itself",
}

_SHOWN = 3
"""So many pieces of evidence a case: the JSON report has all."""


_WORTH_TELLING = 0.05
"""Seconds of a group."""


def header(result: Result) -> str:
    """What is judged, in one line."""
    target = result.target
    listed = target.get("models_listed")
    of = f" (of {listed})" if isinstance(listed, int) and listed > 1 else ""
    words = [
        f"{result.tool['name']} {result.tool['version']}",
        *(["the embedded fake"] if target.get("embedded") else []),
        plain(str(target["url"])),
        f"model {plain(str(target['model']))}{of}",
        *([f"behind it {plain(str(target['behind']))}"] if target.get("behind") else []),
        *([_profile(target)] if target.get("profile", "openai") != "openai" else []),
    ]
    notes = target.get("notes")
    lines = [style("   ".join(words), bold=True)]
    lines += [f"note: {plain(str(note))}" for note in (notes if isinstance(notes, list) else [])]
    return "\n".join(lines)


def _profile(target: Mapping[str, Json]) -> str:
    names = str(target["profile"]).replace(",", ", ")
    found = plain(str(target.get("found_out") or ""))
    return f"profile {names} ({found})" if found else f"profile {names}"


def _capabilities(result: Result) -> list[str]:
    """What the endpoint can do, and what not: a line each; why is told below."""
    listed = result.target.get("capabilities")
    found = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    lines: list[str] = []
    for supported, word in ((True, "has"), (False, "has not"), (None, "cannot tell")):
        names = [
            " ".join(str(part) for part in (row["name"], row.get("value")) if part is not None)
            for row in found
            if row["supported"] is supported
        ]
        if names:
            lines.append(f"{word:<12}  {plain(', '.join(names))}")
    asked = any(row["name"] != "context-length" for row in found)
    return ["\n".join(lines)] if asked else []


def row(group: str, cases: Iterable[CaseResult]) -> str:
    """One group: a mark a case, then how many ended in each way."""
    results = list(cases)
    marks = "".join(style(mark, fg=colour) for mark, colour in (_MARKS[case.outcome] for case in results))
    seconds = sum(case.seconds for case in results)
    took = f"   {seconds:.1f} s" if seconds >= _WORTH_TELLING else ""
    return f"{group:<16} {marks}{' ' * max(0, 24 - len(results))} {_counted(results)}{took}"


def _counted(results: list[CaseResult]) -> str:
    order = (Outcome.PASSED, *(outcome for outcome in Outcome if outcome is not Outcome.PASSED))
    counts = ((sum(case.outcome is outcome for case in results), outcome) for outcome in order)
    words = {Outcome.EXPECTED: _WORDS[Outcome.EXPECTED]}
    return ", ".join(f"{count} {words.get(outcome, outcome.value)}" for count, outcome in counts if count)


def deviation(case: CaseResult, *others: CaseResult) -> str:
    """A case that did not pass: what breaks for a user, expected and seen, and how to see it again.

    `others` did not for the same reason: they are named, and of what was asked the first is shown.
    """
    word, (_, colour) = case.outcome.value.upper(), _MARKS[case.outcome]
    level = case.level if case.outcome is Outcome.ERROR else case.broken
    shown = sorted(case.evidence, key=lambda one: one.level != "must")[:_SHOWN]  # what fails it comes first
    return "\n".join(
        [
            f"{style(word, fg=colour, bold=True)}  {style(case.id, bold=True)}  {level}",
            *([f"  and {len(others)} alike: {', '.join(one.id for one in others)}"] if others else []),
            *(f"  {plain(line)}" for line in case.message.splitlines()),
            *([f"  known     {plain(case.known)}"] if case.known else []),
            *([f"  behind    {BEHIND.get(case.behind, '')}"] if case.behind else []),
            # each pair once: one fault shows in many places
            *dict.fromkeys(_seen(evidence) for evidence in shown),
            *(
                [f"  and {len(case.evidence) - _SHOWN} more (see --json)"]
                if len(case.evidence) > _SHOWN
                else []
            ),
            # several findings in one answer have one request
            *(
                style(f"  again     {plain(line)}", fg="bright_black")
                for line in dict.fromkeys(line for e in shown for line in (e.compared, e.again))
                if line
            ),
        ]
    )


def _seen(evidence: Evidence) -> str:
    where = f" at {evidence.path}" if evidence.path else ""
    return f"  expected  {plain(evidence.expected + where)}\n  seen      {plain(evidence.seen)}"


def summary(result: Result) -> str:
    """Every deviation, then the sum in one line."""
    shown = (
        Outcome.ERROR,
        Outcome.WARNED,
        Outcome.STALE,
        Outcome.FAILED,
    )  # the worst stands last, where the eye is
    broken = [case for outcome in shown for case in result.cases if case.outcome is outcome]
    blocks = [deviation(*cases) for cases in by_cause(broken)]
    alike: dict[tuple[str, str], tuple[str, list[str]]] = {}
    for case in result.cases:
        if case.outcome in {Outcome.UNSUPPORTED, Outcome.INCONCLUSIVE}:
            word, told = case.outcome.value, case.message
        elif case.outcome is Outcome.EXPECTED:
            word, told = "known", case.known
        else:
            continue
        alike.setdefault((word, without_particulars(told)), (told, []))[1].append(case.id)
    if alike:
        blocks.append(
            "\n".join(
                f"{word:<12}  {', '.join(ids)}: {plain(told)}" for (word, _), (told, ids) in alike.items()
            )
        )
    if reasons := {
        c.message for c in result.cases if c.outcome is Outcome.NOT_RUN and c.message != NOT_SELECTED
    }:
        blocks.append("\n".join(f"not run: {plain(reason)}" for reason in sorted(reasons)))
    if broken:
        advice = [f"What is asked there, why, and what to do: chatproof explain {plain(broken[-1].id)}"]
        if any(evidence.python for case in broken for evidence in case.evidence):
            advice += ["The requests stand in --json and --junit as Python, too."]
        blocks.append(style("\n".join(advice), fg="bright_black"))
    blocks = [*_capabilities(result), *blocks]
    last = [tally(result), *([_shortfall(result)] if not result.whole else [])]
    return "\n\n".join([*blocks, "\n".join(last)])


def _shortfall(result: Result) -> str:
    """The last line of a run that is not whole: a green sum above it must mislead nobody."""
    failed = _failed(result)
    begin = f"{', '.join(failed)}, and the run is not whole" if failed else "not whole"
    colour = "yellow" if result.left_by_choice and not failed else "red"
    return style(f"{begin}: {plain(result.shortfall)}", fg=colour, bold=True)


def _failed(result: Result) -> list[str]:
    """How many fail the run, by why they do."""
    words = Counter(
        "stale" if case.outcome is Outcome.STALE else f"{case.broken} failed"
        for case in result.cases
        if case.outcome in {Outcome.FAILED, Outcome.STALE}
    )
    return [f"{words[word]} {word}" for word in ("must failed", "should failed", "stale") if words[word]]


def tally(result: Result) -> str:
    """How many cases ended in each way, and what the run cost."""
    counts = result.counts
    others = [f"{counts[outcome]} {word}" for outcome, word in _WORDS.items() if counts[outcome]]
    parts = [*_failed(result), *others]
    spent = result.spent
    cost = f"{spent.requests} requests, {spent.tokens:,} tokens, {spent.seconds:.1f} s"
    good = "green" if result.whole else "yellow"
    colour = "red" if _failed(result) else "magenta" if counts[Outcome.ERROR] else good
    return f"{style(', '.join(parts) or 'no case was run', fg=colour, bold=True)}   {cost}"


def rows(result: Result) -> str:
    """All groups of a finished run, in the order in which they began."""
    groups: dict[str, list[CaseResult]] = {}
    for case in result.cases:
        groups.setdefault(case.group, []).append(case)
    return "\n".join(row(group, cases) for group, cases in groups.items())
