"""A pytest session that judges an endpoint: opens the target, gathers results, writes the reports."""

import os
import platform
import re
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
from click import unstyle

from chatproof.cases import PROFILES, Level, case_of
from chatproof.findings.version import __version__
from chatproof.gate import Gate
from chatproof.gate.escaping import json_text, without_query
from chatproof.judging.forecast import price_note
from chatproof.judging.judge import Judge
from chatproof.judging.target import CannotJudgeError, Opened, Target, open_target
from chatproof.probe import Access, EndKind, Json, Probe, RunEnd, RunEndedError, Spent, headers_of
from chatproof.report import CaseResult, Outcome, Result
from chatproof.report.console import Progress
from chatproof.report.document import INTERRUPTED, NOT_SELECTED
from chatproof.report.exit_code import exit_code
from chatproof.report.expectation import Expectation, expectation
from chatproof.report.files import write_text
from chatproof.report.junit import junit
from chatproof.report.terminal import rows, summary

__all__ = [
    "EMBEDDED_MODEL",
    "PROGRESS",
    "RESULT",
    "ResultCollector",
    "expectation_of",
    "gate_of",
    "judging",
    "new_result",
    "store_result",
]

EMBEDDED_MODEL = "tiny"

RESULT = pytest.StashKey[CaseResult]()
"""Where a case's item keeps its result."""

PROGRESS = pytest.StashKey[Progress]()
"""Who is told how the waiting for a server goes on, where it is not pytest's terminal."""

_TALLY = "chatproof_tally"
"""Where a worker finds the name of the folder."""

_OPENED = pytest.StashKey[dict[str, Any]]()
_PROBE = pytest.StashKey[Probe]()
_NOT_MADE = pytest.StashKey[RunEnd]()
_SELECTED = pytest.StashKey[tuple[str, ...]]()

_OWN = frozenset({*Outcome, *Level, *EndKind, *PROFILES, *(id_ for ids in PROFILES.values() for id_ in ids)})
"""Words that make a result document what it is, even where a user's header happens to have one for its value."""

_NOT_REACHED = "the session ended before it"


@contextmanager
def judging(config: pytest.Config) -> Generator[Judge]:
    """Open the target that the options name, for the length of a session.

    Where it cannot be judged the session ends with exit code 2 and one sentence.
    """
    with ExitStack() as stack:
        target = _target(config)
        gate = gate_of(config)
        if not target.url:
            from chatfake import Fake, LiveServer  # noqa: PLC0415  most runs judge something else

            fake = Fake(models=(EMBEDDED_MODEL,), clock=time.time, dialect=target.profile)
            server = stack.enter_context(LiveServer(fake))
            target = replace(target, url=server.base_url, model=target.model or EMBEDDED_MODEL, api_key=None)
        opened = _priced(_open(config, target), target, config.stash.get(_SELECTED, ()))
        stack.callback(opened.endpoint.probe.close)
        config.stash[_OPENED] = opened.describe(gate) | {"embedded": not _target(config).url}
        config.stash[_PROBE] = opened.endpoint.probe
        yield Judge(
            opened.endpoint,
            api_key=target.sent_key,
            key_variable=target.key_variable,
            access=target.access,
            expectation=expectation_of(config),
        )


def expectation_of(config: pytest.Config) -> Expectation:
    """What makes this run fail. Raises `BaselineError`."""
    option: Mapping[str, Any] = vars(config.option)
    ids = [id_ for cases in PROFILES.values() for id_ in cases]
    return expectation(option["chatproof_level"], option["chatproof_baseline"], ids, "case")


def _open(config: pytest.Config, target: Target) -> Opened:
    try:
        return open_target(target, told=_progress(config))
    except CannotJudgeError as told:
        _not_made(config, RunEnd(kind=EndKind.NOT_MADE, reason=str(told)))
    except RunEndedError as told:
        _not_made(config, told.end)


def _priced(opened: Opened, target: Target, selected: tuple[str, ...]) -> Opened:
    """The endpoint, with a note where the run will cost more than it may."""
    delay = target.delay if target.tally is None else 0.0  # workers wait side by side
    note = price_note(selected, opened.plain_prompt_tokens, opened.endpoint.probe.budget, delay=delay)
    return replace(opened, notes=(*opened.notes, note)) if note else opened


