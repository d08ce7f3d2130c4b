"""A client that is right: what it would send when a plan is played with it, and what it would be answered.

It keeps a flat list of wire messages for each conversation, and knows nothing of the oracle.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from chatproof.history.model.answers import ANSWERS, Fate, Mode
from chatproof.history.model.plan import (
    MARK,
    Again,
    Answer,
    Call,
    Clear,
    Fork,
    Load,
    Move,
    Plan,
    Restart,
    Say,
    Spoil,
    Spoilage,
    Tear,
    Together,
    Widen,
)
from chatproof.history.model.policy import Policy, SystemPrompt, Unit, Window
from chatproof.history.model.seen import Ask, Cancelled, Ending, Exchange, Play, Raised, Returned, Step
from chatproof.history.model.words import words

SYSTEM = "Be brief, and say so when you do not know."

DULL = ("Hello! How can I help you today?", "Sure.", "Hello!")
"""What a dull model says."""

Wire = dict[str, Any]


@dataclass(frozen=True)
class Kept:
    """A message in the store of the client: its wire form, and the round that it is of."""

    round: int
    wire: Wire

    @property
    def is_question(self) -> bool:
        return bool(self.wire["role"] == "user")


@dataclass(frozen=True, kw_only=True)
class Habits:
    """What a right client may do in one way or another. `seed` decides what is decided anew each time."""

    seed: int = 0
    route: str = "chat"
    joins: bool = False  #: neighbours of one role are sent as one message
    parts: bool = False  #: texts are sent as lists of parts
    between: str = "\n\n"  #: the system prompt and the first user message
    window: Window | None = None  #: the one that it has where none is declared
    titles: bool = False  #: it asks for titles, too
    dull: bool = False  #: the model says the same to everything, as small ones do


@dataclass
class ModelClient:
    policy: Policy
    habits: Habits = field(default_factory=Habits)
    play_number: int = 1
    store: dict[str, list[Kept]] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = Random(self.habits.seed)  # noqa: S311  a client's whim
        self.window = self.policy.window if isinstance(self.policy.window, Window) else None
        if self.policy.window is not None and (self.window is None or self.window.unit is Unit.TOKENS):
            self.window = self.habits.window
        self.rounds = 0
        self.step_number = 0
        self.spoken = 0
        self.preferred = self.policy.models[0]
        self.disk: dict[str, list[Kept]] | None = None  #: what is stored, where nothing can be any more
        self.reads_anew = self.habits.seed % 2 == 1

    # -- playing ----------------------------------------------------------------------------------------------

    def play(self, plan: Plan) -> Play:
        steps = tuple(self._numbered(self.step(move) for move in plan))
        return Play(policy=self.policy, system_prompt=SYSTEM, steps=steps)

    def _numbered(self, steps: Iterator[Step]) -> Iterator[Step]:
        number = 0
        for step in steps:
            exchanges = []
            for exchange in step.exchanges:
                number += 1
                exchanges.append(replace(exchange, number=number))
            yield replace(step, exchanges=tuple(exchanges))

    def words(self, side: str) -> str:
        self.spoken += 1
        return words(self.play_number, self.step_number, f"{side} {self.spoken}")

    def worded(self, text: str, side: str) -> str:
        said = self.words(side)
        return text.replace(MARK, said) if MARK in text else f"{text} {said}".strip()

    def step(self, move: Move) -> Step:
        if self.disk is not None and self.reads_anew:
            self.store = dict(self.disk)
        self.step_number += 1
        match move:
            case Say():
                return self._say(move)
            case Together():
                return self._together(move)
            case Again():
                return self._again(move)
            case Tear():
                return self._torn(move)
            case Clear(to=to):
                self.store[to] = []
            case Fork(at=at, to=to, new=new):
                rounds = list(dict.fromkeys(kept.round for kept in self.store.get(to, [])))[:at]
                self.store[new] = [kept for kept in self.store.get(to, []) if kept.round in rounds]
                self.said[new] = self.said.get(to, "")
            case Load(texts=texts, new=new):
                loaded = tuple(self.worded(text, "loaded") for text in texts)
                self.store[new] = []
                for number, text in enumerate(loaded):
                    self.rounds += not number % 2
                    wire = {"role": "assistant" if number % 2 else "user", "content": text}
                    self.store[new].append(Kept(self.rounds, wire))
                self._prune(new)
                return Step(move=move, loaded=loaded)
            case Widen(n=n):
                assert self.window is not None
                self.window = Window(n, self.window.unit)
            case Spoil(how=Spoilage.UNWRITABLE):
                self.disk = dict(self.store)
            case Spoil(how=how):
                self._reopened(works=True)
                if how is not Spoilage.OLDER:
                    self.store = self.random.choice((self.store, {}))
            case Restart(killed=killed):
                self._reopened(works=killed)
                if isinstance(self.policy.window, Window) and self.policy.window.unit is not Unit.TOKENS:
                    self.window = self.random.choice((self.window, self.policy.window))
            case _:
                raise AssertionError(move)
        return Step(move=move)

    def _torn(self, move: Tear) -> Step:
        """What is said is stored, or not, and the client is no more."""
        before = {key: list(kept) for key, kept in self.store.items()}
        step = self._say(Say(to=move.to))
        if self.random.random() < 0.5:
            self.store = before
        self._reopened(works=True)
        asks = tuple(replace(ask, ending=Raised(error="the client ended the process")) for ask in step.asks)
        return replace(step, move=move, asks=asks)

    def _reopened(self, *, works: bool) -> None:
        if self.disk is not None:
            self.store = dict(self.disk)
        if works:
            self.disk = None

    # -- asking -----------------------------------------------------------------------------------------------

    def _say(self, move: Say) -> Step:
        text = self.said[move.to] if move.same else self.worded(move.text, "user")
        self.said[move.to] = text
        history = self.store.setdefault(move.to, [])
        if move.same and history and history[-1].is_question and history[-1].wire["content"] == text:
            history.pop()
        ask = self._ask(move, text, self.view(history))
        self._keep(move.to, ask)
        exchanges = tuple(self._with_titles(ask.exchanges, text))
        return Step(move=move, asks=(Ask(to=move.to, said=text, ending=ask.ending),), exchanges=exchanges)

    def _together(self, move: Together) -> Step:
        says = (move.first, move.second)
        texts = [self.worded(say.text, "user") for say in says]
        for say, text in zip(says, texts, strict=True):
            self.said[say.to] = text
            self.store.setdefault(say.to, [])
        asks: dict[int, _Asked] = {}
        order = self.random.sample((0, 1), 2)
        way = self.random.choice(("locked", "apart", "refused"))
        views = {number: self.view(self.store[says[number].to]) for number in order}
        for number in order:
            say = says[number]
            if say.to == says[1 - number].to and way == "refused" and asks:
                asks[number] = _Asked([], Raised(error="Busy"), [])
                continue
            history = views[number] if way == "apart" else self.view(self.store[say.to])
            asks[number] = self._ask(say, texts[number], history)
            self._keep(say.to, asks[number])
        first, second = (asks[number].exchanges for number in order)
        merged = [*first, *second]
        if says[0].to != says[1].to:
            merged = list(_merged(first, second, self.random))
        told = tuple(
            Ask(to=say.to, said=text, ending=asks[number].ending)
            for number, (say, text) in enumerate(zip(says, texts, strict=True))
        )
        return Step(move=move, asks=told, exchanges=tuple(merged))

    def _again(self, move: Again) -> Step:
        history = self.store.get(move.to, [])
        last = history[-1].round if history else -1
        old = [kept for kept in history if kept.round == last]
        if not old or not old[0].is_question:  # a cap may have cut it off
            return Step(move=move, asks=(Ask(to=move.to, said="", ending=Raised(error="LookupError")),))
        before = [kept for kept in history if kept.round != last]
        ask = self._ask(move, old[0].wire["content"], self.view(before))
        question = old[:1]
        new = [*question, *(Kept(last, wire) for wire in ask.kept[1:])]
        if ask.fate is Fate.KEEP:
            self.store[move.to] = before + new
        else:
            choices = [old, question, []]
            if ask.fate is not Fate.DROP and len(ask.kept) > 1:
                choices.append(new)
            self.store[move.to] = before + self.random.choice(choices)
        return Step(
            move=move,
            asks=(Ask(to=move.to, said="", ending=ask.ending),),
            exchanges=tuple(ask.exchanges),
        )

    def _ask(self, move: Say | Again, text: str, history: Sequence[Kept]) -> "_Asked":
        """Everything that one ask sends, until it has a reply or gives up."""
        parts: list[Wire] = [{"role": "user", "content": text}]
        exchanges: list[Exchange] = []
        stop = move.stop if isinstance(move, Say) else None
        streamed = isinstance(move, Say) and move.streamed
        retries = self.policy.retries if isinstance(self.policy.retries, int) else self.random.randint(0, 2)
        others = [model for model in self.policy.models if model != self.preferred]
        models = [self.preferred, *others] if self.policy.sticky else list(self.policy.models)
        tries = [model for model in models for _ in range(retries + 1)]
        limit = self.policy.tools if isinstance(self.policy.tools, int) else 0
        while True:
            answer = move.answers[min(len(exchanges), len(move.answers) - 1)]
            messages = [*(kept.wire for kept in history), *parts]
            exchange = self._exchange(messages, tries[0], answer, stop, streamed=streamed)
            exchanges.append(exchange)
            kind = ANSWERS[exchange.answer.name]
            calls = exchange.answer.calls if _brings(exchange.answer) else ()
            if exchange.left:
                return self._over("abandoned" if streamed else "cancelled", parts, exchanges)
            if calls and limit:
                parts += self._called(exchange)
                if len(exchanges) >= limit:
                    return self._over("tools-exhausted", parts, exchanges)
            elif kind.fails and not calls and len(tries) > 1:
                tries = tries[1:]
            else:
                if not kind.fails:
                    self.preferred = tries[0]
                return self._over(exchange.answer.name, parts, exchanges)

    def _called(self, exchange: Exchange) -> list[Wire]:
        """A message with calls, and a result for each."""
        calls = [
            {"id": call.id, "type": "function", "function": {"name": call.tool, "arguments": call.arguments}}
            for call in exchange.answer.calls
        ]
        message: Wire = {"role": "assistant", "content": exchange.answer.text or None, "tool_calls": calls}
        results = [
            {"role": "tool", "tool_call_id": call.id, "content": f"{call.tool} of {call.arguments}"}
            for call in exchange.answer.calls
        ]
        return [message, *results]

    def _over(self, cause: str, parts: list[Wire], exchanges: list[Exchange]) -> "_Asked":
        """What becomes of a round."""
        last = exchanges[-1]
        kind = ANSWERS[last.answer.name]
        called = len(parts) > 1
        fate = self.policy.fate(cause)
        if _brings(last.answer) and self.policy.tools is None and cause == "text":
            declared = "tool-call-only" in self.policy.fates
            fate = self.policy.fate("tool-call-only") if declared else Fate.UNKNOWN
        if called and fate is not Fate.KEEP and cause != "tools-exhausted":
            fate = Fate.UNKNOWN
        whole = kind.has_text and not kind.fails and not last.left
        text = last.answer.text if whole else last.arrived
        if (last.left or kind.fails) and text and self.random.random() < 0.3:
            text = text[: self.random.randint(1, len(text))]  # the rest was lost on the way
        reply = [{"role": "assistant", "content": text}]
        exhausted = cause == "tools-exhausted"
        choice = fate
        if fate is Fate.UNKNOWN:
            choice = self.random.choice([Fate.DROP, Fate.KEEP, Fate.KEEP_USER, Fate.KEEP_ARRIVED])
        ending: Ending = Returned(text=text)
        if last.left:
            ending = Cancelled(pieces=1, text=last.arrived)
        elif kind.fails:
            ending = Raised(error=cause)
        if choice is Fate.DROP:
            kept: list[Wire] = []
        elif choice is Fate.KEEP_USER:
            kept = parts[:1]
        elif exhausted:
            kept = parts
        elif choice is Fate.KEEP and not (kind.fails or last.left):
            kept = [*parts, *(reply if text or fate is Fate.KEEP else [])]
        else:
            kept = [*parts, *(reply if text else [])]
        if called and choice == Fate.KEEP_ARRIVED and kept == parts and self.random.random() < 0.5:
            at = [number for number, wire in enumerate(parts) if wire.get("tool_calls")]
            kept = parts[: self.random.choice(at)]
        return _Asked(exchanges, ending, kept, fate)

    def _keep(self, key: str, ask: "_Asked") -> None:
        self.rounds += 1
        self.store[key] = self.store[key] + [Kept(self.rounds, wire) for wire in ask.kept]
        if ask.kept:
            self._prune(key)

    # -- what is sent -----------------------------------------------------------------------------------------

    def view(self, history: Sequence[Kept]) -> list[Kept]:
        """What of the history is sent."""
        kept = list(history)
        if self.window is not None:
            n = self.window.n
            if self.policy.system is SystemPrompt.COUNTED and self.window.unit is Unit.MESSAGES:
                n = max(n - 1, 0)
            kept = _last(kept, Window(n, self.window.unit))
        while kept and not kept[0].is_question:
            kept.pop(0)
        return kept

    def _prune(self, key: str) -> None:
        if self.policy.cap is not None:
            self.store[key] = _last(self.store[key], self.policy.cap)

    def _exchange(
        self, messages: list[Wire], model: str, answer: Answer, stop: int | None, *, streamed: bool
    ) -> Exchange:
        answer = self._given(answer, streamed=streamed)
        kind = ANSWERS[answer.name]
        text = answer.text
        if kind.has_text or kind.name in ("blank-content", "refusal"):
            arrived = text[: self.random.randint(0, len(text))] if kind.fails else text
        else:
            arrived = ""
        left = stop is not None
        if left:
            arrived = text[: 3 * (stop or 0)] if streamed else ""
        return Exchange(
            number=0,
            route=self.habits.route,
            body=self.body(messages, model, streamed=streamed),
            answer=answer,
            arrived=arrived,
            streamed=streamed,
            left=left,
        )

    def _given(self, answer: Answer, *, streamed: bool) -> Answer:
        """The answer with its words in it; an ordinary one where it cannot be given."""
        kind = ANSWERS[answer.name]
        route = self.habits.route
        unfit = kind.mode is (Mode.JSON if streamed else Mode.STREAM) or (kind.chat_only and route != "chat")
        if (
            unfit
            or (answer.calls and route == "completions")
            or ("tool-call" in kind.scenario and route != "chat")
        ):
            answer = Answer(text=answer.text)
            kind = ANSWERS["text"]
        calls = answer.calls or ((Call(),) if "tool-call" in kind.scenario else ())
        calls = tuple(
            replace(
                call,
                arguments=call.arguments.replace(MARK, self.words("call")),
                id=f"call_{self.words('id').replace('-', '')}",
            )
            for call in calls
        )
        if kind.name == "blank-content":
            text = " \n\n "
        elif kind.name == "refusal":
            text = f"I am sorry, but I cannot help with {self.words('reply')}."
        elif self.habits.dull and answer.is_ordinary:
            text = self.random.choice(DULL)
        elif kind.has_text and not (calls and not answer.text):
            text = self.worded(answer.text, "reply")
        else:
            text = ""
        return replace(answer, text=text, calls=calls)

    def body(self, messages: Sequence[Wire], model: str, *, streamed: bool = False) -> bytes:
        """The request's body."""
        wires = [dict(message) for message in messages]
        system = self.policy.system
        if system is SystemPrompt.IN_USER:
            wires[0]["content"] = f"{SYSTEM}{self.habits.between}{wires[0]['content']}"
        elif system is not SystemPrompt.NONE:
            wires.insert(0, {"role": "system", "content": SYSTEM})
        if self.habits.joins:
            wires = list(_joined(wires))
        value: Wire = {"model": model, "stream": streamed}
        return json.dumps({**value, **carried(wires, self.habits)}).encode()

    def _with_titles(self, exchanges: Sequence[Exchange], text: str) -> Iterator[Exchange]:
        """Requests beside the conversation: before it, after it, and late."""
        if not self.habits.titles:
            yield from exchanges
            return
        replies = [exchange for exchange in exchanges if not ANSWERS[exchange.answer.name].fails]
        memory = [{"role": "user", "content": "What do you remember of this user?"}]
        title = [{"role": "user", "content": f"Find a title for a talk that begins:\n{text}\nTitle:"}]
        yield self._aside(memory)
        yield from exchanges
        if replies and not exchanges[-1].left:
            yield self._aside(title)

    def _aside(self, messages: list[Wire]) -> Exchange:
        answer = Answer(text=self.words("title"))
        return Exchange(
            number=0,
            route=self.habits.route,
            body=json.dumps({"model": "tiny", **carried(messages, self.habits)}).encode(),
            answer=answer,
            arrived=answer.text,
        )


