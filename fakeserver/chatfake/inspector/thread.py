"""A conversation as a person reads it: what each request brought that the one before had not, and what it left out."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

from chatfake.core.http import Ending
from chatfake.core.json_text import JsonObject, canonical
from chatfake.inspector.answer_content import NOTHING, AnswerContent
from chatfake.inspector.timeline import play_answer
from chatfake.journal.journal import Recorded


class Memory(Enum):
    """What became of the answer before, in the history that this request sends."""

    NONE = ""  #: there was nothing to remember, or the request is the same again
    SAME = "same"
    CHANGED = "changed"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One request of the conversation."""

    entry: Recorded
    new: tuple[JsonObject, ...]  #: messages that the request before did not send, but for the answer it got
    gone: tuple[JsonObject, ...]  #: messages of the request before that this one does not send
    memory: Memory
    content: AnswerContent  #: what came back


def rounds(entries: Sequence[Recorded]) -> Iterator[Round]:
    """The requests of one conversation, in order."""
    before: Sequence[JsonObject] = ()
    answered = NOTHING
    for entry in entries:
        brought, gone = _changes(before, entry.messages)
        again = not brought and bool(before)
        new, memory = (brought, Memory.NONE) if again else _without_answer(answered, brought)
        content = (
            NOTHING if entry.answer is None else play_answer(entry.answer, _listened_seconds(entry)).content
        )
        yield Round(entry=entry, new=tuple(new), gone=tuple(gone), memory=memory, content=content)
        before, answered = entry.messages, content


def _listened_seconds(entry: Recorded) -> float:
    """How many seconds the client listened."""
    left = entry.ending is Ending.LEFT and entry.finished is not None
    return (entry.finished or 0.0) - entry.arrived if left else math.inf


def _changes(
    before: Sequence[JsonObject], now: Sequence[JsonObject]
) -> tuple[list[JsonObject], list[JsonObject]]:
    """The messages that were added, and those that were left out."""
    same = 0
    for old, one in zip(before, now, strict=False):
        if old != one:
            break
        same += 1
    before, now = before[same:], now[same:]
    ours, theirs = [canonical(one) for one in before], [canonical(one) for one in now]
    new: list[JsonObject] = []
    gone: list[JsonObject] = []
    for tag, low, high, start, end in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag != "equal":
            gone += before[low:high]
            new += now[start:end]
    return new, gone


def _without_answer(answered: AnswerContent, new: list[JsonObject]) -> tuple[list[JsonObject], Memory]:
    """The new messages without the answer that was got before, and whether it is the same."""
    message = answered.message
    if message is None:
        return new, Memory.NONE
    place = next((place for place, one in enumerate(new) if one.get("role") == "assistant"), None)
    if place is None:
        return new, Memory.LEFT_OUT
    if not message.equals_message(new[place]):
        return new, Memory.CHANGED
    return [*new[:place], *new[place + 1 :]], Memory.SAME
