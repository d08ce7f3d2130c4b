"""Deltas joined into the JSON form of the answer. Reads whatever has the right type and passes over the rest."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from typing import TypeAlias

from chatschema.core.violation import JsonObject, JsonValue, Violation

from .fragments import CallFragments

__all__ = ["EXTRAS", "TEXTS", "ChoiceAssembly", "Head", "speaks"]

#: Members that stand in every chunk and once in the answer: the last that was said.
EXTRAS = ("service_tier", "system_fingerprint")
#: Members of a delta that come in pieces of text.
TEXTS = ("content", "refusal", "reasoning", "reasoning_content")
_AUDIO_TEXTS = ("data", "transcript")
#: A text that grows by thousands of pieces, as one: each piece by itself would take some sixty bytes more.
_Texts: TypeAlias = dict[str, StringIO]
_REPLY = frozenset((*TEXTS, "tool_calls", "function_call", "audio"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What all chunks of one stream have in common, as the first chunk with choices said it."""

    id: JsonValue
    created: JsonValue
    model: JsonValue

    @classmethod
    def of(cls, chunk: JsonObject) -> "Head":
        """The head of a chunk."""
        return cls(id=chunk.get("id"), created=chunk.get("created"), model=chunk.get("model"))


def speaks(delta: JsonObject) -> bool:
    """Whether a delta brings anything that belongs to the reply."""
    return any(member and name in _REPLY for name, member in delta.items())


class ChoiceAssembly:
    """One choice as far as it came."""

    def __init__(self) -> None:
        self.role: str | None = None
        self.finish_reason: str | None = None
        self._texts: _Texts = {}
        self.calls = CallFragments()
        self._function: _Texts = {}
        self._audio: _Texts = {}
        self._audio_head: JsonObject = {}
        self._logprobs: dict[str, list[JsonValue]] = {}

    def feed(self, choice: JsonObject, place: str) -> Iterator[Violation]:
        """Join one choice of a chunk, which stands at `place`. Yields what its tool fragments violate."""
        member = choice.get("delta")
        delta: JsonObject = member if isinstance(member, dict) else {}
        role, reason = delta.get("role"), choice.get("finish_reason")
        if isinstance(role, str) and self.role is None:
            self.role = role
        if isinstance(reason, str) and self.finish_reason is None:
            self.finish_reason = reason
        _join(self._texts, delta, TEXTS)
        _join(self._function, delta.get("function_call"), ("name", "arguments"))
        self._hear(delta.get("audio"))
        self.score(choice.get("logprobs"))
        if "tool_calls" in delta:
            yield from self.calls.feed(delta, f"{place}.delta")

    def listener(self, name: str) -> Callable[[str], object]:
        """Joins one more piece to a member of the deltas that brought one already."""
        return self._texts[name].write

    def score(self, logprobs: JsonValue) -> None:
        """Join the log probabilities of one chunk."""
        if isinstance(logprobs, dict):
            for name in ("content", "refusal"):
                tokens = logprobs.get(name)
                if isinstance(tokens, list):
                    self._logprobs.setdefault(name, []).extend(tokens)

    def whole(self, index: int) -> JsonObject:
        """The choice in JSON form."""
        logprobs: JsonValue = None
        if self._logprobs:
            logprobs = {name: list[JsonValue](tokens) for name, tokens in self._logprobs.items()}
        return {
            "index": index,
            "message": self._message(),
            "logprobs": logprobs,
            "finish_reason": self.finish_reason,
        }

    def _message(self) -> JsonObject:
        message: JsonObject = {"role": self.role or "assistant", "content": None, "refusal": None}
        message |= _joined(self._texts)
        if calls := self.calls.calls():
            message["tool_calls"] = calls
        if self._function:
            message["function_call"] = _joined(self._function)
        if self._audio or self._audio_head:
            message["audio"] = self._audio_head | _joined(self._audio)
        if message["content"] is None and not speaks(message):
            message["content"] = ""  # no delta brought text, and no text at all is the empty text
        elif message["content"] == "" and (calls or self._function or message["refusal"]):
            message["content"] = None  # the first delta's "" before a call stands for null in JSON mode
        return message

    def _hear(self, audio: JsonValue) -> None:
        if isinstance(audio, dict):
            _join(self._audio, audio, _AUDIO_TEXTS)
            self._audio_head.update({name: item for name, item in audio.items() if name not in _AUDIO_TEXTS})


def _join(texts: _Texts, part: JsonValue, names: tuple[str, ...]) -> None:
    if isinstance(part, dict):
        for name in names:
            text = part.get(name)
            if isinstance(text, str):
                texts.setdefault(name, StringIO()).write(text)


def _joined(texts: _Texts) -> JsonObject:
    return {name: text.getvalue() for name, text in texts.items()}