def _not_made(config: pytest.Config, end: RunEnd) -> NoReturn:
    end = replace(end, reason=gate_of(config).line(end.reason))
    config.stash[_NOT_MADE] = end
    sentence = f"chatproof: {end.reason}"
    if hasattr(config, "workerinput"):
        pytest.fail(sentence, pytrace=False)  # a worker cannot end the session
    pytest.exit(sentence, returncode=2)


def _target(config: pytest.Config) -> Target:
    """The target of the options; an empty URL stands for the embedded fake."""
    option: Mapping[str, Any] = vars(config.option)
    variable = option["chatproof_api_key_env"]
    return Target(
        url=option["chatproof_url"] or "",
        profile=option["chatproof_profile"],
        model=option["chatproof_model"],
        api_key=os.environ.get(variable) or None,
        key_variable=variable,
        seconds=option["chatproof_timeout"],
        max_requests=option["chatproof_max_requests"],
        max_tokens=option["chatproof_max_tokens"],
        max_seconds=option["chatproof_max_seconds"],
        tally=_tally(config),
        access=Access(
            headers=headers_of(option["chatproof_header"] or (), os.environ),
            cacert=option["chatproof_cacert"],
            insecure=option["chatproof_insecure"],
        ),
        wait=option["chatproof_wait"],
        delay=option["chatproof_delay"],
    )


def _progress(config: pytest.Config) -> Callable[[str], None]:
    """Who is told how the waiting for a server goes on: people at the terminal, past what pytest captures."""
    if told := config.stash.get(PROGRESS, None):
        return told
    manager: Any = config.pluginmanager.getplugin("capturemanager")
    if hasattr(config, "workerinput") or manager is None:
        return lambda _: None
    show = Progress()

    def told_aloud(text: str) -> None:
        with manager.global_and_fixture_disabled():
            show(text)

    return told_aloud


def gate_of(config: pytest.Config) -> Gate:
    """What all that this session says goes through."""
    return _target(config).gate


def _tally(config: pytest.Config) -> Path | None:
    """Where xdist's workers count together; they share the limits of the one run."""
    folder: str | None = getattr(config, "workerinput", {}).get(_TALLY)
    return Path(folder) if folder else None


def store_result(item: pytest.Item, report: pytest.TestReport) -> None:
    """Put the item's result into its report, in JSON; what pytest itself tells of it goes through the gate."""
    if report.failed and report.when != "call":  # no case was reached: an exception of ours, with its values
        report.longrepr = gate_of(item.config).text(report.longreprtext)
    if result := item.stash.get(RESULT, None):
        report.chatproof = result.to_json()  # type: ignore[attr-defined]  # reports carry what they are given


def new_result(
    target: dict[str, Any],
    spent: Spent,
    cases: tuple[CaseResult, ...],
    *,
    ended: RunEnd | None = None,
    interrupted: bool = False,
) -> Result:
    """The result document of a run with this chatproof."""
    tool = {"name": "chatproof", "version": __version__, "python": platform.python_version()}
    return Result(tool=tool, target=target, spent=spent, cases=cases, ended=ended, interrupted=interrupted)


