"""What was sent is taken over as it is: what was unknown is known then, and what is wrong is wrong once."""

from collections import Counter
from collections.abc import Sequence
from itertools import islice

from chatproof.history.model.deviation import Cause, Expectation, Explained, Moment, Presence
from chatproof.history.model.message import Message
from chatproof.history.model.oracle.rounds import OpenRound
from chatproof.history.model.oracle.transcript import Node, Part, Status, Transcript

__all__ = ["adopt"]

_FORMS = 20
"""Wrong forms of one message that are remembered."""

_STRAYS = 500
"""Messages that nobody said that are remembered of a play."""


def adopt(
    transcript: Transcript,
    current: OpenRound,
    expectation: Expectation,
    explained: Explained,
    sent: Sequence[Message],
    moment: tuple[Moment, str],
) -> None:
    """Take over one request, which comes after that moment."""
    slots = expectation.slots
    for match in explained.matches:
        node = _node(transcript, slots[match.slot].node)
        if node is None:
            continue
        if slots[match.slot].presence is Presence.NEVER:
            node.excused = True
        elif match.exact:
            _confirm(node, sent[match.at], is_result=slots[match.slot].cause is Cause.RESULT)
        if not match.exact:
            for twin in _twins(transcript, node):
                twin.also = (*twin.also, sent[match.at])[-_FORMS:]
    for number in (*explained.missing, *explained.moved):
        if (node := _node(transcript, slots[number].node)) is not None:
            node.excused = True
    seen: dict[int, int] = {}
    for number in explained.twice.values():
        seen[number] = seen.get(number, 0) + 1
        if (node := _node(transcript, slots[number].node)) is not None:
            node.copies = max(node.copies, seen[number])
    strays = sum(node.part is Part.STRAY for node in transcript.nodes)
    counted = Counter(sent[at] for at in explained.strange)
    for message, count in islice(counted.items(), max(_STRAYS - strays, 0)):
        stray = transcript.add(current.key, -1, Part.STRAY, message, status=Status.FAILED)
        stray.excused, stray.copies = True, count - 1
    for node in _decide(transcript, expectation, explained):
        node.left_out = moment


def _node(transcript: Transcript, number: int | None) -> Node | None:
    return transcript.nodes[number] if number is not None else None


def _twins(transcript: Transcript, node: Node) -> list[Node]:
    """The message, and where the same was said: what is done to one of them is done to all, and is told once."""
    if node.part not in (Part.QUESTION, Part.REPLY):
        return [node]
    return [one for one in transcript.nodes if one.part is node.part and one.message == node.message]


def _confirm(node: Node, sent: Message, *, is_result: bool) -> None:
    node.confirmed = True
    if node.excused:
        return
    node.firm, node.tied = True, False
    if node.opens and not is_result:
        node.message, node.also, node.opens = sent, (), False


def _decide(transcript: Transcript, expectation: Expectation, explained: Explained) -> list[Node]:
    """What would be there if it were in the history is not in it."""
    slots = expectation.slots
    there = {match.slot for match in explained.matches}
    oldest = min(
        (
            number
            for number in there
            if slots[number].in_history and slots[number].presence is not Presence.NEVER
        ),
        default=len(slots),
    )
    gone = [
        transcript.nodes[slot.node]
        for number, slot in enumerate(slots)
        if slot.node is not None
        and number not in there
        and slot.presence in (Presence.MAY, Presence.TIED)
        and slot.in_history
        and not slot.excused
        and (slot.decides or number > oldest)
        and transcript.nodes[slot.node].status is Status.KEPT
    ]
    for node in gone:
        node.firm, node.tied = True, False
    if gone:
        transcript.remove(gone, Status.FAILED)
    return gone
