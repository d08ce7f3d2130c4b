"""Every dialect before the contract and before the conformance suite: what they find is what the dialect documents."""

import time
from functools import cache
from itertools import count

import pytest

from chatfake import Fake, HandlerTransport
from chatfake.dialects import DIALECTS
from chatproof.cases import CASES
from chatproof.judging.judge import Judge
from chatproof.judging.target import Target, open_target
from chatproof.report import Outcome
from chatproof.selftest.endpoint.variants import UNSHOWN
from chatschema import check
from chatschema.core.violation import Level
from chatschema.rulebook import RULEBOOK
from tests.fakeserver.dialects.speaking import ASKED, asked, models

_TOLD = {"history.recall", "history.cached-tokens"}
"""What is told of any server, and no deviation: whether its model remembers, and whether it tells of a cache."""


_LACKING = ("unsupported", "inconclusive")
"""What a dialect does not have is no deviation; what is worth a word is among its deviations all the same."""


@cache
def case_outcomes(dialect: str) -> dict[str, str]:
    """The cases that a dialect does not pass; what no dialect gives occasion to judge is none of them."""
    numbers = count()
    fake = Fake(models=("tiny",), clock=time.time, new_id=lambda: str(next(numbers)), context_length=2200)
    url = f"http://fake/dialect/{dialect}/v1"
    opened = open_target(
        Target(url=url, model="tiny", max_requests=400, max_tokens=1_000_000),
        transport=HandlerTransport(fake.answer),
    )
    judge = Judge(opened.endpoint, api_key=None, key_variable="OPENAI_API_KEY")
    results = judge.judge_all(CASES.values())
    return {
        result.id: f"{result.outcome.value}: {result.message} {result.evidence[:1]}"
        for result in results
        if result.outcome is not Outcome.PASSED
        and result.id not in _TOLD
        and not (result.id in UNSHOWN and result.outcome in (Outcome.UNSUPPORTED, Outcome.INCONCLUSIVE))
    }


def kind_of(name: str) -> str | None:
    """What the answer to one of `ASKED` is judged as; None: as what it looks like."""
    path, body = ASKED[name]
    if path == "/v1/chat/completions":
        return "chat.completion.sse" if body.get("stream") else "chat.completion"
    if path == "/v1/completions":
        return "completion.sse" if body.get("stream") else "completion"
    return "embeddings" if path == "/v1/embeddings" else None


@cache
def broken_rules(dialect: str) -> dict[str, list[str]]:
    """The rules that must hold and do not, and the answers that break them."""
    kinds = {name: kind_of(name) for name in ASKED}
    bodies: dict[str, tuple[bytes, str | None]] = {"models": (models(Fake(), dialect).body, "models")}
    for name, kind in kinds.items():
        answer = asked(Fake(), dialect, name)
        bodies[name] = (answer.body, kind if answer.status == 200 else "error")
    found: dict[str, list[str]] = {}
    for name, (body, kind) in bodies.items():
        broken = {one.rule for one in check(body, kind).violations if one.level is Level.MUST}
        for rule in broken:
            found.setdefault(rule, []).append(name)
    return found


def documented(dialect: str) -> set[str]:
    return {deviation.rule for deviation in DIALECTS[dialect].deviations}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_conformance_suite_finds_no_deviation_that_is_not_documented(dialect: str) -> None:
    known = documented(dialect)
    found = {rule: told for rule, told in case_outcomes(dialect).items() if rule not in known}
    assert {rule: told for rule, told in found.items() if not told.startswith(_LACKING)} == {}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_contract_finds_no_deviation_that_is_not_documented(dialect: str) -> None:
    known = documented(dialect)
    assert {rule: names for rule, names in broken_rules(dialect).items() if rule not in known} == {}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_documented_deviations_show(dialect: str) -> None:
    assert documented(dialect) - set(case_outcomes(dialect)) - set(broken_rules(dialect)) == set()


def test_deviations_name_cases_and_rules_that_there_are() -> None:
    named = {deviation.rule for dialect in DIALECTS.values() for deviation in dialect.deviations}
    assert named - set(CASES) - set(RULEBOOK) == set()