@dataclass
class _Asked:
    exchanges: list[Exchange]
    ending: Ending
    kept: list[Wire]
    fate: Fate = Fate.DROP


def _brings(answer: Answer) -> bool:
    kind = ANSWERS[answer.name]
    return bool(answer.calls) and (not kind.fails or kind.scenario == "tool-call-only")


def _last(kept: list[Kept], window: Window) -> list[Kept]:
    """The last so many messages, rounds, turns or tokens."""
    match window.unit:
        case Unit.MESSAGES:
            return kept[len(kept) - window.n :] if window.n < len(kept) else kept
        case Unit.ROUNDS:
            rounds = list(dict.fromkeys(one.round for one in kept))
            wanted = rounds[len(rounds) - window.n :] if window.n < len(rounds) else rounds
            return [one for one in kept if one.round in wanted]
        case Unit.TURNS:
            at = [number for number, one in enumerate(kept) if one.is_question]
            if window.n >= len(at):
                return kept
            return kept[at[len(at) - window.n] :] if window.n else []
        case Unit.TOKENS:
            total = 0
            for number in range(len(kept) - 1, -1, -1):
                total += len(str(kept[number].wire)) // 4
                if total > window.n:
                    return kept[number + 1 :]
            return kept


def _joined(wires: list[Wire]) -> Iterator[Wire]:
    held: Wire | None = None
    for wire in wires:
        plain = wire["role"] in ("user", "assistant") and not wire.get("tool_calls")
        if held is not None and plain and held["role"] == wire["role"] and not held.get("tool_calls"):
            held = {**held, "content": f"{held['content']}\n{wire['content']}"}
            continue
        if held is not None:
            yield held
        held = wire
    if held is not None:
        yield held


