"""Cases about what is said, not how much was read: does each conversation get the reply that is its own?"""

from collections.abc import Iterator

from chatproof.cases.answer import parted, shown
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.openai.history.apart import after_the_long_one
from chatproof.cases.openai.history.asked import CODE_WORD, QUESTION, TALKS, at_once, in_turn, said, told
from chatproof.cases.openai.history.texts import Talk, Text, holds, suspects, text_of
from chatproof.cases.registry import case
from chatproof.findings.finding import Finding, InconclusiveError, Level

__all__: list[str] = []

_AT_ONCE = "at the same time as others"

_MOST_BY_CHANCE = 2
"""Conversations whose first letter may be another one by rounding. It happens to one in twenty at the most, where all
weights are random and computed in half precision."""


@case(
    "history.recall",
    Level.INFO,
    breaks="The model does not repeat what it was told at the beginning.",
    reference="depends on the model: reported, never judged",
)
def recall(endpoint: Endpoint) -> Iterator[Finding]:
    """A code word told in turn one is repeated in turn three; told, never judged."""
    exchange = said(endpoint, told(2))
    if not _tells(text := text_of(exchange)):
        seen = shown(text) if text else exchange.describe()
        raise InconclusiveError(
            f"the code word is not repeated, which is the model's affair: {seen}", exchange
        )
    yield from ()


@case(
    "history.text-is-own",
    Level.MUST,
    breaks="A user reads the reply to somebody else's conversation.",
    reference="a reply follows from its request alone; at temperature 0 the text is the same, but for what rounding"
    " does where several are computed together (vLLM, llama.cpp)",
)
def text_is_own(endpoint: Endpoint) -> Iterator[Finding]:
    """A conversation gets its own text after others and at once with them, never another's (temperature 0)."""
    talks = _heard(endpoint)
    if leaked := [one for talk in talks for one in talk.texts if _tells(one.text)]:
        yield Finding(
            expected="no word of what another conversation was told",
            seen=f"the code word of another conversation: {shown(leaked[0].text)}",
            path="$.choices[0].message.content",
            breaks="What one user told the model is told to another.",
            exchange=leaked[0].exchange,
            compared=after_the_long_one(endpoint)[1],
        )
        return
    if not endpoint.profile.sampling:
        raise InconclusiveError("temperature 0 is refused: no text can be expected to come twice")
    found = list(_foreign(endpoint, talks)) or list(_unlike(endpoint, talks))
    yield from found
    if not found:
        _refuse_blindness(talks)


def _tells(text: str) -> bool:
    return CODE_WORD.lower() in text.lower()


def _heard(endpoint: Endpoint) -> list[Talk]:
    """The conversations with all that was said to them: first alone, then after one another, then together."""
    talks = [Talk(messages) for messages in TALKS]
    for talk in talks:
        talk.hear("alone", said(endpoint, talk.messages))
    talks[2].hear("again", said(endpoint, TALKS[2], nth=2))
    for manner, exchanges in (("after others", in_turn(endpoint)), (_AT_ONCE, at_once(endpoint))):
        for talk, exchange in zip(talks, exchanges, strict=True):
            talk.hear(manner, exchange)
    question = Talk(QUESTION)
    before, _, after = after_the_long_one(endpoint)
    question.hear("alone", before)
    question.hear("after a long one", after)
    return [*talks, question]


def _foreign(endpoint: Endpoint, talks: list[Talk]) -> Iterator[Finding]:
    """What was said to one conversation, and is another's: both are asked alone again, to know whose it is."""
    found = suspects(talks)
    if found is None:
        return
    own = [_alone(endpoint, talk, _SURE) for talk in found]
    if own[0] is None or own[1] is None or own[0].text == own[1].text:
        return
    for talk, mine, other in ((found[0], own[0], own[1]), (found[1], own[1], own[0])):
        for one in talk.texts:
            if holds(one.text, other.text) and not holds(mine.text, other.text):
                yield _finding(mine, one, f"another conversation's, {one.manner}", other)
                return


_SURE, _LIKELY = 8, 4
"""How often a conversation is asked to know its own text. One that is chosen by chance is hardly ever so steady."""


def _alone(endpoint: Endpoint, talk: Talk, times: int) -> Text | None:
    """A conversation's own text, where it has one: what it is told each time after itself."""
    body = talk.texts[0].exchange.sent.json
    talk.hear("after others", endpoint.post(body))
    first: Text | None = None
    for _ in range(1, times):
        exchange = endpoint.post(body)
        text = text_of(exchange)
        if not text or (first and first.text != text):
            return None
        first = first or Text("alone", text, exchange)
    return first


def _unlike(endpoint: Endpoint, talks: list[Talk]) -> Iterator[Finding]:
    """More conversations begin otherwise than rounding makes them."""
    found = [talk for talk in talks if talk.begins_otherwise]
    if len(found) <= _MOST_BY_CHANCE:
        return
    unlike: list[Finding] = []
    for talk in found[: _MOST_BY_CHANCE + 1]:
        if (own := _alone(endpoint, talk, _LIKELY)) is None:
            return
        stray = next(one for one in talk.texts if one.text[0] != own.text[0])
        breaks = "What a user reads depends on what others ask, from its first letter on."
        unlike.append(_finding(own, stray, stray.manner, own, level=Level.SHOULD, breaks=breaks))
    yield from unlike


def _finding(
    own: Text, stray: Text, whose: str, other: Text, *, level: Level | None = None, breaks: str = ""
) -> Finding:
    expected, seen = parted(own.text, stray.text)
    return Finding(
        expected=f"{expected}, its own",
        seen=f"{seen} ({whose})",
        path="$.choices[0].message.content",
        level=level,
        breaks=breaks,
        exchange=stray.exchange,
        compared=other.exchange,
    )


def _refuse_blindness(talks: list[Talk]) -> None:
    """End the case where nothing could be seen.

    Raises:
        InconclusiveError: no text comes twice, or all are the same, or one is another than it was.
    """
    for talk in talks:
        if stray := talk.stray:
            before, then = parted(talk.texts[0].text, stray.text)
            raise InconclusiveError(
                "a text is not always the same, and nobody else's: rounding does that where several requests are"
                f" computed together, and sampling. {before}, and {stray.manner} {then}",
                stray.exchange,
            )
    texts = [one for talk in talks if len(talk.texts) > 1 for one in talk.texts]
    if not texts:
        raise InconclusiveError("the replies have no text, or one of them at the most")
    if len({one.text for one in texts}) == 1:
        reason = f"all conversations have the same text: {shown(texts[0].text)}"
        raise InconclusiveError(reason, texts[0].exchange)
    if not any(one.manner == _AT_ONCE for one in texts):
        raise InconclusiveError("no text came at the same time as others", texts[0].exchange)
