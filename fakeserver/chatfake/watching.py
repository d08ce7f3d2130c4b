"""The two things under `/_fake/` that wait: for requests to come, and for whatever changes."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from urllib.parse import parse_qsl

from chatfake.desks import Desks
from chatfake.framing import json_answer
from chatfake.refusal import Refusal
from chatfake.wire import Answer

__all__ = ["EVENTS", "WAIT", "members_of", "waited", "watch"]

WAIT = "/_fake/wait"
EVENTS = "/_fake/events"
#: Seconds; nobody waits longer for a test.
LONGEST_WAIT = 600.0
USUAL_WAIT = 5.0
#: A thread that waits looks up as often, so that it ends soon after the one who asked has left.
SLICE = 0.5
#: Seconds between signs of life.
KEEP_ALIVE = 15.0


async def waited(desks: Desks, query: str) -> Answer:
    """`GET /_fake/wait?key=…&count=N&timeout=S`: answers once N requests came; 408 when they did not in time."""
    members = members_of(query)
    desk = desks.named(members.get("key", ""))
    if desk is None:
        return _refused("There is no handle with that key.", "not_found", 404)
    try:
        count = int(members.get("count", "1"))
        seconds = min(float(members.get("timeout", USUAL_WAIT)), LONGEST_WAIT)
    except ValueError:
        return _refused("count is a whole number and timeout a number of seconds.", "invalid_value", 400)
    end = monotonic() + seconds
    while True:
        changes, came = desks.bell.changes, len(desk.journal.entries)
        if came >= count:
            return json_answer({"count": came})
        left = end - monotonic()
        if not left > 0:
            return _refused(f"{came} of {count} requests came within {seconds:g} seconds.", "timeout", 408)
        await asyncio.to_thread(desks.bell.wait, changes, min(left, SLICE))


async def watch(desks: Desks, send: Callable[[bytes], Awaitable[None]], gone: Callable[[], bool]) -> None:
    """`GET /_fake/events`: an event for each change of any journal, until the one who asked has left."""
    changes, quiet = -1, monotonic()
    while not gone():
        now = await asyncio.to_thread(desks.bell.wait, changes, SLICE)
        if now > changes:
            await send(f'data: {{"changes":{now}}}\n\n'.encode())
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
    refusal = Refusal(message=sentence, code=code, status=status)
    return json_answer(refusal.payload, refusal.status)
