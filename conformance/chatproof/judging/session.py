"""A pytest session that judges an endpoint: its options, and the target that they name, opened once."""

import os
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import pytest

from chatproof.cases import EVERY, GATEWAY, PROFILES, cases_of, profile_of
from chatproof.gate import Gate
from chatproof.judging.backend import Backend, backend_target, open_backend
from chatproof.judging.capabilities import CAPABILITIES
from chatproof.judging.everywhere import Ledger
from chatproof.judging.forecast import price_note
from chatproof.judging.judges import judges_of
from chatproof.judging.names import names_of
from chatproof.judging.replaying import CaseJudge, ProbeOfRun, ReplayJudges
from chatproof.judging.saving import saved
from chatproof.judging.target import CannotJudgeError, Opened, Target, open_target
from chatproof.probe import Access, EndKind, RunEnd, RunEndedError, headers_of
from chatproof.report.console import Progress
from chatproof.report.expectation import Expectation, expectation
from chatproof.saved_run.reading import SavedRun

__all__ = [
    "LEDGER",
    "NOT_MADE",
    "OPENED",
    "PROBE",
    "PROGRESS",
    "SAVED",
    "SELECTED",
    "TALLY",
    "expectation_of",
    "gate_of",
    "judging",
    "names_judged",
    "open_endpoint",
    "profiles_of",
]

PROGRESS = pytest.StashKey[Progress]()
"""Who is told how the waiting for a server goes on, where it is not pytest's terminal."""

TALLY = "chatproof_tally"
"""Where a worker finds the name of the folder."""

OPENED = pytest.StashKey[dict[str, Any]]()
PROBE = pytest.StashKey[ProbeOfRun]()
LEDGER = pytest.StashKey[Ledger]()
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
        embedded = not _target(config).url
        target = saved(config, target, gate_of(config), embedded=embedded)
        opened = _opened(config, lambda: open_target(target, told=_progress(config)))
        backend = _backend(config, opened, stack)
        opened = _priced(_with_gateway(opened, behind=backend is not None), target, config)
        ledger = config.stash[LEDGER] = Ledger()
        judges, probes = judges_of(opened, target, ledger, seed=config.option.chatproof_seed, backend=backend)
        stack.callback(probes.close)
        config.stash[PROBE] = probes
        _remember(config, opened, embedded=embedded, behind=backend.opened.url if backend else "")
        yield judges


def _again(config: pytest.Config, run: SavedRun) -> ReplayJudges:
    """The judges of a run that was saved."""
    judges = ReplayJudges(run)
    opened, target, embedded = _opened(config, judges.open_all)
    opened = _priced(opened, target, config)
    config.stash[LEDGER], config.stash[PROBE] = judges.ledger, judges
    _remember(config, opened, embedded=embedded, behind=judges.behind)
    return judges


def _remember(config: pytest.Config, opened: Opened, *, embedded: bool, behind: str) -> None:
    gate = gate_of(config)
    told = {"behind": gate.line(behind)} if behind else {}
    config.stash[OPENED] = opened.describe(gate) | {"embedded": embedded} | told
    _refuse_what_nobody_looks_at(config, opened, expectation_of(config))


def _backend(config: pytest.Config, gateway: Opened, stack: ExitStack) -> Backend | None:
    """What is behind a gateway, opened, where the options name it."""
    target = backend_target(config)
    if target is None:
        return None
    target = saved(config, target, gate_of(config), embedded=False, behind=True)
    backend = _opened(config, lambda: open_backend(target, gateway))
    stack.callback(backend.opened.endpoint.probe.close)
    return backend


def _with_gateway(opened: Opened, *, behind: bool) -> Opened:
    """Where a backend is known, what compares the two is judged as well."""
    return replace(opened, profiles=(*opened.profiles, GATEWAY)) if behind else opened


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
    from chatfake import LiveServer  # noqa: PLC0415  most runs judge something else
    from chatproof.judging.embedded import EMBEDDED_MODEL, dialect_of, embedded_fake  # noqa: PLC0415

    server = stack.enter_context(LiveServer(embedded_fake(dialect_of(target.profiles))))
    return replace(target, url=server.base_url, model=target.model or EMBEDDED_MODEL, api_key=None)


def _refuse_what_nobody_looks_at(config: pytest.Config, opened: Opened, expected: Expectation) -> None:
    """End a run in which nothing that was selected is here, or what is expected is not looked at."""
    every = config.stash.get(SELECTED, ())
    selected = [id_ for id_ in every if profile_of(id_) in opened.profiles]
    if every and not selected:
        wanted = ", ".join(dict.fromkeys(map(profile_of, every)))
        reason = (
            f"nothing of the profile {wanted} was found at {opened.url} ({opened.found_out})."
            f" If it is there: --profile {wanted.replace(', ', ',')}."
        )
        _not_made(config, RunEnd(kind=EndKind.NOT_MADE, reason=reason))
    for id_, name in expected.expected.items():
        if id_ not in selected:
            reason = (
                f"{name} is expected (--expect), and {id_}, which looks for it, is not among what is judged."
            )
            _not_made(config, RunEnd(kind=EndKind.NOT_MADE, reason=reason))


def profiles_of(config: pytest.Config) -> tuple[str, ...]:
    """The profiles that the options name; none where they are to be found out."""
    return names_of(vars(config.option)["chatproof_profile"] or (), PROFILES, "profile")


def names_judged(config: pytest.Config) -> tuple[str, ...]:
    """The profiles whose cases may be judged, and what compares a gateway with its backend, where one is named."""
    named = profiles_of(config) or tuple(PROFILES)
    return (*named, GATEWAY) if config.option.chatproof_behind else named


def expectation_of(config: pytest.Config) -> Expectation:
    """What makes this run fail. Raises `BaselineError`."""
    option: Mapping[str, Any] = vars(config.option)
    capabilities = names_of(option["chatproof_expect"] or (), CAPABILITIES, "capability")
    expected = {id_: name for name in capabilities for id_ in CAPABILITIES[name]}
    made = expectation(option["chatproof_level"], option["chatproof_baseline"], cases_of(EVERY), "case")
    return replace(made, expected=expected)


_T = TypeVar("_T")


def _opened(config: pytest.Config, opening: Callable[[], _T]) -> _T:
    try:
        return opening()
    except CannotJudgeError as told:
        _not_made(config, RunEnd(kind=EndKind.NOT_MADE, reason=str(told)))
    except RunEndedError as told:
        _not_made(config, told.end)


def _priced(opened: Opened, target: Target, config: pytest.Config) -> Opened:
    """The endpoint, with a note where the run will cost more than it may."""
    delay = target.delay if target.tally is None else 0.0  # workers wait side by side
    here = [id_ for id_ in config.stash.get(SELECTED, ()) if profile_of(id_) in opened.profiles]
    note = price_note(here, opened.plain_prompt_tokens, opened.endpoint.probe.budget, delay=delay)
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
        profiles=profiles_of(config),
        model=option["chatproof_model"],
        api_key=os.environ.get(variable) or None,
        key_variable=variable,
        seconds=option["chatproof_timeout"],
        max_requests=option["chatproof_max_requests"],
        max_tokens=option["chatproof_max_tokens"],
        max_seconds=option["chatproof_max_seconds"],
        tally=_tally(config),
        workers=getattr(config, "workerinput", {}).get("workercount", 1),
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
