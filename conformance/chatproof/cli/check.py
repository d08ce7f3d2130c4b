"""`chatproof check`: judge an endpoint. A pytest session of our own cases, apart from the user's settings."""

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chatproof import _suite
from chatproof.cases import EVERY, PROFILES, case_of, cases_of, profile_of
from chatproof.cli.command import crash, interruptible, scratch
from chatproof.cli.known_failures import KnownFailures
from chatproof.gate.escaping import json_text
from chatproof.judging.backend import misplaced
from chatproof.judging.capabilities import CAPABILITIES
from chatproof.judging.collector import ResultCollector
from chatproof.judging.names import names_of
from chatproof.judging.saving import Saving, refuse_both, refuse_unsavable, saved_run
from chatproof.judging.session import PROGRESS, gate_of, names_judged
from chatproof.probe import HeaderError, headers_of
from chatproof.report import CaseResult, Outcome, Result
from chatproof.report.console import STANDARD_OUTPUT, Progress, cannot, check_writable, flash, say, write_file
from chatproof.report.exit_code import CANNOT, INTERRUPTED
from chatproof.report.junit import junit
from chatproof.report.terminal import header, row, summary
from chatproof.saved_run.error import SavedRunError

if TYPE_CHECKING:  # it imports this where it runs
    from chatproof.cli.check_options import CheckOptions

__all__ = ["judge"]

_SUITE = Path(_suite.__file__).parent


def judge(options: "CheckOptions") -> None:
    """Run the cases and write the reports."""
    try:
        headers_of(options.headers, os.environ)
        names_of(options.profile, PROFILES, "profile")
        names_of(options.expect, CAPABILITIES, "capability")
    except (HeaderError, ValueError) as error:
        cannot(str(error))
    _refuse_unsaved(options)
    profiles = names_of(options.profile, PROFILES, "profile")
    if sentence := misplaced(
        options.url, profiles, options.behind, options.behind_api_key_env, options.from_
    ):
        cannot(sentence)
    if options.list_only:
        _list(options)
        return
    if options.dry_run:
        with scratch():
            _rehearse(options)
        return
    known = KnownFailures.of(
        options.level, options.baseline, options.write_baseline, ids=list(cases_of(EVERY)), noun="case"
    )
    if options.json_file == options.junit_file == STANDARD_OUTPUT:
        cannot("--json - and --junit - would both be on standard output: name a file for one of them.")
    check_writable(options.json_file, options.junit_file)
    told_to = partial(say, err=STANDARD_OUTPUT in {options.json_file, options.junit_file})
    run = _Run(told_to)
    with scratch(), interruptible(run.stop):
        code, told = _pytest(_arguments(options), run)
    _end_where_nothing_was_selected(run, code, told, options)
    run.show_again()
    result = run.watch.result
    saving: Any = run.watch.config.pluginmanager.getplugin(Saving.NAME)
    if options.json_file:
        write_file(options.json_file, json_text(result.to_json(), indent=2) + "\n")
    if options.junit_file:
        write_file(options.junit_file, junit(result))
    if not run.watch.cases:
        cannot(run.reason, INTERRUPTED if result.interrupted else CANNOT)
    told_to(f"\n{summary(result)}")
    if saving and saving.sentence:
        cannot(saving.sentence)
    sys.exit(_explained(known.end(result), result))


def _refuse_unsaved(options: "CheckOptions") -> None:
    """Look whether a run can be saved, or judged again, before anything is asked."""
    try:
        refuse_both(options.url, options.save, options.from_)
        if options.from_ is not None:
            saved_run(options.from_)
        if options.save is not None and not (options.list_only or options.dry_run):
            refuse_unsavable(options.save)
    except SavedRunError as error:
        cannot(str(error))


