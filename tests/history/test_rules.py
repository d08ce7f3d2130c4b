"""The catalogue: its ids and levels are a contract, its sentences are read by people."""

import pytest

from chatproof.history.model.policy import Messages, Policy
from chatproof.history.rules import RULES
from chatproof.history.rules.owner import OWNERS
from chatproof.history.running.explain import advice, explain

SHOULD = {
    "accumulate.prefix-stable",
    "answer.failure-told",
    "fallback.sticky",
    "persist.private",
    "record.retries-bounded",
    "truncate.monotone",
    "truncate.unbounded-growth",
}
MAY = {"accumulate.control-tokens", "persist.migrates"}
IDS = """
accumulate: complete order verbatim reply-verbatim last-is-new once system-first system-survives request-valid
accumulate: prefix-stable same-bytes no-placeholder private stateless caller-untouched stream-equals-json control-tokens
answer: returned failure-told
retry: history replaces
truncate: bound most-recent full zero system-kept starts-with-user tool-pairs monotone stored-cap unbounded-growth
record: recovers retry-once retries-bounded
record: empty-choices tool-call-only null-content missing-content empty-content blank-content parts-content refusal
record: content-filter length delta-shape wrong-object error-object-200 html-200 truncated-json http-error timeout reset
record: stream-cut stream-error stream-garbled stream-no-done stream-empty stream-tool-call-only stream-keepalive
record: stream-abandoned duplicate-choice
tools: paired arguments-verbatim arguments-string text-kept fault-after-call parallel fragments failure-is-a-result
tools: unknown-tool bounded
persist: round-trip atomic concurrent corrupt read-only clear private no-loss migrates
isolate: conversations concurrent one-at-a-time cancelled
tree: path siblings any-node round-trip from-messages
fallback: history sticky recorded-once
"""


def test_the_ids_are_those_of_the_catalogue_in_its_order() -> None:
    lines = [line.split(": ") for line in IDS.strip().splitlines()]
    assert list(RULES) == [f"{group}.{name}" for group, names in lines for name in names.split()]


@pytest.mark.parametrize("id_", RULES)
def test_levels_are_those_of_the_catalogue(id_: str) -> None:
    assert RULES[id_].level == ("should" if id_ in SHOULD else "may" if id_ in MAY else "must")


@pytest.mark.parametrize("id_", RULES)
def test_what_people_read_is_whole_sentences(id_: str) -> None:
    rule = RULES[id_]
    for sentence in (rule.sentence, rule.breaks, advice(id_)):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert "  " not in sentence
    assert rule.reference
    assert not rule.reference.endswith(".")


def test_every_rule_is_a_selection_or_a_check_or_both() -> None:
    selected = {id_ for id_, _ in OWNERS}
    assert selected <= set(RULES)
    assert {id_ for id_, rule in RULES.items() if rule.check is None} <= selected


def test_a_plain_client_says_of_each_other_rule_why_it_is_not_its_own() -> None:
    reasons = {id_: rule.unclaimed(Policy(), frozenset()) for id_, rule in RULES.items()}
    assert reasons["truncate.bound"] == "it declares no window"
    assert reasons["accumulate.complete"] == ""
    assert reasons["persist.atomic"] == "it declares no persistence"
    assert reasons["isolate.cancelled"] == "it has no cancel"
    assert RULES["accumulate.complete"].unclaimed(Policy(window=Messages(1)), frozenset()) == (
        "no whole round fits in a window 1 message"
    )


@pytest.mark.parametrize("id_", RULES)
def test_a_rule_is_explained(id_: str) -> None:
    text = explain(id_)
    assert text.startswith(f"{id_}\n")
    for title in ("asked", "without it", "seen in", "tried by", "what to do"):
        assert f"\n  {title:<12}" in text
    assert max(map(len, text.splitlines())) <= 100
    assert "§" not in text


def test_an_id_that_is_none_is_not_explained() -> None:
    with pytest.raises(KeyError):
        explain("record.nothing")
