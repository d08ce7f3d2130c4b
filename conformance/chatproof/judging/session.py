"""A pytest session that judges an endpoint: its options, and the target that they name, opened once."""

import os
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import pytest

from chatproof.cases import CATALOGUES, GATEWAY_CASES, PROFILES, Case
from chatproof.gate import Gate
from chatproof.judging.backend import Backend, backend_target, open_backend
from chatproof.judging.forecast import price_note
from chatproof.judging.judge import Judge
from chatproof.judging.replaying import CaseJudge, ProbeOfRun, ReplayJudge
from chatproof.judging.saving import saved
from chatproof.judging.target import CannotJudgeError, Opened, Target, open_target
from chatproof.probe import Access, EndKind, RunEnd, RunEndedError, headers_of
from chatproof.report.console import Progress
from chatproof.report.expectation import Expectation, expectation
from chatproof.saved_run.reading import SavedRun

__all__ = [
    "EMBEDDED_MODEL",
    "NOT_MADE",
    "OPENED",
    "PROBE",
    "PROGRESS",
    "SAVED",
    "SELECTED",
    "TALLY",
    "catalogue",
    "expectation_of",
    "gate_of",
    "judging",
    "open_endpoint",
]

EMBEDDED_MODEL = "tiny"

PROGRESS = pytest.StashKey[Progress]()
"""Who is told how the waiting for a server goes on, where it is not pytest's terminal."""

TALLY = "chatproof_tally"
"""Where a worker finds the name of the folder."""

OPENED = pytest.StashKey[dict[str, Any]]()
PROBE = pytest.StashKey[ProbeOfRun]()
NOT_MADE = pytest.StashKey[RunEnd]()
SELECTED = pytest.StashKey[tuple[str, ...]]()
SAVED = pytest.StashKey[SavedRun]()
"""The run that is judged again, in the place of an endpoint."""


@contextmanager
def judging(config: pytest.Config) -> Generator[CaseJudge]:
    """Open the target that the options name, for the length of a session.

    Where it cannot be judged the session ends with exit code 2 and one sentence.
    """
    if run := config.stash.get(SAVED, None):
        yield _again(config, run)
        return
    with ExitStack() as stack:
        target = _live(config, stack)
        gate = gate_of(config)
        embedded = not _target(config).url
        target = saved(config, target, gate, embedded=embedded)
        opened = _opened(config, lambda: open_target(target, told=_progress(config)))
        backend = _backend(config, opened, stack)
        opened = _priced(opened, target, config.stash.get(SELECTED, ()))
        stack.callback(opened.endpoint.probe.close)
        config.stash[OPENED] = opened.describe(gate) | {"embedded": embedded}
        if backend:
            config.stash[OPENED]["behind"] = gate.line(backend.opened.url)
        config.stash[PROBE] = opened.endpoint.probe
        yield Judge(
            opened.endpoint,
            api_key=target.sent_key,
            key_variable=target.key_variable,
            access=target.access,
            expectation=expectation_of(config),
            backend=backend,
        )


def _backend(config: pytest.Config, gateway: Opened, stack: ExitStack) -> Backend | None:
    target = backend_target(config)
    if target is None:
        return None
    target = saved(config, target, gate_of(config), embedded=False, behind=True)
    backend = _opened(config, lambda: open_backend(target, gateway))
    stack.callback(backend.opened.endpoint.probe.close)
    return backend


def catalogue(config: pytest.Config) -> Mapping[str, Case]:
    """All cases of this run: those of its profile, and those of a gateway where a backend is named."""
    profile: str = config.option.chatproof_profile
    return {**PROFILES[profile], **(GATEWAY_CASES if config.option.chatproof_behind else {})}


@contextmanager
def open_endpoint(config: pytest.Config) -> Generator[tuple[Opened, Target]]:
    """The endpoint that the options name, for tests of the user's own: they fail where it cannot be asked."""
    if config.stash.get(SAVED, None):
        pytest.fail("a saved run (--chatproof-from) has answers for the cases alone", pytrace=False)
    with ExitStack() as stack:
        target = _live(config, stack)
        try:
            opened = open_target(target, told=_progress(config))
        except (CannotJudgeError, RunEndedError) as told:
            pytest.fail(f"chatproof: {gate_of(config).line(str(told))}", pytrace=False)
        yield opened, target


def _live(config: pytest.Config, stack: ExitStack) -> Target:
    """The target of the options; where they name none, the embedded fake, which is started."""
    target = _target(config)
    if target.url:
        return target
    from chatfake import Fake, LiveServer  # noqa: PLC0415  most runs judge something else

    fake = Fake(models=(EMBEDDED_MODEL,), clock=time.time, dialect=target.profile)
    server = stack.enter_context(LiveServer(fake))
    return replace(target, url=server.base_url, model=target.model or EMBEDDED_MODEL, api_key=None)


def expectation_of(config: pytest.Config) -> Expectation:
    """What makes this run fail. Raises `BaselineError`."""
    option: Mapping[str, Any] = vars(config.option)
    ids = [id_ for cases in CATALOGUES.values() for id_ in cases]
    return expectation(option["chatproof_level"], option["chatproof_baseline"], ids, "case")


def _again(config: pytest.Config, run: SavedRun) -> ReplayJudge:
    """The judge of a run that was saved."""
    judge = ReplayJudge(run, expectation_of(config))
    opened, target, embedded = _opened(config, judge.open_all)
    opened = _priced(opened, target, config.stash.get(SELECTED, ()))
    config.stash[OPENED] = opened.describe(gate_of(config)) | {"embedded": embedded}
    if behind := judge.behind:
        config.stash[OPENED]["behind"] = behind
    config.stash[PROBE] = judge
    return judge


_T = TypeVar("_T")


def _opened(config: pytest.Config, opening: Callable[[], _T]) -> _T:
    try:
        return opening()
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
    config.stash[NOT_MADE] = end
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
    target, backend = _target(config), backend_target(config)
    others = {backend.api_key: f"${backend.key_variable}"} if backend and backend.api_key else {}
    return Gate.of_key(target.api_key, target.key_variable, target.access.secrets | others)


def _tally(config: pytest.Config) -> Path | None:
    """Where xdist's workers count together; they share the limits of the one run."""
    folder: str | None = getattr(config, "workerinput", {}).get(TALLY)
    return Path(folder) if folder else None
