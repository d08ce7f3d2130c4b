"""What a request says, in the messages that were said: where a client puts several into one, they are taken apart."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from chatproof.history.model.deviation import Cause, Presence, Slot
from chatproof.history.model.deviation.likeness import marks
from chatproof.history.model.message import Message
from chatproof.history.model.policy import Policy, SystemPrompt
from chatproof.history.model.seen import Exchange

__all__ = ["read"]

_FINDABLE = 8
"""Characters of a text that is looked for in a prompt."""

_GAP = 2_000
"""Characters of what stands between two messages of a prompt."""

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
    hidden = _hidden(prompt, slots, bytes(taken))
    said = sorted(
        [*((start, 0, message) for start, (_, message) in places.items()), *hidden], key=lambda one: one[:2]
    )
    yield from (message for _, _, message in said)


def _is_findable(text: str) -> bool:
    """Whether a text stands in a prompt where it is meant: a short one may stand anywhere."""
    return len(text.strip()) >= _FINDABLE


def _hidden(prompt: str, slots: Sequence[Slot], taken: bytes) -> Iterator[tuple[int, int, Message]]:
    """What cannot be found anywhere in a prompt, each with its place: a short text is looked for where it belongs.

    Blank texts and results of tools, of which nobody knows the words, are taken to be there, as others of their round.
    """
    cursor, round_ = 0, -1
    due = Counter(slot.message.text.strip() for slot in slots if slot.presence is Presence.MUST)
    for number, slot in enumerate(slots):
        text = slot.message.text.strip()
        if slot.presence is Presence.NEVER:
            continue
        if slot.presence is Presence.MUST:
            due[text] -= 1
        if slot.cause is Cause.RESULT or not text:
            if slot.presence is Presence.MUST or round_ == slot.round:
                yield cursor, number, slot.message
            continue
        at = prompt.find(text, cursor)
        if (
            slot.message.role == "assistant"
            and at >= 0
            and not (round_ == slot.round and _is_next(at, cursor, taken))
        ):
            at = -1  # another's, who was told the same
        if slot.presence is not Presence.MUST and due[text] and prompt.count(text, cursor) <= due[text]:
            continue  # it was said again, and that must be there
        if not _is_findable(text) or (at < 0 and slot.opens):
            at, found = _short(prompt, text, cursor, taken, opens=slot.opens)
            if at >= 0:
                yield at, number, slot.message if found == text else replace(slot.message, text=found)
            text = found
        if at >= 0:
            cursor, round_ = at + len(text), slot.round


def _is_next(at: int, cursor: int, taken: bytes) -> bool:
    """Whether nothing that is known stands between."""
    return taken.find(1, max(taken.find(0, cursor), cursor), at) < 0


def _short(prompt: str, text: str, start: int, taken: bytes, *, opens: bool) -> tuple[int, str]:
    """Where a short text, or the beginning of one that was cut, stands by itself before the next that is known.

    The place, or -1, and the text that stands there.
    """
    start = max(taken.find(0, start), start)
    end = taken.find(1, start)
    gap = prompt[start : end if end >= 0 else len(prompt)][:_GAP]
    best = -1, text
    for word in re.finditer(r"(?<!\w)\S", gap):
        piece = gap[word.start() : word.start() + len(text)]
        same = next(
            (at for at, (one, other) in enumerate(zip(piece, text, strict=False)) if one != other), len(piece)
        )
        whole = same == len(text) or (opens and (best[0] < 0 or same > len(best[1])))
        if same and whole and not re.match(r"\w", gap[word.start() + same :]):
            best = start + word.start(), text[:same]
            if same == len(text):
                break
    return best
