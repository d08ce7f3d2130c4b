"""What servers get wrong around a reply, put right before it is judged: it is no reason to withhold what was said.

That is what says nothing of the reply: ids, times, counts, log probabilities, lists of no calls. What the contract
refuses beyond that (an error under 200, a choice without a message, a stream that breaks off) is refused as ever.
"""

import json
from typing import get_args

from chatproof.clients.failures import AnswerError
from chatschema import JsonObject, JsonValue
from chatschema.chat.completion import FinishReason

__all__ = ["Mender"]

_HEAD: JsonObject = {"id": "mended", "created": 1_700_000_000, "model": "mended"}
"""The same in all chunks of a stream."""

_ASIDE = ("usage", "system_fingerprint", "service_tier")

_ENDS = frozenset(get_args(FinishReason))


class Mender:
    """Of one answer; the events of a stream come to it in order."""

    def __init__(self) -> None:
        self._ended: set[object] = set()

    def answer(self, data: bytes) -> bytes:
        """The body of an answer in one piece; what is no JSON object with choices stays as it is."""
        value = _loaded(data)
        if value is None:
            return data
        choices = [_choice(choice, "message") for choice in _objects(value["choices"])]
        return _with(value, choices, "chat.completion").encode("ascii")

    def event(self, data: str) -> str:
        """The data of one event of a stream; what is no JSON object with choices stays as it is."""
        value = _loaded(data)
        if value is None:
            return data
        choices = [_choice(choice, "delta") for choice in _objects(value["choices"])]
        if all("delta" in choice for choice in choices):
            value = {**value, "object": None}  # some say that it is an answer in one piece
        kept = [choice for choice in choices if self._goes_on(choice)]
        return _with(value, kept, "chat.completion.chunk")

    def _goes_on(self, choice: JsonObject) -> bool:
        """Whether this is more than a choice's end, said again."""
        index, delta = choice.get("index"), choice.get("delta")
        if isinstance(index, (list, dict)):
            return True
        if index in self._ended and not (
            isinstance(delta, dict) and (delta.get("content") or "tool_calls" in delta)
        ):
            return False
        if choice.get("finish_reason") is not None:
            self._ended.add(index)
        return True


def _loaded(data: str | bytes) -> JsonObject | None:
    """A JSON object with a list of choices, each an object; None for all else, which is for the judge.

    Raises:
        AnswerError: it is an error, in its own words.
    """
    try:
        value: JsonValue = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    if error := value.get("error"):
        message = error.get("message") if isinstance(error, dict) else error
        raise AnswerError(f"it failed: {message}" if isinstance(message, str) and message else "it failed")
    choices = value.get("choices")
    if not isinstance(choices, list):
        return None
    return value if all(isinstance(choice, dict) for choice in choices) else None


def _objects(value: JsonValue) -> list[JsonObject]:
    return [{**one} for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _with(value: JsonObject, choices: list[JsonObject], name: str) -> str:
    kept = {member: held for member, held in value.items() if member not in _ASIDE}
    return json.dumps({**kept, **_HEAD, "object": value.get("object") or name, "choices": [*choices]})


def _choice(choice: JsonObject, part: str) -> JsonObject:
    mended = {name: member for name, member in choice.items() if name != "logprobs"}
    reason, said = choice.get("finish_reason"), choice.get(part)
    if isinstance(reason, str) and reason not in _ENDS:
        mended["finish_reason"] = "stop" if reason else None  # vendors have reasons of their own
    if isinstance(said, dict):
        mended[part] = _said(said, {"type": "function"} if part == "message" else {})
    if part == "message":
        mended["logprobs"] = None
    return mended


def _said(said: JsonObject, of_each_call: JsonObject) -> JsonObject:
    """A message or a delta."""
    mended = {
        name: member
        for name, member in said.items()
        if not (name in {"tool_calls", "function_call", "refusal"} and not member)
    }
    content = said.get("content")
    if isinstance(content, list) and all(isinstance(part, dict) for part in content):
        texts = [part.get("text") for part in _objects(content) if part.get("type") == "text"]
        mended["content"] = "".join(text for text in texts if isinstance(text, str))
    if calls := _objects(mended.get("tool_calls", [])):
        mended["tool_calls"] = [{"index": at, **of_each_call, **call} for at, call in enumerate(calls)]
    return mended
