"""`chatproof validate`: judge recorded answers, offline."""

import difflib
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import BinaryIO

import click

from chatproof.cli.command import Command
from chatproof.report.console import cannot, check_writable, say, write_file
from chatproof.report.exit_code import CANNOT, INTERRUPTED
from chatproof.report.files import replacing
from chatproof.validate import (
    BaselineError,
    Complaints,
    Counts,
    GithubOutput,
    JsonOutput,
    JunitOutput,
    Known,
    Origin,
    Output,
    Policy,
    Progress,
    Recorder,
    SarifOutput,
    Source,
    Standing,
    SummaryOutput,
    TextOutput,
    baseline_text,
    read_baseline,
    read_beside,
    run,
    sources,
    written_beside,
)
from chatschema import Kind, Level
from chatschema.rulebook import RULEBOOK

__all__ = ["validate"]

_ALL = (Standing.FAILS, Standing.WARNS)
_QUIET = (Standing.FAILS,)

_FORMATS: Mapping[str, Callable[[Callable[[str], None]], Output]] = {
    "json": JsonOutput,
    "junit": JunitOutput,
    "sarif": SarifOutput,
    "github": GithubOutput,
}


def _kind(_ctx: click.Context, _param: click.Parameter, value: str | None) -> Kind | None:
    if value is None:
        return None
    names = [kind.value for kind in Kind]
    if value not in names:
        near = difflib.get_close_matches(value, names, n=3)
        raise click.BadParameter(f"{value!r} is none of {', '.join(near or names)}.")
    return Kind(value)


