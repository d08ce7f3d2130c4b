"""`chatproof validate`: judge recorded answers, offline."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from chatproof.cli.output import CANNOT, say
from chatproof.report.plain import plain
from chatschema import Judgement, Violation
from chatschema import check as judge

__all__ = ["validate"]

_MOST = 64 * 1024 * 1024
"""Bytes: one answer is never longer, so a file that is holds something else."""


@dataclass(frozen=True, slots=True)
class _Unreadable:
    """A file that cannot be judged, and why."""

    name: str
    why: str


@click.command(
    epilog="""\b
Examples:
  chatproof validate answer.json stream.sse
  curl -sN http://localhost:8000/v1/chat/completions -d @request.json | chatproof validate -

\b
Exit code: 0 all valid (warnings allowed), 1 one is not, 2 a file could not be judged."""
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def validate(files: tuple[str, ...]) -> None:
    """Judge chat answers that were written to files: JSON bodies and dumps of event streams.

    What a file holds is seen from its content: a completion, a stream, a chunk, an error or a model list.
    FILE may be - for standard input.
    """
    judged: list[Judgement] = []
    unreadable: list[_Unreadable] = []
    for name in files:
        found = _judge(name)
        if isinstance(found, _Unreadable):
            unreadable.append(found)
            continue
        judged.append(found)
        for line in _lines(name, found):
            say(line)
    for problem in unreadable:
        say(f"chatproof: {problem.name}: {problem.why}", err=True)
    if judged:
        say(_sum(judged))
    sys.exit(CANNOT if unreadable else int(not all(judgement.valid for judgement in judged)))


def _judge(name: str) -> Judgement | _Unreadable:
    try:
        data = _read(name)
    except OSError as error:
        return _Unreadable(name, error.strerror or str(error))
    if len(data) > _MOST:
        return _Unreadable(name, f"more than {_MOST // 1024 // 1024} MB: not one answer")
    if not data.strip():
        return _Unreadable(name, "is empty")
    found = judge(data)
    if found.kind is None:
        return _Unreadable(name, f"is no chat answer that is known: {_first(found)}")
    return found


def _first(judgement: Judgement) -> str:
    return next((violation.message for violation in judgement.violations), "no kind fits")


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(_MOST + 1)
    with Path(name).open("rb") as file:
        return file.read(_MOST + 1)


def _lines(name: str, judgement: Judgement) -> Iterator[str]:
    """The lines for one file: nothing but its name and kind where all is well."""
    verdict = (
        click.style("valid", fg="green") if judgement.valid else click.style("not valid", fg="red", bold=True)
    )
    yield f"{'standard input' if name == '-' else name}   {judgement.kind}   {verdict}"
    for violation in judgement.violations:
        what = f"{violation.seen}, expected {violation.expected}"
        yield f"  {_mark(violation)}  {violation.rule}  {plain(f'{violation.path}  {what}')}"


def _mark(violation: Violation) -> str:
    if violation.level == "must":
        return click.style("✗    must  ", fg="red")
    return click.style("warn should", fg="yellow")


def _sum(judged: list[Judgement]) -> str:
    valid = sum(judgement.valid for judgement in judged)
    warned = sum(judgement.valid and bool(judgement.violations) for judgement in judged)
    answers = "answer" if len(judged) == 1 else "answers"
    return f"{len(judged)} {answers}: {valid} valid, {len(judged) - valid} not, {warned} with warnings"
