"""The oracle: what each request of a client has to carry, as a fold over what was seen.

After each request it takes what was sent as the client's history, so that one fault is one deviation and no cascade.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from chatproof.history.model.answers import ANSWERS, Fate
from chatproof.history.model.deviation import (
    Cause,
    Deviation,
    Expectation,
    Match,
    Moment,
    Presence,
    Slot,
    explain,
)
from chatproof.history.model.message import Message, SentCall
from chatproof.history.model.plan import (
    Again,
    Clear,
    Fork,
    Load,
    Restart,
    Say,
    Spoil,
    Spoilage,
    Together,
    Widen,
)
from chatproof.history.model.policy import Policy, SystemPrompt, Unit, Unknown, Window
from chatproof.history.model.seen import Ask, Cancelled, Exchange, Play, Step
from chatproof.history.model.transcript import Node, Part, Status, Transcript
from chatproof.history.model.window import view
from chatproof.history.model.words import tags

__all__ = ["Judged", "follow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One exchange with what was expected of it. A side request carries nothing of the conversation: not judged."""

    step: int
    ask: Ask | None
    exchange: Exchange
    expectation: Expectation
    deviations: tuple[Deviation, ...] = ()
    side: bool = False


def follow(play: Play) -> Iterator[Judged]:
    """Every exchange of a play, in order, with its deviations."""
    oracle = _Oracle(play.policy, play.system_prompt)
    for at, step in enumerate(play.steps):
        yield from oracle.step(at, step)


_RESULT_TEXT: Final = ""
"""A tool's result is its client's to word."""

_CAUSE: Mapping[Part, Cause] = {
    Part.QUESTION: Cause.KEPT,
    Part.REPLY: Cause.KEPT,
    Part.CALL: Cause.CALL,
    Part.RESULT: Cause.RESULT,
}

_OFF: Mapping[Status, Cause] = {
    Status.FAILED: Cause.FAILED,
    Status.REPLACED: Cause.REPLACED,
    Status.CLEARED: Cause.CLEARED,
    Status.PRUNED: Cause.PRUNED,
}


@dataclass(slots=True)
class _Round:
    """A round that is under way: its messages until now, and its last exchange."""

    key: str
    said: str
    regenerates: bool = False
    parts: list[tuple[Part, Message]] = field(default_factory=list)
    last: Exchange | None = None
    models: list[str] = field(default_factory=list)


