"""A pytest session that judges an endpoint: its options, and the target that they name, opened once."""

import os
import time
import uuid
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest

from chatproof.cases import PROFILES, cases_of, profile_of
from chatproof.gate import Gate
from chatproof.judging.capabilities import CAPABILITIES
from chatproof.judging.everywhere import Ledger
from chatproof.judging.forecast import price_note
from chatproof.judging.judge import Judge
from chatproof.judging.judges import Judges, Probes
from chatproof.judging.names import names_of
from chatproof.judging.target import CannotJudgeError, Opened, Target, open_target
from chatproof.probe import Access, EndKind, RunEnd, RunEndedError, headers_of
from chatproof.report.console import Progress
from chatproof.report.expectation import Expectation, expectation

__all__ = [
    "EMBEDDED_MODEL",
    "LEDGER",
    "NOT_MADE",
    "OPENED",
    "PROBE",
    "PROGRESS",
    "SELECTED",
    "TALLY",
    "expectation_of",
    "gate_of",
    "judging",
    "profiles_of",
]

EMBEDDED_MODEL = "tiny"

_EMBEDDED_CONTEXT = 2200
"""Short enough for its end to be seen within the run's limits."""

PROGRESS = pytest.StashKey[Progress]()
"""Who is told how the waiting for a server goes on, where it is not pytest's terminal."""

TALLY = "chatproof_tally"
"""Where a worker finds the name of the folder."""

OPENED = pytest.StashKey[dict[str, Any]]()
PROBE = pytest.StashKey[Probes]()
LEDGER = pytest.StashKey[Ledger]()
NOT_MADE = pytest.StashKey[RunEnd]()
SELECTED = pytest.StashKey[tuple[str, ...]]()


@contextmanager
def judging(config: pytest.Config) -> Generator[Judges]:
    """Open the target that the options name, for the length of a session.

    Where it cannot be judged the session ends with exit code 2 and one sentence.
    """
    with ExitStack() as stack:
        target = _target(config)
        gate = gate_of(config)
        if not target.url:
            from chatfake import Fake, LiveServer  # noqa: PLC0415  most runs judge something else

            fake = Fake(
                models=(EMBEDDED_MODEL,),
                clock=time.time,
                new_id=lambda: uuid.uuid4().hex,
                context_length=_EMBEDDED_CONTEXT,
                dialect=_dialect(target),
            )
            server = stack.enter_context(LiveServer(fake))
            target = replace(target, url=server.base_url, model=target.model or EMBEDDED_MODEL, api_key=None)
        opened = _priced(_open(config, target), target, config.stash.get(SELECTED, ()))
        endpoints = {name: opened.endpoint_of(name) for name in opened.profiles}
        for endpoint in endpoints.values():
            endpoint.seed = config.option.chatproof_seed
        probes = Probes(*(endpoint.probe for endpoint in endpoints.values()))
        stack.callback(probes.close)
        config.stash[OPENED] = opened.describe(gate) | {"embedded": not _target(config).url}
        config.stash[PROBE] = probes
        _refuse_what_nobody_looks_at(config, opened, expectation_of(config))
        ledger = config.stash[LEDGER] = Ledger()
        of_endpoint = {
            endpoint: Judge(
                endpoint,
                api_key=target.sent_key,
                key_variable=target.key_variable,
                access=target.access,
                profile="lorax" if name == "lorax" else "openai",
                ledger=ledger,
            )
            for name, endpoint in endpoints.items()
        }
        yield Judges({name: of_endpoint[endpoint] for name, endpoint in endpoints.items()})


def _dialect(target: Target) -> str:
    """What the embedded fake speaks: LoRAX has routes of OpenAI's too."""
    return "lorax" if "lorax" in target.profiles else "openai"


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


def expectation_of(config: pytest.Config) -> Expectation:
    """What makes this run fail. Raises `BaselineError`."""
    option: Mapping[str, Any] = vars(config.option)
    capabilities = names_of(option["chatproof_expect"] or (), CAPABILITIES, "capability")
    expected = {id_: name for name in capabilities for id_ in CAPABILITIES[name]}
    made = expectation(option["chatproof_level"], option["chatproof_baseline"], cases_of(), "case")
    return replace(made, expected=expected)


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
    here = [id_ for id_ in selected if profile_of(id_) in opened.profiles]
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
    return _target(config).gate


def _tally(config: pytest.Config) -> Path | None:
    """Where xdist's workers count together; they share the limits of the one run."""
    folder: str | None = getattr(config, "workerinput", {}).get(TALLY)
    return Path(folder) if folder else None
