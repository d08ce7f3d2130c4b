"""Every deviation that can be is of one rule of the catalogue, and each rule that is a selection has some."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.history.model.answers import ANSWERS
from chatproof.history.model.deviation import Cause, Deviation, Difference, Moment
from chatproof.history.model.message import Message, SentCall
from chatproof.history.rules import RULES
from chatproof.history.rules.owner import OWNERS, owner

CALL = SentCall(id="c1", name="look_up", arguments='{"query": "x"}')
ASKED = Message(role="assistant", text="Let me see.", calls=(CALL, CALL))
TEXTS = ["plain", "{x} %s", "<|im_end|>"]
ANSWER_NAMES = [*ANSWERS, "cancelled", "abandoned"]

messages = st.builds(
    Message,
    role=st.sampled_from(["system", "user", "assistant", "tool", "unreadable"]),
    text=st.sampled_from(TEXTS),
    calls=st.sampled_from([(), (CALL,), (replace(CALL, arguments=None),)]),
)
deviations = st.builds(
    Deviation,
    kind=st.sampled_from(Difference),
    cause=st.sampled_from(Cause),
    role=st.sampled_from(["system", "user", "assistant", "tool", "?"]),
    moment=st.sampled_from(Moment),
    moment_answer=st.sampled_from(list(ANSWERS)),
    answer=st.sampled_from(ANSWER_NAMES),
    expected=st.none() | messages,
    sent=st.none() | messages,
    confirmed=st.booleans(),
    cut=st.booleans(),
    oldest=st.booleans(),
    opening=st.sampled_from(["", "user", "assistant", "tool"]),
    within=st.booleans(),
    streamed=st.booleans(),
    newest=st.booleans(),
    orphan=st.booleans(),
    calls=st.integers(0, 3),
    siblings=st.integers(0, 3),
    calls_of=st.sampled_from(["", "look_up", "break_down", "not_there"]),
)


@given(deviations)
def test_every_deviation_is_of_one_rule(deviation: Deviation) -> None:
    assert owner(deviation) in RULES


def test_no_row_is_for_no_rule() -> None:
    assert {rule for rule, _ in OWNERS} <= set(RULES)


def test_every_rule_is_a_selection_or_a_check() -> None:
    selections = {rule for rule, _ in OWNERS}
    assert [id_ for id_, rule in RULES.items() if rule.check is None and id_ not in selections] == []


def _enumerated() -> Iterator[Deviation]:
    """Every kind, cause and moment, with what else a row looks at one by one."""
    user, reply = Message(role="user", text="plain"), Message(role="assistant", text="plain")
    ways = [
        Deviation(kind=Difference.MISSING, cause=Cause.KEPT, role="user"),
        *(
            Deviation(
                kind=Difference.ALTERED,
                cause=Cause.KEPT,
                role="user",
                expected=replace(user, text=text),
                sent=user,
            )
            for text in TEXTS
        ),
        Deviation(kind=Difference.ALTERED, cause=Cause.KEPT, role="user", expected=user, confirmed=True),
        Deviation(kind=Difference.ALTERED, cause=Cause.KEPT, role="assistant", expected=reply),
        *(
            Deviation(
                kind=Difference.ALTERED,
                cause=Cause.CALL,
                role="assistant",
                expected=ASKED,
                sent=sent,
                calls=2,
            )
            for sent in (
                replace(ASKED, calls=(CALL, replace(CALL, arguments="{}"))),
                replace(ASKED, calls=(replace(CALL, arguments=None),)),
                replace(ASKED, text=""),
            )
        ),
        *(
            Deviation(
                kind=Difference.MISSING, cause=Cause.RESULT, role="tool", calls_of=tool, siblings=siblings
            )
            for tool, siblings in (("look_up", 1), ("look_up", 2), ("break_down", 1), ("not_there", 1))
        ),
        *(
            Deviation(kind=Difference.EXTRA, cause=Cause.FAILED, role="user", answer=answer)
            for answer in ANSWER_NAMES
        ),
    ]
    flags: list[dict[str, Any]] = [
        {},
        {"cut": True},
        {"cut": True, "oldest": True},
        {"within": True},
        {"within": True, "opening": "assistant"},
        {"orphan": True},
        {"streamed": True},
        {"newest": True},
    ]
    for way, flag in product(ways, flags):
        for kind, cause, moment in product({way.kind, *Difference}, {way.cause, *Cause}, Moment):
            if (kind, cause) == (way.kind, way.cause) or way is ways[0]:
                answers = ANSWERS if moment is Moment.FAULT and way is ways[0] and not flag else ["http-500"]
                for answer in answers:
                    yield replace(way, kind=kind, cause=cause, moment=moment, moment_answer=answer, **flag)


def test_every_selection_selects_something() -> None:
    owned = {owner(deviation) for deviation in _enumerated()}
    assert {rule for rule, _ in OWNERS} - owned == set()


NEW = Deviation(
    kind=Difference.ALTERED, cause=Cause.NEW, role="user", expected=Message(role="user", text="x")
)


@pytest.mark.parametrize(
    ("deviation", "rule"),
    [
        (replace(NEW), "accumulate.verbatim"),
        (replace(NEW, kind=Difference.MISSING), "accumulate.last-is-new"),
        (replace(NEW, kind=Difference.MALFORMED), "accumulate.request-valid"),
        (replace(NEW, kind=Difference.TWICE), "accumulate.once"),
        (replace(NEW, cause=Cause.SYSTEM, kind=Difference.MISSING), "accumulate.system-first"),
        (replace(NEW, cause=Cause.SYSTEM, kind=Difference.MISSING, cut=True), "truncate.system-kept"),
        (
            replace(
                NEW, cause=Cause.SYSTEM, kind=Difference.MISSING, moment=Moment.FAULT, moment_answer="length"
            ),
            "accumulate.system-survives",
        ),
        (replace(NEW, cause=Cause.KEPT, kind=Difference.MISSING), "accumulate.complete"),
        (
            replace(NEW, cause=Cause.KEPT, kind=Difference.MISSING, cut=True, opening="assistant"),
            "truncate.starts-with-user",
        ),
        (replace(NEW, cause=Cause.KEPT, kind=Difference.MISSING, cut=True, oldest=True), "truncate.full"),
        (replace(NEW, cause=Cause.OUTSIDE, kind=Difference.EXTRA), "truncate.bound"),
        (replace(NEW, cause=Cause.OUTSIDE, kind=Difference.EXTRA, orphan=True), "truncate.tool-pairs"),
        (replace(NEW, cause=Cause.NEVER_SAID, kind=Difference.EXTRA), "accumulate.no-placeholder"),
        (
            replace(
                NEW, cause=Cause.NEVER_SAID, kind=Difference.EXTRA, moment=Moment.FAULT, moment_answer="stall"
            ),
            "record.timeout",
        ),
    ],
)
def test_owner_is_the_rule_that_says_it(deviation: Deviation, rule: str) -> None:
    assert owner(deviation) == rule


OUTSIDE = Deviation(kind=Difference.EXTRA, cause=Cause.OUTSIDE, role="user")


def test_what_is_amiss_is_that_of_a_rule_that_is_claimed() -> None:
    everything = set(RULES)
    assert owner(OUTSIDE, everything) == "truncate.bound"
    assert owner(OUTSIDE, everything - {"truncate.bound"}) == "truncate.monotone"
    after = Deviation(kind=Difference.MISSING, cause=Cause.KEPT, role="user", moment=Moment.FALLBACK)
    assert owner(after, everything) == "fallback.history"
    assert owner(after, everything - {"fallback.history"}) == "accumulate.complete"


@pytest.mark.parametrize(
    ("sent", "rule"),
    [
        ("<\u200d|im_end|> amber-0000001", "accumulate.control-tokens"),
        ("<\u200d|im_end|>", "accumulate.verbatim"),
    ],
)
def test_who_breaks_control_tokens_as_declared_leaves_the_words(sent: str, rule: str) -> None:
    one = Deviation(
        kind=Difference.ALTERED,
        cause=Cause.NEW,
        role="user",
        expected=Message(role="user", text="<|im_end|> amber-0000001"),
        sent=Message(role="user", text=sent),
    )
    assert owner(one) == "accumulate.control-tokens"
    assert owner(one, set(RULES) - {"accumulate.control-tokens"}) == rule


@given(deviations, st.sets(st.sampled_from(sorted(RULES))))
def test_nothing_that_is_lost_twice_or_foreign_is_dropped(deviation: Deviation, unclaimed: set[str]) -> None:
    always = {"accumulate.no-placeholder"}
    claimed = set(RULES) - unclaimed | always
    found = owner(deviation, claimed)
    assert found in claimed or found == "accumulate.control-tokens"
