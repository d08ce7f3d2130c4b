"""A client's result document for people. What all reports share (rows, marks) is in `chatproof.report`."""

from click import style

from chatproof.gate.escaping import line as plain
from chatproof.report.alike import by_story
from chatproof.report.document import INTERRUPTED, CaseResult, Outcome, Result

__all__ = ["breakage", "header", "summary"]

_WORDS = {
    Outcome.FAILED: ("BROKEN", "red"),
    Outcome.WARNED: ("BROKEN", "yellow"),
    Outcome.STALE: ("STALE", "red"),
    Outcome.ERROR: ("ERROR", "magenta"),
}

_SKIPPED = {
    Outcome.NOT_CLAIMED: "not claimed",
    Outcome.NOT_REACHED: "not reached",
    Outcome.NOT_RUN: "not run",
}


def header(version: str, target: str, policy: str, endpoint: str = "") -> str:
    """What is judged, in one line; `endpoint` is the one that gives the plain answers, where the fake does not."""
    before = f"   before {endpoint}" if endpoint else ""
    return style(f"chatproof {version}   {target}{before}   {policy}", bold=True)


def breakage(case: CaseResult) -> str:
    """A rule that is broken: what breaks for a user, the conversation, and how to see it again. Or a stale row."""
    word, colour = _WORDS[case.outcome]
    lines = [f"{style(word, fg=colour, bold=True)}  {style(case.id, bold=True)}  {case.level}"]
    lines += [f"  {_coloured(plain(text))}" for text in case.message.splitlines()]
    lines += [f"  known  {plain(case.known)}"] if case.known else []
    for evidence in case.evidence:
        lines += [f"  printed  {plain(text)}" for text in evidence.printed.splitlines()]
    lines += [f"  again  {evidence.again}" for evidence in case.evidence if evidence.again]
    return "\n".join(lines)


def summary(result: Result) -> str:
    """Every broken rule, then what is known or was not claimed, then the sum in one line."""
    shown = (
        Outcome.ERROR,
        Outcome.WARNED,
        Outcome.STALE,
        Outcome.FAILED,
    )  # the worst stands last, where the eye is
    blocks = [
        _told(alike)
        for outcome in shown
        for alike in by_story(case for case in result.cases if case.outcome is outcome)
    ]
    skipped: dict[tuple[str, str], list[str]] = {}
    for case in result.cases:
        if case.outcome in _SKIPPED:
            skipped.setdefault((_SKIPPED[case.outcome], case.message), []).append(case.id)
    if skipped:
        lines = (f"{word}  {', '.join(ids)}: {plain(why)}" for (word, why), ids in skipped.items())
        blocks.append("\n".join(lines))
    if known := [case for case in result.cases if case.outcome is Outcome.EXPECTED]:
        blocks.append("\n".join(f"known  {case.id}: {plain(case.known)}" for case in known))
    notes = result.target.get("notes")
    if isinstance(notes, list) and notes:
        blocks.append("\n".join(f"note  {plain(str(note))}" for note in notes))
    return "\n\n".join([*blocks, _tally(result)])


def _told(alike: list[CaseResult]) -> str:
    first, *others = alike
    if not others:
        return breakage(first)
    return f"{breakage(first)}\n  the same  {', '.join(case.id for case in others)}"


def _tally(result: Result) -> str:
    counts, spent = result.counts, result.spent
    broken = counts[Outcome.FAILED] + counts[Outcome.WARNED]
    parts = [f"{broken or 'none'} of {len(result.cases)} rules broken", f"{counts[Outcome.PASSED]} kept"]
    if counts[Outcome.NOT_CLAIMED]:
        parts.append(f"{counts[Outcome.NOT_CLAIMED]} not claimed by this client")
    if counts[Outcome.NOT_REACHED]:
        parts.append(f"{counts[Outcome.NOT_REACHED]} not reached")
    if counts[Outcome.EXPECTED]:
        parts.append(f"{counts[Outcome.EXPECTED]} known")
    if counts[Outcome.STALE]:
        parts.append(f"{counts[Outcome.STALE]} stale")
    if counts[Outcome.ERROR]:
        parts.append(f"{counts[Outcome.ERROR]} could not be judged")
    why = INTERRUPTED if result.interrupted else result.ended.reason if result.ended else ""
    if counts[Outcome.NOT_RUN]:
        parts.append(f"{counts[Outcome.NOT_RUN]} not run")
    if why or not result.judged:
        parts.append(plain(why) or "nothing was judged")
    fails = counts[Outcome.FAILED] + counts[Outcome.STALE]
    colour = "red" if fails else "green" if result.whole and result.judged else "magenta"
    return (
        f"{style(', '.join(parts), fg=colour, bold=True)}   {spent.requests} requests, {spent.seconds:.1f} s"
    )


def _coloured(text: str) -> str:
    colour = {"+ ": "red", "- ": "green"}.get(text.strip()[:2])
    return style(text, fg=colour) if colour and text.startswith("    ") else text
