"""What makes a run fail: levels, and what is known to be broken."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.report import CaseResult, Evidence, Outcome, Result
from chatproof.report.baseline import Known
from chatproof.report.exit_code import exit_code
from chatproof.report.expectation import Expectation, renewed
from chatproof.report.junit import junit
from chatproof.report.terminal import tally

TODAY = date(2026, 11, 29)
IDS = [f"chat.c{n}" for n in range(6)]
JUDGED = (Outcome.PASSED, Outcome.FAILED, Outcome.WARNED)
UNJUDGED = (Outcome.UNSUPPORTED, Outcome.INCONCLUSIVE)


def case(id_: str, outcome: Outcome, levels: Iterable[str] = ()) -> CaseResult:
    evidence = tuple(Evidence(level=level, expected="this", seen="that") for level in levels)
    return CaseResult(id=id_, level="must", outcome=outcome, message="It breaks.", evidence=evidence)


def result_of(cases: Iterable[CaseResult]) -> Result:
    return Result(tool={}, target={}, cases=tuple(cases))


FOUND = {
    Outcome.FAILED: st.sampled_from([["must"], ["should", "must"]]),
    Outcome.WARNED: st.just(["should"]),
}
outcomes = st.sampled_from([*JUDGED, *UNJUDGED])
runs = (
    st.lists(outcomes, min_size=len(IDS), max_size=len(IDS))
    .flatmap(
        lambda ended: st.tuples(
            *(
                st.builds(case, st.just(id_), st.just(one), FOUND.get(one, st.just([])))
                for id_, one in zip(IDS, ended, strict=True)
            )
        )
    )
    .filter(lambda cases: any(one.outcome in JUDGED for one in cases))
)
days = st.none() | st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=3))
rows = st.dictionaries(
    st.sampled_from(IDS),
    st.builds(
        Known,
        id=st.just(""),
        reason=st.sampled_from(["", "reported"]),
        until=days,
        level=st.sampled_from(["must", "should"]),
    ),
).map(lambda known: {id_: replace(row, id=id_) for id_, row in known.items()})
levels = st.sampled_from(["must", "should"])


def run(cases: Iterable[CaseResult], known: dict[str, Known], level: str) -> Result:
    expectation = Expectation(level=level, known=known, file="known.toml", today=TODAY)
    return result_of(map(expectation.applied, cases))


@given(runs, rows, levels)
def test_after_writing_a_baseline_the_same_run_passes(
    cases: tuple[CaseResult, ...], known: dict[str, Known], level: str
) -> None:
    for before in ({}, known):  # with the baseline that is written anew, and without
        written = renewed(known, run(cases, before, level).cases, TODAY)
        again = run(cases, {row.id: row for row in written}, level)
        assert exit_code(again) == 0
        reasons = {row.id: row.reason for row in written}
        passed = {one.id for one in cases if one.outcome is Outcome.PASSED}
        assert {id_: row.reason for id_, row in known.items() if id_ not in passed}.items() <= reasons.items()
        assert not passed & reasons.keys()
        assert renewed({row.id: row for row in written}, again.cases, TODAY) == written


@given(runs, st.sets(st.sampled_from(IDS)), levels)
def test_any_failures_may_be_known_and_all_others_fail(
    cases: tuple[CaseResult, ...], ids: set[str], level: str
) -> None:
    fails = {Outcome.FAILED} if level == "must" else {Outcome.FAILED, Outcome.WARNED}
    ended = {one.id: one.outcome for one in run(cases, {id_: Known(id=id_) for id_ in ids}, level).cases}
    for one in cases:
        listed, broken = one.id in ids, one.outcome in {Outcome.FAILED, Outcome.WARNED}
        expected = (
            Outcome.EXPECTED
            if listed and broken
            else Outcome.STALE
            if listed and one.outcome is Outcome.PASSED
            else Outcome.FAILED
            if one.outcome in fails
            else one.outcome
        )
        assert ended[one.id] is expected
    red = any(one in {Outcome.FAILED, Outcome.STALE} for one in ended.values())
    assert exit_code(run(cases, {id_: Known(id=id_) for id_ in ids}, level)) == int(red)


@pytest.mark.parametrize("outcome", [one for one in Outcome if one not in JUDGED])
def test_what_was_not_judged_is_neither_known_nor_stale(outcome: Outcome) -> None:
    one = case("chat.c0", outcome)
    assert Expectation(known={"chat.c0": Known(id="chat.c0")}).applied(one) == one


@pytest.mark.parametrize(
    ("days", "outcome"), [(-1, Outcome.FAILED), (0, Outcome.EXPECTED), (1, Outcome.EXPECTED)]
)
def test_a_row_holds_to_the_end_of_its_day(days: int, outcome: Outcome) -> None:
    known = Known(id="chat.c0", reason="reported", until=TODAY + timedelta(days=days))
    (ended,) = run([case("chat.c0", Outcome.FAILED, ["must"])], {"chat.c0": known}, "must").cases
    assert ended.outcome is outcome
    told = ended.message + ended.known
    assert f"reported (until {known.until})" in told
    assert ("It was known, and counts again" in ended.message) == (outcome is Outcome.FAILED)


def test_a_row_for_a_should_hides_no_must() -> None:
    known = {"chat.c0": Known(id="chat.c0", level="should")}
    warned, failed = (
        case("chat.c0", Outcome.WARNED, ["should"]),
        case("chat.c0", Outcome.FAILED, ["should", "must"]),
    )
    assert run([warned], known, "should").cases[0].outcome is Outcome.EXPECTED
    (ended,) = run([failed], known, "should").cases
    assert ended.outcome is Outcome.FAILED
    assert ended.message.endswith("Only a broken should is known of it: no reason is given.")


def test_what_fails_is_counted_apart() -> None:
    cases = [
        case("chat.c0", Outcome.FAILED, ["should", "must"]),
        case("chat.c1", Outcome.WARNED, ["should"]),
        case("chat.c2", Outcome.FAILED, ["must"]),
        case("chat.c3", Outcome.PASSED),
        case("chat.c4", Outcome.PASSED),
    ]
    known = {id_: Known(id=id_, reason="reported") for id_ in ("chat.c2", "chat.c3")}
    made = run(cases, known, "should")
    assert "1 must failed, 1 should failed, 1 stale, 1 known, 1 passed" in tally(made)
    text = junit(made)
    assert 'failures="3" errors="0" skipped="1"' in text
    assert [f'type="{kind}"' in text for kind in ("must", "should", "stale")] == [True] * 3
    assert '<skipped message="expected: reported" />' in text
    assert Result.from_json(made.to_json()) == made