class _Oracle:
    def __init__(self, policy: Policy, system_prompt: str) -> None:
        self._policy = policy
        self._system = system_prompt
        self._window = policy.window
        self._transcript = Transcript()
        self._rounds = 0
        self._moments: dict[str, tuple[Moment, str]] = {}
        self._streams: set[bool] = set()

    # -- moves ------------------------------------------------------------------------------------------------

    def step(self, at: int, step: Step) -> Iterator[Judged]:
        match step.move:
            case Say() | Together():
                yield from self._asked(at, step)
            case Again(to=to):
                yield from self._asked(at, step, again=to)
            case Restart(killed=killed):
                self._restarted(killed=killed)
            case Clear(to=to):
                path = self._transcript.heads.get(to, ())
                self._transcript = self._transcript.removed(to, path, Status.CLEARED)
                self._everywhere(Moment.CLEARED)
            case Fork(at=rounds, to=to, new=new):
                kept = [node.id for group in self._transcript.rounds(to)[:rounds] for node in group]
                self._transcript = self._transcript.with_branch(to, new, kept)
                self._moments[new] = (Moment.FORKED, "")
                self._moments[to] = (Moment.FORKED_FROM, "")
            case Load(new=new):
                self._load(new, step.loaded)
            case Widen(n=n):
                zero = isinstance(self._window, Window) and self._window.n == 0
                unit = self._window.unit if isinstance(self._window, Window) else Unit.MESSAGES
                self._window = Window(n, unit)
                self._everywhere(Moment.WIDENED_FROM_ZERO if zero else Moment.WIDENED)
            case Spoil(how=Spoilage.OLDER):
                self._everywhere(Moment.MIGRATED)
            case Spoil():
                ids = [node.id for node in self._transcript.nodes]
                self._transcript = self._transcript.changed(ids, firm=False)
                self._everywhere(Moment.SPOILED)

    def _everywhere(self, moment: Moment) -> None:
        for key in self._transcript.heads:
            self._moments[key] = (moment, "")

    def _restarted(self, *, killed: bool) -> None:
        families = [self._transcript.family(key) for key in self._transcript.heads]
        for key in self._transcript.heads:
            moment = Moment.KILLED if killed else Moment.RESTARTED
            if self._moments.get(key, (moment, ""))[0] in (Moment.TOGETHER, Moment.RESTARTED_TOGETHER):
                moment = Moment.RESTARTED_TOGETHER
            elif not killed and families.count(self._transcript.family(key)) > 1:
                moment = Moment.RESTARTED_TREE
            self._moments[key] = (moment, "")

    def _load(self, key: str, texts: Sequence[str]) -> None:
        self._transcript = self._transcript.with_path(key, ())
        for number, text in enumerate(texts):
            part, role = (Part.REPLY, "assistant") if number % 2 else (Part.QUESTION, "user")
            self._rounds += not number % 2
            self._transcript = self._transcript.with_node(
                key, on_path=True, round=self._rounds, part=part, message=Message(role=role, text=text)
            )
        self._moments[key] = (Moment.LOADED, "")

    # -- asks -------------------------------------------------------------------------------------------------

    def _asked(self, at: int, step: Step, again: str = "") -> Iterator[Judged]:
        rounds = [self._begun(ask, again) for ask in step.asks]
        together = len(step.asks) > 1
        held = self._held_together(step) if together else None
        for exchange in step.exchanges:
            number = _asker(rounds, exchange)
            if number is None:
                yield Judged(
                    step=at, ask=None, exchange=exchange, expectation=Expectation(slots=()), side=True
                )
                continue
            current = rounds[number]
            moment = held or self._moment(current, exchange, step)
            others = [one for one in rounds if one is not current] if held is Moment.TOGETHER_IN_ONE else []
            expectation = self._expectation(current, others)
            deviations, matches = explain(expectation, self._read(exchange, expectation))
            yield Judged(
                step=at,
                ask=step.asks[number],
                exchange=exchange,
                expectation=expectation,
                deviations=tuple(self._told(one, moment, exchange, expectation) for one in deviations),
            )
            self._adopt(current, exchange, expectation, matches)
            self._answered(current, exchange)
        for ask, current in zip(step.asks, rounds, strict=True):
            self._moments[current.key] = self._after(step, current, held)
            self._record(ask, current, step, loosely=held is Moment.TOGETHER_IN_ONE)

    def _begun(self, ask: Ask, again: str) -> _Round:
        if not again:
            return _Round(
                key=ask.to, said=ask.said, parts=[(Part.QUESTION, Message(role="user", text=ask.said))]
            )
        groups = self._transcript.rounds(again)
        question = next((node for node in groups[-1] if node.part is Part.QUESTION), None) if groups else None
        parts = [(Part.QUESTION, question.message)] if question else []
        return _Round(
            key=again, said=question.message.text if question else "", regenerates=True, parts=parts
        )

    def _held_together(self, step: Step) -> Moment:
        keys = {ask.to for ask in step.asks}
        return Moment.TOGETHER if len(keys) > 1 else Moment.TOGETHER_IN_ONE

    def _moment(self, current: _Round, exchange: Exchange, step: Step) -> tuple[Moment, str] | Moment:
        """What the request comes after."""
        last = current.last
        if current.regenerates:
            return Moment.REGENERATING
        if last is None:
            if isinstance(step.move, Say) and step.move.same:
                return Moment.SAID_AGAIN
            return self._moments.get(current.key, (Moment.PLAIN, ""))
        if last.answer.calls and self._policy.tools is not None:
            return Moment.TOOL_ROUND
        return Moment.FALLBACK if exchange.model != last.model else Moment.RETRY

    def _told(
        self,
        deviation: Deviation,
        moment: tuple[Moment, str] | Moment,
        exchange: Exchange,
        expectation: Expectation,
    ) -> Deviation:
        kind, answer = moment if isinstance(moment, tuple) else (moment, "")
        sent = sum(message.role != "system" for message in exchange.messages) - 1
        fits = (
            isinstance(self._window, Window)
            and self._window.unit is Unit.MESSAGES
            and sent <= self._limit().n
        )
        del expectation
        return replace(
            deviation, moment=kind, moment_answer=answer, streamed=exchange.streamed, within=bool(fits)
        )

    def _after(self, step: Step, current: _Round, held: Moment | None) -> tuple[Moment, str]:
        """What the next request of the conversation comes after."""
        last = current.last
        if held is not None:
            return held, ""
        if current.regenerates:
            return Moment.REGENERATED, ""
        if last is None:
            return Moment.PLAIN, ""
        if isinstance(step.move, Say) and step.move.stop is not None:
            return (Moment.ABANDONED if last.streamed else Moment.CANCELLED), ""
        called = any(part is Part.CALL for part, _ in current.parts)
        if ANSWERS[last.answer.name].rule:
            return (Moment.FAULT_AFTER_CALL if called else Moment.FAULT), last.answer.name
        if called or last.answer.calls:
            return Moment.TOOLS_USED, ""
        if len(set(current.models)) > 1:
            return Moment.FELL_BACK, ""
        changed = bool(self._streams - {last.streamed})
        self._streams.add(last.streamed)
        return (Moment.STREAMED if changed else Moment.PLAIN), ""

    # -- what is expected -------------------------------------------------------------------------------------

    def _limit(self) -> Window:
        window = self._window
        if not isinstance(window, Window):
            return Window(0)
        counted = (
            self._policy.system is SystemPrompt.COUNTED and self._system and window.unit is Unit.MESSAGES
        )
        return Window(max(window.n - 1, 0), window.unit) if counted else window

    def _expectation(self, current: _Round, others: Sequence[_Round]) -> Expectation:
        slots: list[Slot] = []
        if self._system and self._policy.system is not SystemPrompt.NONE:
            slots.append(Slot(message=Message(role="system", text=self._system), cause=Cause.SYSTEM))
        groups = self._transcript.rounds(current.key)
        if current.regenerates and groups:
            groups = groups[:-1]
        window = self._window
        weak = isinstance(window, Unknown) or (isinstance(window, Window) and window.unit is Unit.TOKENS)
        sure, perhaps = (0, 0) if weak or not isinstance(window, Window) else view(groups, self._limit())
        for number, group in enumerate(groups):
            for node in group:
                if number < perhaps:
                    presence = Presence.NEVER
                elif weak or number < sure or not node.firm:
                    presence = Presence.MAY
                else:
                    presence = Presence.MUST
                outside = presence is Presence.NEVER
                slots.append(_slot(node, Cause.OUTSIDE if outside else _CAUSE[node.part], presence))
        for one in others:
            slots += [
                Slot(
                    message=message,
                    cause=Cause.NEW if part is Part.QUESTION else _CAUSE[part],
                    presence=Presence.MAY,
                )
                for part, message in one.parts
            ]
            if one.last is not None and one.last.arrived:
                reply = Message(role="assistant", text=_reply_text(one.last))
                slots.append(Slot(message=reply, cause=Cause.KEPT, presence=Presence.MAY))
        unsound = any(not call.is_sound for _, message in current.parts for call in message.calls)
        for part, message in current.parts:
            cause = Cause.NEW if part is Part.QUESTION else _CAUSE[part]
            # a client may ask anew where the arguments were none
            presence = Presence.MAY if unsound and part is not Part.QUESTION else Presence.MUST
            slots.append(Slot(message=message, cause=cause, presence=presence, round=self._rounds + 1))
        on_path = set(self._transcript.heads.get(current.key, ()))
        whole = self._transcript.rounds(current.key)
        replaced = whole[-1] if current.regenerates and whole else ()
        slots += [
            _slot(node, Cause.REPLACED, Presence.NEVER) for node in replaced if node.part is not Part.QUESTION
        ]
        slots += [
            _slot(node, self._off_cause(node, current.key), Presence.NEVER if node.firm else Presence.MAY)
            for node in self._transcript.nodes
            if node.id not in on_path
        ]
        return Expectation(slots=tuple(slots), cut=perhaps > 0 or sure > 0, suffix=weak)

    def _off_cause(self, node: Node, key: str) -> Cause:
        if node.status in _OFF:
            return _OFF[node.status]
        families = {
            self._transcript.family(head) for head, path in self._transcript.heads.items() if node.id in path
        }
        return Cause.BRANCH if self._transcript.family(key) in families else Cause.CONVERSATION

    def _read(self, exchange: Exchange, expectation: Expectation) -> tuple[Message, ...]:
        """What was sent, with a system prompt taken out of the first user message, and a prompt taken apart."""
        messages = exchange.messages
        if exchange.route == "completions" and messages:
            return tuple(_of_prompt(messages[0].text, expectation))
        first = messages[0] if messages else None
        if (
            self._policy.system is SystemPrompt.IN_USER
            and self._system
            and first is not None
            and first.role == "user"
            and first.text.startswith(self._system)
        ):
            rest = first.text[len(self._system) :]
            known = [slot.message.text for slot in expectation.slots if slot.message.role == "user"]
            said = next((text for text in known if rest.endswith(text)), rest.lstrip())
            return (
                Message(role="system", text=self._system),
                replace(first, text=said),
                *messages[1:],
            )
        return messages

    # -- what is taken over -----------------------------------------------------------------------------------

    def _adopt(
        self, current: _Round, exchange: Exchange, expectation: Expectation, matches: Sequence[Match]
    ) -> None:
        """Take what was sent as it is: what is unknown is known then, and what is wrong is wrong once."""
        sent = self._read(exchange, expectation)
        there: dict[int, Message] = {}
        for match in matches:
            slot = expectation.slots[match.slot]
            if slot.node is not None:
                there[slot.node] = sent[match.at]
            elif slot.cause is Cause.NEW and not match.exact:
                current.parts[0] = (Part.QUESTION, sent[match.at])
        for slot in expectation.slots:
            if slot.node is not None:
                self._adopt_node(slot, there.get(slot.node), weak=expectation.suffix)

    def _adopt_node(self, slot: Slot, sent: Message | None, *, weak: bool) -> None:
        node = self._transcript.nodes[slot.node or 0]
        on_path = slot.cause in (Cause.KEPT, Cause.CALL, Cause.RESULT)
        if sent is None:
            if slot.presence is Presence.MUST:
                self._change(node, firm=False)
            elif (
                slot.presence is Presence.MAY
                and on_path
                and not node.firm
                and not weak
                and not node.confirmed
            ):
                self._transcript = self._transcript.removed(node.home, [node.id], Status.FAILED)
                self._change(self._transcript.nodes[node.id], firm=True)
            return
        exact = slot.takes(sent)
        members: dict[str, object] = {"confirmed": node.confirmed or exact}
        if not exact:
            members["also"] = (*node.also, sent)
        if slot.presence is Presence.NEVER:
            members["firm"] = False
        elif slot.presence is Presence.MAY and on_path and not node.firm and not node.confirmed:
            members["firm"] = True
        self._change(node, **members)

    def _change(self, node: Node, **members: object) -> None:
        self._transcript = self._transcript.changed([node.id], **members)

    def _answered(self, current: _Round, exchange: Exchange) -> None:
        """What a request's answer adds to its round."""
        current.last = exchange
        current.models.append(exchange.model)
        if exchange.answer.calls and self._policy.tools is not None and not exchange.left:
            calls = tuple(
                SentCall(id=call.id, name=call.tool, arguments=call.arguments)
                for call in exchange.answer.calls
            )
            current.parts.append(
                (Part.CALL, Message(role="assistant", text=_reply_text(exchange), calls=calls))
            )
            current.parts += [
                (Part.RESULT, Message(role="tool", text=_RESULT_TEXT, result_of=call.id)) for call in calls
            ]

    def _record(self, ask: Ask, current: _Round, step: Step, *, loosely: bool) -> None:
        """What becomes of a round."""
        last = current.last
        fate, cause = self._fate(ask, current, step)
        if current.regenerates:
            self._regenerated(current, fate)
            return
        self._rounds += 1
        keeps_user = fate is not Fate.DROP
        reply = Message(role="assistant", text=_reply_text(last)) if last is not None else None
        if fate is Fate.KEEP_ARRIVED and last is not None:
            reply = Message(role="assistant", text=last.arrived)
        arrived = Message(role="assistant", text=last.arrived) if last is not None and last.arrived else None
        firm = fate is not Fate.UNKNOWN and last is not None and not loosely

        def add(part: Part, message: Message, *, on_path: bool, also: tuple[Message, ...] = ()) -> None:
            self._transcript = self._transcript.with_node(
                current.key,
                on_path=on_path,
                round=self._rounds,
                part=part,
                message=message,
                status=Status.KEPT if on_path else Status.FAILED,
                answer=cause,
                firm=firm or not on_path,
                also=also,
            )

        for part, message in current.parts:
            add(part, message, on_path=keeps_user)
        if reply is not None and (reply.text or fate is Fate.KEEP):
            variants = (arrived,) if arrived is not None and arrived != reply and fate is Fate.UNKNOWN else ()
            ended = not (last is not None and last.answer.calls and self._policy.tools is not None)
            if ended:
                add(
                    Part.REPLY,
                    reply,
                    on_path=fate in (Fate.KEEP, Fate.KEEP_ARRIVED, Fate.UNKNOWN),
                    also=variants,
                )
        self._prune(current.key)

    def _fate(self, ask: Ask, current: _Round, step: Step) -> tuple[Fate, str]:
        last = current.last
        if last is None:
            return Fate.UNKNOWN, "text"
        if isinstance(ask.ending, Cancelled) or (isinstance(step.move, Say) and step.move.stop is not None):
            cause = "abandoned" if last.streamed else "cancelled"
            return self._policy.fate(cause), cause
        if last.answer.calls:
            known = self._policy.tools is None and "tool-call-only" in self._policy.fates
            return (self._policy.fate("tool-call-only") if known else Fate.UNKNOWN), last.answer.name
        fate = self._policy.fate(last.answer.name)
        called = any(part is Part.CALL for part, _ in current.parts)
        return (Fate.UNKNOWN if called and fate is not Fate.KEEP else fate), last.answer.name

    def _regenerated(self, current: _Round, fate: Fate) -> None:
        groups = self._transcript.rounds(current.key)
        if not groups or current.last is None:
            return
        old = [node for node in groups[-1] if node.part is not Part.QUESTION]
        if fate is not Fate.KEEP:
            self._transcript = self._transcript.changed([node.id for node in groups[-1]], firm=False)
            return
        round_ = groups[-1][0].round
        self._transcript = self._transcript.removed(current.key, [node.id for node in old], Status.REPLACED)
        self._transcript = self._transcript.with_node(
            current.key,
            on_path=True,
            round=round_,
            part=Part.REPLY,
            message=Message(role="assistant", text=_reply_text(current.last)),
        )

    def _prune(self, key: str) -> None:
        """The oldest rounds leave a store that is full."""
        cap = self._policy.cap
        if cap is None:
            return
        groups = self._transcript.rounds(key)
        sure, perhaps = view(groups, cap)
        gone = [node.id for group in groups[:perhaps] for node in group]
        unsure = [node.id for group in groups[perhaps:sure] for node in group]
        self._transcript = self._transcript.removed(key, gone, Status.PRUNED).changed(unsure, firm=False)


