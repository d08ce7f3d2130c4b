"""Answers ready to be judged. They are read with patience: what is wrong in one place must not hide what
another case looks at, so nothing here validates; `chatschema` does that, in the cases about shape.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property

from chatproof.findings.finding import Finding, InconclusiveError, Level, findings
from chatproof.probe import Exchange, Json
from chatschema import ChatStream, Judgement, SseDecoder, SseEvent, SseLimitError, Violation
from chatschema.judging import judge_completion

__all__ = [
    "MOST_EVENTS",
    "Answer",
    "ChatAnswer",
    "ChatStreamAnswer",
    "Seen",
    "body_findings",
    "completion",
    "dict_in",
    "dicts_in",
    "events_of",
    "shown",
    "stream",
]


MOST_EVENTS = 10_000
"""A reply of a few tokens never has so many: judging millions would only cost the user's time."""

_MOST_COUNTED = 2**63
"""The sum of two longer ones may be too long to be written down."""


def dict_in(holder: Mapping[str, Json], name: str) -> dict[str, Json]:
    """The object that a member holds, or an empty one."""
    found = holder.get(name)
    return found if isinstance(found, dict) else {}


def dicts_in(holder: Mapping[str, Json], name: str) -> list[dict[str, Json]]:
    """The objects in the list that a member holds."""
    found = holder.get(name)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


class Seen:
    """What came in one exchange, and what is wrong with it."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    def finding(self, expected: str, seen: str, path: str = "", *, level: Level | None = None) -> Finding:
        """A deviation in this answer."""
        return Finding(expected=expected, seen=seen, path=path, level=level, exchange=self.exchange)

    def unlike(self, expected: str, value: Json, path: str, *, level: Level | None = None) -> Finding:
        """A value in this answer that is not what was expected there."""
        return self.finding(expected, shown(value), path, level=level)


class Answer(Seen):
    """A JSON answer whose members are looked for and may be missing."""

    def __init__(self, exchange: Exchange, value: Mapping[str, Json] | None = None) -> None:
        super().__init__(exchange)
        self.value: Mapping[str, Json] = exchange.object() if value is None else value

    @property
    def counts(self) -> Mapping[str, Json]:
        """The object that holds the counts of tokens, or an empty one."""
        return dict_in(self.value, "usage")

    def count(self, name: str) -> int | None:
        """A count of tokens, where it is an integer that a counter of 64 bits can hold."""
        found = self.counts.get(name)
        if isinstance(found, bool) or not isinstance(found, int) or abs(found) >= _MOST_COUNTED:
            return None
        return found


class ChatAnswer(Answer):
    """A JSON answer, or a stream put together, seen as a chat completion."""

    @property
    def choices(self) -> list[dict[str, Json]]:
        """The choices that are objects."""
        return dicts_in(self.value, "choices")

    @property
    def choice(self) -> dict[str, Json]:
        """The first choice, or an empty one."""
        return self.choices[0] if self.choices else {}

    @property
    def message(self) -> dict[str, Json]:
        """The first choice's message, or an empty one."""
        return dict_in(self.choice, "message")

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
        return dicts_in(self.message, "tool_calls")

    def required_prompt_tokens(self) -> int:
        """The prompt tokens.

        Raises:
            InconclusiveError: there is no count; `chat.json.usage` reports that.
        """
        found = self.count("prompt_tokens")
        if found is None:
            raise InconclusiveError(f"no prompt_tokens to compare: {self.exchange.describe()}", self.exchange)
        return found

    def findings(self, *rules: str, at: str = "") -> Iterator[Finding]:
        """Violations of these rules of the contract, and those at a place: a pattern for the whole JSON path."""
        found = (v for v in self._violations if v.rule in rules or (at and re.fullmatch(at, v.path)))
        yield from findings(found, self.exchange)

    @cached_property
    def _violations(self) -> tuple[Violation, ...]:
        return judge_completion(dict(self.value)).violations


def events_of(exchange: Exchange) -> tuple[list[SseEvent], tuple[str, ...]]:
    """The events of an answer, and what was wrong with its bytes.

    Raises:
        InconclusiveError: one of them is too large to be held.
    """
    decoder = SseDecoder()
    body = exchange.received.body if exchange.received else b""
    try:
        return [*decoder.feed(body), *decoder.close()], decoder.bad_bytes
    except SseLimitError as error:
        raise InconclusiveError(f"the stream cannot be read: {error}", exchange) from None


class ChatStreamAnswer(Seen):
    """A streamed answer: its events, what breaks the grammar, and the completion that they add up to."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__(exchange)
        self.grammar = ChatStream()
        events, self.bad_bytes = events_of(exchange)
        self.events = events[:MOST_EVENTS]
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

    def texts(self) -> list[tuple[int, str]]:
        """The first choice's pieces of text, each with its event's number."""
        return [
            (number, text)
            for number, chunk in self.chunks
            for choice in dicts_in(chunk, "choices")
            if choice.get("index") == 0
            and isinstance(text := dict_in(choice, "delta").get("content"), str)
            and text
        ]

    def findings(self, *rules: str) -> Iterator[Finding]:
        """Violations of these rules of the grammar."""
        yield from findings((v for v in self.grammar.violations if v.rule in rules), self.exchange)


def completion(exchange: Exchange) -> ChatAnswer:
    """A JSON answer that has choices.

    Raises:
        InconclusiveError: it has none; `chat.json.shape` reports that.
    """
    answer = ChatAnswer(exchange)
    if exchange.status != 200 or not answer.choices:
        raise InconclusiveError(f"no completion to judge: {exchange.describe()}", exchange)
    return answer


def body_findings(
    exchange: Exchange, what: str, judge: Callable[[Json], Judgement], rules: str = ""
) -> Iterator[Finding]:
    """What breaks the contract in a JSON answer that has to come under 200; `rules` is how their names begin."""
    if exchange.status != 200:
        yield Finding.instead(f"200 with {what}", exchange)
        return
    try:
        violations = judge(exchange.json()).violations
    except ValueError:
        yield Finding.instead(f"{what} in JSON", exchange)
        return
    yield from findings((one for one in violations if one.rule.startswith(rules)), exchange)


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
