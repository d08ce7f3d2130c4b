"""The whole page: overview, exceptions, one section a provider, and what is known from elsewhere."""

from collections.abc import Iterable, Iterator

from chatschema.deviations import RECORDED, Deviation
from chatschema.deviations.table import DEVIATIONS

from .habit import HABITS
from .section import section
from .tally import Cell, Provider, Sums
from .words import cell, link, short, table

__all__ = ["page"]

_HEAD = """\
# How real servers deviate from OpenAI

Written by `python -m tools.count_deviations CORPUS RECORDINGS`, which judges recorded answers with this project's
contract; the sentences are those of the table that `chatschema.deviations.known_deviations` and `known_extension`
look into.

An answer is **not valid** where it breaks a must: something that clients are known to break on, or that holds for
nearly every recorded answer of OpenAI's. It is **warned** where it breaks a should alone: something that the
specification asks for and clients live without. A member that the contract does not know is neither: it is listed.
Where a name stands with a number of a thread beside it, that client or server is known for what the sentence says.

`[*]` is any index, and the events of a stream are left out: `$.choices[*].delta` is in any event of a stream. A
sentence may name several vendors, for many do the same; the counts are those of the section's own.
"""
_FIXTURES = """\
Fixtures are what projects keep to test their clients with: recorded once, then often cut, joined or written by hand.
Most keep the data of a stream's events without names and without [DONE], which is not counted against anybody. They
show what a vendor sends, and are weaker evidence than a recording.
"""
_EXCEPTIONS = """\
What OpenAI and Azure send is what the levels of the contract rest on, so each of their recordings that breaks a must
was looked at by hand. All else of theirs is valid. The rest of the list are fixtures, and an echo.
"""
_LEGAL = """\
Nothing of this breaks the contract.
"""
_ELSEWHERE = """\
What these are known for was read in their source or in reports; no exchange with them was recorded, or none that
shows it.
"""


def page(sums: Sums, digest: str) -> str:
    """The page; `digest` tells which corpus it was made from."""
    providers = sorted(sums.providers.values(), key=_weight)
    real = [one for one in providers if one.name == one.vendor]
    fixtures = [one for one in providers if one.name != one.vendor]
    lines = [_HEAD, "## Overview", "", *_overview(real), "", _total(sums, real, fixtures)]
    lines += ["", "### Fixtures", "", _FIXTURES, *_overview(fixtures)]
    lines += ["", "## Exceptions, each looked at", "", _EXCEPTIONS, *_exceptions(providers)]
    lines += ["", "## Legal, and clients broke on it", "", _LEGAL, *_habits(real)]
    for one in (*real, *fixtures):
        lines += section(one)
    lines += ["", "## Known from elsewhere", "", _ELSEWHERE, *_elsewhere(providers)]
    lines += ["", f"<!-- made from {digest} -->"]
    return "\n".join(lines) + "\n"


def _weight(provider: Provider) -> tuple[bool, int, str]:
    judged = sum(one.judged for one in provider.cells.values())
    return (provider.name != provider.vendor, -judged, provider.name)


def _overview(providers: Iterable[Provider]) -> list[str]:
    head = ("not valid, of all", "answers", "streams", "errors", "valid, with a warning", "broken most often")
    return table(head, ((one.name, *_forms(one), f"{_warned(one):,}", _worst(one)) for one in providers))


def _worst(provider: Provider) -> str:
    musts = [
        (sum(map(len, one.where.values())), name, one) for name, one in provider.findings.items() if one.must
    ]
    if not musts:
        return ""
    number, name, found = max(musts, key=lambda must: must[:2])
    return f"{number:,}: {short(found.row.sentence) if found.row else name}"


def _forms(provider: Provider) -> Iterator[str]:
    for form in ("json", "stream", "error"):
        yield cell(one for (_, its), one in provider.cells.items() if its == form)


def _warned(provider: Provider) -> int:
    return sum(one.warned for one in provider.cells.values())


def _total(sums: Sums, real: Iterable[Provider], fixtures: Iterable[Provider]) -> str:
    recorded, kept = _cells(real), _cells(fixtures)
    return (
        f"{cell(recorded)} recorded answers and {cell(kept)} fixtures are not valid. {sums.judged:,} were judged in "
        f"all, each to its end.\n{sums.unjudged} more are answers of `/responses/compact` and "
        "`/responses/input_tokens`, for which the contract has no kind."
    )


def _cells(providers: Iterable[Provider]) -> list[Cell]:
    return [one for provider in providers for one in provider.cells.values()]


def _exceptions(providers: Iterable[Provider]) -> list[str]:
    found = [(one.name, name, why) for one in providers for name, why in sorted(one.excused.items())]
    return table(("provider", "exchange", "why it breaks a must"), found)


def _habits(providers: Iterable[Provider]) -> Iterator[str]:
    found = list(providers)
    for habit in HABITS:
        counts = ((one, len(one.habits[habit.sentence]), _judged(one, habit.form)) for one in found)
        those = [f"{one.name} {met:,} of {judged:,}" for one, met, judged in counts if met]
        links = ", ".join(link(source) for source in habit.sources)
        yield " ".join(filter(None, (f"- **{habit.sentence}**", ", ".join(those) + ".", habit.breaks, links)))


def _judged(provider: Provider, form: str) -> int:
    return sum(one.judged for (_, its), one in provider.cells.items() if its == form)


def _elsewhere(providers: Iterable[Provider]) -> Iterator[str]:
    met = {(one.vendor, name) for one in providers for name in one.findings}
    met |= {(one.vendor, row.id) for one in providers for row in DEVIATIONS if _adds(one, row)}
    vendors = sorted({vendor for row in DEVIATIONS for vendor in row.vendors}, key=str.casefold)
    for vendor in vendors:
        rows = [row for row in DEVIATIONS if vendor in row.vendors and (vendor, row.id) not in met]
        if rows:
            yield f"- {vendor}"
            yield from (f"    - {row.sentence} {_sources(row)}" for row in rows)


def _adds(provider: Provider, row: Deviation) -> bool:
    return any(sign in provider.members for sign in row.signs)


def _sources(row: Deviation) -> str:
    return ", ".join(link(source) for source in row.sources if source != RECORDED)
