"""Annotations of GitHub Actions: a line for each thing that is wrong in a file.

GitHub shows ten errors and ten warnings of a step, so what is the same in many items of a file is one annotation.
"""

from collections.abc import Callable

from click import unstyle

from chatproof.gate.escaping import block
from chatproof.validate.files.body import Place
from chatproof.validate.judging.policy import Standing
from chatproof.validate.judging.verdict import Counts, Outcome, Verdict

from .group import Group, Groups
from .text import summary
from .vendors import likely_vendors

__all__ = ["GithubOutput"]

#: Unreadable items of one file that are told.
_MOST_UNREADABLE = 10

_COMMANDS = {Standing.FAILS: "error", Standing.WARNS: "warning"}

# the escapes of workflow commands, in this order: the rest is taken as it stands
_DATA = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_PROPERTY = (*_DATA, (":", "%3A"), (",", "%2C"))


class GithubOutput:
    """Puts together what is wrong in a file, and writes it when the next file begins."""

    def __init__(self, write: Callable[[str], None], *shown: Standing) -> None:
        self._write = write
        self._shown = shown or tuple(_COMMANDS)  #: which violations are told
        self._file = ""
        self._fold = Groups()
        self._unreadable = 0

    def take(self, verdict: Verdict) -> None:
        """One more verdict."""
        if verdict.place.file != self._file:
            self._flush()
            self._file, self._unreadable = verdict.place.file, 0
        if verdict.outcome is Outcome.UNREADABLE:
            self._unreadable += 1
            if self._unreadable <= _MOST_UNREADABLE:
                self._write(_command("error", verdict.place, "not judged", verdict.why))
        self._fold.take(verdict)

    def end(self, counts: Counts) -> None:
        """Write what is left, and the sum."""
        self._flush()
        if Standing.WARNS not in self._shown:
            return
        *_, total = summary(counts)
        self._write(f"::notice title=chatproof validate::{_escaped(unstyle(total), _DATA)}\n")

    def _flush(self) -> None:
        for standing in self._shown:
            command = _COMMANDS[standing]
            for group in self._fold.in_order(standing):
                place, path = group.places[0]
                self._write(_command(command, place, group.first.rule, _sentence(group, path)))
        self._fold = Groups()


def _sentence(group: Group, path: str) -> str:
    violation = group.first
    lines = [f"{violation.message} Expected {violation.expected}, seen {violation.seen} at {path}."]
    lines += [f"Likely: {sentence}" for sentence in likely_vendors(violation, group.kind)[:1]]
    if group.times > 1:
        bodies = "body" if group.bodies == 1 else "bodies"
        lines.append(f"{group.times:,} times in {group.bodies:,} {bodies} of this file.")
    return "\n".join(lines)


def _command(command: str, place: Place, title: str, text: str) -> str:
    properties = {"file": place.file, "line": str(place.line), "title": title}
    inner = ",".join(f"{name}={_escaped(value, _PROPERTY)}" for name, value in properties.items())
    return f"::{command} {inner}::{_escaped(text, _DATA)}\n"


def _escaped(text: str, escapes: tuple[tuple[str, str], ...]) -> str:
    printable = block(text)
    for character, escape in escapes:
        printable = printable.replace(character, escape)
    return printable