def _arguments(options: "CheckOptions") -> list[str]:
    """The options as those of a pytest session: `-k VALUE`, and `--option=VALUE`, for a value may begin with a dash."""
    given = {
        "url": options.url,
        "model": options.model,
        "api-key-env": options.api_key_env,
        "cacert": options.cacert,
        "level": options.level,
        "baseline": options.baseline,
        "save": options.save,
        "from": options.from_,
        "behind": options.behind,
        "behind-api-key-env": options.behind_api_key_env,
        "behind-model": options.behind_model,
        "timeout": options.timeout,
        "wait": options.wait,
        "delay": options.delay,
        "max-requests": options.max_requests,
        "max-tokens": options.max_tokens,
        "max-seconds": options.max_seconds,
        "seed": options.seed,
    }
    return [
        *(f"--chatproof-{name}={value}" for name, value in given.items() if value is not None),
        *(f"--chatproof-header={header}" for header in options.headers),
        *(f"--chatproof-profile={names}" for names in options.profile),
        *(f"--chatproof-expect={names}" for names in options.expect),
        *(["--chatproof-insecure"] if options.insecure else []),
        *(["--chatproof-fast"] if options.fast else []),
        *([] if options.expression is None else ["-k", options.expression]),
    ]


class _Run:
    """Shows a session while it runs: the target, then a row a group; on a terminal, the case at work."""

    def __init__(self, told: Callable[[str], None]) -> None:
        self.watch: ResultCollector
        self._told = told
        self._begun = time.monotonic()
        self.told = ""
        self.fault: tuple[str, str] | None = None
        self._shown: dict[str, Outcome] = {}
        self._terminal = sys.stderr  # now: what pytest says there later is kept from it

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Take the terminal over from pytest."""
        reporter = config.pluginmanager.getplugin("terminalreporter")
        config.pluginmanager.unregister(reporter)
        config.stash[PROGRESS] = Progress(self._terminal)
        self.watch = ResultCollector(config)
        config.pluginmanager.register(self.watch, ResultCollector.NAME)

    @property
    def selected(self) -> tuple[str, ...]:
        """What is to be judged."""
        return self.watch.selected

    @property
    def reason(self) -> str:
        """Why nothing was judged."""
        if self.watch.interrupted:
            return "interrupted: nothing was judged."
        return self.told.removeprefix("chatproof: ") or "nothing was run"

    def _show(self, text: str) -> None:
        """Print where people read, although pytest's own words are caught there."""
        with redirect_stderr(self._terminal):
            self._told(text)

    def stop(self) -> None:
        """Let go of the endpoint at once."""
        self.watch.stop()

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Keep why the session was ended: pytest's `exit` comes this way too."""
        self.told = str(excinfo.value)

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        """Keep what broke the session, and its traceback; nothing is printed here."""
        gate = gate_of(self.watch.config)
        self.fault = (
            gate.line(f"{excinfo.type.__name__}: {excinfo.value}"),
            gate.text(str(excinfo.getrepr())),
        )
        return True

    def pytest_runtest_logstart(self) -> None:
        """Show which case is at work, how many there are, and since when."""
        done = len(self.watch.cases)
        if 0 < done < len(self.selected):
            seconds = time.monotonic() - self._begun
            flash(
                f"{done + 1} of {len(self.selected)}  {self.selected[done]}  {seconds:.0f} s …",
                self._terminal,
            )

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Show a group when its last case has ended."""
        if report.failed and report.when != "call" and not self.watch.result.ended:
            self.fault = (
                gate_of(self.watch.config).line(_last_line(report.longreprtext)),
                report.longreprtext,
            )
        if not hasattr(report, "chatproof"):
            return
        case = list(self.watch.cases.values())[-1]
        if len(self.watch.cases) == 1:
            self._show(f"{header(self.watch.result)}\n")
        self._shown[case.id] = case.outcome
        left = self.selected[len(self.watch.cases) :]
        if all(case_of(name).group != case.group for name in left):
            flash("", self._terminal)
            self._show(row(case.group, self._of_group(case.group)))

    def show_again(self) -> None:
        """Show the groups again in which a case came out otherwise once all answers were judged."""
        cases = self.watch.cases.values()
        changed = {c.group for c in cases if self._shown.get(c.id, c.outcome) is not c.outcome}
        if changed:
            self._told("\nin other answers of the run:")
        for group in sorted(changed):
            self._told(row(group, self._of_group(group)))

    def _of_group(self, group: str) -> list[CaseResult]:
        return [case for case in self.watch.cases.values() if case.group == group]


def _last_line(text: str) -> str:
    """The error itself, of a traceback as pytest shows it."""
    errors = [line.removeprefix("E").strip() for line in text.splitlines() if line.startswith("E ")]
    return errors[-1] if errors else "a fault of pytest"


def _pytest(arguments: list[str], *plugins: object) -> tuple[int, str]:
    """Run the cases with pytest; its exit code, and what it had to say where it did not come to run."""
    errors = io.StringIO()
    with _hermetic(), tempfile.TemporaryDirectory() as root, redirect_stderr(errors):
        code = pytest.main(
            [
                str(_SUITE / "test_chatproof.py"),
                *("-c", str(_SUITE / "pytest.ini"), "--rootdir", root, "--noconftest"),
                *("-p", "no:cacheprovider", "-p", "chatproof.plugin", "--capture=no"),
                *(
                    "-p",
                    "no:unraisableexception",
                    "-p",
                    "no:threadexception",
                ),  # who calls this may leave garbage
                *arguments,
            ],
            plugins=list(plugins),
        )
    return int(code), errors.getvalue()


@contextmanager
def _hermetic() -> Generator[None]:
    """Keep the user's pytest settings and plugins out of our session, and put them back after it."""
    kept = {name: os.environ.pop(name, None) for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")}
    kept["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        for name, value in kept.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _selected(options: "CheckOptions") -> tuple[str, ...]:
    """The cases that would run."""
    run = _Run(say)
    with redirect_stdout(io.StringIO()):
        code, told = _pytest([*_arguments(options), "--collect-only"], run)
    _end_where_nothing_was_selected(run, code, told, options)
    return run.selected


def _rehearse(options: "CheckOptions") -> None:
    if options.behind is not None:
        cannot("--dry-run tells what is sent to one endpoint: leave --behind out.")
    from chatproof.cli.dry_run import told  # noqa: PLC0415  most runs need none of it
    from chatproof.judging.rehearsal import rehearse  # noqa: PLC0415

    found = _selected(options)
    likely = [id_ for id_ in found if options.profile or profile_of(id_) != "lorax"]  # it is seldom found out
    rehearsal = rehearse(likely or found, **({"model": options.model} if options.model else {}))
    for text in told(rehearsal):
        say(text)


def _list(options: "CheckOptions") -> None:
    selected = _selected(options)
    width = max(map(len, selected))
    for id_ in selected:
        say(f"{id_:<{width}}  {case_of(id_).level:<6}  {case_of(id_).sentence}")


def _end_where_nothing_was_selected(run: _Run, code: int, told: str, options: "CheckOptions") -> None:
    if code == pytest.ExitCode.USAGE_ERROR:
        cannot(_first_error(told))
    if run.fault:
        crash(*run.fault)
    if not run.selected and not run.told:
        profiles = names_of(options.profile, PROFILES, "profile")
        named = f"--profile {','.join(profiles)} " if profiles else ""
        cannot(
            f"-k {options.expression!r} fits none of {len(cases_of(names_judged(run.watch.config)))} cases."
            f" `chatproof check {named}--list` shows them."
        )


def _first_error(told: str) -> str:
    """What pytest itself says of why it did not come to run."""
    errors = (line.removeprefix("ERROR:").strip() for line in told.splitlines() if line.startswith("ERROR"))
    return next(errors, "nothing was run")


def _explained(code: int, result: Result) -> int:
    """The exit code; what neither a verdict nor the last line explains is told."""
    if code == CANNOT and result.counts[Outcome.ERROR]:
        say("chatproof: a case broke chatproof itself; please report it.", err=True)
    elif code == CANNOT and not result.judged:
        say("chatproof: no case could be judged.", err=True)
    return code
