"""The rules as a test class, for the tests of whoever wrote a client."""

import shlex
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, ClassVar

import pytest
from click import unstyle

from chatproof.history.model.client import Endpoint, HistoryClient
from chatproof.history.model.policy import Policy
from chatproof.history.rules import RULES
from chatproof.history.running.bench import SYSTEM_PROMPT, Bench
from chatproof.history.running.run import judge_rule
from chatproof.history.running.search import Search
from chatproof.history.running.terminal import breakage
from chatproof.report.document import CaseResult, Outcome

__all__ = ["HistoryClientSuite"]


class HistoryClientSuite:
    """One pytest test for each rule. Subclass it, declare the policy, and build the client:

        class TestMyMemory(chatproof.HistoryClientSuite):
            policy = Policy(window=Messages(10))
            xfail = {"record.empty-choices": "known, see #42"}

            def client(self, endpoint):
                return MyBot(endpoint.base_url, endpoint.api_key, system=endpoint.system_prompt)

    What `client` gives back needs a method `say(text)`: see `HistoryClient`. Rules that the policy does
    not claim are skipped. An `xfail` entry whose rule is kept fails, so that the list stays true.

    Raises:
        ValueError: at the class statement, where `xfail` names a rule that does not exist.
    """

    policy: ClassVar[Policy] = Policy()
    xfail: ClassVar[Mapping[str, str]] = {}
    system_prompt: ClassVar[str] = SYSTEM_PROMPT
    search: ClassVar[Search] = Search()
    seconds: ClassVar[float] = 30.0

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for known in cls.xfail:
            if known not in RULES:
                near = get_close_matches(known, RULES, n=3) or list(RULES)
                raise ValueError(
                    f"{cls.__name__}.xfail: no rule is called {known!r}; near are {', '.join(near)}"
                )

    def client(self, endpoint: Endpoint) -> HistoryClient:
        """A client with an empty conversation, set up for that endpoint."""
        raise NotImplementedError(f"{type(self).__name__} must define client(self, endpoint)")

    @pytest.mark.parametrize("rule", list(RULES))
    def test_client_keeps(self, rule: str, request: pytest.FixtureRequest) -> None:
        """The client keeps the rule."""
        again = f"pytest {shlex.quote(request.node.nodeid)}"
        with Bench(self.client, self.policy, system_prompt=self.system_prompt, seconds=self.seconds) as bench:
            result = judge_rule(RULES[rule], bench, self.search, again=again)
        _report(result, self.xfail.get(rule))


def _report(result: CaseResult, known: str | None) -> None:
    __tracebackhide__ = True
    match result.outcome:
        case Outcome.UNSUPPORTED:
            pytest.skip(f"{result.id} is not claimed: {result.message}")
        case Outcome.PASSED if known is not None:
            pytest.fail(f"{result.id} is kept: take it out of xfail ({known})", pytrace=False)
        case Outcome.FAILED | Outcome.WARNED if known is not None:
            pytest.xfail(known)
        case Outcome.FAILED | Outcome.WARNED:
            pytest.fail(unstyle(breakage(result)), pytrace=False)
        case Outcome.ERROR:
            pytest.fail(f"{result.id} could not be judged: {result.message}", pytrace=False)
        case _:
            pass