class ResultCollector:
    """Gathers the results of a session, in the controller where there are workers."""

    NAME = "chatproof-watch"

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.cases: dict[str, CaseResult] = {}
        self.interrupted = False
        self._target: dict[str, Any] = {}
        self._spent = Spent()
        self._ended: RunEnd | None = None
        self._start = time.monotonic()
        self._shared = ExitStack()
        self._tally = ""

    @property
    def selected(self) -> tuple[str, ...]:
        """The cases that are to be judged, in the order in which they run."""
        return self.config.stash.get(_SELECTED, ())

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Keep what was selected."""
        self._select(item.nodeid for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: object, ids: list[str]) -> None:
        """Keep what a worker selected: a controller collects nothing."""
        del node
        self._select(ids)

    def _select(self, nodes: Iterable[str]) -> None:
        profile = PROFILES[self.config.option.chatproof_profile]
        found = (match[1] for node in nodes if (match := re.search(r"::test_case\[([^\]]+)\]$", node)))
        self.config.stash[_SELECTED] = tuple(id_ for id_ in found if id_ in profile)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep a case's result."""
        if found := getattr(report, "chatproof", None):
            result = CaseResult.from_json(found)
            self.cases[result.id] = result

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Give all workers one folder to count in."""
        if not self._tally:
            self._tally = self._shared.enter_context(tempfile.TemporaryDirectory(prefix="chatproof-"))
        node.workerinput[_TALLY] = self._tally

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Keep what a worker found out about the target, what it spent and why it ended."""
        del error
        output = getattr(node, "workeroutput", {}).get("chatproof")
        if output:
            self._target = output["target"] or self._target
            self._spent += Spent(**output["spent"])
            self._ended = self._ended or (RunEnd.from_json(output["ended"]) if output["ended"] else None)

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Keep that the user ended the session: pytest's own `exit` comes this way too."""
        self.interrupted = excinfo.type is KeyboardInterrupt

    def stop(self) -> None:
        """Let go of the endpoint at once: whoever waits for an answer waits no more."""
        if probe := self.config.stash.get(_PROBE, None):
            probe.stop()

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand the worker's part over, or write the reports. A session that is not whole is not green."""
        output: dict[str, Any] | None = getattr(self.config, "workeroutput", None)
        if output is not None:
            output["chatproof"] = {
                "target": self.config.stash.get(_OPENED, self._target),
                "spent": asdict(self._spent_here),
                "ended": self._ended_here.to_json() if self._ended_here else None,
            }
            return
        self._shared.close()
        result = self.result
        if not (self.cases or result.ended or self.interrupted):
            return
        nothing = result.ended is not None and not self.cases
        if session.exitstatus == pytest.ExitCode.OK or (nothing and not self.interrupted):
            session.exitstatus = exit_code(result)
        if path := self.config.getoption("--chatproof-json"):
            write_text(path, json_text(result.to_json(), indent=2) + "\n")
        if path := self.config.getoption("--chatproof-junit"):
            write_text(path, junit(result))

    @property
    def _spent_here(self) -> Spent:
        probe = self.config.stash.get(_PROBE, None)
        return probe.budget.spent if probe else self._spent

    @property
    def _ended_here(self) -> RunEnd | None:
        probe = self.config.stash.get(_PROBE, None)
        return self.config.stash.get(_NOT_MADE, None) or (probe.ended if probe else self._ended)

    @property
    def result(self) -> Result:
        """The result document, cases in the catalogue's order; those that did not run are named too."""
        target = self.config.stash.get(_OPENED, self._target) or self._asked_for
        spent = replace(self._spent_here, seconds=time.monotonic() - self._start)
        profile: str = self.config.option.chatproof_profile
        ended = self._ended_here
        lacking = INTERRUPTED if self.interrupted else ended.reason if ended else _NOT_REACHED
        messages = dict.fromkeys(PROFILES[profile], NOT_SELECTED) | dict.fromkeys(self.selected, lacking)
        cases = tuple(self.cases.get(id_) or _not_run(id_, told) for id_, told in messages.items())
        made = new_result(target, spent, cases, ended=ended, interrupted=self.interrupted)
        document = made.to_json()
        return Result.from_json(gate_of(self.config).value(document, own=_OWN | _names(document)))

    @property
    def _asked_for(self) -> dict[str, Any]:
        """The target as the user named it, where it was never opened."""
        option: Mapping[str, Any] = vars(self.config.option)
        return {
            "url": without_query(option["chatproof_url"] or ""),
            "model": option["chatproof_model"] or "",
            "models_listed": None,
            "profile": option["chatproof_profile"],
            "notes": [],
            "embedded": not option["chatproof_url"],
        }

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The report for people, below pytest's own."""
        if self.cases:
            shown = tuple(c for c in self.result.cases if c.message != NOT_SELECTED)
            ran = replace(self.result, cases=shown)
            text = f"{rows(ran)}\n\n{summary(ran)}"
            terminalreporter.section("chatproof")
            terminalreporter.line(text if terminalreporter.hasmarkup else unstyle(text))


def _names(value: Json) -> set[str]:
    """The names of all members."""
    names: set[str] = set(value) if isinstance(value, dict) else set()
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return names.union(*map(_names, inner))


def _not_run(id_: str, message: str) -> CaseResult:
    return CaseResult(id=id_, level=case_of(id_).level.value, outcome=Outcome.NOT_RUN, message=message)
