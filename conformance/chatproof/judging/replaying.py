"""A saved run judged again: each case with the answers that the process got which judged it then."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from chatproof.cases import GATEWAY, Case
from chatproof.judging.backend import Backend, open_backend
from chatproof.judging.everywhere import Ledger
from chatproof.judging.judges import Judges, Probes, judges_of
from chatproof.judging.opening import Opened, Target
from chatproof.judging.target import CannotJudgeError, open_target
from chatproof.probe import Access, Header, NoExchangeError, RunEnd, Spent
from chatproof.report import CaseResult
from chatproof.saved_run.facts import BEHIND, Asked
from chatproof.saved_run.reading import SavedRun
from chatproof.saved_run.replaying import Answers

__all__ = ["CaseJudge", "ProbeOfRun", "ReplayJudges"]


class CaseJudge(Protocol):
    """Judges cases."""

    def is_for(self, id_: str) -> bool:
        """Is the case of that id one of this run's profiles?"""
        ...

    def raw(self, case: Case) -> CaseResult:
        """The result of one case, before the answers of later ones are known."""
        ...


class _Spending(Protocol):
    @property
    def spent(self) -> Spent: ...


class ProbeOfRun(Protocol):
    """What a session looks at of who asks."""

    @property
    def budget(self) -> _Spending: ...

    @property
    def ended(self) -> RunEnd | None: ...

    def stop(self) -> None:
        """Let go of the endpoint."""
        ...


class ReplayJudges:
    """Judges the cases of a saved run. Where there were several processes, each had answers of its own."""

    def __init__(self, run: SavedRun) -> None:
        self._run = run
        self._asking: dict[str, _Asking] = {}
        self.behind = ""
        """The URL of the backend, where a gateway is judged."""
        self.ledger = Ledger()
        """What all answers break, as far as they were asked for."""
        self._answers = {
            worker: Answers((one for one in run.kept if one.worker == worker), run.facts.ended)
            for worker in run.facts.asked
        }

    def open_all(self) -> tuple[Opened, Target, bool]:
        """Open the target as each process did; that of the first, and whether it was the embedded fake.

        Raises:
            CannotJudgeError: it could not be judged then, or what was kept does not reach so far.
            RunEndedError: the run ended then before it was open.
        """
        for worker in self._answers:
            if not worker.endswith(BEHIND):
                self._asking[worker] = self._open(worker)
        if not self._asking:
            raise CannotJudgeError("the saved run ended before anything was asked. Nothing was judged.")
        worker, first = next(iter(self._asking.items()))
        return first.opened, first.target, self._run.facts.asked[worker].embedded

    def _open(self, worker: str) -> "_Asking":
        target, access = _again(self._run.facts.asked[worker], secrets.token_hex(24))
        target = replace(target, medium=self._answers[worker].medium())
        try:
            opened = open_target(target)
        except NoExchangeError as told:
            raise CannotJudgeError(f"{told}. Nothing was judged.") from None
        backend = self._open_backend(worker, opened)
        if backend:
            opened = replace(opened, profiles=(*opened.profiles, GATEWAY))
        ledger = Ledger()
        seed = self._run.facts.seed
        judges, probes = judges_of(opened, target, ledger, access=access, seed=seed, backend=backend)
        return _Asking(opened=opened, target=target, judges=judges, probes=probes, ledger=ledger)

    def _open_backend(self, worker: str, gateway: Opened) -> Backend | None:
        asked = self._run.facts.asked.get(worker + BEHIND)
        if asked is None:
            return None
        target, _ = _again(asked, secrets.token_hex(24))
        answers = self._answers[worker + BEHIND]
        backend = open_backend(replace(target, medium=answers.medium()), gateway)
        self.behind = backend.opened.url
        return backend

    def is_for(self, id_: str) -> bool:
        """Is the case of that id one of this run's profiles?"""
        return self._of(id_).judges.is_for(id_)

    def raw(self, case: Case) -> CaseResult:
        """The result of one case, by the answers of who judged it then."""
        result = self._of(case.id).judges.raw(case)
        every = Ledger()
        for asking in self._asking.values():
            every.add_json(asking.ledger.to_json())
        self.ledger.breaches, self.ledger.counts = every.breaches, every.counts
        return result

    def _of(self, id_: str) -> "_Asking":
        worker = self._run.facts.judged.get(id_, "")
        return self._asking.get(worker) or next(iter(self._asking.values()))

    @property
    def budget(self) -> "_Together":
        """What all processes spent."""
        return _Together(lambda: (one.probes.budget.spent for one in self._asking.values()))

    @property
    def ended(self) -> RunEnd | None:
        """How the run ended, where it did before all was judged."""
        ends = (
            *(one.probes.ended for one in self._asking.values()),
            *(answers.ended for answers in self._answers.values()),
        )
        return next(filter(None, ends), None)

    def stop(self) -> None:
        """Nothing is under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """What one process had."""

    opened: Opened
    target: Target
    judges: Judges
    probes: Probes
    ledger: Ledger


class _Together:
    def __init__(self, parts: Callable[[], Iterator[Spent]]) -> None:
        self._parts = parts

    @property
    def spent(self) -> Spent:
        """The sum."""
        return sum(self._parts(), Spent())


def _again(asked: Asked, key: str) -> tuple[Target, Access]:
    """The target that was asked so, and what its requests are told with.

    The key that nobody knows any more, and the values of headers, have a stand-in, which is in no answer.
    """
    headers = tuple(Header(name=name, value=key, shown=shown) for name, shown in asked.headers)
    access = Access(headers=headers, cacert=asked.cacert, insecure=asked.insecure)
    target = Target(
        url=asked.url,
        profiles=asked.profiles,
        model=asked.model,
        api_key=key if asked.keyed else None,
        key_variable=asked.key_variable,
        seconds=asked.seconds,
        max_requests=asked.max_requests,
        max_tokens=asked.max_tokens,
        max_seconds=asked.max_seconds,
        workers=asked.workers,
        access=Access(headers=headers, insecure=asked.insecure),
    )
    return target, access
