"""The JSON that the inspector's page reads."""

from collections.abc import Mapping, Sequence

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import text_of
from chatfake.inspector.answer_content import AnswerContent
from chatfake.inspector.findings import Remark, findings_of
from chatfake.inspector.thread import Round, rounds
from chatfake.inspector.timeline import PlayedAnswer, TimelineEntry
from chatfake.journal.client_verdict import Verdict, verdict_on
from chatfake.journal.conversations import conversations
from chatfake.journal.journal import Recorded

#: Characters of one text.
LONGEST = 100_000
#: Characters of a title.
TITLE = 200
#: Rounds of one conversation, the last ones.
MOST_ROUNDS = 200


def row(entry: Recorded) -> JsonObject:
    """One request in a list of them."""
    body: JsonObject = entry.json if isinstance(entry.json, dict) else {}
    return {
        "number": entry.number,
        "method": entry.method,
        "path": entry.path,
        "status": entry.status,
        "scenario": entry.scenario,
        "outcome": entry.outcome,
        "model": cut(str(body.get("model", "")), TITLE),
        "stream": body.get("stream") is True,
        "title": cut(_title(entry, body), TITLE),
        "arrived": round(entry.arrived, 6),
        "finished": None if entry.finished is None else round(entry.finished, 6),
        "ending": None if entry.ending is None else entry.ending.value,
    }


def _title(entry: Recorded, body: JsonObject) -> str:
    """What the user said last, or whatever stands for it on other routes."""
    items = body.get("input")
    messages = [one for one in items if isinstance(one, dict)] if isinstance(items, list) else []
    for message in reversed(entry.messages or messages):
        if message.get("role") == "user":
            return text_of(message.get("content")) or "(no text)"
    for member in ("prompt", "input", "inputs"):
        value = body.get(member)
        text = value[0] if isinstance(value, list) and value else value
        if isinstance(text, str) and text:
            return text
    return f"{entry.method} {entry.path}"


def conversation_of(entries: Sequence[Recorded], number: int) -> tuple[Recorded, ...]:
    """The requests of the conversation that a request belongs to; empty where there is none."""
    for one in conversations(entries):
        if any(entry.number == number for entry in one.requests):
            return one.requests
    return ()


def thread_json(entries: Sequence[Recorded], found: Sequence[Recorded]) -> JsonObject:
    """The conversation `found` in the journal `entries`."""
    findings = findings_of(verdict_on(entries))
    shown: list[JsonValue] = [_round(one, findings) for one in list(rounds(found))[-MOST_ROUNDS:]]
    return {"left_out": max(len(found) - MOST_ROUNDS, 0), "rounds": shown}


def _round(one: Round, findings: Mapping[int, tuple[Remark, ...]]) -> JsonObject:
    return {
        **row(one.entry),
        "new": [bounded(message) for message in one.new],
        "gone": [bounded(message) for message in one.gone],
        "memory": one.memory.value,
        "said": content_json(one.content),
        "findings": findings_json(findings.get(one.entry.number, ())),
    }


def findings_json(found: Sequence[Remark]) -> list[JsonValue]:
    """The findings at one request."""
    return [{"kind": one.kind, "level": one.level, "text": one.text} for one in found]


def verdict_findings(verdict: Verdict) -> JsonObject:
    """All findings, by number of the request."""
    return {str(number): findings_json(found) for number, found in findings_of(verdict).items()}


def content_json(content: AnswerContent) -> JsonObject:
    """The content of an answer, as JSON."""
    choices: list[JsonValue] = [
        {
            "index": one.index,
            "text": cut(one.text),
            "reasoning": cut(one.reasoning),
            "refusal": cut(one.refusal),
            "finish": one.finish,
            "calls": [
                {"id": call.id, "name": call.name, "arguments": cut(call.arguments)} for call in one.calls
            ],
        }
        for one in content.choices
    ]
    return {"choices": choices, "error": cut(content.error), "note": content.note, "usage": content.usage}


def played_json(one: PlayedAnswer) -> JsonObject:
    """An answer as its client meets it, as JSON."""
    return {
        "status": one.status,
        "streamed": one.streamed,
        "seconds": round(one.seconds, 6),
        "body": cut(one.body.decode("utf-8", "backslashreplace")),
        "bytes": len(one.body),
        "timeline": [_timeline_entry(entry) for entry in one.timeline],
        "said": content_json(one.content),
    }


def _timeline_entry(entry: TimelineEntry) -> JsonObject:
    pieces: list[JsonValue] = [
        {"kind": one.kind, "text": cut(one.text), "choice": one.choice} for one in entry.pieces
    ]
    return {
        "at": round(entry.at, 6),
        "kind": entry.kind,
        "text": cut(entry.text),
        "name": entry.name,
        "data": cut(entry.data),
        "garbled": entry.garbled,
        "pieces": pieces,
    }


def bounded(value: JsonValue) -> JsonValue:
    """The same with its long texts cut: a message may hold a picture."""
    match value:
        case str():
            return cut(value)
        case list():
            return [bounded(one) for one in value]
        case dict():
            return {name: bounded(one) for name, one in value.items()}
        case _:
            return value


def cut(text: str, longest: int = LONGEST) -> str:
    """The beginning of a long text, with a sign that there was more."""
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text)} characters)"
