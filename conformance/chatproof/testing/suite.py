"""The cases as a test class, for the tests of whoever writes a server."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from os import environ
from typing import ClassVar

import pytest
from click import unstyle

from chatproof.cases import PROFILES, Case, case_of, cases_of
from chatproof.judging.everywhere import Ledger, settled
from chatproof.judging.judges import judges_of
from chatproof.judging.names import names_of
from chatproof.judging.opening import Target
from chatproof.judging.target import CannotJudgeError, open_target
from chatproof.probe import Access, HeaderError, NoExchangeError, RunEndedError, headers_of
from chatproof.report import CaseResult
from chatproof.report.baseline import Known
from chatproof.report.expectation import Expectation
from chatproof.report.outcome import JUDGED, Outcome
from chatproof.report.terminal import deviation
from chatproof.testing.marks import parameters

__all__ = ["ClassRun", "EndpointSuite"]

_FAILS = frozenset({Outcome.FAILED, Outcome.STALE, Outcome.ERROR})
_SKIPPED = frozenset({Outcome.UNSUPPORTED, Outcome.INCONCLUSIVE})


class EndpointSuite:
    """One pytest test for each case. Subclass it,

        class TestMyServer(chatproof.EndpointSuite):
            xfail = {"chat.errors.tools-type": "known, see #42"}

    with the fixture that brings it up, in the class, the module or conftest.py, once for them or for the session:

        @pytest.fixture(scope="module")
        def endpoint_url():
            with my_server() as url:
                yield url  # http://localhost:8000/v1

    What the endpoint does not have is skipped. An `xfail` entry whose case passes fails, so that the list stays true. A
    case that could not be run fails: a class in which nothing was looked at is never green.

    Raises:
        ValueError: at the class statement, where `xfail` names a case that does not exist, or `profile` none.
    """

    profile: ClassVar[str] = "openai"  #: or "responses", "lorax"; several with commas between
    model: ClassVar[str | None] = None  #: the first one listed, where it is None
    api_key_env: ClassVar[str] = "OPENAI_API_KEY"  #: the variable that holds the key
    headers: ClassVar[Sequence[str]] = ()  #: 'Name: value' or 'Name: $VARIABLE'
    level: ClassVar[str] = "must"  #: the lowest level that fails
    xfail: ClassVar[Mapping[str, str]] = {}
    timeout: ClassVar[float] = 60.0
    max_requests: ClassVar[int | None] = None
    max_tokens: ClassVar[int | None] = None

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        try:
            cases = cases_of(names_of([cls.profile], PROFILES, "profile"))
        except ValueError as error:
            raise ValueError(f"{cls.__name__}.profile: {error}") from None
        for known in cls.xfail:
            if known not in cases:
                near = get_close_matches(known, cases, n=3) or list(cases)
                raise ValueError(
                    f"{cls.__name__}.xfail: no case is called {known!r}; near are {', '.join(near)}"
                )

    @classmethod
    def pytest_generate_tests(cls, metafunc: pytest.Metafunc) -> None:
        """One test a case, with the marks of its level and group."""
        if "case_id" in metafunc.fixturenames:
            cases = cases_of(names_of([cls.profile], PROFILES, "profile"))
            metafunc.parametrize("case_id", parameters(metafunc.config, cases.values()))

    def test_case(self, case_id: str, endpoint_judge: "ClassRun") -> None:
        """The endpoint keeps to the case."""
        result = endpoint_judge.judge(case_of(case_id))
        if result.outcome in _FAILS:
            pytest.fail(unstyle(deviation(result)), pytrace=False)
        if result.outcome is Outcome.NOT_RUN:
            pytest.fail(f"{result.id} was not run: {result.message}", pytrace=False)
        if result.outcome is Outcome.EXPECTED:
            pytest.xfail(result.known)
        if result.outcome in _SKIPPED:
            pytest.skip(f"{result.outcome.value}: {result.message}")
        if result.outcome is Outcome.WARNED:
            print(unstyle(deviation(result)))  # noqa: T201  -rP shows it; a warning would fail many a project


class ClassRun:
    """The endpoint of one class, opened, and how its cases came out."""

    def __init__(self, suite: type[EndpointSuite], url: str) -> None:
        target = _target(suite, url)
        try:
            opened = open_target(target)
        except (CannotJudgeError, NoExchangeError, RunEndedError) as obstacle:
            pytest.fail(target.gate.line(str(obstacle)), pytrace=False)
        known = {id_: Known(id=id_, reason=reason) for id_, reason in suite.xfail.items()}
        self._ledger = Ledger()
        self._judges, self._probes = judges_of(opened, target, self._ledger)
        self._expectation = Expectation(level=suite.level, known=known, file=f"{suite.__name__}.xfail")
        self._gate = target.gate
        self._raw: dict[str, CaseResult] = {}

    def judge(self, case: Case) -> CaseResult:
        """The result of one case as this class takes it, before the answers of later ones are known."""
        self._raw[case.id] = self._judges.raw(case)
        return self._taken(self._raw[case.id])

    def _taken(self, result: CaseResult) -> CaseResult:
        found = self._expectation.applied(result)
        return replace(found, message=self._gate.text(found.message), known=self._gate.line(found.known))

    def close(self, *, alone: bool) -> None:
        """Give the connections back, and judge the cases by all answers: one of a later case may break an earlier one.

        A class in which nothing was judged fails, unless others have a part of it.
        """
        self._probes.close()
        before = {id_: self._taken(result) for id_, result in self._raw.items()}
        after = map(self._taken, settled(self._raw, self._ledger).values())
        broken = [one for one in after if one.outcome in _FAILS and before[one.id].outcome not in _FAILS]
        if broken:
            pytest.fail("\n\n".join(unstyle(deviation(one)) for one in broken), pytrace=False)
        if alone and before and not JUDGED & {one.outcome for one in before.values()}:
            pytest.fail("no case could be judged", pytrace=False)


def _target(suite: type[EndpointSuite], url: str) -> Target:
    try:
        headers = headers_of(suite.headers, environ)
    except HeaderError as error:
        pytest.fail(f"{suite.__name__}.headers: {error}", pytrace=False)
    return Target(
        url=url,
        profiles=names_of([suite.profile], PROFILES, "profile"),
        model=suite.model,
        api_key=environ.get(suite.api_key_env) or None,
        key_variable=suite.api_key_env,
        seconds=suite.timeout,
        max_requests=suite.max_requests,
        max_tokens=suite.max_tokens,
        access=Access(headers=headers),
    )
