"""Replies that say the same are told apart by what they answer: an endpoint may give one text to every question."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from chatproof.history.model.deviation.expectation import Slot
from chatproof.history.model.deviation.kinds import Presence
from chatproof.history.model.message import Message

__all__ = ["told_apart"]

_SURE = {Presence.NEVER: 0, Presence.MAY: 1}


def told_apart(slots: Sequence[Slot], sent: Sequence[Message]) -> tuple[Sequence[Slot], Sequence[Message]]:
    """The same, in which each reply that several slots take has become one that a single slot takes."""
    having: dict[str, list[int]] = defaultdict(list)
    for number, slot in enumerate(slots):
        for text in {form.text for form in (slot.message, *slot.also) if _is_reply(form)}:
            having[text].append(number)
    having = {text: numbers for text, numbers in having.items() if len(numbers) > 1}
    if not any(_is_reply(message) and message.text in having for message in sent):
        return slots, sent
    rounds = _rounds(slots, sent)
    labelled = list(sent)
    taken: set[int] = set()
    for at, message in enumerate(sent):
        if _is_reply(message) and message.text in having:
            number = _meant(slots, having[message.text], rounds, at, taken)
            taken.add(number)
            labelled[at] = _labelled(message, number)
    names = {number for numbers in having.values() for number in numbers}
    return [
        _own(slot, number, having) if number in names else slot for number, slot in enumerate(slots)
    ], labelled


def _is_reply(message: Message) -> bool:
    return message.role == "assistant" and bool(message.text) and not (message.calls or message.odd)


def _labelled(message: Message, number: int) -> Message:
    return replace(message, text=f"{message.text}\0{number}")


def _own(slot: Slot, number: int, having: dict[str, list[int]]) -> Slot:
    def own(form: Message) -> Message:
        return _labelled(form, number) if _is_reply(form) and form.text in having else form

    return replace(slot, message=own(slot.message), also=tuple(map(own, slot.also)))


def _rounds(slots: Sequence[Slot], sent: Sequence[Message]) -> list[int | None]:
    """For each message that is no reply the round that it is of.

    Of what was said twice and is sent once it is what has to be there before what may, and then the last.
    """
    by_form: dict[Message, dict[int, int]] = defaultdict(dict)
    for slot in slots:
        for form in (slot.message, *slot.also):
            if not _is_reply(form) and form.role != "system":
                rounds = by_form[form]
                rounds[slot.round] = max(rounds.get(slot.round, 0), _SURE.get(slot.presence, 2))
    counts = Counter(sent)
    left = {
        form: sorted(sorted(rounds, key=lambda one: (rounds[one], one))[-counts[form] :])
        for form, rounds in by_form.items()
        if counts[form]
    }
    found: list[int | None] = [None] * len(sent)
    for at in range(len(sent) - 1, -1, -1):
        if some := left.get(sent[at]):
            found[at] = some.pop() if len(some) > 1 else some[0]
    return found


def _meant(
    slots: Sequence[Slot], numbers: Sequence[int], rounds: Sequence[int | None], at: int, taken: set[int]
) -> int:
    """Which of these slots a reply is: of the round that it stands in, or the last before the next one."""
    before = next((one for one in reversed(rounds[:at]) if one is not None), None)
    after = next((one for one in rounds[at + 1 :] if one is not None), None)
    own = [number for number in numbers if slots[number].round == before]
    earlier = [number for number in numbers if after is None or slots[number].round < after]
    wanted = own or [number for number in earlier if number not in taken] or earlier or numbers
    return max(wanted, key=lambda number: (slots[number].presence is not Presence.NEVER, number))
