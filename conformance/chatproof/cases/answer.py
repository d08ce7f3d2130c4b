"""Answers ready to be judged. They are read with patience: what is wrong in one place must not hide what
another case looks at, so nothing here validates; `chatschema` does that, in the cases about shape.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from itertools import takewhile

from chatproof.findings.finding import Finding, InconclusiveError, Level, findings
from chatproof.probe import Exchange, Json
from chatproof.probe.exchange import excerpt
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
    "cut_off",
    "dict_in",
    "dicts_in",
    "events_of",
    "parted",
    "shown",
    "stream",
    "unparted",
]

_Sentence = Callable[[Violation], str]


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

    def finding(
        self,
        expected: str,
        seen: str,
        path: str = "",
        *,
        level: Level | None = None,
        breaks: str = "",
        compared: Exchange | None = None,
    ) -> Finding:
        """A deviation in this answer."""
        return Finding(
            expected=expected,
            seen=seen,
            path=path,
            level=level,
            breaks=breaks,
            exchange=self.exchange,
            compared=compared,
        )

    def unlike(self, expected: str, value: Json, path: str, *, breaks: str = "") -> Finding:
        """A value in this answer that is not what was expected there."""
        return self.finding(expected, shown(value), path, breaks=breaks)


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

    def findings(self, *rules: str, at: str = "", sentence: _Sentence | None = None) -> Iterator[Finding]:
        """Violations of these rules of the contract, and those at a place: a pattern for the whole JSON path."""
        found = (v for v in self._violations if v.rule in rules or (at and re.fullmatch(at, v.path)))
        yield from findings(found, self.exchange, sentence)

    @cached_property
    def _violations(self) -> tuple[Violation, ...]:
        return judge_completion(dict(self.value)).violations


def events_of(exchange: Exchange) -> tuple[list[SseEvent], tuple[str, ...]]:
    """The events of an answer, and what was wrong with its bytes.

    An event that is called `message` is one without a name: that is the default, said aloud (WHATWG HTML, 9.2.6).

    Raises:
        InconclusiveError: one of them is too large to be held.
    """
    decoder = SseDecoder()
    body = exchange.received.body if exchange.received else b""
    try:
        events = [*decoder.feed(body), *decoder.close()]
    except SseLimitError as error:
        raise InconclusiveError(f"the stream cannot be read: {error}", exchange) from None
    return [replace(e, event="") if e.event == "message" else e for e in events], decoder.bad_bytes


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

    @cached_property
    def torn(self) -> str:
        """How the body ends inside of an event, or of HTTP; empty where it does not."""
        last = self.events[-1] if self.events else None
        whole = not last or last.complete or last.data == "[DONE]" or _is_json(last.data)
        failure = self.exchange.failure
        if not failure and whole:
            return ""
        end = f", the last one {shown(last.data[-60:])}" if last else ""
        then = f"; then {failure.text}" if failure else ", where the body ends"
        return f"{len(self.events)} events{end}{then}"

    @property
    def error(self) -> str:
        """What the endpoint itself says of an error in mid-stream; empty where there was none."""
        if self.grammar.error is None:
            return ""
        error = self.grammar.error.get("error")
        return shown(dict_in(self.grammar.error, "error").get("message") or error, 300)

    @cached_property
    def cut(self) -> str:
        """Why the reply is not whole, in the stream's own terms; empty where it is."""
        if self.torn or self.error:
            return self.torn or f"an error after {len(self.chunks) - 1} chunks: {self.error}"
        if self.grammar.done or self.grammar.finish_reasons:
            return ""
        return f"the end after {len(self.events)} events, with neither a finish_reason nor [DONE]"

    def findings(self, *rules: str, sentence: _Sentence | None = None) -> Iterator[Finding]:
        """Violations of these rules of the grammar."""
        found = (v for v in self.grammar.violations if v.rule in rules)
        yield from findings(found, self.exchange, sentence)


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
        yield Finding.instead(f"200 with {what}", exchange, breaks=f"Programs get an error instead of {what}.")
        return
    try:
        violations = judge(exchange.json()).violations
    except ValueError as error:
        seen = f"{exchange.describe()}: {error}" if exchange.complete else exchange.describe()
        breaks = f"Programs get nothing that they can read instead of {what}."
        yield Finding(expected=f"{what} in JSON", seen=seen, breaks=breaks, exchange=exchange)
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
    if found.torn:
        raise InconclusiveError(f"the stream breaks off (see chat.sse.framing): {found.torn}", exchange)
    return found


def cut_off(streamed: ChatStreamAnswer, beside: Exchange) -> Iterator[Finding]:
    """What is to be said of a stream that is not whole, if the plain one `beside` it is; what follows has nothing to judge.

    Raises:
        InconclusiveError: the stream is not whole.
    """
    if not streamed.cut:
        return
    if streamed.exchange is not beside and not ChatStreamAnswer(beside).cut:
        breaks = "The reply ends in the middle, though not every stream does."
        yield streamed.finding("a stream to its end", streamed.cut, level=Level.MUST, breaks=breaks)
    where = "chat.sse.framing" if streamed.torn else "chat.sse.finish-once"
    raise InconclusiveError(f"the stream is not whole (see {where}): {streamed.cut}", streamed.exchange)


def unparted(exchange: Exchange) -> str:
    """Where two events have no blank line between them, its bytes as escapes; empty where that is nowhere."""
    for event in events_of(exchange)[0][:MOST_EVENTS]:
        first, *others = event.data.split("\n", 2)
        if others and _is_event(first) and _is_event(others[0]):
            body = exchange.received.body if exchange.received else b""
            found = re.search(rb"data:[^\r\n]*?([^\r\n]{0,30})(\r\n|\r|\n)(data:[^\r\n]{0,20})", body)
            seen = b"".join(found.groups()).decode("utf-8", "replace") if found else event.data[:60]
            return f"…{excerpt(seen)}…, and so on for {event.data.count(chr(10)) + 1} lines"
    return ""


def _is_event(line: str) -> bool:
    return line == "[DONE]" or (line.startswith("{") and _is_json(line))


def shown(value: Json, limit: int = 160) -> str:
    """A JSON value in one line, for "seen"."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"


def parted(one: Json, other: Json) -> tuple[str, str]:
    """Two values that differ, for "expected" and "seen": long texts from a little before the place where they part."""
    if not isinstance(one, str) or not isinstance(other, str):
        return shown(one), shown(other)
    at = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    begin = 0 if max(len(one), len(other)) <= _SHORT else max(0, at - _BEFORE)
    return _part(one, begin), f"{_part(other, begin)}, which is another from character {at + 1} on"


_SHORT, _BEFORE = 100, 30


def _part(text: str, begin: int) -> str:
    end = begin + _SHORT
    part = f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}"
    return f"{shown(part)} ({len(text)} characters)"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
