"""A pytest session that judges an endpoint: opens the target, gathers results, writes the reports."""

import json
import os
import platform
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from click import unstyle

from chatproof.cases import PROFILES, case_of
from chatproof.judging.judge import Judge
from chatproof.judging.target import CannotJudgeError, Opened, Target, open_target
from chatproof.probe import Budget, RunEndedError, Spent
from chatproof.report import CaseResult, Outcome, Result
from chatproof.report.document import NOT_SELECTED
from chatproof.report.junit import junit
from chatproof.report.terminal import rows, summary
from chatproof.version import __version__

__all__ = ["EMBEDDED_MODEL", "RESULT", "ResultCollector", "judging", "new_result", "store_result"]

EMBEDDED_MODEL = "tiny"

RESULT = pytest.StashKey[CaseResult]()
"""Where a case's item keeps its result."""

_TALLY = "chatproof_tally"
"""Where a worker finds the name of the folder."""

_OPENED = pytest.StashKey[dict[str, Any]]()
_BUDGET = pytest.StashKey[Budget]()


@contextmanager
def judging(config: pytest.Config) -> Generator[Judge]:
    """Open the target that the options name, for the length of a session.

    Where it cannot be judged the session ends with exit code 2 and one sentence.
    """
    with ExitStack() as stack:
        target = _target(config)
        if not target.url:
            from chatfake import Fake, LiveServer  # noqa: PLC0415  most runs judge something else

            fake = Fake(models=(EMBEDDED_MODEL,), clock=time.time, dialect=target.profile)
            server = stack.enter_context(LiveServer(fake))
            target = replace(target, url=server.base_url, model=target.model or EMBEDDED_MODEL, api_key=None)
        opened = _open(config, target)
        stack.callback(opened.endpoint.probe.close)
        config.stash[_OPENED] = opened.describe() | {"embedded": not _target(config).url}
        config.stash[_BUDGET] = opened.endpoint.probe.budget
        yield Judge(opened.endpoint, api_key=target.api_key, key_variable=target.key_variable)


def _open(config: pytest.Config, target: Target) -> Opened:
    try:
        return open_target(target)
    except (CannotJudgeError, RunEndedError) as told:
        sentence = f"chatproof: {told}"
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
        tally=_tally(config),
    )


def _tally(config: pytest.Config) -> Path | None:
    """Where xdist's workers count together; they share the limits of the one run."""
    folder: str | None = getattr(config, "workerinput", {}).get(_TALLY)
    return Path(folder) if folder else None


def store_result(item: pytest.Item, report: pytest.TestReport) -> None:
    """Put the item's result into its report, in JSON."""
    if result := item.stash.get(RESULT, None):
        report.chatproof = result.to_json()  # type: ignore[attr-defined]  # reports carry what they are given


def new_result(target: dict[str, Any], spent: Spent, cases: tuple[CaseResult, ...]) -> Result:
    """The result document of a run with this chatproof."""
    tool = {"name": "chatproof", "version": __version__, "python": platform.python_version()}
    return Result(tool=tool, target=target, spent=spent, cases=cases)


class ResultCollector:
    """Gathers the results of a session, in the controller where there are workers."""

    NAME = "chatproof-watch"

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.cases: dict[str, CaseResult] = {}
        self._target: dict[str, Any] = {}
        self._spent = Spent()
        self._start = time.monotonic()
        self._shared = ExitStack()
        self._tally = ""

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
        """Keep what a worker found out about the target, and what it spent."""
        del error
        output = getattr(node, "workeroutput", {}).get("chatproof")
        if output:
            self._target = output["target"]
            self._spent += Spent(**output["spent"])

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand the worker's part over, or write the reports. A session that judged nothing is not green."""
        output: dict[str, Any] | None = getattr(self.config, "workeroutput", None)
        if output is not None:
            if _OPENED in self.config.stash:
                spent = asdict(self.config.stash[_BUDGET].spent)
                output["chatproof"] = {"target": self.config.stash[_OPENED], "spent": spent}
            return
        self._shared.close()
        if self.cases and not self.result.judged and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.INTERRUPTED
        if self.cases:
            _write(
                self.config.getoption("--chatproof-json"), json.dumps(self.result.to_json(), indent=2) + "\n"
            )
            _write(self.config.getoption("--chatproof-junit"), junit(self.result))

    @property
    def result(self) -> Result:
        """The result document, cases in the catalogue's order; those that did not run are named too."""
        target = self.config.stash.get(_OPENED, self._target)
        budget = self.config.stash.get(_BUDGET, None)
        spent = replace(budget.spent if budget else self._spent, seconds=time.monotonic() - self._start)
        profile: str = self.config.option.chatproof_profile
        return new_result(
            target, spent, tuple(self.cases.get(id_) or _not_selected(id_) for id_ in PROFILES[profile])
        )

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The report for people, below pytest's own."""
        if self.cases:
            ran = replace(self.result, cases=tuple(c for c in self.result.cases if c.id in self.cases))
            text = f"{rows(ran)}\n\n{summary(ran)}"
            terminalreporter.section("chatproof")
            terminalreporter.line(text if terminalreporter.hasmarkup else unstyle(text))


def _not_selected(id_: str) -> CaseResult:
    return CaseResult(id=id_, level=case_of(id_).level.value, outcome=Outcome.NOT_RUN, message=NOT_SELECTED)


def _write(path: str | None, text: str) -> None:
    if path:
        Path(path).write_text(text, encoding="utf-8")
