"""Cases about messages in another form than one string each, in turn: parts, and several of one role in a row."""

from collections.abc import Iterator

from chatproof.cases.endpoint import Endpoint, Messages, system
from chatproof.cases.openai.history.asked import (
    QUESTION,
    STATELESS,
    answer_in,
    count_differs,
    counted,
    rounds,
    said,
)
from chatproof.cases.openai.history.rounds import SPOKEN, spoken
from chatproof.cases.registry import case
from chatproof.findings.finding import Finding, InconclusiveError, Level
from chatproof.probe import Exchange

__all__: list[str] = []

_JOINT, _MARKUP = 2, 4
"""Tokens that two parts may have less or more than their text in one: servers put a line end between them, or a word
is cut there; and templates may mark each part."""


@case(
    "history.parts-count",
    Level.MUST,
    breaks="What is in one of several text parts never reaches the model.",
    reference="openai-openapi: content of user, system and assistant messages is a string or a list of parts",
)
def parts_count(endpoint: Endpoint) -> Iterator[Finding]:
    """Two text parts count as their text, in system, user and assistant messages."""
    whole, roles = spoken("".join(SPOKEN["system"])), list(SPOKEN)
    if _is_refused(said(endpoint, whole)):  # some templates know no system message
        whole, roles = whole[1:], roles[1:]
    count, before = counted(endpoint, whole)
    exchange = said(endpoint, _in_parts(whole, *roles))
    if _counts_as(count, exchange, len(roles)):
        return
    found = False
    for role in roles:
        alone = said(endpoint, _in_parts(whole, role))
        for finding in _lost(role, count, alone, before):
            found = True
            yield finding
    if not found:
        raise InconclusiveError(
            f"parts in all messages differ from their text, and in those of no role: {exchange.describe()}",
            exchange,
        )


def _in_parts(messages: Messages, *roles: str) -> Messages:
    """The same with one message of each of these roles in two parts."""
    made: Messages = []
    for message in messages:
        role = str(message["role"])
        parts = SPOKEN[role] if role in roles else ()
        if message["content"] == "".join(parts):
            made.append({"role": role, "content": [{"type": "text", "text": part} for part in parts]})
        else:
            made.append(message)
    return made


def _counts_as(count: int, exchange: Exchange, messages: int) -> bool:
    """Has a history with so many messages in parts the tokens that it has in strings?"""
    if exchange.status != 200:
        return False
    found = answer_in(exchange).required_prompt_tokens()
    return -_JOINT * messages <= found - count <= _MARKUP * messages


def _lost(role: str, count: int, exchange: Exchange, before: Exchange) -> Iterator[Finding]:
    if exchange.status != 200:
        broken = exchange.status >= 500 or not exchange.complete
        breaks = "Clients that send parts, as SDKs let them, are refused."
        if broken:
            breaks = "Clients that send parts, as SDKs let them, meet a fault of the server."
        expected = f"200 with a {role} message of two text parts"
        yield Finding.instead(expected, exchange, breaks=breaks)
    elif not _counts_as(count, exchange, 1):
        found = answer_in(exchange).required_prompt_tokens()
        breaks = (
            "" if found < count else "The model reads more than the text of the parts: their JSON, or twice."
        )
        expected = f"about {count}, as with the {role} message's text in a string"
        yield count_differs(expected, found, exchange, before, breaks=breaks)


@case(
    "history.user-runs-count",
    Level.MUST,
    breaks="Of what a user says in two messages one is lost, and nobody is told.",
    reference=STATELESS,
)
def user_runs_count(endpoint: Endpoint) -> Iterator[Finding]:
    """Of two user messages in a row both count, or the request is refused."""
    pair = [*rounds(0), *QUESTION]
    exchange = said(endpoint, pair)
    if _is_refused(exchange):
        return
    single, before = max((counted(endpoint, [message]) for message in pair), key=lambda found: found[0])
    count = answer_in(exchange).required_prompt_tokens()
    if count <= single:
        yield count_differs(f"more than {single}, those of one of the two", count, exchange, before)


@case(
    "history.system-runs-count",
    Level.SHOULD,
    breaks="A second system message is ignored, and nobody is told.",
    reference=STATELESS,
)
def system_runs_count(endpoint: Endpoint) -> Iterator[Finding]:
    """A second system message counts, or is refused."""
    first, second = SPOKEN["system"]
    exchange = said(endpoint, [system(first), system(second), *rounds(0)])
    if _is_refused(exchange):
        return
    joined, before = counted(endpoint, [system(first + second), *rounds(0)])
    count = answer_in(exchange).required_prompt_tokens()
    if count < joined - _JOINT:
        expected = f"about {joined}, as with both in one message, or more"
        yield count_differs(expected, count, exchange, before)


def _is_refused(exchange: Exchange) -> bool:
    """Strict templates refuse an order that they do not know."""
    return 400 <= exchange.status < 500
