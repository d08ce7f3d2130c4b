"""A saved run judged again: each case with the answers that the process got which judged it then."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Protocol

from chatproof.cases import Case
from chatproof.judging.backend import Backend, open_backend
from chatproof.judging.judge import Judge
from chatproof.judging.target import CannotJudgeError, Opened, Target, open_target
from chatproof.probe import Access, Header, NoExchangeError, RunEnd, Spent
from chatproof.report import CaseResult
from chatproof.report.expectation import Expectation
from chatproof.saved_run.facts import BEHIND, Asked
from chatproof.saved_run.reading import SavedRun
from chatproof.saved_run.replaying import Answers

__all__ = ["CaseJudge", "ProbeOfRun", "ReplayJudge"]


class CaseJudge(Protocol):
    """Judges cases."""

    def judge(self, case: Case) -> CaseResult:
        """The result of one case."""
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


class ReplayJudge:
    """Judges the cases of a saved run. Where there were several processes, each had answers of its own."""

    def __init__(self, run: SavedRun, expectation: Expectation) -> None:
        self._run = run
        self._expectation = expectation
        self._judges: dict[str, Judge] = {}
        self._opened: dict[str, Opened] = {}
        self.behind = ""
        """The URL of the backend, where a gateway is judged."""
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
        if not self._answers:
            raise CannotJudgeError("the saved run ended before anything was asked. Nothing was judged.")
        targets = {worker: self._open(worker) for worker in self._answers if not worker.endswith(BEHIND)}
        first = next(iter(targets), "")
        if not targets:
            raise CannotJudgeError("the saved run has no endpoint. Nothing was judged.")
        return self._opened[first], targets[first], self._run.facts.asked[first].embedded

    def _open(self, worker: str) -> Target:
        asked, answers = self._run.facts.asked[worker], self._answers[worker]
        target, access = again(asked, secrets.token_hex(24))
        target = replace(target, medium=answers.medium())
        try:
            opened = open_target(target)
        except NoExchangeError as told:
            raise CannotJudgeError(f"{told}. Nothing was judged.") from None
        backend = self._open_backend(worker, opened)
        self._opened[worker] = opened
        self._judges[worker] = Judge(
            opened.endpoint,
            api_key=target.sent_key,
            key_variable=target.key_variable,
            access=access,
            expectation=self._expectation,
            backend=backend,
        )
        return target

    def _open_backend(self, worker: str, gateway: Opened) -> Backend | None:
        asked = self._run.facts.asked.get(worker + BEHIND)
        if asked is None:
            return None
        target, _ = again(asked, secrets.token_hex(24))
        answers = self._answers[worker + BEHIND]
        backend = open_backend(replace(target, medium=answers.medium()), gateway)
        self.behind = backend.opened.url
        return backend

    def judge(self, case: Case) -> CaseResult:
        """The result of one case, by the answers of who judged it then."""
        worker = self._run.facts.judged.get(case.id, "")
        return self._judges.get(worker, next(iter(self._judges.values()))).judge(case)

    @property
    def budget(self) -> "_Together":
        """What all processes spent."""
        return _Together(lambda: (one.endpoint.probe.budget.spent for one in self._opened.values()))

    @property
    def ended(self) -> RunEnd | None:
        """How the run ended, where it did before all was judged."""
        probes = (one.endpoint.probe.ended for one in self._opened.values())
        ends = (*probes, *(answers.ended for answers in self._answers.values()))
        return next(filter(None, ends), None)

    def stop(self) -> None:
        """Nothing is under way."""


class _Together:
    def __init__(self, parts: Callable[[], Iterator[Spent]]) -> None:
        self._parts = parts

    @property
    def spent(self) -> Spent:
        """The sum."""
        return sum(self._parts(), Spent())


def again(asked: Asked, key: str) -> tuple[Target, Access]:
    """The target that was asked so, and what its requests are told with.

    The key that nobody knows any more, and the values of headers, have a stand-in, which is in no answer.
    """
    headers = tuple(Header(name=name, value=key, shown=shown) for name, shown in asked.headers)
    access = Access(headers=headers, cacert=asked.cacert, insecure=asked.insecure)
    target = Target(
        url=asked.url,
        profile=asked.profile,
        model=asked.model,
        api_key=key if asked.keyed else None,
        key_variable=asked.key_variable,
        seconds=asked.seconds,
        max_requests=asked.max_requests,
        max_tokens=asked.max_tokens,
        max_seconds=asked.max_seconds,
        access=Access(headers=headers, insecure=asked.insecure),
    )
    return target, access
