"""The results of a session of cases, gathered into one document, and the reports that are written of it."""

import platform
import re
import tempfile
import time
from collections.abc import Generator, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, replace
from itertools import combinations
from typing import Any

import pytest
from click import unstyle

from chatproof.cases import EVERY, GATEWAY, PROFILES, Level, case_of, cases_of, profile_of
from chatproof.findings.version import __version__
from chatproof.gate.escaping import json_text, without_query
from chatproof.judging.capabilities import capabilities
from chatproof.judging.everywhere import Ledger, settled
from chatproof.judging.outcomes import RESULT, final_reports, hold, is_open, taken
from chatproof.judging.session import (
    LEDGER,
    NOT_MADE,
    OPENED,
    PROBE,
    SELECTED,
    TALLY,
    gate_of,
    names_judged,
    profiles_of,
)
from chatproof.probe import EndKind, Json, RunEnd, Spent
from chatproof.report import CaseResult, Outcome, Result
from chatproof.report.document import INTERRUPTED, NOT_SELECTED
from chatproof.report.exit_code import exit_code
from chatproof.report.files import write_text
from chatproof.report.junit import junit
from chatproof.report.terminal import rows, summary

__all__ = ["ResultCollector", "new_result", "store_result"]

_NAMES = (*PROFILES, GATEWAY)
_PROFILES = {",".join(some) for size in range(1, len(_NAMES) + 1) for some in combinations(_NAMES, size)}
_OWN = frozenset({*Outcome, *Level, *EndKind, *_PROFILES, *cases_of(EVERY)})
"""Words that make a result document what it is, even where a user's header happens to have one for its value."""

_NOT_REACHED = "the session ended before it"


