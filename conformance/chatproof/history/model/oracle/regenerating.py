"""Which question is asked again: that of the last round, or where that may be none, of the one before."""

from collections.abc import Sequence

from chatproof.history.model.message import Message
from chatproof.history.model.oracle.transcript import Node, Part
from chatproof.history.model.seen import Step

__all__ = ["asked_last", "asks_for", "is_none"]

Groups = Sequence[Sequence[Node]]


def asked_last(step: Step, nodes: Sequence[Node]) -> Message | None:
    """What the first request of a step asks: its last message, where that is the user's; of a prompt the last in it."""
    said = step.exchanges[0].messages if step.exchanges else ()
    if not said or said[-1].role == "user":
        return said[-1] if said else None
    if said[-1].role != "prompt":
        return None
    questions = [node.message for node in nodes if node.part is Part.QUESTION and node.message.text]
    last = max(questions, key=lambda one: said[-1].text.rfind(one.text), default=None)
    return last if last is not None and last.text in said[-1].text else None


def asks_for(groups: Groups, asked: Message | None) -> bool:
    """Whether one of these rounds begins with that question."""
    return any(node.part is Part.QUESTION and node.message == asked for group in groups for node in group)


def is_none(groups: Groups, asked: Message, step: Step, *, whole: bool) -> bool:
    """Whether the last round is not in the history, as an older question is asked; `whole`: no window cuts any off."""
    if len(groups) < 2 or not any(node.tied or not node.firm for node in groups[-1]):
        return False
    older = sum(asks_for([group], asked) for group in groups[:-1])
    if not asks_for(groups[-1:], asked):
        return older > 0
    text = "\n".join(message.text for message in step.exchanges[0].messages)
    return whole and older > 0 and text.count(asked.text) <= older
