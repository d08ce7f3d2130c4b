"""Answers ready to be judged. They are read with patience: what is wrong in one place must not hide what
another case looks at, so nothing here validates; `chatschema` does that, in the cases about shape.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cached_property

from chatproof.findings.finding import Finding, InconclusiveError, Level
from chatproof.probe import Exchange, Json
from chatschema import ChatStream, SseDecoder, SseEvent, SseLimitError, Violation, judge_completion

__all__ = ["ChatAnswer", "ChatStreamAnswer", "completion", "shown", "stream"]


_MOST_EVENTS = 10_000
"""A reply of a few tokens never has so many: judging millions would only cost the user's time."""

_MOST_COUNTED = 2**63
"""The sum of two longer ones may be too long to be written down."""


class ChatAnswer:
    """A JSON answer, or a stream put together, seen as a chat completion."""

    def __init__(self, exchange: Exchange, value: Mapping[str, Json] | None = None) -> None:
        self.exchange = exchange
        self.value: Mapping[str, Json] = exchange.object() if value is None else value

    @property
    def choices(self) -> list[dict[str, Json]]:
        """The choices that are objects."""
        found = self.value.get("choices")
        return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []

    @property
    def choice(self) -> dict[str, Json]:
        """The first choice, or an empty one."""
        return self.choices[0] if self.choices else {}

    @property
    def message(self) -> dict[str, Json]:
        """The first choice's message, or an empty one."""
        found = self.choice.get("message")
        return found if isinstance(found, dict) else {}

    @property
    def text(self) -> str:
        """The text of the reply, or an empty one."""
        found = self.message.get("content")
        return found if isinstance(found, str) else ""

    @property
    def finish_reason(self) -> Json:
        """The first choice's finish_reason."""
        return self.choice.get("finish_reason")

    @property
    def calls(self) -> list[dict[str, Json]]:
        """The tool calls that are objects."""
        found = self.message.get("tool_calls")
        return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []

    @property
    def usage(self) -> Mapping[str, Json]:
        """The usage object, or an empty one."""
        found = self.value.get("usage")
        return found if isinstance(found, dict) else {}

    def count(self, name: str) -> int | None:
        """A count of the usage object, where it is an integer that a counter of 64 bits can hold."""
        found = self.usage.get(name)
        if isinstance(found, bool) or not isinstance(found, int) or abs(found) >= _MOST_COUNTED:
            return None
        return found

    def required_prompt_tokens(self) -> int:
        """The prompt tokens.

        Raises:
            InconclusiveError: there is no count; `chat.json.usage` reports that.
        """
        found = self.count("prompt_tokens")
        if found is None:
            raise InconclusiveError(f"no prompt_tokens to compare: {self.exchange.describe()}", self.exchange)
        return found

    def breaches(self, *rules: str, at: str = "") -> Iterator[Finding]:
        """The breaches of these rules of the contract, and those at a place: a pattern for the whole JSON path."""
        for violation in self._violations:
            if violation.rule in rules or (at and re.fullmatch(at, violation.path)):
                yield Finding.of(violation, self.exchange)

    @cached_property
    def _violations(self) -> tuple[Violation, ...]:
        return judge_completion(dict(self.value)).violations

    def finding(self, *, expected: str, seen: str, path: str = "", level: Level | None = None) -> Finding:
        """A deviation in this answer."""
        return Finding(expected=expected, seen=seen, path=path, level=level, exchange=self.exchange)


class ChatStreamAnswer:
    """A streamed answer: its events, what breaks the grammar, and the completion that they add up to."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.grammar = ChatStream()
        decoder = SseDecoder()
        body = exchange.received.body if exchange.received else b""
        try:
            events = [*decoder.feed(body), *decoder.close()]
        except SseLimitError as error:
            raise InconclusiveError(f"the stream cannot be read: {error}", exchange) from None
        self.problems = decoder.problems
        self.events: list[SseEvent] = events[:_MOST_EVENTS]
        self.left_out = len(events) - len(self.events)
        """Events past the limit, not looked at."""
        if not self.left_out:
            for event in self.events:
                self.grammar.feed(event)
            self.grammar.close()

    @cached_property
    def chunks(self) -> list[tuple[int, dict[str, Json]]]:
        """The events whose data is a JSON object, each with its number."""
        found: list[tuple[int, dict[str, Json]]] = []
        for number, event in enumerate(self.events):
            value: Json = None
            with suppress(ValueError, RecursionError):
                value = json.loads(event.data)
            if isinstance(value, dict):
                found.append((number, value))
        return found

    @cached_property
    def answer(self) -> ChatAnswer:
        """The completion that the chunks add up to."""
        return ChatAnswer(self.exchange, self.grammar.assembled() or {})

    def deltas(self, index: int = 0) -> Iterator[tuple[int, dict[str, Json]]]:
        """The deltas of one choice, each with its event's number."""
        for number, chunk in self.chunks:
            choices = chunk.get("choices")
            for choice in choices if isinstance(choices, list) else []:
                if isinstance(choice, dict) and choice.get("index") == index:
                    delta = choice.get("delta")
                    if isinstance(delta, dict):
                        yield number, delta

    def texts(self) -> list[tuple[int, str]]:
        """The first choice's pieces of text, each with its event's number."""
        found = ((number, delta.get("content")) for number, delta in self.deltas())
        return [(number, text) for number, text in found if isinstance(text, str) and text]

    def findings(self, *rules: str) -> Iterator[Finding]:
        """The breaches of these rules of the grammar."""
        for violation in self.grammar.violations:
            if violation.rule in rules:
                yield Finding.of(violation, self.exchange)


def completion(exchange: Exchange) -> ChatAnswer:
    """A JSON answer that has choices.

    Raises:
        InconclusiveError: it has none; `chat.json.shape` reports that.
    """
    answer = ChatAnswer(exchange)
    if exchange.status != 200 or not answer.choices:
        raise InconclusiveError(f"no completion to judge: {exchange.describe()}", exchange)
    return answer


def stream(exchange: Exchange) -> ChatStreamAnswer:
    """A streamed answer that has chunks.

    Raises:
        InconclusiveError: it has none; `chat.sse.framing` reports that.
    """
    found = ChatStreamAnswer(exchange)
    if exchange.status != 200 or not found.answer.choices:
        raise InconclusiveError(f"no stream to judge: {exchange.describe()}", exchange)
    return found


def shown(value: Json, limit: int = 160) -> str:
    """A JSON value in one line, for "seen"."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"