def store_result(item: pytest.Item, report: pytest.TestReport) -> None:
    """Put the item's result into its report, in JSON; what pytest itself tells of it goes through the gate."""
    if report.failed and report.when != "call":  # no case was reached: an exception of ours, with its values
        report.longrepr = gate_of(item.config).text(report.longreprtext)
    result = item.stash.get(RESULT, None)
    if result is None:
        return
    if report.when == "call":
        report.chatproof = result.to_json()  # type: ignore[attr-defined]  # reports carry what they are given
    if report.passed and is_open(result, item.config):
        hold(report)


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
        self._raw: dict[str, CaseResult] = {}
        self._held: dict[str, pytest.TestReport] = {}
        self._ledger = Ledger()
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
        found = self._opened.get("profiles")
        every = self.config.stash.get(SELECTED, ())
        return every if found is None else tuple(id_ for id_ in every if profile_of(id_) in found)

    @property
    def _opened(self) -> Mapping[str, Any]:
        """The target as it was found; empty until then."""
        return self.config.stash.get(OPENED, self._target)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Keep what was selected."""
        self._select(item.nodeid for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: object, ids: list[str]) -> None:
        """Keep what a worker selected: a controller collects nothing."""
        del node
        self._select(ids)

    def _select(self, nodes: Iterable[str]) -> None:
        profile = cases_of(names_judged(self.config))
        found = (match[1] for node in nodes if (match := re.search(r"::test_case\[([^\]]+)\]$", node)))
        self.config.stash[SELECTED] = tuple(id_ for id_ in found if id_ in profile)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep a case's result."""
        if found := getattr(report, "chatproof", None):
            result = CaseResult.from_json(found)
            self._raw[result.id], self.cases[result.id] = result, taken(result, self.config)
            if getattr(report, "chatproof_open", False):
                self._held[result.id] = report

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        """Tell pytest, after the last case, of those that any answer could have broken."""
        try:
            return (yield)
        finally:
            self._settle()

    def _settle(self) -> None:
        """Judge each case by all answers of the run. A worker does not know them all, and leaves it to who does."""
        if hasattr(self.config, "workeroutput"):
            return
        ledger = self.config.stash.get(LEDGER, self._ledger)
        for id_, result in settled(self._raw, ledger).items():
            self.cases[id_] = taken(self._with_unseen(result), self.config)
        for id_, held in self._held.items():
            for report in final_reports(held, self.cases[id_]):
                self.config.hook.pytest_runtest_logreport(report=report)
        self._held.clear()

    def _with_unseen(self, result: CaseResult) -> CaseResult:
        """Of a gateway: for what only a later answer broke its backend was not asked."""
        broken = result.outcome in {Outcome.FAILED, Outcome.WARNED} and not result.behind
        if broken and self.config.option.chatproof_behind and profile_of(result.id) != GATEWAY:
            return replace(result, behind="unknown")
        return result

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Give all workers one folder to count in."""
        if not self._tally:
            self._tally = self._shared.enter_context(tempfile.TemporaryDirectory(prefix="chatproof-"))
        node.workerinput[TALLY] = self._tally

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Keep what a worker found out about the target, what it spent and why it ended."""
        del error
        output = getattr(node, "workeroutput", {}).get("chatproof")
        if output:
            self._target = output["target"] or self._target
            self._spent += Spent(**output["spent"])
            self._ledger.add_json(output["answers"])
            self._ended = self._ended or (RunEnd.from_json(output["ended"]) if output["ended"] else None)

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Keep that the user ended the session: pytest's own `exit` comes this way too."""
        self.interrupted = excinfo.type is KeyboardInterrupt

    def stop(self) -> None:
        """Let go of the endpoint at once: whoever waits for an answer waits no more."""
        if probe := self.config.stash.get(PROBE, None):
            probe.stop()

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand the worker's part over, or write the reports. A session that is not whole is not green."""
        output: dict[str, Any] | None = getattr(self.config, "workeroutput", None)
        if output is not None:
            output["chatproof"] = {
                "target": self.config.stash.get(OPENED, self._target),
                "spent": asdict(self._spent_here),
                "answers": self.config.stash.get(LEDGER, self._ledger).to_json(),
                "ended": self._ended_here.to_json() if self._ended_here else None,
            }
            return
        self._shared.close()
        result = self.result
        if self.config.option.collectonly or not (self.selected or result.ended or self.interrupted):
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
        probe = self.config.stash.get(PROBE, None)
        return probe.budget.spent if probe else self._spent

    @property
    def _ended_here(self) -> RunEnd | None:
        probe = self.config.stash.get(PROBE, None)
        return self.config.stash.get(NOT_MADE, None) or (probe.ended if probe else self._ended)

    @property
    def result(self) -> Result:
        """The result document, cases in the catalogue's order; those that did not run are named too."""
        target = self._opened or self._asked_for
        spent = replace(self._spent_here, seconds=time.monotonic() - self._start)
        ended = self._ended_here
        lacking = INTERRUPTED if self.interrupted else ended.reason if ended else _NOT_REACHED
        judged = cases_of(target["profiles"])
        messages = dict.fromkeys(judged, NOT_SELECTED) | {
            id_: lacking for id_ in self.selected if id_ in judged
        }
        cases = tuple(self.cases.get(id_) or _not_run(id_, told) for id_, told in messages.items())
        can = capabilities(cases, target["context_length"])
        target = {name: value for name, value in target.items() if name != "context_length"}
        made = new_result(
            target | {"capabilities": can}, spent, cases, ended=ended, interrupted=self.interrupted
        )
        document = made.to_json()
        return Result.from_json(gate_of(self.config).value(document, own=_OWN | _names(document)))

    @property
    def _asked_for(self) -> dict[str, Any]:
        """The target as the user named it, where it was never opened."""
        option: Mapping[str, Any] = vars(self.config.option)
        profiles = profiles_of(self.config) or ("openai", "responses")
        profiles = (*profiles, GATEWAY) if option["chatproof_behind"] else profiles
        return {
            "url": without_query(option["chatproof_url"] or ""),
            "model": option["chatproof_model"] or "",
            "models_listed": None,
            "profile": ",".join(profiles),
            "profiles": [*profiles],
            "found_out": "",
            "context_length": None,
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
