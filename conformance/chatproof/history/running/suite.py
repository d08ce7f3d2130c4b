"""The rules as a test class, for the tests of whoever wrote a client."""

import os
import shlex
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from difflib import get_close_matches
from typing import Any, ClassVar

import pytest
from click import unstyle

from chatproof.gate import Gate
from chatproof.history.model.endpoint import CannotBuildError, Endpoint
from chatproof.history.model.policy import Policy
from chatproof.history.rules import RULES
from chatproof.history.running.opening import thread_session
from chatproof.history.running.run import judged
from chatproof.history.running.session import SYSTEM_PROMPT
from chatproof.history.running.terminal import breakage
from chatproof.history.running.trial import Search, Trial, unclaimed
from chatproof.report.document import CaseResult, Outcome

__all__ = ["HistoryClientSuite"]


class HistoryClientSuite:
    """One pytest test for each rule. Subclass it, declare the policy, and build the client:

        class TestMyMemory(chatproof.HistoryClientSuite):
            policy = Policy(window=Messages(10))
            xfail = {"record.empty-choices": "known, see #42"}

            def client(self, endpoint):
                return MyBot(endpoint.base_url, endpoint.api_key, system=endpoint.system_prompt)

    What `client` gives back needs a method `say(text)`; docs/clients.md has the others. Rules that the policy does
    not claim, and those that nothing put to the test, are skipped. An `xfail` entry whose rule is kept fails, so that
    the list stays true. The conversations are played once a class, before its first test.

    Raises:
        ValueError: at the class statement, where `xfail` names a rule that does not exist.
    """

    policy: ClassVar[Policy] = Policy()
    xfail: ClassVar[Mapping[str, str]] = {}
    system_prompt: ClassVar[str] = SYSTEM_PROMPT
    search: ClassVar[Search] = Search()
    seconds: ClassVar[float] = 30.0

    _run: ClassVar["_ClassRun | str | None"] = None
    """The session, or why there is none."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for known in cls.xfail:
            if known not in RULES:
                near = get_close_matches(known, RULES, n=3) or list(RULES)
                raise ValueError(
                    f"{cls.__name__}.xfail: no rule is called {known!r}; near are {', '.join(near)}"
                )

    def client(self, endpoint: Endpoint) -> Any:
        """A client with an empty conversation, or with what is stored, set up for that endpoint."""
        raise NotImplementedError(f"{type(self).__name__} must define client(self, endpoint)")

    @classmethod
    def teardown_class(cls) -> None:
        """End the session of the class."""
        run, cls._run = cls._run, None
        if isinstance(run, _ClassRun):
            run.close()

    @pytest.mark.parametrize("rule", list(RULES))
    def test_client_keeps(self, rule: str, request: pytest.FixtureRequest) -> None:
        """The client keeps the rule."""
        cls = type(self)
        if cls._run is None:
            try:
                cls._run = _ClassRun(self)
            except CannotBuildError as error:
                cls._run = f"{Gate.of_environment(os.environ).line(str(error))}. Nothing was judged."
        if isinstance(cls._run, str):  # it stays so, and need not be tried again for each rule
            pytest.fail(cls._run, pytrace=False)
        result = cls._run.result(rule, f"pytest {shlex.quote(request.node.nodeid)}")
        _report(
            CaseResult.from_json(Gate.of_environment(os.environ).value(result.to_json())),
            self.xfail.get(rule),
        )


class _ClassRun:
    """The session and the trial of one class."""

    def __init__(self, suite: HistoryClientSuite) -> None:
        self._rim = ExitStack()
        self._lock = threading.Lock()
        self._session = self._rim.enter_context(
            thread_session(
                suite.client, suite.policy, system_prompt=suite.system_prompt, seconds=suite.seconds
            )
        )
        try:
            self._session.gate()
            self._reasons = unclaimed(RULES, suite.policy, self._session.can)
            rules = [rule for rule in RULES if rule not in self._reasons]
            self._trial = Trial(player=self._session, rules=rules, search=suite.search)
            self._trial.tour()
            self._trial.look_on()
        except BaseException:
            self._rim.close()
            raise

    def result(self, rule: str, again: str) -> CaseResult:
        """What became of a rule."""
        with self._lock:
            return judged(RULES[rule], self._trial, self._reasons.get(rule, ""), again)

    def close(self) -> None:
        """End the session."""
        self._rim.close()


def _report(result: CaseResult, known: str | None) -> None:
    __tracebackhide__ = True
    match result.outcome:
        case Outcome.NOT_CLAIMED | Outcome.NOT_REACHED if known is None:
            pytest.skip(f"{result.id}: {result.outcome.value.replace('-', ' ')}: {result.message}")
        case Outcome.NOT_CLAIMED | Outcome.NOT_REACHED:
            pytest.fail(
                f"{result.id} stands in xfail ({known}), and is {result.outcome.value}", pytrace=False
            )
        case Outcome.PASSED if known is not None:
            pytest.fail(f"{result.id} is kept: take it out of xfail ({known})", pytrace=False)
        case Outcome.FAILED | Outcome.WARNED if known is not None:
            pytest.xfail(known)
        case Outcome.FAILED | Outcome.WARNED:
            pytest.fail(unstyle(breakage(result)), pytrace=False)
        case Outcome.ERROR | Outcome.NOT_RUN:
            pytest.fail(f"{result.id} could not be judged: {result.message}", pytrace=False)
        case _:
            pass
