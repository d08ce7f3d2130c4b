"""`GET /_fake/`: the journal as a page for a person, and the overview that the page is made of."""

from math import inf, isnan

from chatfake.core.http import Answer, Send, empty_answer, json_answer
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.handling.long_poll import members_of
from chatfake.handling.request_context import Handled, RequestContext
from chatfake.inspector.json_views import row, verdict_findings
from chatfake.inspector.page import PAGE
from chatfake.journal.client_verdict import verdict_on
from chatfake.journal.conversations import conversations
from chatfake.journal.journal import Recorded
from chatfake.scripting.key_session import KeySession

#: Requests that one overview lists; the oldest are left out.
MOST_ROWS = 5_000


def get_page(context: RequestContext) -> Handled:
    """`GET /_fake/`: the page; 304 to a browser that has it."""
    if PAGE.etag in context.request.header("if-none-match"):
        return Handled(answer=empty_answer(304, PAGE.headers), journaled=False)
    head = (
        ("content-type", "text/html; charset=utf-8"),
        ("content-length", str(len(PAGE.body))),
        *PAGE.headers,
    )
    return Handled(answer=Answer(status=200, headers=head, steps=(Send(PAGE.body),)), journaled=False)


def get_overview(context: RequestContext) -> Handled:
    """`GET /_fake/overview`: every journal with its requests, conversations and findings.

    `since=T` lists just the requests that came or ended at T or later, in seconds of the stopwatch whose `now` an
    overview tells; a journal without one has its counts alone.
    """
    since = _seconds(members_of(context.request.query).get("since", ""))
    room = MOST_ROWS
    journals: list[JsonValue] = []
    for key, session in context.sessions.by_key:
        shown, listed = _journal(key, session, since, room)
        room -= listed
        journals.append(shown)
    answer = json_answer({"now": round(context.now, 6), "journals": journals}, headers=_FRESH)
    return Handled(answer=answer, journaled=False)


_FRESH = (("cache-control", "no-store"),)


def _journal(key: str, session: KeySession, since: float, room: int) -> tuple[JsonObject, int]:
    entries = session.journal.entries
    count = session.journal.count
    counts: JsonObject = {
        "key": key,
        "count": count,
        "oldest": entries[0].number if entries else count + 1,
    }
    changed = [entry for entry in entries if _latest(entry) >= since]
    listed = changed[-room:] if room > 0 else []
    if not changed:
        return counts, 0
    groups: list[JsonValue] = [[one.number for one in talk.requests] for talk in conversations(entries)]
    verdict = verdict_on(entries)
    return {
        **counts,
        "left_out": len(changed) - len(listed),
        "requests": [row(entry) for entry in listed],
        "conversations": groups,
        "verdict": str(verdict),
        "findings": verdict_findings(verdict),
    }, len(listed)


def _latest(entry: Recorded) -> float:
    return entry.arrived if entry.finished is None else entry.finished


def _seconds(text: str) -> float:
    """What is not a time is before all times: a stopwatch that was set back stands below 0."""
    try:
        seconds = float(text)
    except ValueError:
        return -inf
    return -inf if isnan(seconds) else seconds
