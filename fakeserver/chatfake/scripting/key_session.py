"""What belongs to one API key: what it answers with, and its journal."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace

from chatfake.core.http import Request
from chatfake.journal.journal import Journal
from chatfake.request.chat_request import Chat
from chatfake.scripting.plan import DEFAULT_PLAN, Plan
from chatfake.scripting.script import Dry, Script

_NO_SCRIPT = Script()
#: Of a queue; a client that asks for more is in a loop.
MOST_PLANS = 100_000


class KeySession:
    """Safe to use from several threads."""

    def __init__(self, changed: Callable[[], object] = bool) -> None:
        self.journal = Journal(changed=changed)
        self.dry = Dry.DEFAULT
        self.usual = DEFAULT_PLAN  #: what answers where nothing else does
        self._script = _NO_SCRIPT
        self._plans: deque[Plan] = deque()
        self._last = DEFAULT_PLAN
        self._lock = threading.Lock()

    def put(self, plans: Sequence[Plan]) -> None:
        """Appends plans to the queue; one that fails the first times is as many entries, and one that works."""
        spread = [plan.at(attempt) for plan in plans for attempt in range(plan.spans + 1)]
        with self._lock:
            if len(self._plans) + len(spread) > MOST_PLANS:
                raise ValueError(f"a script has at most {MOST_PLANS} answers")
            self._plans.extend(spread)

    def extend(self, script: Script) -> None:
        """Adds rules and turns; a new function takes the place of the old one."""
        with self._lock:
            old = self._script
            self._script = replace(
                old,
                rules=(*old.rules, *script.rules),
                turns={**old.turns, **script.turns},
                function=script.function or old.function,
            )

    def take(self, chat: Chat, request: Request) -> Plan | None:
        """The answer to a request; None once the queue is dry and that is an error."""
        found = None if self._script is _NO_SCRIPT else self._script.plan(chat, request)
        if found is None:
            with self._lock:
                if self._plans:
                    self._last = self._plans.popleft()
                    return self._last
            found = {Dry.DEFAULT: self.usual, Dry.REPEAT: self._last, Dry.ERROR: None}[self.dry]
        return found.at(self.attempt(request)) if found is not None and found.spans else found

    def attempt(self, request: Request) -> int:
        """How often the same was asked before: what the client says itself, else what the journal remembers."""
        said = _said(request)
        return sum(entry.body == request.body for entry in self.journal.entries) if said is None else said

    def forget_script(self) -> None:
        """Forgets what was to be answered."""
        with self._lock:
            self._plans.clear()
            self._script, self.dry, self._last = _NO_SCRIPT, Dry.DEFAULT, DEFAULT_PLAN

    def clear(self) -> None:
        """Forgets the script and the journal."""
        self.forget_script()
        self.journal.clear()

    @property
    def waiting(self) -> int:
        """How many plans are left in the queue."""
        with self._lock:
            return len(self._plans)


class AnonymousSession(KeySession):
    """That of requests without a handle's key. Their answers depend on nothing that came before."""

    def attempt(self, request: Request) -> int:
        return _said(request) or 0


def _said(request: Request) -> int | None:
    """The OpenAI SDKs count their retries in a header."""
    said = request.header("x-stainless-retry-count")
    return int(said) if said.isdecimal() and len(said) < 5 else None
