"""What a request says, in the messages that were said: where a client puts several into one, they are taken apart."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from chatproof.history.model.deviation import Cause, Slot
from chatproof.history.model.deviation.likeness import marks
from chatproof.history.model.message import Message
from chatproof.history.model.policy import Policy, SystemPrompt
from chatproof.history.model.seen import Exchange

__all__ = ["read"]

_FINDABLE = 8
"""Characters of a text that is looked for in a prompt."""

_JOINED = 200
"""Messages that are taken out of one."""


def read(exchange: Exchange, slots: Sequence[Slot], policy: Policy, system: str) -> tuple[Message, ...]:
    """The messages of a request."""
    messages = exchange.messages
    if exchange.route == "completions" and messages and messages[0].role == "prompt":
        return tuple(_of_prompt(messages[0].text, slots))
    known = {(form.role, form.text) for slot in slots for form in (slot.message, *slot.also)}
    if all((message.role, message.text) in known for message in messages):
        return messages
    texts = _longest_first(form for slot in slots for form in (slot.message, *slot.also))
    if policy.system is SystemPrompt.IN_USER and system:
        messages = _without_prompt(messages, system, texts.get("user", ()))
    return tuple(part for message in messages for part in _apart(message, known, texts))


def _without_prompt(messages: tuple[Message, ...], system: str, texts: Sequence[str]) -> tuple[Message, ...]:
    """The same with a system prompt taken out of the first user message."""
    first = messages[0] if messages else None
    if first is None or first.role != "user" or not first.text.startswith(system):
        return messages
    rest = _trimmed(first.text[len(system) :], texts)
    return Message(role="system", text=system), replace(first, text=rest), *messages[1:]


def _longest_first(messages: Iterable[Message]) -> dict[str, list[str]]:
    texts: dict[str, set[str]] = {}
    for message in messages:
        if message.text.strip() and not message.calls and not message.result_of:
            texts.setdefault(message.role, set()).add(message.text)
    return {role: sorted(some, key=len, reverse=True) for role, some in texts.items()}


def _apart(message: Message, known: set[tuple[str, str]], texts: dict[str, list[str]]) -> Iterator[Message]:
    """Neighbours of one role that were joined by white space; a message that is none stays as it is."""
    parts: list[Message] = []
    rest = message.text
    if (message.role, rest) not in known and not (message.odd or message.calls or message.result_of):
        while rest and len(parts) < _JOINED:
            found = next((text for text in texts.get(message.role, ()) if _opens(rest, text)), None)
            if found is None:
                break
            parts.append(replace(message, text=found))
            rest = rest[len(found) :]
            rest = _trimmed(rest, texts[message.role])
    if rest or not parts:
        yield message
    else:
        yield from parts


def _opens(text: str, part: str) -> bool:
    return text.startswith(part) and (len(text) == len(part) or text[len(part)].isspace())


def _trimmed(rest: str, texts: Sequence[str]) -> str:
    """What follows a separator: as much white space is the separator's as leaves a known text."""
    blank = len(rest) - len(rest.lstrip())
    ends = (at for at in range(blank + 1) if any(rest.startswith(text, at) for text in texts))
    return rest[next(ends, blank) :]


def _of_prompt(prompt: str, slots: Sequence[Slot]) -> Iterator[Message]:
    """The messages of a prompt that a client made out of them: what is known in it, in its order.

    What has the words of one that is not there is taken for it, as far as the line goes.
    """
    places: dict[int, tuple[int, Message]] = {}
    taken = bytearray(len(prompt))
    forms = {
        form.text: form for slot in slots for form in (slot.message, *slot.also) if _is_findable(form.text)
    }
    for text in sorted(forms, key=len, reverse=True):
        start = prompt.find(text)
        while start >= 0:
            end = start + len(text)
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * len(text)
                places[start] = end, forms[text]
            start = prompt.find(text, max(end, start + 1))
    ends = [0, *(end for _, (end, _) in sorted(places.items()))]
    starts = [*sorted(places), len(prompt)]
    by_mark = {mark: slot.message for slot in slots for mark in marks(slot.message)}
    for end, start in zip(ends, starts, strict=True):
        gap = prompt[end:start]
        for mark in marks(Message(role="", text=gap)):
            if (made_from := by_mark.get(mark)) is not None:
                places[end + gap.casefold().find(mark)] = start, replace(made_from, text=gap.strip())
    said = [message for _, (_, message) in sorted(places.items(), key=lambda place: place[0])]
    yield from _with_blank(said, slots)


def _is_findable(text: str) -> bool:
    """Whether a text stands in a prompt where it is meant: a short one may stand anywhere."""
    return len(text.strip()) >= _FINDABLE


def _with_blank(said: Sequence[Message], slots: Sequence[Slot]) -> Iterator[Message]:
    """The same with what cannot be found in a prompt: a short text, and results of tools."""
    hidden = {
        number
        for number, slot in enumerate(slots)
        if slot.presence == "must" and (slot.cause is Cause.RESULT or not _is_findable(slot.message.text))
    }
    pending = iter(sorted(hidden))
    following = next(pending, None)
    numbers = {slot.message: number for number, slot in enumerate(slots)}
    for message in said:
        number = numbers.get(message, -1)
        while following is not None and following < number:
            yield slots[following].message
            following = next(pending, None)
        yield message
