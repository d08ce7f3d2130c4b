"""The result document and what is rendered from it."""

import json
import shlex
from xml.etree import ElementTree as ET

import pytest
from click import unstyle
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from chatproof.probe import EndKind, RunEnd, Sent, Spent
from chatproof.report import SCHEMA, CaseResult, Evidence, Outcome, Result
from chatproof.report.curl import curl
from chatproof.report.junit import junit
from chatproof.report.terminal import deviation, header, rows, summary
from chatproof.report.wrapping import wrapped

texts = st.text(max_size=30)
evidences = st.builds(
    Evidence, level=texts, expected=texts, seen=texts, path=texts, rule=texts, again=texts, response=texts
)
cases = st.builds(
    CaseResult,
    id=st.from_regex(r"[a-z]+\.[a-z-]+", fullmatch=True),
    level=st.sampled_from(["must", "should"]),
    outcome=st.sampled_from(Outcome),
    message=texts,
    evidence=st.lists(evidences, max_size=5).map(tuple),
    known=texts,
)
ends = st.builds(
    RunEnd,
    kind=st.sampled_from(EndKind),
    reason=texts,
    after_request=st.integers(0, 99),
    request=texts,
    chosen=st.booleans(),
)
results = st.builds(
    Result,
    tool=st.just({"name": "chatproof", "version": "0.1.0", "python": "3.11"}),
    target=st.just({"url": "http://localhost:8000/v1", "model": "tiny", "models_listed": 3, "notes": []}),
    spent=st.builds(Spent, requests=st.integers(0, 99)),
    cases=st.lists(cases, max_size=8).map(tuple),
    ended=st.none() | ends,
    interrupted=st.booleans(),
)


@given(results)
def test_a_document_survives_json(result: Result) -> None:
    text = json.dumps(result.to_json())
    assert Result.from_json(json.loads(text)) == result
    assert json.loads(text)["schema"] == SCHEMA


@given(results)
def test_junit_is_xml_whatever_an_endpoint_sent(result: Result) -> None:
    suite = ET.fromstring(junit(result).encode("utf-8", "surrogatepass")).find("testsuite")  # noqa: S314  our own text
    assert suite is not None
    assert (
        len(suite.findall("testcase")) == len(result.cases) + (not result.whole) == int(suite.attrib["tests"])
    )
    assert int(suite.attrib["errors"]) == len(suite.findall("*/error"))
    fail = result.counts[Outcome.FAILED] + result.counts[Outcome.STALE]
    assert int(suite.attrib["failures"]) == fail == len(suite.findall("*/failure"))


@given(results)
def test_the_terminal_report_names_every_deviation(result: Result) -> None:
    text = unstyle(summary(result))
    for case in result.cases:
        if case.outcome in {Outcome.FAILED, Outcome.STALE, Outcome.EXPECTED, Outcome.WARNED, Outcome.ERROR}:
            assert case.id in text


def test_what_an_endpoint_sends_cannot_steer_the_terminal() -> None:
    evil = "\x1b[2J\x9b31m\u202eabc\r\n"
    evidence = Evidence(level="must", expected=evil, seen=evil, path=evil, again=evil)
    case = CaseResult(id="a.b", level="must", outcome=Outcome.FAILED, message=evil, evidence=(evidence,))
    text = unstyle(deviation(case))
    assert all(c.isprintable() for c in text.replace("\n", ""))
    assert "\\x1b[2J" in text


def test_the_reports_of_one_run(snapshot: SnapshotAssertion) -> None:
    evidence = Evidence(
        level="must",
        expected="`data: [DONE]` as the last event",
        seen="18 events, the last one with finish_reason",
        path="$[17]",
        rule="chat.sse.done",
        again="curl -sSiN http://localhost:8000/v1/chat/completions -d '{}'",
        response="data: …",
    )
    hangs = "Clients that wait for it hang until their timeout."
    made = Result(
        tool={"name": "chatproof", "version": "0.1.0", "python": "3.11"},
        target={"url": "http://localhost:8000/v1", "model": "tiny", "models_listed": 3, "notes": ["a note"]},
        spent=Spent(requests=84, prompt_tokens=5000, completion_tokens=1120, seconds=12.4),
        cases=(
            CaseResult(id="http.utf8", level="must", outcome=Outcome.PASSED),
            CaseResult(id="chat.json.n", level="may", outcome=Outcome.UNSUPPORTED, message="one choice"),
            CaseResult(
                id="chat.sse.done",
                level="must",
                outcome=Outcome.FAILED,
                message=hangs,
                evidence=(evidence,) * 5,
            ),
            CaseResult(
                id="chat.sse.role-first",
                level="should",
                outcome=Outcome.WARNED,
                message="…",
                evidence=(evidence,),
            ),
            CaseResult(
                id="history.grows", level="must", outcome=Outcome.NOT_RUN, message="the limit is reached"
            ),
            CaseResult(id="history.stateless", level="must", outcome=Outcome.ERROR, message="a fault"),
        ),
    )
    assert unstyle("\n\n".join([header(made), rows(made), summary(made)])) == snapshot
    assert junit(made) == snapshot


