"""Every dialect before the contract and before the conformance suite: what they find is what the dialect documents."""

import time
from collections import Counter

import pytest

from chatfake import Fake, HandlerTransport
from chatfake.dialects import DIALECTS
from chatproof.cases import CASES
from chatproof.judge import Judge
from chatproof.report import Outcome
from chatproof.target import Target, open_target
from chatschema import check
from chatschema.rulebook import RULEBOOK
from chatschema.violation import Level
from tests.fakeserver.dialects.speaking import ASKED, asked, models


def case_outcomes(dialect: str) -> dict[str, str]:
    """The cases that a dialect does not pass."""
    fake = Fake(models=("tiny",), clock=time.time)
    url = f"http://fake/dialect/{dialect}/v1"
    opened = open_target(
        Target(url=url, model="tiny", max_requests=400, max_tokens=1_000_000),
        transport=HandlerTransport(fake.answer),
    )
    judge = Judge(opened.endpoint, api_key=None, key_variable="OPENAI_API_KEY")
    results = [judge.judge(case) for case in CASES.values()]
    return {
        result.id: f"{result.outcome.value}: {result.message} {result.evidence[:1]}"
        for result in results
        if result.outcome is not Outcome.PASSED
    }


def kind_of(name: str) -> str | None:
    """What the answer to one of `ASKED` is judged as; None: as what it looks like."""
    path, body = ASKED[name]
    if path == "/v1/chat/completions":
        return "chat.completion.sse" if body.get("stream") else "chat.completion"
    if path == "/v1/completions":
        return "completion.sse" if body.get("stream") else "completion"
    return "embeddings" if path == "/v1/embeddings" else None


def broken_rules(dialect: str) -> Counter[str]:
    """The rules that must hold and do not, in any of its answers."""
    fake = Fake(models=("tiny",))
    answers = {name: asked(Fake(), dialect, name) for name in ASKED}
    found: Counter[str] = Counter()
    for name, answer in answers.items():
        judgement = check(answer.body, kind_of(name) if answer.status == 200 else "error")
        found.update({one.rule for one in judgement.violations if one.level is Level.MUST})
    judgement = check(models(fake, dialect).body, "models")
    found.update({one.rule for one in judgement.violations if one.level is Level.MUST})
    return found


@pytest.mark.parametrize("dialect", DIALECTS)
def test_conformance_suite_finds_the_documented_deviations_and_no_other(dialect: str) -> None:
    documented = {one.rule for one in DIALECTS[dialect].deviations if one.rule in CASES}
    found = case_outcomes(dialect)
    assert {name: told for name, told in found.items() if name not in documented} == {}, "not documented"
    assert documented - set(found) - set(broken_rules(dialect)) == set(), "documented, and no longer there"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_contract_finds_the_documented_deviations_and_no_other(dialect: str) -> None:
    documented = {one.rule for one in DIALECTS[dialect].deviations}
    found = broken_rules(dialect)
    assert set(found) - documented == set(), "not documented"
    assert {rule for rule in documented if rule not in CASES} - set(found) == set(), (
        "documented, and no longer there"
    )


def test_deviations_name_cases_and_rules_that_there_are() -> None:
    named = {deviation.rule for dialect in DIALECTS.values() for deviation in dialect.deviations}
    assert named - set(CASES) - set(RULEBOOK) == set()
