"""`/_fake/…`: what a Python handle does, over HTTP, for other languages and for the page.

`key` in the query says whose script and journal are meant; none: those of requests without a handle's key.
"""

from collections.abc import Mapping

from chatfake.core.api_error import ApiError
from chatfake.core.http import (
    SSE_TYPE,
    Answer,
    Cut,
    HalfClose,
    Pause,
    Repeat,
    Reset,
    Send,
    Step,
    empty_answer,
    json_answer,
)
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.handling.long_poll import changed, members_of, parse_wait
from chatfake.handling.request_context import Handled, RequestContext
from chatfake.inspector.curl import curl_of
from chatfake.inspector.json_views import conversation_of, played_json, thread_json
from chatfake.inspector.script_rule import script_rule_of
from chatfake.inspector.timeline import play_answer
from chatfake.journal.client_verdict import verdict_on
from chatfake.journal.conversations import conversations
from chatfake.journal.history_diff import line_of
from chatfake.journal.journal import Recorded
from chatfake.scripting.key_session import KeySession
from chatfake.scripting.key_sessions import TooManyKeysError

MODELS_PATH = "/_fake"
#: Characters of one body or event that the journal shows.
LONGEST_SHOWN = 100_000


def get_requests(context: RequestContext) -> Handled:
    """`GET /_fake/requests`: the journal; `after=N` leaves out what is known. `GET /_fake/requests/N`: one, whole."""
    session = _session(context)
    if isinstance(session, ApiError):
        return _refused(session)
    number = context.address.path.removeprefix(f"{MODELS_PATH}/requests").removeprefix("/")
    entries = session.journal.entries
    if number:
        for entry in entries:
            if str(entry.number) == number:
                return _body_content({**_summary(entry), **_whole(entry), **_again(context, entry)})
        return _refused(_missing(f"There is no request {number[:20]!r} in this journal."))
    after = _number(_query(context).get("after", "0"))
    rows: list[JsonValue] = [_summary(entry) for entry in entries if entry.number > after]
    return _body_content({"requests": rows, "count": session.journal.count})


def delete_requests(context: RequestContext) -> Handled:
    """`DELETE /_fake/requests`: forgets the script and the journal."""
    session = _session(context)
    if isinstance(session, ApiError):
        return _refused(session)
    session.clear()
    return Handled(answer=empty_answer(204), journaled=False)


def put_script(context: RequestContext) -> Handled:
    """`PUT /_fake/script`: puts a script (YAML or JSON) in place of the old one."""
    from chatfake.scripting.script_file import ScriptError, read_script  # noqa: PLC0415  YAML is not everyone's

    key = _query(context).get("key", "")
    try:
        scripts = read_script(context.request.body)
    except ScriptError as error:
        return _refused(ApiError(message=f"{error}.", code="invalid_script"))
    names = dict.fromkeys((key, *(one for one in scripts if one)))
    try:
        sessions = {
            name: context.sessions.opened(name)[1] if name else context.sessions.anyone for name in names
        }
    except TooManyKeysError as error:
        return _refused(_too_many(error))
    for name, session in sessions.items():
        session.forget_script()
        if (scripted := scripts.get("" if name == key else name)) is not None:
            scripted.apply_to(session)
    return Handled(answer=empty_answer(204), journaled=False)


def get_verdict(context: RequestContext) -> Handled:
    """`GET /_fake/verdict`: how the client behaved."""
    session = _session(context)
    if isinstance(session, ApiError):
        return _refused(session)
    verdict = verdict_on(session.journal.entries)
    retries: list[JsonValue] = [
        {
            "after": retry.after,
            "number": retry.number,
            "waited": round(retry.waited, 6),
            "asked_to_wait": retry.asked_to_wait,
            "obeyed": retry.obeyed,
        }
        for retry in verdict.retries
    ]
    return _body_content(
        {
            "requests": verdict.requests,
            "retries": retries,
            "gave_up": list(verdict.gave_up),
            "duplicates": list(verdict.duplicates),
            "abandoned": list(verdict.abandoned),
            "under_way": list(verdict.under_way),
            "refused": list(verdict.refused),
            "text": str(verdict),
        }
    )


def get_conversations(context: RequestContext) -> Handled:
    """`GET /_fake/conversations`: chat requests grouped, each with its lines.

    `GET /_fake/conversations/N`: the one that request N belongs to, round by round.
    """
    session = _session(context)
    if isinstance(session, ApiError):
        return _refused(session)
    if number := context.address.path.removeprefix(f"{MODELS_PATH}/conversations").removeprefix("/"):
        entries = session.journal.entries
        talk = conversation_of(entries, _number(number))
        return (
            _body_content(thread_json(entries, talk))
            if talk
            else _refused(_missing("No conversation has that request."))
        )
    found: list[JsonValue] = [
        {
            "requests": [entry.number for entry in one.requests],
            "messages": [{"role": role, "text": text} for role, text in one.lines],
        }
        for one in conversations(session.journal.entries)
    ]
    return _body_content({"conversations": found})


