"""Runs `chatproof` against each kind of hostile endpoint, looks at all that comes out, and writes docs/security.md.

`python -m tools.hostile --help`. With one core some fifteen minutes; the page is written where all kinds were run.
"""

import asyncio
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from tests.hostile.checked import checked, complaints
from tests.hostile.kind import Kind
from tests.hostile.kinds import GROUPS
from tests.hostile.others import OTHERS, Other
from tests.hostile.program import Ran
from tools.generate import filled, row

PAGE = Path(__file__).parents[1] / "docs" / "security.md"

_LONGEST = 110
"""Characters of what was said that the table has room for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A kind, and the runs over it."""

    kind: Kind
    door: Ran | None
    inside: Ran | None

    @property
    def runs(self) -> list[Ran]:
        return [ran for ran in (self.door, self.inside) if ran]

    @property
    def complaints(self) -> list[str]:
        """What is not as it must be."""
        door = [f"at the door: {c}" for c in (complaints(self.door, self.kind.door) if self.door else [])]
        inside = [f"inside: {c}" for c in (complaints(self.inside, self.kind.inside) if self.inside else [])]
        return door + inside

    @property
    def said(self) -> str:
        """What the first run said at last, without what is another one each time, and fit for a table."""
        told = re.sub(r"127\.0\.0\.1:\d+", "HOST", self.runs[0].last_line)
        told = re.sub(r"\d+\.\d s", "… s", told.removeprefix("chatproof: "))
        told = told if len(told) <= _LONGEST else f"{told[:_LONGEST]}…"
        return re.sub(r"([\\`*_<>\[\]])", r"\\\1", told)

    def line(self) -> str:
        """A row of the table."""
        codes = (str(ran.code) if ran else "" for ran in (self.door, self.inside))
        seconds = max(ran.cpu for ran in self.runs)
        megabytes = max(ran.megabytes for ran in self.runs)
        return row(self.kind.name, self.kind.what, *codes, f"{seconds:.1f}", f"{megabytes:.0f}", self.said)


async def tried(kind: Kind, turns: asyncio.Semaphore) -> Tried:
    """Run over a kind, at its door and inside."""
    async with turns:
        door = None if kind.door is None else await checked(kind, inside=False)
        inside = None if kind.inside is None else await checked(kind, inside=True)
    return Tried(kind=kind, door=door, inside=inside)


async def all_tried(kinds: Sequence[Kind], jobs: int) -> list[Tried]:
    """All of them, told as they come."""
    turns = asyncio.Semaphore(jobs)
    tasks = [asyncio.create_task(tried(kind, turns)) for kind in kinds]
    for number, task in enumerate(tasks, 1):
        one = await task
        codes = " ".join(
            f"{ran.code} {ran.seconds:.1f} s {ran.cpu:.1f} CPU {ran.megabytes:.0f} MB" for ran in one.runs
        )
        click.echo(f"{number:3} of {len(tasks)}  {one.kind.name:40} {codes}  {one.said}")
        for complaint in one.complaints:
            click.echo(f"     ✗ {complaint}")
    return [task.result() for task in tasks]


async def others_tried(others: Sequence[Other], jobs: int) -> list[tuple[Other, Ran]]:
    """The other programs, told as they come."""
    turns = asyncio.Semaphore(jobs)

    async def turn(other: Other) -> tuple[Other, Ran]:
        async with turns:
            ran = await other.runs()
        click.echo(
            f"{other.program:22} {other.name:40} {ran.code} {ran.seconds:.1f} s {ran.megabytes:.0f} MB"
        )
        for complaint in complaints(ran, other.code):
            click.echo(f"     ✗ {complaint}")
        return other, ran

    return await asyncio.gather(*map(turn, others))


def others_table(found: Sequence[tuple[Other, Ran]]) -> list[str]:
    """The page's last table."""
    lines = ["| program | over | exit | CPU s | MB |", "| --- " * 5 + "|"]
    for other, ran in found:
        lines.append(row(other.program, other.name, str(ran.code), f"{ran.cpu:.1f}", f"{ran.megabytes:.0f}"))
    return lines


def table(found: Sequence[Tried]) -> list[str]:
    """The page's tables."""
    lines: list[str] = []
    known = {one.kind.name: one for one in found}
    for group, kinds in GROUPS.items():
        lines += [
            "",
            f"### {group}",
            "",
            "| kind | what it sends | door | inside | CPU s | MB | what is said at last |",
        ]
        lines += ["| --- " * 7 + "|", *(known[kind.name].line() for kind in kinds)]
    return lines


@click.command()
@click.option(
    "--only", default="", metavar="WORD", help="Only the kinds with this in their name; writes no page."
)
@click.option("--jobs", default=2, show_default=True, help="Runs at a time.")
def main(only: str, jobs: int) -> None:
    """Run `chatproof check` against each kind of hostile endpoint, and write docs/security.md.

    Exit code: 1 where a run took too much, leaked, or ended as it should not.
    """
    kinds = [kind for kinds in GROUPS.values() for kind in kinds if only in kind.name]
    found = asyncio.run(all_tried(kinds, jobs))
    others = asyncio.run(others_tried([other for other in OTHERS if only in other.name], jobs))
    wrong = sum(bool(one.complaints) for one in found)
    wrong += sum(bool(complaints(ran, other.code)) for other, ran in others)
    runs = sum(len(one.runs) for one in found) + len(others)
    click.echo(f"{len(found)} kinds, {runs} runs, {wrong} not as they must be")
    if not only:
        page = filled(PAGE.read_text(encoding="utf-8"), "kinds", table(found))
        PAGE.write_text(filled(page, "others", others_table(others)), encoding="utf-8")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