def _slot(node: Node, cause: Cause, presence: Presence) -> Slot:
    return Slot(
        message=node.message,
        cause=cause,
        presence=presence,
        node=node.id,
        round=node.round,
        answer=node.answer,
        confirmed=node.confirmed,
        also=node.also,
    )


def _reply_text(exchange: Exchange | None) -> str:
    if exchange is None:
        return ""
    kind = ANSWERS[exchange.answer.name]
    return exchange.answer.text if kind.has_text else exchange.arrived


def _asker(rounds: Sequence[_Round], exchange: Exchange) -> int | None:
    """Whose request it is: the last one whose words it carries; None for a request about something else."""
    if len(rounds) == 1 and not tags(rounds[0].said):
        return 0
    texts = [f"{message.text} {message.odd}" for message in exchange.messages]
    for text in reversed(texts):
        for number, one in enumerate(rounds):
            said = tags(one.said)
            if (said and set(said) & set(tags(text))) or (one.said and one.said in text):
                return number
    return None


def _of_prompt(prompt: str, expectation: Expectation) -> Iterator[Message]:
    """The messages of a prompt that a client made out of them: what is known in it, in its order."""
    places: list[tuple[int, Message]] = []
    for slot in expectation.slots:
        start = prompt.find(slot.message.text) if slot.message.text else -1
        while start >= 0:
            places.append((start, slot.message))
            start = prompt.find(slot.message.text, start + 1)
    seen: set[tuple[int, str]] = set()
    for start, message in sorted(places, key=lambda place: place[0]):
        if (start, message.text) not in seen:
            seen.add((start, message.text))
            yield message
