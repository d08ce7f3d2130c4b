"""Two rounds that were asked at once: which of them is the last, is seen when they are sent again."""

from collections.abc import Collection, Sequence

from chatproof.history.model.oracle.transcript import Node, Part, Transcript
from chatproof.history.model.seen import Exchange

__all__ = ["order_of", "place_of"]

Group = Sequence[Node]


def place_of(groups: Sequence[Group], pair: Collection[int]) -> int | None:
    """Where both rounds stand side by side in a conversation; None: nowhere."""
    places = range(len(groups) - 1)
    return next((at for at in places if {group[0].round for group in groups[at : at + 2]} == pair), None)


def order_of(
    transcript: Transcript, pair: Sequence[Group], exchange: Exchange, *, regenerated: bool
) -> tuple[bool, bool]:
    """Whether the second is before the first by what a request carries, and whether that is certain.

    With `regenerated` the reply of the last one is asked for again, and is not sent. A window may have room for one of
    both alone, which is the last then.
    """
    text = "\n".join(message.text for message in exchange.messages)
    telling = [[node for node in group if _tells(transcript, node)] for group in pair]
    # what was said may be said once more later: replies tell, where they are sent and nobody else was answered so
    replies = [[node for node in group if node.part is Part.REPLY] for group in telling]
    one, other = (_found(group, text) for group in replies) if all(replies) else (-1, -1)
    if regenerated and (one < 0) is not (other < 0):
        return other >= 0, True
    if regenerated or (one < 0 and other < 0):
        one, other = (_found(group, text) for group in telling)
    return one > other, one >= 0 and other >= 0


def _tells(transcript: Transcript, node: Node) -> bool:
    """Whether a message is known by its text: a question, or what is in no other message."""
    told = node.message.text
    others = (one.message.text for one in transcript.nodes if one is not node)
    return bool(told) and (node.part is Part.QUESTION or not any(told in other for other in others))


def _found(group: Group, text: str) -> int:
    """Where a round stands in a text, by its first message that is there; -1: nowhere."""
    places = (text.find(node.message.text) for node in group)
    return next((place for place in places if place >= 0), -1)
