"""`--save` and `--from` in a pytest session: where the exchanges are kept, and which run is judged again."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chatproof.cases import GATEWAY, PROFILES
from chatproof.gate import Gate
from chatproof.gate.escaping import line
from chatproof.judging.opening import Target
from chatproof.probe import RunEnd
from chatproof.saved_run.error import SavedRunError
from chatproof.saved_run.facts import BEHIND, Asked, Facts
from chatproof.saved_run.reading import SavedRun, read
from chatproof.saved_run.saving import Saver, begin, finish

__all__ = ["Saving", "asked_by", "hand_over", "refuse_both", "refuse_unsavable", "saved", "saved_run"]

_SAVERS = pytest.StashKey[list[Saver]]()

_PARTS = "chatproof_parts"
"""Where a worker finds the folder to write to."""

_TROUBLE = "chatproof_trouble"
"""Where it leaves what it could not write."""


def refuse_both(url: str | None, save: str | None, from_: str | None) -> None:
    """Look whether options exclude each other. Raises `SavedRunError`, whose text is a sentence."""
    if from_ is not None and save is not None:
        raise SavedRunError("a run is either saved or judged again: --save and --from exclude each other")
    if from_ is not None and url is not None:
        raise SavedRunError("--from judges a run that was saved, whose URL is known: leave the URL out")


def saved_run(folder: str) -> SavedRun:
    """The run in a folder. Raises `SavedRunError`, whose text is a sentence."""
    try:
        run = read(Path(folder))
    except SavedRunError as error:
        raise SavedRunError(f"--from {line(folder)}: {error}") from None
    known = {*PROFILES, GATEWAY}
    named = {name for names in run.facts.profile for name in names.split(",")}
    if not named.union(*(asked.profiles for asked in run.facts.asked.values())) <= known:
        raise SavedRunError(f"--from {line(folder)}: what it says of the run cannot be read (a profile)")
    return run


def refuse_unsavable(folder: str) -> None:
    """Look whether a run can be saved there. Raises `SavedRunError`, whose text is a sentence."""
    with suppress(OSError):
        _begin(folder).rmdir()


def _begin(folder: str) -> Path:
    try:
        return begin(Path(folder))
    except SavedRunError as error:
        raise SavedRunError(f"--save {line(folder)}: {error}") from None


def asked_by(target: Target, *, embedded: bool) -> Asked:
    """What is written down of a target, for it to be asked so again."""
    hidden = target.gate.hidden
    return Asked(
        url=hidden(target.url),
        embedded=embedded,
        profiles=target.profiles,
        model=None if target.model is None else hidden(target.model),
        key_variable=target.key_variable,
        keyed=target.api_key is not None,
        headers=tuple((header.name, header.shown) for header in target.access.headers),
        cacert=target.access.cacert,
        insecure=target.access.insecure,
        seconds=target.seconds,
        max_requests=target.max_requests,
        max_tokens=target.max_tokens,
        max_seconds=target.max_seconds,
        workers=target.workers,
    )


def saved(
    config: pytest.Config, target: Target, gate: Gate, *, embedded: bool, behind: bool = False
) -> Target:
    """The target with somebody beside it who writes down what this process asks; as it is where nothing is saved."""
    parts, worker = _place(config)
    if parts is None:
        return target
    saver = Saver(parts, worker + BEHIND if behind else worker, gate)
    config.stash.setdefault(_SAVERS, []).append(saver)
    saver.asks(asked_by(target, embedded=embedded))
    return replace(target, medium=saver.medium())


def _place(config: pytest.Config) -> tuple[Path | None, str]:
    given: dict[str, Any] | None = getattr(config, "workerinput", None)
    if given is not None:
        return (Path(given[_PARTS]) if _PARTS in given else None), given["workerid"]
    plugin: Any = config.pluginmanager.getplugin(Saving.NAME)
    return (plugin.parts if plugin else None), ""


class Saving:
    """Gathers what is saved, in the controller where there are workers, and makes one file of it."""

    NAME = "chatproof-saving"

    def __init__(self, config: pytest.Config, folder: str) -> None:
        self._config = config
        self._folder = Path(folder)
        self._judged: dict[str, str] = {}
        self.trouble = ""
        self.parts = _begin(folder)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep who judged a case."""
        if found := getattr(report, "chatproof", None):
            self._judged[found["id"]] = getattr(report, "worker_id", "")

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker where to write."""
        node.workerinput[_PARTS] = str(self.parts)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Keep what a worker could not write."""
        del error
        self.trouble = self.trouble or getattr(node, "workeroutput", {}).get(_TROUBLE, "")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Make one file of what was written. Where it is not whole the session is not green."""
        self.trouble = self.trouble or _trouble(self._config)
        try:
            finish(self._folder, self.parts, self._facts)
        except SavedRunError as error:
            self.trouble = self.trouble or str(error)
        if self.trouble:
            session.exitstatus = 2

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say where not all was saved."""
        if self.sentence:
            terminalreporter.write_line(f"chatproof: {self.sentence}")

    @property
    def sentence(self) -> str:
        """What is to be told of it; empty where all was saved."""
        shown = line(str(self._folder))
        return f"--save {shown}: not all exchanges are there: {self.trouble}" if self.trouble else ""

    def _facts(self, asked: dict[str, Asked]) -> Facts:
        from chatproof.judging.collector import ResultCollector  # noqa: PLC0415  it needs the session, which needs us

        option = self._config.option
        collector: Any = self._config.pluginmanager.getplugin(ResultCollector.NAME)
        ended: RunEnd | None = collector.result.ended if collector else None
        return Facts(
            asked=asked,
            profile=tuple(option.chatproof_profile or ()),
            seed=option.chatproof_seed,
            expression=option.keyword or "",
            marks=option.markexpr or "",
            fast=bool(option.chatproof_fast),
            behind=next((one.url for worker, one in asked.items() if worker.endswith(BEHIND)), ""),
            judged=self._judged,
            ended=ended,
        )


def hand_over(config: pytest.Config) -> None:
    """Of a worker: what it could not write."""
    output: dict[str, Any] | None = getattr(config, "workeroutput", None)
    if output is not None:
        output[_TROUBLE] = _trouble(config)


def _trouble(config: pytest.Config) -> str:
    savers = config.stash.get(_SAVERS, list[Saver]())
    return next((saver.trouble for saver in savers if saver.trouble), "")
