"""Cases about what a model thinks before it speaks, where its answers carry that."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from chatproof.cases.answer import ChatAnswer, dict_in, dicts_in, shown
from chatproof.cases.endpoint import Endpoint, Messages, user
from chatproof.cases.registry import case
from chatproof.cases.stream_answer import ChatStreamAnswer
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError
from chatproof.probe import Json

__all__: list[str] = []

_LIMIT = 512
"""Tokens for thinking to come to an end, and for a word after it."""

_MEMBERS = ("reasoning_content", "reasoning")
_TAGS = re.compile(r"\s*<think(ing)?>|.*</think(ing)?>", re.DOTALL)
_QUESTION = user("Say one word.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """An answer with what it tells of the thinking: the members that have it, and whether tags in the text do."""

    answer: ChatAnswer
    streamed: ChatStreamAnswer | None = None

    @property
    def parts(self) -> list[tuple[int, dict[str, Json]]]:
        """The message, or the first choice's deltas with their events' numbers."""
        if self.streamed is None:
            return [(0, self.answer.message)]
        return [
            (number, dict_in(choice, "delta"))
            for number, chunk in self.streamed.chunks
            for choice in dicts_in(chunk, "choices")
            if choice.get("index") == 0
        ]

    @property
    def members(self) -> set[str]:
        """Those that are neither null nor empty."""
        return {name for _, part in self.parts for name in _MEMBERS if part.get(name)}

    @property
    def tagged(self) -> bool:
        """Is the thinking in the text, as tags?"""
        return _TAGS.match(self.answer.text) is not None

    def path(self, number: int, member: str) -> str:
        """Where a member stands in the numbered part."""
        return (
            f"$.choices[0].message.{member}"
            if self.streamed is None
            else f"$[{number}].choices[0].delta.{member}"
        )


def _whole(endpoint: Endpoint) -> _Told:
    return _Told(answer=ChatAnswer(endpoint.shared(endpoint.body([_QUESTION], limit=_LIMIT))))


def _stream_of(streamed: ChatStreamAnswer) -> _Told:
    return _Told(answer=streamed.answer, streamed=streamed)


def _told(endpoint: Endpoint) -> tuple[list[_Told], list[_Told]]:
    """Answers in JSON and streams, two each: the plain ones, and longer ones.

    Raises:
        UnsupportedError: the plain ones have no member for it, and are alike.
    """
    plain = _Told(answer=ChatAnswer(endpoint.plain()))
    streamed = _stream_of(ChatStreamAnswer(endpoint.plain_stream()))
    if not plain.members and not streamed.members and plain.tagged == streamed.tagged:
        told = "answers carry neither reasoning_content nor reasoning"
        more = ": the thinking is in the content, as tags" if plain.tagged else ""
        raise UnsupportedError(told + more, endpoint.plain())
    members: dict[str, Json] = {"stream": True, "stream_options": {"include_usage": True}}
    exchange = endpoint.shared(endpoint.body([_QUESTION], limit=_LIMIT, **members))
    return [plain, _whole(endpoint)], [streamed, _stream_of(ChatStreamAnswer(exchange))]


@case(
    "chat.reasoning.shape",
    Level.MAY,
    breaks="Users read what the model only thought, or programs that show or hide it do not find it.",
    reference="reasoning_content (DeepSeek) or reasoning (vLLM, OpenRouter): text in 185 of 185 recorded answers,"
    " before the content in 91 of 91 recorded streams; usage: openai-openapi CompletionUsage.completion_tokens_details",
)
def shape(endpoint: Endpoint) -> Iterator[Finding]:
    """Reasoning is text in a member of its own, in both modes, before the content; its tokens are counted."""
    wholes, streams = _told(endpoint)
    found = [finding for told in (*wholes, *streams) for finding in _misplaced(told)]
    yield from {(finding.expected, finding.breaks): finding for finding in reversed(found)}.values()
    if not found:
        yield from _unlike(wholes, streams)
    for told in (*wholes, *streams):
        if counted := list(
            told.answer.findings(at=r"\$\.usage\.completion_tokens_details\.reasoning_tokens")
        ):
            yield from (replace(one, breaks=_COUNTED) for one in counted)
            return


_COUNTED = (
    "Costs are computed from a part of what was generated: the thinking is not in the completion tokens."
)


def _misplaced(told: _Told) -> Iterator[Finding]:
    """What is wrong with one answer's reasoning."""
    spoken = False
    place = "delta" if told.streamed else "message"
    if told.tagged:
        mode = "stream" if told.streamed else "JSON answer"
        seen, path = shown(told.answer.text), f"$[*].choices[0].{place}.content"
        breaks = f"Users read what the model only thought, in the content of a {mode}."
        yield Finding(
            expected="the thinking in a member of its own",
            seen=seen,
            path=path if told.streamed else "$.choices[0].message.content",
            breaks=breaks,
            exchange=told.answer.exchange,
        )
    for number, part in told.parts:
        for name in _MEMBERS:
            value = part.get(name)
            if value is not None and not isinstance(value, str):
                breaks = "Programs that join or show the reasoning as text fail on it."
                yield told.answer.unlike("text", value, told.path(number, name), breaks=breaks)
                return
            if value and spoken:
                breaks = "What is thought after the reply began is shown as a part of it."
                yield told.answer.unlike(
                    "reasoning before the content", value, told.path(number, name), breaks=breaks
                )
                return
        content = part.get("content")
        spoken = spoken or (told.streamed is not None and isinstance(content, str) and bool(content.strip()))


def _unlike(wholes: list[_Told], streams: list[_Told]) -> Iterator[Finding]:
    """The members of JSON mode and of streams are the same: one of them at least."""
    one = set[str]().union(*(told.members for told in wholes))
    other = set[str]().union(*(told.members for told in streams))
    if one & other:
        return
    first, second = wholes[-1].answer, streams[-1].answer
    broken, compared = (second, first) if one else (first, second)
    yield broken.finding(
        f"{' and '.join(sorted(one or other))}, as in {'JSON mode' if one else 'a stream'}",
        " and ".join(sorted(other if one else one)) or "neither reasoning_content nor reasoning",
        "$[*].choices[0].delta" if one else "$.choices[0].message",
        breaks="Programs that show or keep the reasoning find it in one mode only.",
        compared=compared.exchange,
    )


@case(
    "chat.reasoning.replay",
    Level.MUST,
    breaks="The second turn with a reasoning model is refused.",
    reference="clients keep content alone, or append the message as it came; both are resent",
)
def replay(endpoint: Endpoint) -> Iterator[Finding]:
    """A history is accepted whose assistant messages have no reasoning, and one that has it as it came."""
    _told(endpoint)
    told = _whole(endpoint)
    message = told.answer.message
    kept: dict[str, Json] = {name: message[name] for name in _MEMBERS if message.get(name)}
    if not kept or not told.answer.text:
        raise InconclusiveError(
            "no JSON answer with reasoning and content to send back", told.answer.exchange
        )
    bare: dict[str, Json] = {"role": "assistant", "content": told.answer.text}
    for what, sent in (("without reasoning", bare), ("with reasoning as it came", bare | kept)):
        messages: Messages = [_QUESTION, sent, user("And another.")]
        exchange = endpoint.post(endpoint.body(messages, limit=1))
        if exchange.status != 200:
            breaks = f"The second turn of a client that keeps messages {what} is refused."
            finding = Finding.instead(f"200 with a history {what}", exchange, breaks=breaks)
            yield replace(finding, path="$.messages[1]", compared=told.answer.exchange)
            return
