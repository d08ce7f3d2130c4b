"""What a request is to carry, from what is known of the conversation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chatproof.history.model.deviation import Cause, Expectation, Presence, Slot
from chatproof.history.model.message import Message
from chatproof.history.model.oracle.rounds import OpenRound, is_whole
from chatproof.history.model.oracle.transcript import Node, Part, Status, Transcript
from chatproof.history.model.oracle.window import view
from chatproof.history.model.policy import Declared, Window

__all__ = ["Limits", "expect"]

_CAUSE: Mapping[Part, Cause] = {
    Part.SYSTEM: Cause.SYSTEM,
    Part.QUESTION: Cause.KEPT,
    Part.REPLY: Cause.KEPT,
    Part.CALL: Cause.CALL,
    Part.RESULT: Cause.RESULT,
    Part.STRAY: Cause.NEVER_SAID,
}

_OFF: Mapping[Status, Cause] = {
    Status.FAILED: Cause.FAILED,
    Status.REPLACED: Cause.REPLACED,
    Status.CLEARED: Cause.CLEARED,
    Status.PRUNED: Cause.PRUNED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What bounds a request: the window and the cap, None where there is none, and whether tools are run."""

    window: Declared
    cap: Window | None
    tools: bool


def expect(
    transcript: Transcript,
    current: OpenRound,
    others: Sequence[OpenRound],
    system: Node | None,
    limits: Limits,
) -> Expectation:
    """What the next request of an ask is to carry. `others` are asked at once in the same conversation."""
    groups = transcript.rounds(current.key)
    if current.regenerates and groups:
        groups = groups[:-1]
    window = limits.window
    on_path = set(transcript.paths.get(current.key, ()))
    strays = sum(node.copies + (node.excused and node.id not in on_path) for node in transcript.nodes)
    strays += sum(len(one.nodes) + 1 for one in others if one.exchanges)
    sure, perhaps = len(groups), 0
    if window is None:
        sure = 0
    elif isinstance(window, Window):
        sure, perhaps = view(groups, window, strays)
    if limits.cap is not None and others:
        sure = max(sure, view(groups, limits.cap, strays)[0])
    slots: list[Slot] = []
    if system is not None:
        slots.append(_slot(system, Cause.SYSTEM, Presence.MUST))
    for number, group in enumerate(groups):
        outside = number < perhaps
        for node in group:
            presence = Presence.NEVER if outside else _presence(node, wanted=number >= sure)
            if node is current.same:
                presence = Presence.NEVER
            cause = Cause.OUTSIDE if outside else Cause.FAILED if node is current.same else _CAUSE[node.part]
            slots.append(_slot(node, cause, presence, decides=number >= sure))
    slots += [slot for one in others for slot in _beside(one, tools=limits.tools)]
    unsound = any(not call.is_sound for node in current.nodes for call in node.message.calls)
    for node in current.nodes:
        cause = Cause.NEW if node.part is Part.QUESTION else _CAUSE[node.part]
        # a client may ask anew where the arguments of a call were none
        may_fail = unsound and node.part is not Part.QUESTION
        slots.append(_slot(node, cause, Presence.TIED if may_fail else Presence.MUST))
    there = {slot.node for slot in slots}
    slots += _off(transcript, current, there)
    return Expectation(slots=tuple(slots), cut=perhaps > 0 or sure > 0)


def _presence(node: Node, *, wanted: bool) -> Presence:
    if not node.firm:
        return Presence.MAY
    if node.tied:
        return Presence.TIED
    return Presence.MUST if wanted and not node.fading else Presence.SUFFIX


def _beside(one: OpenRound, *, tools: bool) -> Iterator[Slot]:
    """What another ask in the same conversation has added, when it is through."""
    last = one.last
    done = last is not None and is_whole(last, tools=tools)
    failed = last is not None and not done
    for node in one.nodes:
        cause = Cause.NEW if node.part is Part.QUESTION else _CAUSE[node.part]
        presence = Presence.TIED if done else Presence.MAY if failed else Presence.NEVER
        yield _slot(node, Cause.KEPT if cause is Cause.NEW and last is not None else cause, presence)
    if last is not None and (last.answer.text or last.arrived):
        reply = Message(role="assistant", text=last.answer.text if done else last.arrived)
        tied = Presence.TIED if done else Presence.MAY
        yield Slot(message=reply, cause=Cause.KEPT, presence=tied, round=one.round, opens=failed)


def _off(transcript: Transcript, current: OpenRound, there: set[int | None]) -> Iterator[Slot]:
    """All that is not to be in the request."""
    family = transcript.family(current.key)
    replaced = {node.id for node in current.replaced}
    for node in transcript.nodes:
        if node.id in there or node.part is Part.SYSTEM:
            continue
        if node.id in replaced:
            cause = Cause.REPLACED
        elif node.part is Part.STRAY:
            cause = Cause.NEVER_SAID
        elif current.key not in node.known:  # whatever has become of it where it was said
            families = map(transcript.family, node.known)
            cause = Cause.BRANCH if family in families else Cause.CONVERSATION
        else:
            cause = _OFF.get(node.status, Cause.BRANCH)
        yield _slot(node, cause, Presence.NEVER)


def _slot(node: Node, cause: Cause, presence: Presence, *, decides: bool = False) -> Slot:
    return Slot(
        message=node.message,
        cause=cause,
        presence=Presence.MAY if node.excused else presence,
        node=node.id,
        round=node.round,
        answer=node.answer,
        confirmed=node.confirmed,
        also=node.also,
        opens=node.opens,
        left_out=node.left_out,
        excused=node.excused,
        copies=node.copies,
        decides=decides and presence in (Presence.MAY, Presence.TIED) and not node.excused,
    )
