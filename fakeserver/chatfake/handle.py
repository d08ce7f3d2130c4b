"""A test's own corner of a fake: its script and its journal, under an API key of its own."""

import threading
from collections import deque
from collections.abc import Sequence
from typing import TypedDict

from chatfake.faults import FAULTS
from chatfake.history import Line, history_difference
from chatfake.journal import Journal, Recorded
from chatfake.jsontext import JsonObject
from chatfake.plan import DEFAULT_PLAN, Plan, Scripted, UnknownNameError, plan_named, plan_of
from chatfake.scenarios import SCENARIOS, Scenario


class Desk:
    """What belongs to one API key: the plans still to be answered with, and the journal."""

    def __init__(self) -> None:
        self.journal = Journal()
        self._plans: deque[Plan] = deque()
        self._lock = threading.Lock()

    def put(self, plans: Sequence[Plan]) -> None:
        """Appends plans to the script."""
        with self._lock:
            self._plans.extend(plans)

    def take(self) -> Plan:
        """The next plan; the default once the script is dry."""
        with self._lock:
            return self._plans.popleft() if self._plans else DEFAULT_PLAN

    def clear(self) -> None:
        """Forgets the script and the journal."""
        with self._lock:
            self._plans.clear()
        self.journal.clear()

    @property
    def waiting(self) -> int:
        """How many plans are left."""
        with self._lock:
            return len(self._plans)


class ClientArguments(TypedDict):
    """What an OpenAI client needs to find the fake."""

    base_url: str
    api_key: str


class Handle:
    """What a test holds. Requests that carry its key are answered from its script and kept in its journal.

    Safe to use from several threads. Two handles with different keys never see each other.
    """

    def __init__(self, *, key: str, desk: Desk, base_url: str) -> None:
        self._desk = desk
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

    def script(self, *answers: Scripted) -> None:
        """Appends answers, one a chat request: a text, a `Reply`, a scenario, a fault, or a `Plan`.

        Requests that are refused, and those that choose a scenario themselves (by model, path or header), take
        nothing from the script. Once it is dry the default reply is given.
        """
        self._desk.put([plan_of(answer) for answer in answers])

    @property
    def unused(self) -> int:
        """How many scripted answers have not been given."""
        return self._desk.waiting

    def scenario(self, name: str) -> Scenario:
        """The scenario of that name; `UnknownNameError` lists near ones."""
        if name not in SCENARIOS:
            raise UnknownNameError(name)
        return SCENARIOS[name]

    def fault(self, name: str, over: Scripted = DEFAULT_PLAN) -> Plan:
        """The fault of that name over an answer, the default one if none is given."""
        if name not in FAULTS:
            raise UnknownNameError(name)
        under = plan_of(over)
        return Plan(scenario=under.scenario, faults=(*under.faults, FAULTS[name]))

    def plan(self, name: str) -> Plan:
        """A plan by its written name: `unicode+stream-cut`."""
        return plan_named(name)

    @property
    def requests(self) -> tuple[Recorded, ...]:
        """Every request in order, the refused ones too."""
        return self._desk.journal.entries

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
        self._desk.clear()
