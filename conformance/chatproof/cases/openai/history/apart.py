"""Cases about conversations that must know nothing of one another, by their counts."""

from collections.abc import Iterator
from contextlib import suppress

from chatproof.cases.answer import shown
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.openai.history.asked import (
    QUESTION,
    STATELESS,
    STREAMED,
    TALKS,
    answer_in,
    at_once,
    count_differs,
    counted,
    in_turn,
    rounds,
    said,
    streamed,
    told,
)
from chatproof.cases.openai.history.texts import text_of
from chatproof.cases.registry import case
from chatproof.cases.stream_answer import stream
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError
from chatproof.probe import Exchange, Json

__all__ = ["after_the_long_one"]


def after_the_long_one(endpoint: Endpoint) -> tuple[Exchange, Exchange, Exchange]:
    """A question, a long conversation in which the code word is told, and the question again."""
    before = said(endpoint, QUESTION)
    return before, said(endpoint, told(6)), said(endpoint, QUESTION, nth=2)


@case(
    "history.stateless",
    Level.MUST,
    breaks="One user's conversation leaks into another's.",
    reference=STATELESS,
)
def stateless(endpoint: Endpoint) -> Iterator[Finding]:
    """A fresh conversation counts the same after a long one as before it."""
    first, long, again = after_the_long_one(endpoint)
    before, after = (answer_in(one).required_prompt_tokens() for one in (first, again))
    if after != before:
        breaks = "" if after > before else "What was asked before changes what reaches the model."
        yield count_differs(f"{before}, as before the long conversation", after, again, long, breaks=breaks)


@case(
    "history.interleaved",
    Level.MUST,
    breaks="Conversations that run side by side mix.",
    reference=STATELESS,
)
def interleaved(endpoint: Endpoint) -> Iterator[Finding]:
    """Two conversations, in alternation and at the same time, JSON beside streams, count as each does alone."""
    expected = [counted(endpoint, talk) for talk in TALKS]
    for manner, exchanges in (
        ("in alternation", in_turn(endpoint)),
        ("at the same time", at_once(endpoint)),
    ):
        for (want, before), exchange in zip(expected, exchanges, strict=True):
            count = answer_in(exchange).required_prompt_tokens()
            if count != want:
                yield count_differs(f"{want}, as alone", f"{count} {manner}", exchange, before)
                return


@case(
    "history.json-equals-sse",
    Level.MUST,
    breaks="Streaming sends the model another conversation than JSON mode does.",
    reference=STATELESS,
)
def json_equals_sse(endpoint: Endpoint) -> Iterator[Finding]:
    """prompt_tokens are the same in JSON and SSE mode."""
    history = rounds(2)
    expected, whole = counted(endpoint, history)
    if (beside := streamed(endpoint, history)) and _counts(beside, expected):
        return  # where others were asked at the same time it is the same: so it is alone
    alone = stream(said(endpoint, history, nth=1, **STREAMED))
    seen = alone.answer.required_prompt_tokens()
    if seen != expected:
        yield count_differs(f"{expected}, as in JSON mode", seen, alone.exchange, whole)


def _counts(exchange: Exchange, expected: int) -> bool:
    """Is this a stream that counts so many prompt tokens?"""
    with suppress(InconclusiveError):
        return stream(exchange).answer.required_prompt_tokens() == expected
    return False


@case(
    "history.session-by-user",
    Level.MUST,
    breaks="The server keeps a conversation of its own for each `user`: what the client sent is not what is read.",
    reference="openai-openapi: user is an identifier of the end user; the conversation is in messages alone",
)
def session_by_user(endpoint: Endpoint) -> Iterator[Finding]:
    """The same message with the same `user` is the same three times: no session behind a member."""
    members: dict[str, Json] = {"user": "chatproof-user-1"}
    first = said(endpoint, QUESTION, nth=1, **members)
    if 400 <= first.status < 500:
        answer_in(said(endpoint, QUESTION))
        raise UnsupportedError(f"`user` is refused: {first.describe()}", first)
    others = [said(endpoint, QUESTION, nth=nth, **members) for nth in (2, 3)]
    expected, *counts = (answer_in(one).required_prompt_tokens() for one in (first, *others))
    for nth, count, exchange in zip(("second", "third"), counts, others, strict=True):
        if count != expected:
            seen = f"{count} for the {nth} time"
            yield count_differs(f"{expected}, as the first time", seen, exchange, first)
            return
    if _changes([first, *others]) and _is_steady(endpoint):
        again = [said(endpoint, QUESTION, nth=nth, **members) for nth in (4, 5, 6)]
        if _changes(again):
            yield Finding(
                expected="the same text each time, as without `user`",
                seen=f"another one each time: {', '.join(shown(text_of(one)) for one in [first, *others])}",
                path="$.choices[0].message.content",
                exchange=others[-1],
                compared=first,
            )


def _changes(exchanges: list[Exchange]) -> bool:
    """Is there another text in each? What a cache of prefixes rounds otherwise is the same from the second on."""
    texts = [text_of(one) for one in exchanges]
    return all(texts) and len({*texts}) == len(texts)


def _is_steady(endpoint: Endpoint) -> bool:
    """Has the same question one text where no `user` is named? It is asked often enough to know."""
    before, _, after = after_the_long_one(endpoint)
    text = text_of(before)
    if text_of(after) != text:
        return False
    return all(text_of(said(endpoint, QUESTION, nth=nth)) == text for nth in (3, 4, 5, 6))