def get_wait(context: RequestContext) -> Handled:
    """`GET /_fake/wait` in process: nothing comes while it is asked, so it answers at once. A server waits."""
    wish = parse_wait(context.sessions, context.request.query)
    answer = wish if isinstance(wish, Answer) else wish.met() or wish.unmet()
    return Handled(answer=answer, journaled=False)


def get_events(context: RequestContext) -> Handled:
    """`GET /_fake/events` in process: one event, for nothing changes while it is read. A server's never ends."""
    events = Send(changed(context.sessions.bell.changes))
    headers = (("content-type", SSE_TYPE), ("cache-control", "no-cache"))
    return Handled(answer=Answer(status=200, headers=headers, steps=(events,)), journaled=False)


def get_keys(context: RequestContext) -> Handled:
    """`GET /_fake/keys`: those that have a handle."""
    return _body_content({"keys": list(context.sessions.keys)})


def post_keys(context: RequestContext) -> Handled:
    """`POST /_fake/keys`: a new one, with a script and a journal of its own."""
    try:
        return _body_content({"key": context.sessions.opened()[0]}, status=201)
    except TooManyKeysError as error:
        return _refused(_too_many(error))


def delete_keys(context: RequestContext) -> Handled:
    """`DELETE /_fake/keys?key=…`: its requests are then anyone's."""
    context.sessions.forget(_query(context).get("key", ""))
    return Handled(answer=empty_answer(204), journaled=False)


def _summary(entry: Recorded) -> JsonObject:
    return {
        "number": entry.number,
        "method": entry.method,
        "path": entry.path,
        "status": entry.status,
        "scenario": entry.scenario,
        "outcome": entry.outcome,
        "model": entry.json.get("model") if isinstance(entry.json, dict) else None,
        "stream": isinstance(entry.json, dict) and entry.json.get("stream") is True,
        "messages": [_line(message) for message in entry.messages],
        "arrived": round(entry.arrived, 6),
        "finished": None if entry.finished is None else round(entry.finished, 6),
        "ending": None if entry.ending is None else entry.ending.value,
    }


def _line(message: JsonObject) -> JsonValue:
    role, text = line_of(message)
    return {"role": role, "text": text[:LONGEST_SHOWN]}


def _whole(entry: Recorded) -> JsonObject:
    answer = entry.answer
    return {
        "query": entry.query,
        "headers": [[name, value] for name, value in entry.headers],
        "json": entry.json,
        "body": entry.body[:LONGEST_SHOWN].decode("utf-8", "backslashreplace"),
        "answer": None
        if answer is None
        else {
            "headers": [[name, value] for name, value in answer.headers],
            "steps": [_step(step) for step in answer.steps[:5_000]],
            **played_json(play_answer(answer)),
        },
    }


def _again(context: RequestContext, entry: Recorded) -> JsonObject:
    """How to send the request again, and how to have it answered the same way again."""
    origin = f"http://{context.request.header('host') or 'chatfake.invalid'}"
    return {"curl": curl_of(entry, _query(context).get("key", ""), origin), "rule": script_rule_of(entry)}


def _step(step: Step) -> JsonValue:
    match step:
        case Send(data=data):
            return {"send": data[:LONGEST_SHOWN].decode("utf-8", "backslashreplace"), "bytes": len(data)}
        case Pause(seconds=seconds):
            return {"pause": seconds if seconds < 1e9 else None}
        case Cut():
            return {"loss": "cut"}
        case Reset():
            return {"loss": "reset"}
        case HalfClose():
            return {"loss": "half-close"}
        case Repeat(data=data):
            return {"repeat": data[:LONGEST_SHOWN].decode("utf-8", "backslashreplace")}


def _query(context: RequestContext) -> Mapping[str, str]:
    return members_of(context.request.query)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 16 else 0


def _session(context: RequestContext) -> KeySession | ApiError:
    key = _query(context).get("key", "")
    return context.sessions.named(key) or _missing("There is no handle with that key.")


def _too_many(error: TooManyKeysError) -> ApiError:
    return ApiError(message=f"{error}.", code="too_many_keys", status=409)


def _missing(sentence: str) -> ApiError:
    return ApiError(message=sentence, code="not_found", status=404)


def _body_content(payload: JsonObject, status: int = 200) -> Handled:
    return Handled(answer=json_answer(payload, status), journaled=False)


def _refused(refusal: ApiError) -> Handled:
    return Handled(answer=json_answer(refusal.payload, refusal.status), journaled=False)
