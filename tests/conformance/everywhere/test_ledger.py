"""What the answers of a run break: one cause is one finding, whoever asked and in whichever process."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.cases import CASES
from chatproof.judging.everywhere import Ledger, settled
from chatproof.judging.everywhere.breach import Count
from chatproof.judging.judge import Judge
from chatproof.report import CaseResult, Outcome
from chatproof.report.document import Evidence
from chatproof.selftest.endpoint.judged import judge_of
from chatproof.selftest.endpoint.miniatures import MINIATURES
from tests.conformance.test_miniatures import fake

FINISH, PLAUSIBLE = "chat.sse.finish-once", "chat.json.usage-plausible"


def judge_with(name: str, *cases: str) -> tuple[Judge, dict[str, CaseResult]]:
    """What a judge knows of a miniature after these cases."""
    judge = judge_of(MINIATURES[name].make(fake().answer))
    return judge, {id_: judge.raw(CASES[id_]) for id_ in cases}


def test_a_defect_beside_an_option_is_the_matter_of_the_case_with_the_rule() -> None:
    judge, results = judge_with("finish-twice-with-tools", FINISH, "chat.tools.sse-fragments")
    assert {result.outcome for result in results.values()} == {Outcome.PASSED}
    after = settled(results, judge.ledger)
    assert after[FINISH].outcome is Outcome.FAILED
    assert after[FINISH].message == "Clients that act on a finish_reason act twice."
    assert "tools" in after[FINISH].evidence[0].again
    assert after["chat.tools.sse-fragments"] == results["chat.tools.sse-fragments"]


def test_a_defect_is_told_once_with_the_number_of_answers() -> None:
    judge = judge_of(MINIATURES["finish-twice"].make(fake().answer))
    found = {result.id: result for result in judge.judge_all(CASES.values())}
    (evidence,) = found[FINISH].evidence
    assert evidence.seen.endswith(" answers")
    assert int(evidence.seen.rsplit("in ", 1)[1].split()[0]) > 3


def test_errors_of_one_wrong_shape_are_one_finding() -> None:
    judge = judge_of(MINIATURES["all-errors-are-detail"].make(fake().answer))
    broken = {
        r.id: r for r in judge.judge_all(CASES.values()) if r.outcome in {Outcome.FAILED, Outcome.WARNED}
    }
    assert set(broken) == {"chat.errors.shape"}
    assert len(broken["chat.errors.shape"].evidence) == 1


def test_an_equal_request_counts_once() -> None:
    judge, _ = judge_with("finish-twice", FINISH)
    judge.endpoint.post(judge.endpoint.body(stream=True))
    judge.raw(CASES["chat.sse.done"])
    (breach,) = judge.ledger.breaches.values()
    assert len(breach.requests) == 1


@pytest.mark.parametrize(
    "name", ["finish-twice", "all-errors-are-detail", "stop-counted-as-prompt", "cumulative"]
)
def test_two_processes_see_what_one_does(name: str) -> None:
    ids = [id_ for id_ in CASES if not id_.startswith("models.")]
    _, results = judge_with(name, *ids)
    one, _ = judge_with(name, *ids)
    halves = [judge_with(name, *ids[start::2])[0] for start in (0, 1)]
    both = Ledger()
    for half in reversed(halves):
        both.add_json(json.loads(json.dumps(half.ledger.to_json())))
    expected, found = settled(results, one.ledger), settled(results, both)
    assert {i: (r.outcome, r.message) for i, r in found.items()} == {
        i: (r.outcome, r.message) for i, r in expected.items()
    }
    assert set(both.breaches) == set(one.ledger.breaches)
    assert {k: v.requests for k, v in both.breaches.items()} == {
        k: v.requests for k, v in one.ledger.breaches.items()
    }


def result_of(outcome: Outcome, *evidence: Evidence, id_: str = FINISH) -> CaseResult:
    return CaseResult(id=id_, level="must", outcome=outcome, message="so it is", evidence=evidence)


@pytest.mark.parametrize("outcome", [one for one in Outcome if one is not Outcome.ERROR])
def test_whatever_a_case_said_a_broken_must_fails_it(outcome: Outcome) -> None:
    judge, _ = judge_with("finish-twice", "chat.sse.done")
    after = settled({FINISH: result_of(outcome)}, judge.ledger)
    assert after[FINISH].outcome is Outcome.FAILED


def test_a_fault_of_chatproof_stays_one() -> None:
    judge, _ = judge_with("finish-twice", "chat.sse.done")
    broken = result_of(Outcome.ERROR)
    assert settled({FINISH: broken}, judge.ledger) == {FINISH: broken}


def test_what_was_warned_of_stands_beside_what_fails() -> None:
    judge, _ = judge_with("finish-twice", "chat.sse.done")
    own = Evidence(level="should", expected="something else", seen="nothing")
    after = settled({FINISH: result_of(Outcome.WARNED, own)}, judge.ledger)[FINISH]
    assert [one.level for one in after.evidence] == ["should", "must"]
    assert after.message.splitlines()[0] == "so it is"


def count(request: int, tokens: int, prompt: str = "p") -> Count:
    return Count(
        prompt=prompt, request=str(request), tokens=tokens, again="", response="", first=(request, 0)
    )


def plausible(counts: list[Count], repeatable: Outcome = Outcome.PASSED) -> Outcome:
    ledger = Ledger()
    ledger.counts = {(one.prompt, one.request, one.tokens): one for one in counts}
    results = {
        PLAUSIBLE: result_of(Outcome.PASSED, id_=PLAUSIBLE),
        "history.repeatable": result_of(repeatable, id_="history.repeatable"),
    }
    return settled(results, ledger)[PLAUSIBLE].outcome


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6))
def test_one_prompt_has_one_count(tokens: list[int]) -> None:
    counts = [count(n, one) for n, one in enumerate(tokens)]
    expected = Outcome.FAILED if len(set(tokens)) > 1 else Outcome.PASSED
    assert plausible(counts) is expected
    assert plausible(counts, Outcome.FAILED) is Outcome.PASSED  # that is the cause
    apart = [replace(one, prompt=str(n)) for n, one in enumerate(counts)]
    assert plausible(apart) is Outcome.PASSED


def test_a_prompt_with_the_time_in_it_is_compared_with_nothing() -> None:
    assert plausible([count(1, 14), count(1, 15), count(2, 16)]) is Outcome.PASSED
