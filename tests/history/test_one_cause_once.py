"""What is seen again in another place is no finding there: it hides behind what is so in ordinary rounds."""

from typing import Any

import pytest

from chatproof.history.model.deviation import Cause, Deviation, Difference, Moment
from chatproof.history.model.message import Message
from chatproof.history.model.policy import Policy
from chatproof.history.model.seen import Play
from chatproof.history.rules import Breach
from chatproof.history.running.causes import one_cause_once
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
