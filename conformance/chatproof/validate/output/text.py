"""The report for people: every item of a small run; of a large one, what is wrong and where it was seen first."""

from collections.abc import Callable, Iterator

from click import style

from chatproof.gate.escaping import line as plain
from chatproof.validate.files.body import where
from chatproof.validate.judging.policy import Standing
from chatproof.validate.judging.verdict import Counts, Outcome, Verdict
from chatschema import Level

from .group import Group, Groups
from .vendors import likely_vendors

__all__ = ["SummaryOutput", "TextOutput", "summary"]

#: So many items are shown one by one; more are put together.
_SMALL = 20
_MOST_GROUPS = 50

_MARKS = {Level.MUST: ("✗ must  ", "red"), Level.SHOULD: ("! should", "yellow")}
_WORDS = {
    Outcome.VALID: ("valid", "green"),
    Outcome.WARNED: ("valid, with warnings", "yellow"),
    Outcome.FAILED: ("failed", "red"),
    Outcome.SKIPPED: ("skipped", "bright_black"),
    Outcome.UNREADABLE: ("unreadable", "red"),
}
_INDENT = " " * 10


class TextOutput:
    """Says what it has to say at the end, when it knows how much that is."""

    def __init__(self, write: Callable[[str], None], *shown: Standing) -> None:
        self._write = write
        self._shown = shown  #: which violations are told
        self._violations = Groups()
        self._first: list[Verdict] = []

    def take(self, verdict: Verdict) -> None:
        """One more verdict."""
        self._violations.take(verdict)
        if len(self._first) <= _SMALL:
            self._first.append(verdict)

    def end(self, counts: Counts) -> None:
        """Write the report."""
        del counts
        small = len(self._first) <= _SMALL
        for line in self._items() if small else self._groups():
            self._write(line)

    def _items(self) -> Iterator[str]:
        told = [verdict for verdict in self._first if self._is_told(verdict)]
        names = max((len(plain(where(verdict.place))) for verdict in told), default=0)
        kinds = max((len(verdict.kind) for verdict in told), default=0)
        for verdict in told:
            word, colour = _WORDS[verdict.outcome]
            name = plain(where(verdict.place))
            why = f": {plain(verdict.why)}" if verdict.outcome is Outcome.SKIPPED else ""
            yield f"{name:<{names}}  {verdict.kind:<{kinds}}  {style(word, fg=colour)}{why}"
            groups = Groups()
            groups.take(verdict)
            for group in groups.in_order(*self._shown):
                yield from _block(group)
        if told:
            yield ""

    def _is_told(self, verdict: Verdict) -> bool:
        if verdict.outcome is Outcome.UNREADABLE:
            return False  # told on standard error, whatever the report
        return Standing.WARNS in self._shown or verdict.outcome is Outcome.FAILED

    def _groups(self) -> Iterator[str]:
        groups = [*self._violations.groups(*self._shown)]
        left = len(groups[:-_MOST_GROUPS]) + self._violations.left_out
        if left:
            yield f"and {_number(left, 'violation', 'violations')} of other sorts: --format json has them all"
            yield ""
        for group in groups[-_MOST_GROUPS:]:
            violation = group.first
            yield f"{_head(group)}   {style(_times(group), fg='bright_black')}"
            yield f"{_INDENT}{plain(violation.message)}"
            yield f"{_INDENT}expected  {plain(violation.expected)}, seen {plain(violation.seen)}"
            yield from (f"{_INDENT}{line}" for line in _likely(group))
            yield f"{_INDENT}in        {_places(group)}"
            yield ""


class SummaryOutput:
    """Says how many items came out how."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def take(self, verdict: Verdict) -> None:
        """The numbers are counted elsewhere."""

    def end(self, counts: Counts) -> None:
        """Write the summary."""
        for line in summary(counts):
            self._write(line)


def _block(group: Group) -> Iterator[str]:
    """One violation, or the same one several times in one body."""
    violation = group.first
    times = f"   {group.times:,} times" if group.times > 1 else ""
    yield f"  {_head(group)}{style(times, fg='bright_black')}"
    lines = [violation.message, f"expected  {violation.expected}", f"seen      {violation.seen}"]
    yield from (f"  {_INDENT}{line}" for line in [*map(plain, lines), *_likely(group)])


def _likely(group: Group) -> Iterator[str]:
    """Who is the likeliest to have sent this; the JSON report has all who are known for it."""
    for sentence in likely_vendors(group.first, group.kind)[:1]:
        yield f"likely    {plain(sentence)}"


def _head(group: Group) -> str:
    mark, colour = _MARKS[group.first.level]
    return f"{style(mark, fg=colour)}  {style(group.first.rule, bold=True)}  {plain(group.path)}"


def _times(group: Group) -> str:
    times = "once in 1 body" if group.times == 1 else f"{group.times:,} times in {group.bodies:,} "
    bodies = "" if group.times == 1 else "body" if group.bodies == 1 else "bodies"
    return f"{times}{bodies} ({group.kind})"


def _places(group: Group) -> str:
    """The first places: a file is named once, and items of one line are named by what they are called."""
    places = [place for place, _ in group.places]
    by_line = len({(place.file, place.line) for place in places}) == len(places)
    words: list[str] = []
    last = ""
    for place in places:
        item = str(place.line) if by_line else place.item
        name = f"{place.file}:{place.line}" if by_line and place.item else where(place)
        words.append(item if place.file == last else name)
        last = place.file
    more = f" and {group.bodies - len(words):,} more" if group.bodies > len(words) else ""
    return plain(", ".join(words)) + more


def summary(counts: Counts) -> Iterator[str]:
    """What was judged, in a few lines; the last is the sum."""
    if counts.skipped:
        total = sum(count for _, count in counts.skipped)
        reasons = ", ".join(f"{count:,} {why}" for why, count in counts.skipped)
        yield f"skipped     {total:,}: {reasons}"
    if counts.unreadable:
        yield style(f"unreadable  {counts.unreadable:,}: not judged, see above", fg="red")
    if counts.allowed:
        yield f"allowed     {_number(counts.allowed, 'violation', 'violations')}"
    if counts.known:
        yield f"baseline    {_number(counts.known, 'violation', 'violations')} known"
    if counts.fixed:
        first, entries = counts.fixed[0], _number(len(counts.fixed), "entry", "entries")
        yield f"fixed       {entries} of the baseline: {plain(f'{first.file} {first.item} {first.rule}')}"
    yield _sum(counts)


def _sum(counts: Counts) -> str:
    if not counts.judged:
        return style("no body was judged", bold=True)
    bodies = f"{_number(counts.judged, 'body', 'bodies')} in {_number(counts.files, 'file', 'files')}"
    warned = f" ({counts.warned:,} with warnings)" if counts.warned else ""
    colour = "red" if counts.failed else "green"
    return style(f"{bodies}: {counts.valid:,} valid{warned}, {counts.failed:,} failed", fg=colour, bold=True)


def _number(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
