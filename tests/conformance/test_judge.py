"""What becomes of a case: levels, outcomes, evidence without the key."""

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest

from chatfake import Answer, Fake, HandlerTransport, Request
from chatproof.cases import Case, Endpoint, Finding, InconclusiveError, Level, UnsupportedError, cases_of
from chatproof.cases.registry import case
from chatproof.judging.judge import Judge
from chatproof.judging.target import Target, open_target
from chatproof.probe import EndKind, NoExchangeError, RunEnd, RunEndedError
from chatproof.report import Outcome
from chatproof.report.document import Evidence
from chatproof.selftest.endpoint.wrapping import as_json
from chatschema import Violation

ROOT = Path(__file__).parents[2]
KEY = "sk-very-secret"


def judge_of(endpoint_key: str | None = KEY) -> Judge:
    target = Target(url="http://fake/v1", api_key=endpoint_key)
    fake = Fake(models=("tiny",))

    def answer(request: Request) -> Answer:
        echo = dict(request.headers).get("authorization", "")
        return as_json(418, {"you sent": echo}) if b"echo" in request.body else fake.answer(request)

    opened = open_target(target, transport=HandlerTransport(answer))
    return Judge(opened.endpoint, api_key=endpoint_key, key_variable="MY_KEY")


def made(level: Level, *findings: Finding, error: Exception | None = None) -> Case:
    def check(_: Endpoint) -> Iterator[Finding]:
        """Something is asked for."""
        yield from findings
        if error:
            raise error

    return Case(id="test.made", level=level, breaks="Something breaks.", reference="none", check=check)


FINDING = Finding(expected="one", seen="two", exchange=None)


@pytest.mark.parametrize(
    ("level", "finding", "outcome"),
    [
        (Level.MUST, None, Outcome.PASSED),
        (Level.MUST, FINDING, Outcome.FAILED),
        (Level.SHOULD, FINDING, Outcome.WARNED),
        (Level.MAY, FINDING, Outcome.FAILED),
        (Level.MUST, replace(FINDING, level=Level.SHOULD), Outcome.WARNED),
        (Level.SHOULD, replace(FINDING, level=Level.MUST), Outcome.FAILED),
    ],
)
def test_findings_decide_the_outcome(level: Level, finding: Finding | None, outcome: Outcome) -> None:
    result = judge_of().judge(made(level, *([finding] if finding else [])))
    assert result.outcome is outcome
    assert result.message == ("" if outcome is Outcome.PASSED else "Something breaks.")


def test_a_must_is_told_though_many_shoulds_come_before_it() -> None:
    shoulds = [replace(FINDING, level=Level.SHOULD, seen=f"{n}") for n in range(30)]
    result = judge_of().judge(made(Level.MUST, *shoulds, FINDING))
    assert (result.outcome, result.broken, len(result.evidence)) == (Outcome.FAILED, "must", 20)
    assert [one.seen for one in result.evidence] == [*(f"{n}" for n in range(19)), "two"]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (UnsupportedError("not here"), Outcome.UNSUPPORTED),
        (InconclusiveError("nothing to see"), Outcome.INCONCLUSIVE),
        (RunEndedError(RunEnd(kind=EndKind.GONE, reason="gone")), Outcome.NOT_RUN),
        (NoExchangeError("refused"), Outcome.NOT_RUN),
        (ZeroDivisionError("a bug"), Outcome.ERROR),
    ],
)
def test_what_cannot_be_judged_is_never_a_verdict(error: Exception, outcome: Outcome) -> None:
    result = judge_of().judge(made(Level.MUST, error=error))
    assert result.outcome is outcome
    assert str(error) in result.message


@pytest.mark.parametrize(
    "error", [RunEndedError(RunEnd(kind=EndKind.REQUESTS, reason="spent")), NoExchangeError("refused")]
)
def test_what_was_found_before_the_run_ended_was_found(error: Exception) -> None:
    result = judge_of().judge(made(Level.MUST, FINDING, error=error))
    assert result.outcome is Outcome.FAILED
    assert [one.seen for one in result.evidence] == ["two"]


def test_a_key_that_the_endpoint_echoes_is_in_no_evidence() -> None:
    judge = judge_of()
    exchange = judge.endpoint.post(judge.endpoint.body() | {"user": "echo"})
    assert exchange.received is not None
    assert KEY in exchange.received.text
    finding = Finding(expected=f"not {KEY}", seen=exchange.describe(), path=KEY, exchange=exchange)
    result = judge.judge(made(Level.MUST, finding))
    assert KEY not in repr(result)
    assert "Bearer $MY_KEY" in result.evidence[0].again
    assert "$MY_KEY" in result.evidence[0].response


@pytest.mark.parametrize(
    ("key", "text", "shown"),
    [
        ("x", "the text is x", "the text is x"),
        ("EMPTY", "an EMPTY key; EMPTYs", "an $MY_KEY key; EMPTYs"),
        (KEY, f"Bearer x{KEY}7, {KEY[:5]}", "Bearer x$MY_KEY7, sk-ve"),
        (None, "lone \ud800", r"lone \ud800"),
    ],
)
def test_a_short_key_does_not_spoil_the_words_around_it(key: str | None, text: str, shown: str) -> None:
    result = judge_of(key).judge(made(Level.MUST, replace(FINDING, seen=text)))
    assert result.evidence[0].seen == shown


def test_every_case_says_what_it_is() -> None:
    for entry in cases_of().values():
        assert entry.sentence.endswith("."), entry.id
        assert entry.breaks.endswith("."), entry.id
        assert entry.reference, entry.id
        assert entry.group in {
            "http", "models", "chat.json", "chat.sse", "chat.tools", "chat.format", "chat.errors", "history",
            "chat.reasoning", "chat", "property", "completions",
            "completions.json", "completions.sse", "embeddings", "responses", "responses.json", "responses.sse", "lorax",
            "lorax.generate", "lorax.stream", "lorax.errors",
        }, entry.id  # fmt: skip


def test_every_rule_of_the_stream_grammar_is_some_cases() -> None:
    def text(folder: str) -> str:
        return "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / folder).rglob("*.py")))

    rules = set(re.findall(r'"(chat\.sse\.[a-z-]+)"', text("schemas/chatschema/chat")))
    assert len(rules) > 8
    assert rules <= set(re.findall(r'"(chat\.sse\.[a-z-]+)"', text("conformance/chatproof/cases")))


def test_what_was_found_before_nothing_can_be_judged_was_found() -> None:
    result = judge_of().judge(made(Level.MUST, FINDING, error=InconclusiveError("no counts")))
    assert (result.outcome, len(result.evidence)) == (Outcome.FAILED, 1)


def test_each_finding_has_a_sentence_and_the_cases_own_stands_in() -> None:
    findings = (replace(FINDING, breaks="One breaks."), FINDING, replace(FINDING, seen="3"))
    assert judge_of().judge(made(Level.MUST, *findings)).message == "One breaks.\nSomething breaks."


@pytest.mark.parametrize("bad", ["Chat.json", "nogroup", "chat.json.id"])
def test_a_malformed_or_taken_id_is_refused(bad: str) -> None:
    def check(_: Endpoint) -> Iterator[Finding]:
        """Something."""
        yield FINDING

    with pytest.raises(ValueError, match="id"):
        case(bad, Level.MUST, breaks="", reference="")(check)


def test_what_is_wrong_has_the_same_fields_everywhere() -> None:
    for told in (Violation, Finding, Evidence):
        assert {"rule", "level", "path", "expected", "seen"} <= {field.name for field in fields(told)}