def sent(body: bytes, method: str = "POST") -> Sent:
    url = "http://localhost:8000/v1/chat/completions"
    return Sent(method=method, url=url, headers=(("content-type", "application/json"),), body=body)


def test_curl_names_the_variable_in_quotes_that_the_shell_fills_in() -> None:
    line = curl(sent(b'{"a":"it\'s"}'), key_variable="MY_KEY")
    assert '-H "Authorization: Bearer $MY_KEY"' in line
    assert shlex.split(line)[-1] == '{"a":"it\'s"}'


def test_curl_without_a_key_sends_none() -> None:
    assert "Authorization" not in curl(sent(b"{}"), key_variable=None)


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=4))
def test_curl_sends_the_same_json(value: dict[str, str]) -> None:
    words = shlex.split(curl(sent(json.dumps(value).encode()), key_variable=None))
    assert json.loads(words[words.index("-d") + 1]) == value


def test_curl_says_that_a_long_body_is_cut() -> None:
    line = curl(sent(json.dumps({"a": "x" * 9000}).encode()), key_variable=None)
    assert "characters cut" in line
    assert len(line) < 3000


@given(st.text(st.sampled_from("ab: \x1b[1m#é"), max_size=300), st.integers(1, 120))
def test_wrapping_breaks_between_words_and_loses_none(text: str, width: int) -> None:
    shown = wrapped(text, width)
    assert shown.split() == text.split()
    for line in shown.split("\n")[1:]:
        assert not line.lstrip().startswith(("::", "##["))


def test_what_is_wrapped_stands_beside_its_label() -> None:
    text = f"  seen      {'word ' * 12}"
    assert wrapped(text, 40).split("\n")[1].startswith(" " * 12 + "word")
    assert wrapped(f"  again     {'word ' * 12}", 40).count("\n") == 0


def test_what_is_said_of_several_cases_alike_stands_once() -> None:
    cases = tuple(
        CaseResult(id=f"chat.n{n}", level="may", outcome=Outcome.UNSUPPORTED, message="no tools")
        for n in range(8)
    )
    text = summary(Result(tool={}, target={}, cases=cases))
    assert text.count("no tools") == 1
    assert all(case.id in text for case in cases)


def test_what_fails_a_case_is_shown_before_what_does_not() -> None:
    shoulds = [Evidence(level="should", expected=f"member {number}", seen="nothing") for number in range(5)]
    must = Evidence(level="must", expected="[DONE] as the last event", seen="the end after 10 events")
    case = CaseResult(
        id="completions.sse.shape", level="must", outcome=Outcome.FAILED, evidence=(*shoulds, must)
    )
    shown = deviation(case)
    assert shown.index(must.expected) < shown.index(shoulds[0].expected)
    assert "and 3 more (see --json)" in shown


@pytest.mark.parametrize("level", ["must", "should", "may"])
def test_a_broken_must_is_called_one_whatever_level_its_case_has(level: str) -> None:
    seen = (Evidence(level="must", expected="more than 14", seen="14"),)
    case = CaseResult(id="chat.image", level=level, outcome=Outcome.FAILED, evidence=seen)
    assert unstyle(deviation(case)).startswith("FAILED  chat.image  must\n")


def test_junit_has_times() -> None:
    case = CaseResult(
        id="a.b", level="must", outcome=Outcome.PASSED, started="2026-01-01T00:00:00+00:00", seconds=1.5
    )
    text = junit(Result(tool={}, target={}, cases=(case,)))
    assert 'time="1.500" timestamp="2026-01-01T00:00:00+00:00"' in text
