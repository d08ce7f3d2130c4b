"""Where what was sent differs from what was expected: each difference once, with one kind and one cause."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest

from chatproof.history.model.message import Message
from chatproof.history.model.words import tags

__all__ = [
    "Cause",
    "Deviation",
    "Difference",
    "Expectation",
    "Match",
    "Moment",
    "Presence",
    "Slot",
    "explain",
]

_NEAR = 0.6
"""Texts are taken for one another where so much of them is alike: the words of a run make any two differ in more."""

_COMPARED = 2_000
"""Characters of a text that are compared for likeness, which takes their square in time."""


class Difference(StrEnum):
    """In what way a message of a request is not as expected."""

    MISSING = "missing"
    EXTRA = "extra"
    TWICE = "twice"
    MOVED = "moved"
    ALTERED = "altered"
    MALFORMED = "malformed"


class Cause(StrEnum):
    """What the message is that differs."""

    SYSTEM = "system"
    NEW = "new"  #: what was just said
    KEPT = "kept"  #: of a round that is in the history
    CALL = "call"  #: of the assistant, in a round that is in the history
    RESULT = "result"  #: of a tool
    FAILED = "failed"  #: of a round that was dropped
    OUTSIDE = "outside"  #: older than the window
    PRUNED = "pruned"  #: older than what is stored
    CLEARED = "cleared"
    REPLACED = "replaced"  #: a reply that was asked for again
    CONVERSATION = "conversation"  #: of another conversation
    BRANCH = "branch"  #: of another branch of this one
    NEVER_SAID = "never-said"


class Presence(StrEnum):
    """Whether a message is to be in a request."""

    MUST = "must"
    MAY = "may"
    NEVER = "never"


class Moment(StrEnum):
    """What happened in the conversation before the request, or is under way."""

    PLAIN = "plain"
    RETRY = "retry"  #: another request of the same ask
    FALLBACK = "fallback"  #: another model is asked the same
    FELL_BACK = "fell-back"  #: the round before was answered by another model
    TOOL_ROUND = "tool-round"  #: the request brings results of tools
    TOOLS_USED = "tools-used"  #: tools were called in the round before
    FAULT = "fault"  #: the round before had an unusual answer
    FAULT_AFTER_CALL = "fault-after-call"
    SAID_AGAIN = "said-again"  #: what failed is said once more
    CANCELLED = "cancelled"
    ABANDONED = "abandoned"  #: the same of a stream
    REGENERATING = "regenerating"
    REGENERATED = "regenerated"
    RESTARTED = "restarted"
    KILLED = "killed"
    RESTARTED_TOGETHER = "restarted-together"  #: after two asks at once
    RESTARTED_TREE = "restarted-tree"  #: with branches
    CLEARED = "cleared"
    FORKED = "forked"
    FORKED_FROM = "forked-from"  #: a branch began here
    LOADED = "loaded"
    WIDENED = "widened"
    WIDENED_FROM_ZERO = "widened-from-zero"
    SPOILED = "spoiled"
    MIGRATED = "migrated"  #: the files are those of an older version
    TOGETHER = "together"  #: another conversation is asked at the same time
    TOGETHER_IN_ONE = "together-in-one"  #: this one is asked twice at once
    STREAMED = "streamed"  #: the round before was streamed, and others are not


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A message that a request carries, may carry, or must not. Slots stand in the order of the conversation."""

    message: Message
    cause: Cause
    presence: Presence = Presence.MUST
    node: int | None = None
    round: int = -1
    answer: str = "text"
    confirmed: bool = False
    also: tuple[Message, ...] = ()

    def takes(self, sent: Message) -> bool:
        """Whether a message is this one, in one of its forms. A tool's result is its client's to word."""
        if self.cause is Cause.RESULT:
            return sent.role == "tool" and sent.result_of == self.message.result_of and not sent.odd
        if sent.role == self.message.role and sent.text == self.message.text and not sent.odd:
            pairs = zip_longest(self.message.calls, sent.calls)
            if sent.calls and all(one and other and one.may_be(other) for one, other in pairs):
                return True
        return sent == self.message or sent in self.also


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What a request is to carry. `cut`: a window leaves something out, or may; `holds` is its size in messages.

    With `suffix` the window is unknown: of the slots that may be there, those from some point on are.
    """

    slots: tuple[Slot, ...]
    cut: bool = False
    suffix: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One difference. `expected` is None where nothing was, `sent` where nothing is there.

    `answer` names what ended the message's round, `at` is its place in the request. `oldest`: nothing older of the
    history is in the request. `cut`: a window leaves something out.
    """

    kind: Difference
    cause: Cause
    role: str
    moment: Moment = Moment.PLAIN
    moment_answer: str = ""
    answer: str = "text"
    expected: Message | None = None
    sent: Message | None = None
    at: int | None = None
    confirmed: bool = False
    cut: bool = False
    oldest: bool = False
    opening: str = ""  #: the role of the first message after the system prompt
    within: bool = False  #: the request has no more messages than the window
    streamed: bool = False
    newest: bool = False  #: of the newest round of the history
    orphan: bool = False  #: a result without its call, or a call without its results, opens the history
    calls: int = 0  #: calls of the message
    siblings: int = 0  #: results that its round has
    calls_of: str = ""  #: the tool that a missing result is of

    @property
    def opens_amiss(self) -> bool:
        """Whether the request begins, after the system prompt, with something else than a user's message."""
        return self.opening not in ("user", "")


