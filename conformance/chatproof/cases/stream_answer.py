"""A streamed answer, read with patience: its events, what breaks the grammar, and where it is cut off."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cached_property

from chatproof.cases.answer import ChatAnswer, Seen, Sentence, dict_in, dicts_in, shown
from chatproof.findings.finding import Finding, InconclusiveError, findings
from chatproof.probe import Exchange, Json
from chatproof.probe.exchange import excerpt
from chatschema import ChatStream, SseDecoder, SseEvent, SseLimitError

__all__ = [
    "ERRORS",
    "MOST_EVENTS",
    "ChatStreamAnswer",
    "events_of",
    "refuse_cut",
    "stream",
    "unparted",
]

MOST_EVENTS = 10_000
"""A reply of a few tokens never has so many: judging millions would only cost the user's time."""


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


ERRORS = ("chat.sse.error", "chat.sse.error-before")
"""The rules that a stream violates which ends in an error."""


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
        if self.grammar.error is None or not any(self.findings(*ERRORS)):
            return ""
        error = self.grammar.error.get("error")
        return shown(dict_in(self.grammar.error, "error").get("message") or error, 300)

    @cached_property
    def cut(self) -> str:
        """Why the reply is not whole, in the stream's own terms; empty where it is."""
        if self.torn or self.error:
            return self.torn or f"the endpoint's own error in mid-stream: {self.error}"
        if self.grammar.done or self.grammar.finish_reasons:
            return ""
        return f"the end after {len(self.events)} events, with neither a finish_reason nor [DONE]"

    def findings(self, *rules: str, sentence: Sentence | None = None) -> Iterator[Finding]:
        """Violations of these rules of the grammar."""
        found = (v for v in self.grammar.violations if v.rule in rules)
        yield from findings(found, self.exchange, sentence)


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


def refuse_cut(streamed: ChatStreamAnswer) -> None:
    """End a case whose stream is not whole: that is one finding, of the case that looks at every stream for it.

    Raises:
        InconclusiveError: it is not whole.
    """
    if streamed.exchange.status == 200 and not streamed.answer.choices:
        told = f"no stream to judge: {streamed.exchange.describe()}"
        raise InconclusiveError(told, streamed.exchange)
    if streamed.cut:
        where = "chat.sse.framing" if streamed.torn else "chat.sse.finish-once"
        raise InconclusiveError(f"the stream is not whole (see {where}): {streamed.cut}", streamed.exchange)


def unparted(exchange: Exchange) -> str:
    """Where two events have no blank line between them, its bytes as escapes; empty where that is nowhere."""
    for event in events_of(exchange)[0][:MOST_EVENTS]:
        first, *others = event.data.split("\n", 2)
        if others and _is_event(first) and _is_event(others[0]):
            body = exchange.received.body if exchange.received else b""
            found = re.search(rb"(?<![\r\n])(\r\n|[\r\n])data:", body)
            near = body[max(0, found.start() - 30) : found.end() + 20] if found else body[:60]
            lines = event.data.count("\n") + 1
            return f"…{excerpt(near.decode('utf-8', 'replace'))}…, {lines} lines in one event"
    return ""


def _is_event(line: str) -> bool:
    return line == "[DONE]" or (line.startswith("{") and _is_json(line))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