def carried(wires: Sequence[Wire], habits: Habits) -> Wire:
    """The messages as the route has them."""
    if habits.route == "completions":
        return {
            "prompt": "".join(f"{wire['role'].upper()}: {wire['content']}\n" for wire in wires) + "ASSISTANT:"
        }
    if habits.route == "responses":
        return {"input": [item for wire in wires for item in _items(wire)]}
    if habits.parts:
        wires = [
            {**wire, "content": [{"type": "text", "text": wire["content"]}]} if wire["content"] else wire
            for wire in wires
        ]
    return {"messages": list(wires)}


def _items(wire: Wire) -> Iterator[Wire]:
    if wire["role"] == "tool":
        yield {"type": "function_call_output", "call_id": wire["tool_call_id"], "output": wire["content"]}
        return
    calls = wire.get("tool_calls", [])
    if wire["content"] is not None:
        kind = "output_text" if wire["role"] == "assistant" else "input_text"
        yield {"role": wire["role"], "content": [{"type": kind, "text": wire["content"]}]}
    for call in calls:
        function = call["function"]
        yield {
            "type": "function_call",
            "call_id": call["id"],
            "name": function["name"],
            "arguments": function["arguments"],
        }


def _merged(first: Sequence[Exchange], second: Sequence[Exchange], random: Random) -> Iterator[Exchange]:
    waiting = [list(first), list(second)]
    while any(waiting):
        yield random.choice([one for one in waiting if one]).pop(0)