def _rules(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> frozenset[str]:
    found: set[str] = set()
    for value in values:
        fitting = {rule for rule in RULEBOOK if fnmatchcase(rule, value)}
        if not fitting:
            near = difflib.get_close_matches(value, RULEBOOK, n=3)
            hint = (
                f": did you mean {', '.join(near)}?"
                if near
                else "; a pattern such as 'chat.tools.*' works too."
            )
            raise click.BadParameter(f"{value!r} fits no rule{hint}")
        found |= fitting
    return frozenset(found)


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  chatproof validate answer.json stream.sse
  chatproof validate tests/cassettes 'logs/**/*.jsonl.gz'
  curl -sN http://localhost:8000/v1/chat/completions -H 'Content-Type: application/json' -d @request.json \\
    | chatproof validate -
  chatproof validate tests/cassettes --write-baseline known.json   once, then:
  chatproof validate tests/cassettes --baseline known.json         only what is new fails
  chatproof validate logs --format sarif --output chatproof.sarif

\b
Exit code: 0 nothing fails (warnings allowed), 1 a violation at the level,
2 something could not be judged or nothing was: the list of violations is then not whole. 130 interrupted.""",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--kind",
    metavar="KIND",
    callback=_kind,
    help="Kind of every body, e.g. chat.completion. [default: detected]",
)
@click.option(
    "--level",
    type=click.Choice([level.value for level in Level]),
    default=Level.MUST.value,
    show_default=True,
    help="Lowest level that fails the run; should includes warnings.",
)
@click.option(
    "--allow",
    "allowed",
    metavar="RULE",
    multiple=True,
    callback=_rules,
    help="Ignore a rule, or a pattern such as 'chat.tools.*'. Repeatable.",
)
@click.option("--baseline", metavar="FILE", help="File of known violations; only new ones fail.")
@click.option("--write-baseline", metavar="FILE", help="Write all violations to FILE as known, and pass.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", *_FORMATS]),
    default="text",
    show_default=True,
    help="Format of the report.",
)
@click.option(
    "--output",
    metavar="FILE",
    help="Write the report to FILE; unless it is text, the text report is still printed.",
)
@click.option(
    "--skip-unknown",
    is_flag=True,
    help="Skip files with no known body, even if that leaves none; for hooks.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print failures only.")
def validate(
    paths: tuple[str, ...],
    kind: Kind | None,
    level: str,
    allowed: frozenset[str],
    baseline: str | None,
    write_baseline: str | None,
    form: str,
    output: str | None,
    skip_unknown: bool,  # noqa: FBT001  click hands flags over so
    quiet: bool,  # noqa: FBT001
) -> None:
    """Judge recorded answers: bodies, event streams, JSON lines, HAR archives, VCR cassettes.

    PATH is a file, a directory, a pattern or - for standard input; what is gzipped is unpacked. What a file
    holds is seen from its content.
    """
    if any(path.startswith(("http://", "https://")) for path in paths):
        cannot("validate reads files, and an address is none: `chatproof check URL` asks an endpoint.")
    origin = Origin.FOUND if skip_unknown else Origin.NAMED
    shown = _QUIET if quiet else _ALL
    policy = Policy(level=Level(level), allowed=allowed, known=_known(baseline))
    recorder = Recorder(policy.known)
    written = [name for name in (baseline, write_baseline, output) if name]
    named = [*sources(paths, origin, leave_out=written)]
    progress = Progress(sum(one.size for one in named if isinstance(one, Source)), sys.stderr)
    with _outputs(form, output, shown) as outputs:
        try:
            takers = [*outputs, recorder] if write_baseline else outputs
            counts = run(named, kind=kind, policy=policy, outputs=takers, watcher=progress)
        except KeyboardInterrupt:
            progress.end()
            cannot("interrupted: nothing is known of what was not read yet.", INTERRUPTED)
    if write_baseline:
        _write_baseline(write_baseline, recorder)
    sys.exit(_exit_code(counts, origin, write_baseline))


def _known(baseline: str | None) -> frozenset[Known]:
    if baseline is None:
        return frozenset()
    try:
        return read_beside(read_baseline(Path(baseline)), baseline)
    except BaselineError as error:
        cannot(f"--baseline {baseline}: {error}.")


@contextmanager
def _outputs(form: str, output: str | None, shown: tuple[Standing, ...]) -> Generator[list[Output]]:
    """The reports of a run: what was asked for, and beside a file the text that a person reads."""
    complaints = Complaints(lambda line: say(line, err=True))
    if output is None:
        asked = _report(form, _encoded(sys.stdout.buffer), shown) if form in _FORMATS else None
        yield [asked, complaints] if asked else _text(say, shown, complaints)
        return
    check_writable(output)  # told before the files are read
    with replacing(output) as file:
        write = _encoded(file)
        if form in _FORMATS:
            yield [_report(form, write, shown), *_text(say, shown, complaints)]
        else:
            yield _text(lambda line: write(f"{click.unstyle(line)}\n"), shown, complaints)


def _report(form: str, write: Callable[[str], None], shown: tuple[Standing, ...]) -> Output:
    """A report for programs; annotations are for people, who say what they want to see."""
    return GithubOutput(write, *shown) if form == "github" else _FORMATS[form](write)


def _text(write: Callable[[str], None], shown: tuple[Standing, ...], complaints: Complaints) -> list[Output]:
    """What is wrong, what could not be judged, and the sum: the last lines are read first."""
    last = [SummaryOutput(write)] if shown == _ALL else []
    return [TextOutput(write, *shown), complaints, *last]


def _encoded(file: BinaryIO) -> Callable[[str], None]:
    """Reports for programs are UTF-8, whatever the terminal is."""

    def write(text: str) -> None:
        file.write(text.encode("utf-8", "backslashreplace"))

    return write


def _write_baseline(name: str, recorder: Recorder) -> None:
    try:
        text = baseline_text(written_beside(recorder.known(), name))
    except BaselineError as error:
        cannot(f"--write-baseline {name}: {error}.")
    write_file(name, text)
    say(f"{name}: {len(recorder.known()):,} known", err=True)


def _exit_code(counts: Counts, origin: Origin, write_baseline: str | None) -> int:
    """2 wins over 1: where something could not be judged, the list of violations is not whole."""
    if counts.unreadable:
        return CANNOT
    if not counts.judged:
        if origin is Origin.FOUND:
            return 0
        cannot("no body was judged: nothing here is an answer of the API. --kind KIND says what it is.")
    return 0 if write_baseline else int(counts.failed > 0)
