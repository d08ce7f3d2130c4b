"""One reply in both modes: the text of a stream beside that of two JSON answers which agree."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatproof.cases.answer import ChatAnswer, completion, dict_in, dicts_in
from chatproof.cases.combined import repeated
from chatproof.cases.contract.streams import is_readable, refuse_strays
from chatproof.cases.endpoint import Endpoint, Messages, user
from chatproof.cases.stream_answer import ChatStreamAnswer
from chatproof.findings.finding import InconclusiveError
from chatproof.probe import Exchange

__all__ = ["ODD", "Twins", "is_broken", "is_cut", "is_repeated", "odd_twins", "plain_twins"]

ODD: Messages = [user("Repeat exactly: 👋🏽 日本語 cafe\u0301 مرحبا")]
"""Characters of several bytes, and of several tokens in most vocabularies: a model that repeats nothing says others."""

_BROKEN = "\ufffd"
_WIDEST = 12
"""Characters that one U+FFFD can stand for: an emoji of several parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Twins:
    """The same reply as JSON and as a stream."""

    answer: ChatAnswer
    streamed: ChatStreamAnswer

    @property
    def text(self) -> str:
        """What was to be streamed. Servers hold back a character that the limit cut, which JSON shows as U+FFFD."""
        return self.answer.text.rstrip(_BROKEN)

    @property
    def joined(self) -> str:
        """What was streamed."""
        return self.streamed.answer.text.rstrip(_BROKEN)

    @property
    def speaks_elsewhere(self) -> bool:
        """Did the stream bring anything but content: reasoning, a call, a refusal?"""
        chunks = (chunk for _, chunk in self.streamed.chunks)
        deltas = (dict_in(choice, "delta") for chunk in chunks for choice in dicts_in(chunk, "choices"))
        return any(value and name not in _SPOKEN for delta in deltas for name, value in delta.items())


_SPOKEN = frozenset({"role", "content"})


def plain_twins(endpoint: Endpoint) -> list[Twins]:
    """The plain reply, streamed without usage and with it.

    Raises:
        InconclusiveError: JSON mode gives no text, or another one each time, or no stream can be read.
    """
    first, second = completion(endpoint.plain()), completion(repeated(endpoint).exchange)
    return _twins(first, second, (endpoint.plain_stream(), endpoint.usage_stream()))


def odd_twins(endpoint: Endpoint) -> list[Twins]:
    """A reply to characters of several bytes.

    Raises:
        InconclusiveError: as for the plain reply.
    """
    first = completion(endpoint.shared_as_text(endpoint.body(ODD)))
    exchange = endpoint.shared_as_text(endpoint.body(ODD, stream=True))
    streamed = ChatStreamAnswer(exchange)
    second = first
    if streamed.cut or not is_readable(streamed) or streamed.answer.text != first.text:
        second = completion(endpoint.shared_as_text(endpoint.body(ODD, stream=False)))
    return _twins(first, second, (exchange,))


def _twins(first: ChatAnswer, second: ChatAnswer, exchanges: Sequence[Exchange]) -> list[Twins]:
    if first.text != second.text:
        raise InconclusiveError("the endpoint gives another JSON answer each time", second.exchange)
    if not first.text.strip(f"{_BROKEN} \n\t"):
        raise InconclusiveError("the reply in JSON mode has no text", first.exchange)
    streams = [ChatStreamAnswer(exchange) for exchange in exchanges]
    for one in streams:
        refuse_strays(one)
    found = [Twins(answer=first, streamed=one) for one in streams if is_readable(one) and not one.cut]
    if not found:
        told = f"no whole stream to compare: {exchanges[0].describe()}"
        raise InconclusiveError(told, exchanges[0])
    return found


def is_cut(twins: Twins) -> bool:
    """Does the stream lack the end of the text, or all of it? White space at the end is no text."""
    text, joined = twins.text, twins.joined
    rest = text.removeprefix(joined) if text.startswith(joined) else ""
    return bool(rest.strip().strip(_BROKEN)) and not (twins.speaks_elsewhere and not joined)


def is_repeated(twins: Twins) -> bool:
    """Does the stream say the text, or each piece of it, more than once?"""
    text, joined = twins.text, twins.joined
    if not text or len(joined) <= len(text):
        return False
    pieces = [piece for _, piece in twins.streamed.texts()]
    times, rest = divmod(len(joined), len(text))
    whole = rest == 0 and joined == text * times
    grows = pieces[-1].rstrip(_BROKEN) == text and all(
        text.startswith(piece.rstrip(_BROKEN)) for piece in pieces
    )
    twice = pieces[::2] == pieces[1::2] and "".join(pieces[::2]) == text
    return whole or grows or twice


def is_broken(twins: Twins) -> bool:
    """Is the stream the text with characters cut or lost: equal but for U+FFFD, or without some that are not ASCII?"""
    if twins.text == twins.joined or twins.text.isascii() or is_cut(twins):
        return False
    text, joined = twins.answer.text, twins.streamed.answer.text
    return _fits(text, joined) if _BROKEN in twins.joined else _lost(text, joined)


def _fits(text: str, joined: str) -> bool:
    """Is there something in the text for each run of U+FFFD, and nothing else between?"""
    at, widest = 0, 0
    for piece in filter(None, re.split(f"({_BROKEN}+)", joined)):
        if piece.startswith(_BROKEN):
            widest = len(piece) + _WIDEST
            continue
        found = text.find(piece, at, at + len(piece) + widest)
        if found < 0:
            return False
        at, widest = found + len(piece), 0
    return len(text) - at <= widest


def _lost(text: str, joined: str) -> bool:
    """Is the stream what is left of the text when some characters outside ASCII are taken out?"""
    at = 0
    for character in text:
        if at < len(joined) and joined[at] == character:
            at += 1
        elif character.isascii():
            return False
    return at == len(joined)
