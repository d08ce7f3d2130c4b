"""What becomes of a round when it is over."""

from chatproof.history.model.answers import ANSWERS, Fate
from chatproof.history.model.message import Message
from chatproof.history.model.oracle.rounds import OpenRound, brings_calls, is_abandoned, is_stopped
from chatproof.history.model.oracle.transcript import Node, Part, Status, Transcript
from chatproof.history.model.oracle.window import view
from chatproof.history.model.plan import Tear
from chatproof.history.model.policy import Policy, Window
from chatproof.history.model.seen import Ask, Cancelled, Exchange, Step

__all__ = ["prune", "record"]


def record(
    transcript: Transcript,
    policy: Policy,
    step: Step,
    ask: Ask,
    current: OpenRound,
    *,
    together: bool,
    stores: bool,
) -> None:
    """The messages of a round go where its fate says. Of rounds that were asked at once each is kept or none.

    Where nothing can be stored, who asks may have to be content with the reply.
    """
    fate, cause = _fate(policy, step, ask, current)
    if not stores and fate is not Fate.DROP:
        fate = Fate.UNKNOWN
    cut = _is_cut(step, ask, current)
    reply = _reply(transcript, policy, current, fate, cut=cut)
    firm = fate is not Fate.UNKNOWN and current.last is not None
    # killed in the middle of it, a client has all of the round or nothing, unless what failed is half kept anyway
    all_or_none = isinstance(step.move, Tear) and policy.fate("http-500") is Fate.DROP and stores
    parts = [*current.nodes, *([reply] if reply is not None else [])]
    for node in parts:
        node.answer = cause
    if current.regenerates:
        _regenerated(transcript, current, parts, fate)
        return
    if current.same is not None:
        transcript.remove([current.same], Status.FAILED, current.key)
    for node in parts:
        is_question = node.part is Part.QUESTION
        if fate is not Fate.DROP and (is_question or fate is not Fate.KEEP_USER):
            sure = firm or (stores and is_question and _is_kept_exhausted(policy, current))
            node.firm = sure or all_or_none
            node.tied = (together and sure) or all_or_none
            transcript.append(current.key, node)
        else:
            node.status = Status.FAILED
    prune(transcript, policy.cap, current.key)


def _fate(policy: Policy, step: Step, ask: Ask, current: OpenRound) -> tuple[Fate, str]:
    last = current.last
    if last is None or isinstance(step.move, Tear):
        return Fate.UNKNOWN, "text"
    if is_stopped(step, ask, last) and (last.left or isinstance(ask.ending, Cancelled)):
        cause = "abandoned" if is_abandoned(step, last) else "cancelled"
        fate = policy.fate(cause)
    elif is_stopped(step, ask, last):  # and nothing came of it
        cause = last.answer.name
        fate = Fate.UNKNOWN
    elif brings_calls(last.answer):
        cause = last.answer.name
        if policy.tools is not None:
            fate = policy.fate("tools-exhausted")
            keeps = fate in (Fate.KEEP, Fate.KEEP_ARRIVED)  # with or without the results of the last calls
            return (Fate.UNKNOWN if keeps else fate), cause
        fate = policy.fate(cause if cause != "text" else "tool-call-only")
        if cause == "text" and "tool-call-only" not in policy.fates:
            fate = Fate.UNKNOWN
    else:
        cause = last.answer.name
        fate = policy.fate(cause)
    called = any(node.part is Part.CALL for node in current.nodes)
    return (Fate.UNKNOWN if called and fate is not Fate.KEEP else fate), cause


def _is_kept_exhausted(policy: Policy, current: OpenRound) -> bool:
    """Whether what was said stays for certain, where the client has run tools as often as it does."""
    exhausted = current.last is not None and brings_calls(current.last.answer) and policy.tools is not None
    return exhausted and policy.fate("tools-exhausted") in (Fate.KEEP, Fate.KEEP_ARRIVED)


def _is_cut(step: Step, ask: Ask, current: OpenRound) -> bool:
    last = current.last
    if last is None or isinstance(ask.ending, Cancelled):
        return last is not None
    return ANSWERS[last.answer.name].fails or (last.left and is_stopped(step, ask, last))


def _reply(
    transcript: Transcript, policy: Policy, current: OpenRound, fate: Fate, *, cut: bool
) -> Node | None:
    """The reply of a round, where there is one that could be kept."""
    last = current.last
    if last is None or (policy.tools is not None and brings_calls(last.answer)):
        return None
    text = _text(last, cut=cut)
    if not text and not (fate is Fate.KEEP and not ANSWERS[last.answer.name].has_text):
        return None
    message = Message(role="assistant", text=text)
    return transcript.add(current.key, current.round, Part.REPLY, message, opens=cut)


def _text(exchange: Exchange, *, cut: bool) -> str:
    whole = ANSWERS[exchange.answer.name].has_text and not cut
    return exchange.answer.text if whole else exchange.arrived


def _regenerated(transcript: Transcript, current: OpenRound, parts: list[Node], fate: Fate) -> None:
    groups = transcript.rounds(current.key)
    if current.last is None or not groups:
        return
    fresh = [node for node in parts if node.part is not Part.QUESTION]
    if fate is Fate.KEEP:
        transcript.remove(current.replaced, Status.REPLACED, current.key)
    else:
        for node in (*groups[-1], *fresh):
            node.firm = False
    for node in fresh:
        if fate is Fate.DROP:
            node.status = Status.FAILED
        else:
            transcript.append(current.key, node)


def prune(transcript: Transcript, cap: Window | None, key: str) -> None:
    """The oldest rounds leave a store that is full."""
    if cap is None:
        return
    groups = transcript.rounds(key)
    sure, perhaps = view(groups, cap)
    for group in groups[perhaps:sure]:
        for node in group:
            node.fading = True
    if perhaps:
        transcript.remove([node for group in groups[:perhaps] for node in group], Status.PRUNED, key)
