"""What a broken rule reads like."""

import pytest
from click import unstyle
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from chatproof.clients import MessageList
from chatproof.history import RULES, Messages, Policy, Search
from chatproof.history.running.bench import Bench
from chatproof.history.running.run import judge_rule
from chatproof.history.running.story import shown
from chatproof.history.running.terminal import breakage
from chatproof.report import Evidence, Outcome
from tests.history.mutants import (
    CutsLongText,
    CutsSystemPrompt,
    IgnoresWindow,
    KeepsUnansweredQuestion,
    StripsText,
)


@pytest.mark.parametrize(
    ("client", "window", "rule"),
    [
        (KeepsUnansweredQuestion, None, "record.empty-choices"),
        (IgnoresWindow, 3, "truncate.bound"),
        (IgnoresWindow, 40, "truncate.bound"),
        (CutsSystemPrompt, 1, "truncate.system-kept"),
        (StripsText, None, "accumulate.verbatim"),
        (CutsLongText, None, "accumulate.verbatim"),
    ],
)
def test_breakage_reads_like_this(
    client: type[MessageList], window: int | None, rule: str, snapshot: SnapshotAssertion
) -> None:
    policy = Policy(window=None if window is None else Messages(window))
    with Bench(client.at, policy) as bench:
        result = judge_rule(RULES[rule], bench, Search(), again=f"chatproof client bot.py:make -k {rule}")
    assert unstyle(breakage(result)) == snapshot


def test_evidence_has_both_requests_in_one_line_each() -> None:
    with Bench(KeepsUnansweredQuestion.at, Policy(system="none")) as bench:
        result = judge_rule(RULES["record.empty-choices"], bench, Search(examples=5), again="again")
    assert result.outcome is Outcome.FAILED
    assert result.evidence == (
        Evidence(
            level="must",
            rule="record.empty-choices",
            path="$.messages",
            expected="user and now?",
            seen="user hi · user and now?",
            again="again",
        ),
    )


@given(st.text(), st.integers(0, 100))
def test_shown_text_is_one_short_printable_line(text: str, around: int) -> None:
    line = shown(text, around)
    assert line.replace("…", "").isascii()
    assert line.isprintable()
    assert len(line) < 700


@given(st.text(max_size=20), st.text(max_size=20))
def test_shown_texts_differ_where_short_texts_do(one: str, other: str) -> None:
    quoted = {text for text in (one, other) if shown(text) != text}
    assert (shown(one) == shown(other)) == (one == other) or len(quoted) == 1
