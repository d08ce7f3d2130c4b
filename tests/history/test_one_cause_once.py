"""What is seen again in another place is no finding there: it hides behind what is so in ordinary rounds."""

from dataclasses import replace
from typing import Any

import pytest

from chatproof.history.model.deviation import Cause, Deviation, Difference, Moment
from chatproof.history.model.message import Message
from chatproof.history.model.policy import Policy
from chatproof.history.model.seen import Play
from chatproof.history.rules import Breach
from chatproof.history.running.causes import after_the_first, one_cause_once
from chatproof.history.running.findings import Found

PLAY = Play(policy=Policy(), system_prompt="", steps=())


def found(rule: str, kind: str = "", role: str = "user", moment: str = "plain", **more: Any) -> Found:
    """A deviation, or without a kind a breach of a check."""
    if not kind:
        return Found(rule=rule, play=PLAY, step=0, breach=Breach(step=0, message="something"))
    deviation = Deviation(
        kind=Difference(kind), cause=more.pop("cause", Cause.KEPT), role=role, moment=Moment(moment), **more
    )
    return Found(rule=rule, play=PLAY, step=0, deviation=deviation)


LOST = found("accumulate.complete", "missing")
TWICE = found("accumulate.once", "twice")
ADDED = found("accumulate.no-placeholder", "extra", cause=Cause.NEVER_SAID)
BRACES = found("accumulate.no-placeholder", "altered")
ROLE = found("accumulate.request-valid", "altered", "assistant", sent=Message(role="bot"))
STREAM = found("accumulate.stream-equals-json", "missing", moment="streamed")
RESTARTED = found("persist.round-trip", "missing", moment="restarted")
CUT = found("truncate.full", "missing", cut=True)
PAIRED = found("tools.paired", "missing", "tool", cause=Cause.RESULT)
PARALLEL = found("tools.parallel", "missing", "tool", cause=Cause.RESULT)

HIDDEN: list[tuple[list[Found], Found]] = [
    ([LOST], found("record.length", "missing", moment="fault")),
    # of two that changed places either is told
    (
        [found("accumulate.order", "moved")],
        found("retry.replaces", "moved", "assistant", moment="regenerated"),
    ),
    # who sends less reaches further back
    ([LOST], found("truncate.most-recent", "extra", cause=Cause.OUTSIDE, cut=True, within=True)),
    ([LOST], found("isolate.one-at-a-time")),
    ([ROLE], found("isolate.one-at-a-time")),
    ([ADDED], found("retry.replaces", "extra", moment="regenerated", cause=Cause.NEVER_SAID)),
    ([TWICE], found("truncate.full", "missing", cut=True)),
    ([TWICE], found("truncate.monotone", "missing", moment="widened", oldest=True)),
    ([STREAM], found("record.length", "missing", moment="fault", streamed=True)),
    ([RESTARTED], found("persist.atomic", "missing", moment="killed")),
    ([RESTARTED], found("persist.concurrent")),
    ([CUT], found("truncate.monotone", "missing", moment="widened", cut=True)),
    ([CUT], found("record.length", "missing", moment="fault", cut=True)),
    ([PARALLEL], found("tools.unknown-tool", "missing", "tool", cause=Cause.RESULT)),
    ([PAIRED], PARALLEL),
]

TOLD: list[tuple[list[Found], Found]] = [
    ([LOST], found("record.length", "missing", "assistant", moment="fault")),
    ([LOST], found("persist.round-trip")),
    ([BRACES], found("accumulate.verbatim", "altered", moment="restarted")),
    ([ADDED], found("record.http-error", "extra", moment="fault", cause=Cause.FAILED)),
    ([TWICE], found("truncate.monotone", "missing", moment="widened")),
    ([STREAM], found("record.length", "missing", moment="fault")),
    ([STREAM], found("persist.round-trip", "missing", moment="restarted")),
    ([CUT], found("persist.round-trip", "missing", moment="restarted")),
]


