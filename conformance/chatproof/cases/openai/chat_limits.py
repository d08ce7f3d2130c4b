"""Cases about where a reply ends: limits and stop sequences, in JSON and in streams."""

import re
from collections.abc import Iterator

from chatproof.cases.answer import ChatAnswer, completion, shown
from chatproof.cases.combined import session, short_body
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.registry import case
from chatproof.cases.streamed import sound, streamed
from chatproof.findings.finding import Finding, InconclusiveError, Level
from chatproof.probe import Json

__all__: list[str] = []

_TEXT = "$.choices[0].message.content"
_FINISH = "$.choices[0].finish_reason"


@case(
    "chat.json.length",
    Level.MUST,
    breaks="A reply that was cut looks finished, or costs more than the caller allowed.",
    reference="openai-openapi: length if the maximum number of tokens was reached",
)
def length(endpoint: Endpoint) -> Iterator[Finding]:
    """A limit of one token ends with `length` after one token, in JSON and in a stream (`stop`: the model had done)."""
    yield from _limited(endpoint, completion(endpoint.post(endpoint.body(limit=1))))
    short = session(endpoint).short or endpoint.post(short_body(endpoint))
    yield from _limited(endpoint, streamed(endpoint, short))


@case(
    "chat.json.max-completion-tokens",
    Level.SHOULD,
    breaks="Programs that use the newer name get replies without a limit, and pay for them.",
    reference="openai-openapi: max_completion_tokens, which took the place of max_tokens",
)
def max_completion_tokens(endpoint: Endpoint) -> Iterator[Finding]:
    """`max_completion_tokens` limits the reply as `max_tokens` does."""
    body = endpoint.body()
    del body[endpoint.profile.limit_member]
    yield from _limited(endpoint, completion(endpoint.post(body | {"max_completion_tokens": 1})))


def _limited(endpoint: Endpoint, answer: ChatAnswer) -> Iterator[Finding]:
    """What is wrong with a reply to which one token was allowed."""
    plain = ChatAnswer(endpoint.plain())
    if answer.finish_reason not in ("length", "stop", "content_filter"):
        breaks = "A reply that was cut looks finished, or like something else."
        yield answer.unlike('"length" (or "stop")', answer.finish_reason, _FINISH, breaks=breaks)
    elif answer.finish_reason == "stop" and _goes_on(plain.text, answer.text):
        endpoint.refuse_chance()
        yield answer.finding(
            f'"length": a larger limit gives a longer text, {shown(plain.text)}',
            f'"stop" after {shown(answer.text)}',
            _FINISH,
            breaks="A reply that was cut looks finished: programs that ask for the rest of a cut one do not.",
            compared=plain.exchange,
        )
    used = answer.count("completion_tokens")
    # The end token is counted by some servers and not by others.
    if used is not None and used > 2:
        breaks = "The reply costs more than the caller allowed."
        yield answer.unlike("at most 1, and the end token", used, "$.usage.completion_tokens", breaks=breaks)


def _goes_on(longer: str, shorter: str) -> bool:
    return longer.startswith(sound(shorter)) and len(sound(longer)) > len(sound(shorter))


@case(
    "chat.json.stop",
    Level.MUST,
    breaks="Text after the stop sequence, and the sequence itself, end up in the program's output.",
    reference="openai-openapi: up to 4 sequences where the API will stop generating further tokens; the returned text"
    " will not contain the stop sequence",
)
def stop(endpoint: Endpoint) -> Iterator[Finding]:
    """The reply ends before a stop sequence, with `stop`; in a list of them too, and in a stream."""
    plain = completion(endpoint.plain())
    word = _stop_word(plain)
    others: list[Exception] = []
    sequences: tuple[Json, ...] = (word, ["\u2042 never said", word])
    for asked in sequences:
        answer = completion(endpoint.post(endpoint.body(stop=asked)))
        yield from _stopped(endpoint, answer, word, others)
    answer = streamed(endpoint, endpoint.post(endpoint.body(stop=word, stream=True)))
    yield from _stopped(endpoint, answer, word, others)
    if others:
        raise others[0]


def _stopped(endpoint: Endpoint, answer: ChatAnswer, word: str, others: list[Exception]) -> Iterator[Finding]:
    """What is wrong with a reply that a stop sequence was to end; `others` gets what shows nothing."""
    plain = ChatAnswer(endpoint.plain())
    before = plain.text[: plain.text.index(word)]
    expected = f"{shown(before)}, which is what stands before {shown(word)} without a stop"
    # some servers take the blank away before the word
    ours, theirs = sound(before), sound(answer.text)
    if word in answer.text:
        breaks = (
            "The stop sequence itself ends up in the program's output."
            if answer.text.endswith(word)
            else "The stop sequence, and text after it, end up in the program's output."
        )
        yield answer.finding(expected, shown(answer.text), _TEXT, breaks=breaks, compared=plain.exchange)
    elif ours == theirs:
        yield from _ended(answer)
    elif not ours.startswith(theirs) and not theirs.startswith(ours):
        told = f"with a stop sequence the reply is another one: {answer.exchange.describe()}"
        others.append(InconclusiveError(told, answer.exchange))
    else:
        endpoint.refuse_chance()
        breaks = (
            "The reply goes on after the stop sequence, which is cut out of it."
            if _goes_on(theirs, ours) and not word.startswith(theirs[len(ours) :].lstrip())
            else "The beginning of the stop sequence ends up in the program's output."
            if _goes_on(theirs, ours)
            else "Text before the stop sequence is lost."
        )
        yield answer.finding(expected, shown(answer.text), _TEXT, breaks=breaks, compared=plain.exchange)


def _ended(answer: ChatAnswer) -> Iterator[Finding]:
    """What is wrong with why a reply ended that its stop sequence did end; what is no reason is told elsewhere."""
    if answer.finish_reason != "stop" and isinstance(answer.finish_reason, str):
        breaks = "A reply that is whole looks cut, or like something else: agent loops ask for the rest."
        yield answer.unlike('"stop"', answer.finish_reason, _FINISH, breaks=breaks)


def _stop_word(plain: ChatAnswer) -> str:
    """A long word of the plain reply that is said once, not at its beginning; it ends what is of several tokens.

    Raises:
        InconclusiveError: there is none.
    """
    text = plain.text
    hidden = "".join(_strings(plain.message.get(name) for name in ("reasoning", "reasoning_content")))
    pieces = [(match[0][:_LONGEST], match.start()) for match in re.finditer(r"\S{2,}", text)]
    half = len(text) // 2
    pieces.append((text[half : half + 4], half))  # a text that has no words
    found = [
        piece
        for piece, start in pieces
        if piece.strip()
        and "\ufffd" not in piece
        and piece not in hidden
        and text.find(piece) == start >= len(text) // 4
        and text[:start].strip()
    ]
    if not found:
        raise InconclusiveError("the plain reply has no word that could be a stop sequence", plain.exchange)
    return max(found, key=len)


_LONGEST = 16


def _strings(values: Iterator[Json]) -> Iterator[str]:
    return (value for value in values if isinstance(value, str))
