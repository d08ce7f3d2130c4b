"""`--level`, `--baseline` and `--write-baseline`: what makes a run of `check` or `client` fail."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import Any

import click

from chatproof.report import CaseResult, Outcome, Result
from chatproof.report.baseline import BaselineError, Known, baseline_text, read_baseline
from chatproof.report.console import cannot, check_writable, say, write_file
from chatproof.report.exit_code import CANNOT, exit_code
from chatproof.report.expectation import Expectation, expectation, renewed

__all__ = ["KnownFailures", "known_failure_options"]

_FAILS = frozenset({Outcome.FAILED, Outcome.STALE})

_OPTIONS = (
    click.option(
        "--level",
        type=click.Choice(["must", "should"]),
        default="must",
        show_default=True,
        help="Lowest level that fails the run; should includes warnings.",
    ),
    click.option(
        "--baseline",
        metavar="FILE",
        help="File of known failures; only new ones fail, and known ones that pass.",
    ),
    click.option("--write-baseline", metavar="FILE", help="Write what fails to FILE as known, and pass."),
)


def known_failure_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command these options."""
    return reduce(lambda decorated, option: option(decorated), reversed(_OPTIONS), command)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFailures:
    """What these options say; `rows` are what is known so far, of the file that is to be written at `path`, too."""

    expectation: Expectation
    written: str | None
    path: Path
    rows: Mapping[str, Known]

    @classmethod
    def of(
        cls, level: str, baseline: str | None, written: str | None, *, ids: Collection[str], noun: str
    ) -> "KnownFailures":
        """Read the files; ends the command where one cannot be used."""
        check_writable(written)
        try:
            expected = expectation(level, baseline, ids, noun)
            stand = read_baseline(written, ids, noun) if written and Path(written).exists() else {}
        except BaselineError as error:
            cannot(str(error))
        path = Path(written or "").resolve()  # a client may change the folder
        return cls(expectation=expected, written=written, path=path, rows={**expected.known, **stand})

    def end(self, result: Result) -> int:
        """Write the baseline where that is asked for; the exit code."""
        code = exit_code(result)
        if self.written is None:
            return code
        forgiven = replace(result, cases=tuple(map(_forgiven, result.cases)))
        if code := exit_code(forgiven) or (
            0 if result.whole else CANNOT
        ):  # a limit of his own is no whole run
            say(f"chatproof: {self.written} is not written: not all was judged.", err=True)
            return code
        rows = renewed(self.rows, result.cases, self.expectation.today)
        write_file(str(self.path), baseline_text(rows))
        unexplained = sum(not row.reason.strip() for row in rows)
        say(f"{self.written}: {len(rows)} known, {unexplained} without a reason", err=True)
        return 0


def _forgiven(case: CaseResult) -> CaseResult:
    return replace(case, outcome=Outcome.EXPECTED) if case.outcome in _FAILS else case
