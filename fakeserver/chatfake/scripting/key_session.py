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
        self.when_dry = Dry.DEFAULT
        self.default_plan = DEFAULT_PLAN  #: what answers where nothing else does
        self._script = _NO_SCRIPT
        self._queue: deque[Plan] = deque()
        self._last = DEFAULT_PLAN
        self._lock = threading.Lock()

    def enqueue(self, plans: Sequence[Plan]) -> None:
        """Appends plans to the queue; one that fails the first times is as many entries, and one that works."""
        entries = [plan.for_attempt(number) for plan in plans for number in range(plan.failing_attempts + 1)]
        with self._lock:
            if len(self._queue) + len(entries) > MOST_PLANS:
                raise ValueError(f"a script has at most {MOST_PLANS} answers")
            self._queue.extend(entries)

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

    def next_plan(self, chat: Chat, request: Request) -> Plan | None:
        """What answers a request, taken from the queue if need be; None once that is dry and is to be an error."""
        found = None if self._script is _NO_SCRIPT else self._script.plan(chat, request)
        if found is None:
            with self._lock:
                if self._queue:
                    self._last = self._queue.popleft()
                    return self._last
            found = {Dry.DEFAULT: self.default_plan, Dry.REPEAT: self._last, Dry.ERROR: None}[self.when_dry]
        if found is None or not found.failing_attempts:
            return found
        return found.for_attempt(self.attempt(request))

    def attempt(self, request: Request) -> int:
        """How often the same was asked before: what the client says itself, else what the journal remembers."""
        said = _retry_count(request)
        return sum(entry.body == request.body for entry in self.journal.entries) if said is None else said

    def forget_script(self) -> None:
        """Forgets what was to be answered."""
        with self._lock:
            self._queue.clear()
            self._script, self.when_dry, self._last = _NO_SCRIPT, Dry.DEFAULT, DEFAULT_PLAN

    def clear(self) -> None:
        """Forgets the script and the journal."""
        self.forget_script()
        self.journal.clear()

    @property
    def queued(self) -> int:
        """How many plans are left in the queue."""
        with self._lock:
            return len(self._queue)


class AnonymousSession(KeySession):
    """That of requests without a handle's key. Their answers depend on nothing that came before."""

    def attempt(self, request: Request) -> int:
        return _retry_count(request) or 0


def _retry_count(request: Request) -> int | None:
    """The OpenAI SDKs count their retries in a header."""
    said = request.header("x-stainless-retry-count")
    return int(said) if said.isdecimal() and len(said) < 5 else None
