"""What a test holds of a fake: an API key, the script that answers its requests, and the journal of them."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, TypedDict, Unpack

from chatfake.core.json_text import JsonObject
from chatfake.faults import fault_named
from chatfake.generation.scenarios import SCENARIOS, Scenario
from chatfake.journal.client_verdict import Verdict, verdict_on
from chatfake.journal.conversations import Conversation, conversations
from chatfake.journal.history_diff import Line, history_difference
from chatfake.journal.journal import Recorded
from chatfake.request.chat_request import Chat
from chatfake.scripting.key_session import KeySession
from chatfake.scripting.plan import (
    DEFAULT_PLAN,
    Plan,
    ScriptAnswer,
    UnknownNameError,
    fails,
    parse_plan,
    to_plan,
)
from chatfake.scripting.script import Dry, Match, Predicate, Rule, Script

#: How long a verdict waits for the ends of answers; one that ends at all has ended by then.
SETTLE_SECONDS = 0.5


class Conditions(TypedDict, total=False):
    """The conditions of `Handle.when`; `Match` says what each means."""

    text: str
    contains: str
    matches: str
    role: str
    tool: str
    model: str
    adapter: str
    turn: int
    header: Mapping[str, str]
    test: Predicate


class ClientArguments(TypedDict):
    """What an OpenAI client needs to find the fake."""

    base_url: str
    api_key: str


class Handle:
    """One API key of a fake. Requests that carry it are answered from its script and kept in its journal.

    Two handles with different keys never see each other. Safe to use from several threads.

    An answer is a text, a `Reply`, or what `scenario`, `fault`, `plan` and `fails` give. A text that is the name of a
    plan is refused with `AmbiguousTextError`: `handle.plan("http-500")` gives that failure, `Reply(text="http-500")`
    that text.
    """

    def __init__(self, *, key: str, session: KeySession, base_url: str) -> None:
        self._session = session
        self.key = key
        self.base_url = base_url

    @property
    def api_key(self) -> str:
        """The same as `key`, by the name that OpenAI's SDKs have for it."""
        return self.key

    @property
    def openai(self) -> ClientArguments:
        """The arguments of an OpenAI client: `OpenAI(**handle.openai)`."""
        return {"base_url": self.base_url, "api_key": self.key}

    # -- what it answers ----------------------------------------------------------------------------------

    def script(self, *answers: ScriptAnswer) -> None:
        """Appends answers to the queue: `handle.script("Hello!", handle.scenario("empty-choices"))`.

        Each chat request takes one, unless a rule, a turn or a function answers it, it is refused, or it chooses a
        scenario itself (by model, path or header). What comes after the last one, `when_dry` says.
        """
        self._session.enqueue([to_plan(answer) for answer in answers])

    def when_dry(self, dry: Dry | Literal["default", "repeat", "error"]) -> None:
        """What follows the last answer of `script`: the default reply, the last answer again, or status 500."""
        self._session.when_dry = Dry(dry)

    def usually(self, answer: ScriptAnswer) -> None:
        """The answer in place of the default reply: `handle.usually(handle.scenario("empty-choices"))`."""
        self._session.default_plan = to_plan(answer)

    def by_turn(self, turns: Mapping[int, ScriptAnswer]) -> None:
        """Answers by the number of user messages in the request: `{1: "Hello!", 2: handle.fault("http-500")}`.

        Nothing is counted on the server: a retry gets the same answer.
        """
        plans = {turn: to_plan(answer) for turn, answer in turns.items()}
        self._session.extend(Script(turns=MappingProxyType(plans)))

    def when(self, *, answer: ScriptAnswer, **conditions: Unpack[Conditions]) -> None:
        """Adds a rule: `handle.when(contains="weather", answer=handle.scenario("tool-call-only"))`.

        The first rule whose conditions all hold answers, before turns, function and queue. The conditions are those
        of `Match`; `text`, `contains` and `matches` are about the last user message.
        """
        if unknown := conditions.keys() - Conditions.__annotations__:
            raise TypeError(f"{min(unknown)!r} is none of {', '.join(sorted(Conditions.__annotations__))}")
        self._session.extend(Script(rules=(Rule(when=Match(**conditions), plan=to_plan(answer)),)))

    def answer_with(self, function: Callable[[Chat], ScriptAnswer | None]) -> None:
        """Answers with what a function of the parsed request returns; None leaves the request to the queue."""

        def plan(chat: Chat) -> Plan | None:
            answer = function(chat)
            return None if answer is None else to_plan(answer)

        self._session.extend(Script(function=plan))

    def fails(self, times: int, fault: str, over: ScriptAnswer = DEFAULT_PLAN) -> Plan:
        """An answer that comes after so many failures: `handle.script(handle.fails(2, "http-500", over="Hello!"))`.

        In a queue the failures and the answer are one entry each; elsewhere the attempts at one request are counted.
        """
        return fails(times, self.fault(fault, over))

    @property
    def unused(self) -> int:
        """How many answers of the queue are left."""
        return self._session.queued

    def scenario(self, name: str) -> Scenario:
        """The scenario of that name. Raises `UnknownNameError`, which lists near ones."""
        if name not in SCENARIOS:
            raise UnknownNameError(name)
        return SCENARIOS[name]

    def fault(self, name: str, over: ScriptAnswer = DEFAULT_PLAN) -> Plan:
        """An answer, the default reply if none is given, with the fault of that name done to it."""
        found = fault_named(name)
        if found is None:
            raise UnknownNameError(name)
        under = to_plan(over)
        return Plan(scenario=under.scenario, faults=(*under.faults, found))

    def plan(self, name: str) -> Plan:
        """A scenario and faults as they are written together: `unicode+stream-cut`, `http-500*2`."""
        return parse_plan(name)

    @property
    def requests(self) -> tuple[Recorded, ...]:
        """The journal: every request in order, the refused ones too."""
        return self._session.journal.entries

    @property
    def last(self) -> Recorded:
        """The last request. Raises `LookupError` when there was none."""
        entries = self.requests
        if not entries:
            raise LookupError("no request has reached the fake under this key")
        return entries[-1]

    @property
    def messages(self) -> tuple[JsonObject, ...]:
        """The messages of the last chat request; empty when there was none."""
        return next((entry.messages for entry in reversed(self.requests) if entry.messages), ())

    def conversations(self) -> tuple[Conversation, ...]:
        """The chat requests in groups: each request carries on the messages of the one before it."""
        return conversations(self.requests)

    def verdict(self) -> Verdict:
        """How the client behaved: retries and how long they waited, duplicates, streams that it left."""
        # a client may have its last byte a moment before the server has noted that
        self._session.journal.wait(
            lambda entries: all(entry.ending is not None for entry in entries), SETTLE_SECONDS
        )
        return verdict_on(self.requests)

    def wait_for(self, count: int, *, timeout: float = 5.0, ended: bool = False) -> tuple[Recorded, ...]:
        """Waits for so many requests, with `ended` also for the ends of their answers.

        Raises `TimeoutError` after `timeout` seconds, which says how many came.
        """

        def enough(entries: tuple[Recorded, ...]) -> bool:
            there = [entry for entry in entries if entry.ending is not None] if ended else entries
            return len(there) >= count

        if not self._session.journal.wait(enough, timeout):
            found = len(self.requests)
            raise TimeoutError(f"{found} of {count} requests came within {timeout:g} seconds")
        return self.requests

    def assert_request_count(self, count: int) -> None:
        """Fails unless exactly so many requests came, and lists those that did."""
        __tracebackhide__ = True
        entries = self.requests
        if len(entries) != count:
            rows = [
                f"  {one.number}  {one.method} {one.path}  {one.status}  {one.scenario}" for one in entries
            ]
            raise AssertionError("\n".join([f"{len(entries)} requests came, not {count}", *rows]))

    def assert_sent_history(self, expected: Sequence[Line]) -> None:
        """Fails unless the last chat request carried exactly these messages, and shows the difference.

        Each is a role and a text; an assistant's tool calls are written `→ get_weather({"city":"Paris"})`.
        """
        __tracebackhide__ = True
        difference = history_difference(expected, self.requests)
        if difference is not None:
            raise AssertionError(difference)

    def clear(self) -> None:
        """Forgets the script and the journal."""
        self._session.clear()
