"""A test's own corner of a fake: its script and its journal, under an API key of its own."""

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
from chatfake.scripting.plan import DEFAULT_PLAN, Plan, Scripted, UnknownNameError, fails, plan_named, plan_of
from chatfake.scripting.script import Dry, Match, Predicate, Rule, Script

#: An answer that ends at all has ended by then.
SETTLE_SECONDS = 0.5


class Conditions(TypedDict, total=False):
    """What `Match` knows, for `Handle.when`."""

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
    """What a test holds. Requests that carry its key are answered from its script and kept in its journal.

    Safe to use from several threads. Two handles with different keys never see each other.
    """

    def __init__(self, *, key: str, session: KeySession, base_url: str) -> None:
        self._session = session
        self.key = key
        self.base_url = base_url

    @property
    def api_key(self) -> str:
        """The key, under the name SDKs have for it."""
        return self.key

    @property
    def openai(self) -> ClientArguments:
        """Arguments for a client: `OpenAI(**handle.openai)`."""
        return {"base_url": self.base_url, "api_key": self.key}

    # -- what it answers ----------------------------------------------------------------------------------

    def script(self, *answers: Scripted) -> None:
        """Appends answers, one a chat request: a text, a `Reply`, a scenario, a fault, or a `Plan`.

        Requests that are refused, and those that choose a scenario themselves (by model, path or header), take
        nothing from the script. Once it is dry the default reply is given, or what `when_dry` says.
        """
        self._session.put([plan_of(answer) for answer in answers])

    def when_dry(self, dry: Dry | Literal["default", "repeat", "error"]) -> None:
        """What is said once the answers of `script` are all given."""
        self._session.dry = Dry(dry)

    def usually(self, answer: Scripted) -> None:
        """What is answered where nothing else is scripted, by name: `"empty-choices"`, or any `Plan` or `Reply`."""
        self._session.usual = _named(answer)

    def by_turn(self, turns: Mapping[int, Scripted]) -> None:
        """Answers by the number of user messages in the request, by name: `{1: "text", 2: "http-500"}`.

        It keeps no count: a retry gets the same answer. A text that is to be said is a `Reply`.
        """
        plans = {turn: _named(answer) for turn, answer in turns.items()}
        self._session.extend(Script(turns=MappingProxyType(plans)))

    def when(self, *, answer: Scripted, **conditions: Unpack[Conditions]) -> None:
        """Adds a rule: the first whose conditions all hold answers, before turns and queue.

        `handle.when(contains="weather", answer=handle.scenario("tool-call-only"))`. The conditions are those of
        `Match`; texts are those of the last user message.
        """
        self._session.extend(Script(rules=(Rule(when=Match(**conditions), plan=plan_of(answer)),)))

    def answer_with(self, function: Callable[[Chat], Scripted | None]) -> None:
        """Answers what a function of the parsed request says; None leaves it to the queue."""

        def turned(chat: Chat) -> Plan | None:
            said = function(chat)
            return None if said is None else plan_of(said)

        self._session.extend(Script(function=turned))

    def fails(self, times: int, fault: str, over: Scripted = DEFAULT_PLAN) -> Plan:
        """A plan that fails so many times, and works then: `handle.script(handle.fails(2, "http-500"))`."""
        return fails(times, self.fault(fault, over))

    @property
    def unused(self) -> int:
        """How many scripted answers have not been given."""
        return self._session.waiting

    def scenario(self, name: str) -> Scenario:
        """The scenario of that name; `UnknownNameError` lists near ones."""
        if name not in SCENARIOS:
            raise UnknownNameError(name)
        return SCENARIOS[name]

    def fault(self, name: str, over: Scripted = DEFAULT_PLAN) -> Plan:
        """The fault of that name over an answer, the default one if none is given."""
        found = fault_named(name)
        if found is None:
            raise UnknownNameError(name)
        under = plan_of(over)
        return Plan(scenario=under.scenario, faults=(*under.faults, found))

    def plan(self, name: str) -> Plan:
        """A plan by its written name: `unicode+stream-cut`."""
        return plan_named(name)

    @property
    def requests(self) -> tuple[Recorded, ...]:
        """Every request in order, the refused ones too."""
        return self._session.journal.entries

    @property
    def last(self) -> Recorded:
        """The last request; `LookupError` when there was none."""
        entries = self.requests
        if not entries:
            raise LookupError("no request has reached the fake under this key")
        return entries[-1]

    @property
    def messages(self) -> tuple[JsonObject, ...]:
        """The messages of the last chat request; empty when there was none."""
        return next((entry.messages for entry in reversed(self.requests) if entry.messages), ())

    def conversations(self) -> tuple[Conversation, ...]:
        """The chat requests by conversation: each carries on the history of the one before."""
        return conversations(self.requests)

    def verdict(self) -> Verdict:
        """How the client behaved: retries and how long they waited, duplicates, streams that were left."""
        # a client may have its last byte a moment before the server has noted that
        self._session.journal.wait(
            lambda entries: all(entry.ending is not None for entry in entries), SETTLE_SECONDS
        )
        return verdict_on(self.requests)

    def wait_for(self, count: int, *, timeout: float = 5.0, ended: bool = False) -> tuple[Recorded, ...]:
        """Waits for so many requests; with `ended`, for their answers' ends too.

        Raises TimeoutError after `timeout` seconds, with what there is.
        """

        def enough(entries: tuple[Recorded, ...]) -> bool:
            there = [entry for entry in entries if entry.ending is not None] if ended else entries
            return len(there) >= count

        if not self._session.journal.wait(enough, timeout):
            found = len(self.requests)
            raise TimeoutError(f"{found} of {count} requests came within {timeout:g} seconds")
        return self.requests

    def assert_request_count(self, count: int) -> None:
        """Fails unless so many requests came, and lists those that did."""
        __tracebackhide__ = True
        entries = self.requests
        if len(entries) != count:
            rows = [
                f"  {one.number}  {one.method} {one.path}  {one.status}  {one.scenario}" for one in entries
            ]
            raise AssertionError("\n".join([f"{len(entries)} requests came, not {count}", *rows]))

    def assert_sent_history(self, expected: Sequence[Line]) -> None:
        """Fails with a readable difference unless the last chat request carried exactly these messages.

        Each is a role and a text; an assistant's tool calls read `→ get_weather({"city":"Paris"})`.
        """
        __tracebackhide__ = True
        difference = history_difference(expected, self.requests)
        if difference is not None:
            raise AssertionError(difference)

    def clear(self) -> None:
        """Forgets the script and the journal."""
        self._session.clear()


def _named(answer: Scripted) -> Plan:
    return plan_named(answer) if isinstance(answer, str) else plan_of(answer)
