"""A chat request and what answered it as a script (YAML): laid on a fake, it answers the same request the same way."""

import json
import re

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import text_of
from chatfake.inspector.timeline import play_answer
from chatfake.journal.journal import Recorded
from chatfake.scripting.plan import is_plan

#: A longer script is not for the clipboard.
LONGEST = 20_000
#: The name of what a script or a function said, which no other script can name.
_SCRIPTED = "script"
#: What YAML takes for the end of a line, or refuses, where JSON does not.
_NOT_PLAIN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def script_rule_of(entry: Recorded) -> str | None:
    """The script; None where it would not be simple: no chat, several choices, a reply that no script can write."""
    if entry.path != "/chat/completions" or not entry.messages or not entry.scenario:
        return None
    answer = _answer(entry)
    if answer is None:
        return None
    when = ", ".join(f"{name}: {_written(value)}" for name, value in _when(entry).items())
    text = f"rules:\n  - when: {{{when}}}\n    answer: {answer}\n"
    return text if len(text) <= LONGEST else None


def _when(entry: Recorded) -> JsonObject:
    users = [one for one in entry.messages if one.get("role") == "user"]
    when: JsonObject = {"text": text_of(users[-1].get("content")) if users else "", "turn": len(users)}
    if (role := entry.messages[-1].get("role")) != "user":
        when["role"] = role
    return when if users else {"role": role}


def _answer(entry: Recorded) -> str | None:
    scenario, *faults = entry.scenario.split("+")
    if scenario != _SCRIPTED:
        return _written({"plan": entry.scenario}) if is_plan(entry.scenario) else None
    content = play_answer(entry.answer).content if entry.answer is not None else None
    if content is None or faults or content.error or len(content.choices) != 1:
        return None
    (choice,) = content.choices
    members: JsonObject = {}
    if choice.text or not (choice.calls or choice.refusal):
        members["text"] = choice.text
    if choice.refusal:
        members["refusal"] = choice.refusal
    if choice.calls:
        members["tool_calls"] = [
            {"name": call.name, "arguments": call.arguments, "id": call.id} for call in choice.calls
        ]
    if choice.finish not in ("stop", "tool_calls", ""):
        members["finish_reason"] = choice.finish
    return _written(members)


def _written(value: JsonValue) -> str:
    """The value as JSON, which is YAML too but for some characters."""
    text = json.dumps(value, ensure_ascii=False)
    return _NOT_PLAIN.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
