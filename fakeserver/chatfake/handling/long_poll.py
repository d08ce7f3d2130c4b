"""The two things under `/_fake/` that wait: for requests to come, and for whatever changes."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from urllib.parse import parse_qsl

from chatfake.core.api_error import ApiError
from chatfake.core.http import Answer, json_answer
from chatfake.scripting.key_session import KeySession
from chatfake.scripting.key_sessions import KeySessions

WAIT = "/_fake/wait"
EVENTS = "/_fake/events"
#: Seconds; nobody waits longer for a test.
LONGEST_WAIT = 600.0
USUAL_WAIT = 5.0
#: A thread that waits looks up as often, so that it ends soon after the one who asked has left.
SLICE = 0.5
#: Seconds between signs of life.
KEEP_ALIVE = 15.0
#: How soon a browser asks again after the feed broke off, in milliseconds; its own idea is three seconds and more.
RETRY = b"retry: 1000\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitRequest:
    """How many requests a session is to have got, and within how many seconds."""

    session: KeySession
    count: int
    seconds: float

    def met(self) -> Answer | None:
        """The answer to a wait whose requests came."""
        came = len(self.session.journal.entries)
        return json_answer({"count": came}) if came >= self.count else None

    def unmet(self) -> Answer:
        """The answer to a wait that ran out of time."""
        came = len(self.session.journal.entries)
        sentence = f"{came} of {self.count} requests came within {self.seconds:g} seconds."
        return _refused(sentence, "timeout", 408)


def parse_wait(sessions: KeySessions, query: str) -> WaitRequest | Answer:
    """What `GET /_fake/wait?key=…&count=N&timeout=S` asks for, or what is wrong with it."""
    members = members_of(query)
    session = sessions.named(members.get("key", ""))
    if session is None:
        return _refused("There is no handle with that key.", "not_found", 404)
    try:
        count = int(members.get("count", "1"))
        seconds = min(float(members.get("timeout", USUAL_WAIT)), LONGEST_WAIT)
    except ValueError:
        return _refused("count is a whole number and timeout a number of seconds.", "invalid_value", 400)
    return WaitRequest(session=session, count=count, seconds=seconds)


async def wait_for_requests(sessions: KeySessions, query: str, gone: Callable[[], bool]) -> Answer:
    """Answers once the requests came, or time is up, or the one who asked has left."""
    wish = parse_wait(sessions, query)
    if isinstance(wish, Answer):
        return wish
    end = monotonic() + wish.seconds
    while True:
        changes = sessions.bell.changes
        if answer := wish.met():
            return answer
        left = end - monotonic()
        if not left > 0 or gone():
            return wish.unmet()
        await asyncio.to_thread(sessions.bell.wait, changes, min(left, SLICE))


def changed(changes: int) -> bytes:
    """The event that tells of a change."""
    return f'data: {{"changes":{changes}}}\n\n'.encode()


async def watch(
    sessions: KeySessions, send: Callable[[bytes], Awaitable[None]], gone: Callable[[], bool]
) -> None:
    """`GET /_fake/events`: an event for each change of any journal, until the one who asked has left."""
    changes, quiet = -1, monotonic()
    await send(RETRY)
    while not gone():
        now = await asyncio.to_thread(sessions.bell.wait, changes, SLICE)
        if now > changes:
            await send(changed(now))
        elif monotonic() - quiet > KEEP_ALIVE:
            await send(b": still here\n\n")
        else:
            continue
        changes, quiet = now, monotonic()


def members_of(query: str) -> dict[str, str]:
    """The members of a query string; empty where it is none."""
    try:
        return dict(parse_qsl(query, keep_blank_values=True, max_num_fields=100))
    except ValueError:
        return {}


def _refused(sentence: str, code: str, status: int) -> Answer:
    refusal = ApiError(message=sentence, code=code, status=status)
    return json_answer(refusal.payload, refusal.status)
