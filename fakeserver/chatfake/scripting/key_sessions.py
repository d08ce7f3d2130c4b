"""All sessions of a fake, by API key, and a bell that rings whenever one of their journals changes."""

import itertools
import threading
from collections.abc import Mapping

from chatfake.scripting.key_script import KeyScript
from chatfake.scripting.key_session import AnonymousSession, KeySession

#: Keys with a session at once. One that is forgotten makes room.
MOST_KEYS = 10_000


class Bell:
    """Counts changes, and lets others wait for the next."""

    def __init__(self) -> None:
        self._changes = 0
        self._changed = threading.Condition()

    def ring(self) -> None:
        """Something changed."""
        with self._changed:
            self._changes += 1
            self._changed.notify_all()

    @property
    def changes(self) -> int:
        """How many there were."""
        with self._changed:
            return self._changes

    def wait(self, beyond: int, seconds: float) -> int:
        """Waits until there were more changes than `beyond`, or so many seconds; how many there are."""
        with self._changed:
            self._changed.wait_for(lambda: self._changes > beyond, timeout=seconds)
            return self._changes


class TooManyKeysError(ValueError):
    """There are `MOST_KEYS` already; one sentence."""


class KeySessions:
    """Safe to use from several threads. The session of requests without a known key is `anyone`."""

    def __init__(self) -> None:
        self.bell = Bell()
        self.anyone = AnonymousSession(self.bell.ring)
        self._sessions: dict[str, KeySession] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def opened(self, key: str | None = None) -> tuple[str, KeySession]:
        """The session of a key, made if need be; a new key if none is given. Raises `TooManyKeysError`."""
        with self._lock:
            if len(self._sessions) >= MOST_KEYS and key not in self._sessions:
                raise TooManyKeysError(f"there are {MOST_KEYS} keys already; drop those that are not needed")
            name = f"sk-fake-{next(self._numbers)}" if key is None else key
            return name, self._sessions.setdefault(name, KeySession(self.bell.ring))

    def of(self, key: str) -> KeySession:
        """The session that answers requests with that key."""
        with self._lock:
            return self._sessions.get(key, self.anyone)

    def named(self, key: str) -> KeySession | None:
        """The session of exactly that key, an empty one being nobody's; None where there is none."""
        with self._lock:
            return self._sessions.get(key) if key else self.anyone

    def forget(self, key: str) -> None:
        """Drops a key's script and journal; its requests are then anyone's."""
        with self._lock:
            self._sessions.pop(key, None)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that have a session, in order of their making."""
        with self._lock:
            return tuple(self._sessions)

    @property
    def all(self) -> tuple[KeySession, ...]:
        """Every session, the one of requests without a key first."""
        with self._lock:
            return (self.anyone, *self._sessions.values())

    @property
    def by_key(self) -> tuple[tuple[str, KeySession], ...]:
        """Every session with its key, the one of requests without a key first, under an empty one."""
        with self._lock:
            return (("", self.anyone), *self._sessions.items())

    def apply(self, scripts: Mapping[str, KeyScript]) -> None:
        """Adds what a script file says to the sessions that it names."""
        for key, script in scripts.items():
            script.apply_to(self.opened(key)[1] if key else self.anyone)