@dataclass(frozen=True, slots=True)
class Match:
    """Which slot a sent message is taken for, and whether it is just as expected."""

    at: int
    slot: int
    exact: bool


def explain(
    expectation: Expectation, sent: Sequence[Message]
) -> tuple[tuple[Deviation, ...], tuple[Match, ...]]:
    """All differences, each once, in the order of the request; and what each message was taken for."""
    slots = expectation.slots
    matches, twice, strange = _matched(slots, sent)
    matches += _paired_by_place(slots, matches, strange, sent)
    matches.sort(key=lambda match: match.at)
    known = {match.at for match in matches} | set(twice)
    found: list[tuple[float, Deviation, Slot | None]] = []

    def tell(kind: Difference, slot: Slot | None, at: int | None, place: float) -> None:
        message = None if at is None else sent[at]
        shown = message or (slot.message if slot else Message(role="?"))
        deviation = Deviation(
            kind=kind,
            cause=slot.cause if slot else Cause.NEVER_SAID,
            role=slot.message.role if slot else shown.role,
            answer=slot.answer if slot else "text",
            expected=None if slot is None or kind is Difference.EXTRA else slot.message,
            sent=message,
            at=at,
            confirmed=slot is not None and slot.confirmed,
            cut=expectation.cut,
            calls=len(slot.message.calls) if slot else 0,
        )
        found.append((place, deviation, slot))

    moved = _moved([match for match in matches if slots[match.slot].presence is not Presence.NEVER])
    for match in matches:
        slot = slots[match.slot]
        if slot.presence is Presence.NEVER:
            tell(Difference.EXTRA, slot, match.at, match.at)
        elif match in moved:
            tell(Difference.MOVED, slot, match.at, match.at)
        elif not match.exact:
            tell(Difference.ALTERED, slot, match.at, match.at)
    for at, number in twice.items():
        tell(Difference.TWICE, slots[number], at, at)
    for at, message in enumerate(sent):
        if at not in known:
            kind = Difference.MALFORMED if message.odd else Difference.EXTRA
            tell(kind, None, at, at)
    there = {match.slot: match.at for match in matches}
    for number in _absent(expectation, there):
        before = max((there[one] for one in there if one < number), default=-1)
        tell(Difference.MISSING, slots[number], None, before + 0.5)
    found.sort(key=lambda item: item[0])
    return tuple(_placed(found, slots, matches, sent)), tuple(matches)


def _matched(slots: Sequence[Slot], sent: Sequence[Message]) -> tuple[list[Match], dict[int, int], list[int]]:
    """What is recognised: each slot by one message, further messages of it as twice, and what is like nothing."""
    free = set(range(len(slots)))
    matches: list[Match] = []
    twice: dict[int, int] = {}
    later: list[int] = []
    order = {Presence.MUST: 0, Presence.MAY: 1, Presence.NEVER: 2}
    for at, message in enumerate(sent):
        fits = [number for number, slot in enumerate(slots) if slot.takes(message)]
        if not fits:
            later.append(at)
            continue
        best = min(fits, key=lambda number: (number not in free, order[slots[number].presence], number))
        if best in free:
            free.discard(best)
            matches.append(Match(at, best, exact=True))
        else:
            twice[at] = best
    strange: list[int] = []
    for at in later:
        number = _likeness(slots, sent[at], free)
        if number is None:
            strange.append(at)
        elif number in free:
            free.discard(number)
            matches.append(Match(at, number, exact=False))
        else:
            twice[at] = number
    return matches, twice, strange


def _likeness(slots: Sequence[Slot], message: Message, free: set[int]) -> int | None:
    """The slot that a message was made from: by its words, else by its call, else by likeness."""
    marks = _marks(message)
    order = {Presence.MUST: 0, Presence.MAY: 1, Presence.NEVER: 2}

    def rank(number: int) -> tuple[bool, bool, int, int]:
        slot = slots[number]
        return (slot.message.role != message.role, number not in free, order[slot.presence], -number)

    by_words = [number for number, slot in enumerate(slots) if marks & _marks(slot.message)]
    if by_words:
        return min(by_words, key=rank)
    by_call = [
        number
        for number, slot in enumerate(slots)
        if message.result_of and slot.message.result_of == message.result_of
    ]
    if by_call:
        return min(by_call, key=rank)
    alike = [
        number
        for number, slot in enumerate(slots)
        if number in free and not _marks(slot.message) and _alike(slot.message.text, message.text)
    ]
    return min(alike, key=rank) if alike else None


def _marks(message: Message) -> set[str]:
    texts = [message.text, message.odd, *(f"{call.arguments} {call.id}" for call in message.calls)]
    return {tag for text in texts for tag in tags(text)} | {call.id for call in message.calls if call.id}


