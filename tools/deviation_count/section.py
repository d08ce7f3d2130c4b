"""The section of one provider."""

from collections.abc import Iterator

from chatschema.deviations import RECORDED, Deviation, known_extension

from .provider import NOTES
from .tally import Provider, Sighting
from .words import counted, link, named, table

__all__ = ["section"]

#: More members than this tell a reader nothing new.
MOST_MEMBERS = 20


def section(provider: Provider) -> list[str]:
    """What one provider sent: counts, musts, shoulds, members."""
    lines = ["", f"## {provider.name}", ""]
    if provider.name in NOTES:
        lines += [NOTES[provider.name], ""]
    cells = sorted(provider.cells.items())
    lines += table(
        ("", "judged", "not valid", "warned"),
        ((named(at), f"{one.judged:,}", f"{one.invalid:,}", f"{one.warned:,}") for at, one in cells),
    )
    if provider.excused:
        lines += [
            "",
            f"{len(provider.excused)} of those not valid are [exceptions](#exceptions-each-looked-at).",
        ]
    lines += _list("Breaks a must:", (_must(provider, one) for one in _ordered(provider, must=True)))
    lines += _list(
        "Differs where clients live with it:",
        (_should(provider, one) for one in _ordered(provider, must=False)),
    )
    lines += _list("Adds:", _members(provider))
    return lines


def _ordered(provider: Provider, *, must: bool) -> list[tuple[str, Sighting]]:
    """The most frequent first."""
    found = [(name, one) for name, one in provider.findings.items() if one.must is must]
    return sorted(found, key=lambda pair: (-sum(map(len, pair[1].where.values())), pair[0]))


def _must(provider: Provider, found: tuple[str, Sighting]) -> str:
    name, finding = found
    where = counted(provider, finding.where)
    if finding.row is None:
        return f"**Not explained**: {where} (`{name}`)"
    signs = ", ".join(
        f"`{_at(sign)}` {len(names):,}"
        for sign, names in sorted(finding.signs.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    )
    words = [f"**{finding.row.sentence}** {where}."]
    if finding.row.breaks:
        words.append(finding.row.breaks)
    return " ".join([*words, *_links(finding.row)]) + f" ({signs})"


def _should(provider: Provider, found: tuple[str, Sighting]) -> str:
    name, finding = found
    where = counted(provider, finding.where)
    return f"`{_at(name)}` {where}" if finding.row is None else f"{finding.row.sentence} {where}"


def _members(provider: Provider) -> Iterator[str]:
    rest: list[str] = []
    rows: dict[str, tuple[Deviation, list[str]]] = {}
    for place, number in sorted(provider.members.items(), key=lambda pair: (-pair[1], pair[0])):
        known = (row for row in known_extension(place) if provider.vendor in row.vendors)
        row = next(known, None)
        counted_member = f"`{place}` {number:,}"
        if row is None:
            rest.append(counted_member)
        else:
            rows.setdefault(row.id, (row, []))[1].append(counted_member)
    for row, members in rows.values():
        yield f"{row.sentence} {_cut(members)}"
    if rest:
        yield _cut(rest)


def _cut(members: list[str]) -> str:
    left = len(members) - MOST_MEMBERS
    return ", ".join(members[:MOST_MEMBERS]) + (f" and {left} more" if left > 0 else "")


def _links(row: Deviation) -> Iterator[str]:
    links = [link(source) for source in row.sources if source != RECORDED]
    if links:
        yield ", ".join(links)


def _at(sign: str) -> str:
    # the rule alone in backticks is how a page names a case of the checker
    return sign.replace(" ", " at ", 1)


def _list(title: str, items: Iterator[str]) -> list[str]:
    found = [f"- {item}" for item in items]
    return ["", title, "", *found] if found else []
