"""Did the client send the history it should have? A difference that reads like the conversation."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import text_of
from chatfake.journal.journal import Recorded

#: A role and a text. An assistant's tool calls are written into its text as `→ get_weather({"city":"Paris"})`.
Line = tuple[str, str]

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def line_of(message: JsonObject) -> Line:
    """A message as a line of the history."""
    parts = [text_of(message.get("content"))]
    calls = message.get("tool_calls")
    parts += [_call(call) for call in calls] if isinstance(calls, list) else []
    return str(message.get("role", "?")), " ".join(part for part in parts if part)


def _call(call: JsonValue) -> str:
    function = call.get("function") if isinstance(call, dict) else None
    if not isinstance(function, dict):
        return "→ ?"
    return f"→ {function.get('name', '?')}({function.get('arguments', '')})"


def history_difference(expected: Sequence[Line], entries: Sequence[Recorded]) -> str | None:
    """What tells the messages of the last chat request from the expected ones; None when nothing does."""
    chats = [entry for entry in entries if entry.messages]
    if not chats:
        return "no chat request has reached the fake"
    sent = [line_of(message) for message in chats[-1].messages]
    wanted = [(role, text) for role, text in expected]
    if sent == wanted:
        return None
    rows, extra, lost = _rows(wanted, sent, chats)
    number = len(chats)
    ordinal = _ORDINALS[number - 1] if number <= len(_ORDINALS) else f"{number}th"
    return "\n".join([f"the {ordinal} request {_headline(extra, lost)}", *rows])


def _headline(extra: int, lost: int) -> str:
    if not lost:
        some = "a message" if extra == 1 else f"{extra} messages"
        return f"carried {some} that should not be there"
    if not extra:
        return (
            "lacked a message that should be there"
            if lost == 1
            else f"lacked {lost} messages that should be there"
        )
    return "carried another history than expected (+ was sent, - is missing)"


def _rows(wanted: list[Line], sent: list[Line], chats: Sequence[Recorded]) -> tuple[list[str], int, int]:
    width = max(len(role) for role, _ in (*wanted, *sent))
    rows: list[str] = []
    extra = lost = 0
    for tag, low, high, start, end in SequenceMatcher(None, wanted, sent, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [_row(" ", line, width) for line in wanted[low:high]]
            continue
        rows += [_row("-", line, width) for line in wanted[low:high]]
        rows += [_row("+", line, width) + _origin(line, chats) for line in sent[start:end]]
        lost += high - low
        extra += end - start
    return rows, extra, lost


def _row(mark: str, line: Line, width: int) -> str:
    role, text = line
    shown = text if len(text) <= 200 else f"{text[:200]}…"
    return f"  {mark} {role:<{width}}  {shown}".replace("\n", "⏎")


def _origin(line: Line, chats: Sequence[Recorded]) -> str:
    """Where an unexpected message was first said, and what became of that round."""
    for number, entry in enumerate(chats[:-1], start=1):
        if line_of(entry.messages[-1]) == line:
            return f"        ← said in round {number}, {entry.outcome}"
    return ""