def _alike(one: str, other: str) -> bool:
    if not one or not other:
        return False
    matcher = SequenceMatcher(None, one[:_COMPARED], other[:_COMPARED], autojunk=False)
    return one in other or (matcher.quick_ratio() >= _NEAR and matcher.ratio() >= _NEAR)


def _paired_by_place(
    slots: Sequence[Slot], matches: Sequence[Match], strange: Sequence[int], sent: Sequence[Message]
) -> list[Match]:
    """A message like nothing that stands just where one of its role is missing was made from that one."""
    taken = {match.slot for match in matches}
    by_place = sorted(
        (match.at, match.slot) for match in matches if slots[match.slot].presence is not Presence.NEVER
    )
    pairs: list[Match] = []
    for at in strange:
        low = max((slot for place, slot in by_place if place < at), default=-1)
        high = min((slot for place, slot in by_place if place > at), default=len(slots))
        gap = [
            number
            for number in range(low + 1, high)
            if number not in taken
            and slots[number].presence is Presence.MUST
            and slots[number].message.role == sent[at].role
        ]
        crowd = [one for one in strange if _between(one, at, by_place) and sent[one].role == sent[at].role]
        if len(gap) == 1 and len(crowd) == 1:
            taken.add(gap[0])
            pairs.append(Match(at, gap[0], exact=False))
    return pairs


def _between(one: int, other: int, by_place: Sequence[tuple[int, int]]) -> bool:
    """Whether no recognised message stands between two places."""
    low, high = sorted((one, other))
    return not any(low < place < high for place, _ in by_place)


def _moved(matches: Sequence[Match]) -> set[Match]:
    """The fewest messages that would have to move for all to be in order; among equals the later slots stay."""
    tails: list[int] = []
    chains: list[list[Match]] = []
    for match in matches:
        place = bisect_left(tails, match.slot)
        chain = [*(chains[place - 1] if place else []), match]
        if place == len(tails):
            tails.append(match.slot)
            chains.append(chain)
        else:
            tails[place], chains[place] = match.slot, chain
    kept = set(chains[-1]) if chains else set()
    return {match for match in matches if match not in kept}


def _absent(expectation: Expectation, there: dict[int, int]) -> Iterator[int]:
    """Slots that should be in the request and are not."""
    slots = expectation.slots
    begun = False
    calls = {slot.round for number, slot in enumerate(slots) if number in there and slot.cause is Cause.CALL}
    results = {
        slot.round for number, slot in enumerate(slots) if number in there and slot.cause is Cause.RESULT
    }
    for number, slot in enumerate(slots):
        history = slot.cause not in (Cause.SYSTEM, Cause.NEW)
        if number in there:
            begun = begun or (history and slot.presence is not Presence.NEVER)
        elif (
            slot.presence is Presence.MUST
            or (
                slot.presence is Presence.MAY
                and expectation.suffix
                and begun
                and history
                and slot.node is not None
            )
            or (slot.presence is Presence.MAY and slot.cause is Cause.RESULT and slot.round in calls)
            or (slot.presence is Presence.MAY and slot.cause is Cause.CALL and slot.round in results)
        ):
            yield number


def _placed(
    found: Sequence[tuple[float, Deviation, Slot | None]],
    slots: Sequence[Slot],
    matches: Sequence[Match],
    sent: Sequence[Message],
) -> Iterator[Deviation]:
    """Each deviation with what its place says of it."""
    history = [
        match
        for match in matches
        if slots[match.slot].cause not in (Cause.SYSTEM, Cause.NEW, Cause.NEVER_SAID)
    ]
    oldest = min((match.at for match in history), default=len(sent))
    opening = next((message for message in sent if message.role != "system"), None)
    opens_in = "" if opening is None else opening.role
    newest = max(
        (slot.round for slot in slots if slot.node is not None and slot.presence is not Presence.NEVER),
        default=-1,
    )
    orphan = _opens_with_orphan(sent)
    for place, deviation, slot in found:
        siblings = sum(
            slot is not None and one.cause is Cause.RESULT and one.round == slot.round for one in slots
        )
        yield replace(
            deviation,
            oldest=place < oldest or deviation.at == oldest,
            opening=opens_in,
            newest=slot is not None and slot.round == newest,
            orphan=orphan,
            siblings=siblings,
            calls_of=_tool_of(slot, slots),
        )


def _opens_with_orphan(sent: Sequence[Message]) -> bool:
    """Whether what is left of the history after a cut begins with a part of a round with tools."""
    opening = [message for message in sent if message.role != "system"]
    if not opening:
        return False
    first, results = opening[0], {message.result_of for message in opening}
    return first.role == "tool" or bool(first.calls and not {call.id for call in first.calls} <= results)


def _tool_of(slot: Slot | None, slots: Sequence[Slot]) -> str:
    if slot is None or slot.cause is not Cause.RESULT:
        return ""
    calls = [call for one in slots for call in one.message.calls]
    return next((call.name for call in calls if call.id == slot.message.result_of), "")