@pytest.mark.parametrize(("ordinary", "other"), HIDDEN)
def test_what_is_so_in_ordinary_rounds_is_told_once(ordinary: list[Found], other: Found) -> None:
    kept, hidden = one_cause_once([other, *ordinary])
    assert kept == tuple(ordinary)
    assert hidden == {other.rule: ordinary[0].rule}
    assert one_cause_once([other]) == ((other,), {})


@pytest.mark.parametrize(("ordinary", "other"), TOLD)
def test_what_is_another_fault_is_told_beside(ordinary: list[Found], other: Found) -> None:
    assert one_cause_once([*ordinary, other]) == ((*ordinary, other), {})


def test_what_hides_behind_the_hidden_hides_behind_what_is_told() -> None:
    _, hidden = one_cause_once([LOST, RESTARTED, found("persist.concurrent")])
    assert hidden == {
        "persist.round-trip": "accumulate.complete",
        "persist.concurrent": "accumulate.complete",
    }


# -- what else may be to blame ----------------------------------------------------------------------------------------

AGAIN = found("retry.history", "missing", moment="regenerating")
SAID_AGAIN = found("record.retry-once", "missing", moment="said-again")
LOADED = found("tree.from-messages", "missing", moment="loaded")


def test_of_several_moments_that_is_to_blame_which_is_so_by_itself() -> None:
    doubtful = AGAIN.or_else([LOADED])
    assert one_cause_once([doubtful, LOADED]) == ((LOADED,), {"retry.history": "tree.from-messages"})
    assert one_cause_once([doubtful, AGAIN]) == ((doubtful, AGAIN), {})


def test_where_nothing_is_certain_the_fewest_rules_are_told() -> None:
    one, other = AGAIN.or_else([LOADED]), SAID_AGAIN.or_else([AGAIN])
    assert one_cause_once([one]) == ((one,), {})
    assert one_cause_once([one, other]) == ((one,), {"record.retry-once": "retry.history"})
    # a rule that no difference shows in the first place is none of them
    alone = SAID_AGAIN.or_else([LOADED])
    assert one_cause_once([one, alone]) == ((one, alone), {})


def test_what_is_known_to_be_broken_accounts_for_what_may_be_that() -> None:
    doubtful = AGAIN.or_else([LOADED])
    assert one_cause_once([doubtful], ["tree.from-messages"]) == ((), {"retry.history": "tree.from-messages"})
    assert one_cause_once([AGAIN], ["tree.from-messages"]) == ((AGAIN,), {})


def test_what_comes_after_the_first_difference_may_come_of_it() -> None:
    later = replace(SAID_AGAIN, step=1)
    breach = replace(found("answer.returned"), step=1)
    before = replace(found("answer.failure-told"), step=-1)
    first, second, third, other = after_the_first([AGAIN, later, breach, before])
    assert first == AGAIN
    assert other == before
    assert second.may_be("retry.history")
    assert third.may_be("retry.history")
    assert one_cause_once([first, second]) == ((first,), {"record.retry-once": "retry.history"})


@pytest.mark.parametrize("one", [AGAIN, SAID_AGAIN, LOADED, LOST, TWICE, RESTARTED])
def test_who_breaks_one_rule_alone_is_told_of_it_whatever_else_it_may_be(one: Found) -> None:
    others = [other for other in (AGAIN, SAID_AGAIN, LOADED, LOST, RESTARTED) if other.rule != one.rule]
    shown = [one.or_else([other]) for other in others]
    kept, hidden = one_cause_once(shown)
    assert kept == tuple(shown)
    assert hidden == {}


def test_a_client_that_has_lost_all_has_nothing_to_ask_again() -> None:
    unasked = Found(
        rule="answer.returned", play=PLAY, step=0, breach=Breach(step=0, message="no request", unasked=True)
    )
    assert one_cause_once([unasked, LOST]) == ((LOST,), {"answer.returned": "accumulate.complete"})
    assert one_cause_once([unasked]) == ((unasked,), {})
