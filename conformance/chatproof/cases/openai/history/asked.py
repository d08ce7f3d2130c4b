"""What the cases about history ask, and how they read the answers."""

from collections.abc import Iterable
from contextlib import suppress

from chatproof.cases.answer import ChatAnswer, shown
from chatproof.cases.endpoint import SHORT, Endpoint, Messages, assistant, user
from chatproof.cases.stream_answer import ChatStreamAnswer
from chatproof.findings.finding import Finding, InconclusiveError
from chatproof.probe import Exchange, Json

__all__ = [
    "CODE_WORD",
    "QUESTION",
    "STATELESS",
    "STREAMED",
    "TALKS",
    "answer_in",
    "at_once",
    "count_differs",
    "counted",
    "in_turn",
    "rounds",
    "said",
    "strangers_at_once",
    "streamed",
    "told",
    "with_one_id",
]

STATELESS = "the whole conversation is in the request; prompt_tokens count all of it"

STREAMED: dict[str, Json] = {"stream": True, "stream_options": {"include_usage": True}}


def rounds(count: int, topic: str = "river") -> Messages:
    """A history of so many finished rounds, each with words of its own, and a new question."""
    messages: Messages = []
    for n in range(1, count + 1):
        messages += [user(f"Question {n} about the {topic}."), assistant(f"Answer {n} about the {topic}.")]
    return [*messages, user(SHORT.replace("river", topic))]


CODE_WORD = "Quorvex"
"""A word that no model says unless it was told."""

QUESTION: Messages = [user("What is the code word?")]
"""A conversation of its own, in which no code word was told."""


def told(count: int) -> Messages:
    """So many rounds, the first of which tells the code word, and a question for it. All others are the same."""
    messages: Messages = [user(f"The code word is {CODE_WORD}."), assistant("I keep it in mind.")]
    for _ in range(count - 1):
        messages += [
            user("The desert is wide, and its sand is hot in the sun."),
            assistant("It is, and the nights are cold."),
        ]
    return [*messages, *QUESTION]


TALKS: tuple[Messages, ...] = (
    rounds(1),
    rounds(1, "mountain"),
    rounds(2),
    rounds(2, "mountain"),
)
"""Two conversations, each with its first turn and its second, in the order in which they alternate."""


def said(endpoint: Endpoint, messages: Messages, *, nth: int = 1, **members: Json) -> Exchange:
    """The one exchange for a history; another one for each time that it is asked."""
    return endpoint.shared(endpoint.brief(messages, **members), nth=nth)


def counted(endpoint: Endpoint, messages: Messages, *, nth: int = 1, **members: Json) -> tuple[int, Exchange]:
    """A history's prompt tokens, with the exchange that says so.

    Raises:
        InconclusiveError: it says nothing of them.
    """
    exchange = said(endpoint, messages, nth=nth, **members)
    return answer_in(exchange).required_prompt_tokens(), exchange


_IN_TURN = 3
"""The time at which a talk is asked in alternation: the second is at once after the first."""


def in_turn(endpoint: Endpoint) -> list[Exchange]:
    """The talks in alternation, after each was asked alone."""
    for talk in TALKS:
        said(endpoint, talk)
    return [said(endpoint, talk, nth=_IN_TURN) for talk in TALKS]


def at_once(endpoint: Endpoint) -> list[Exchange]:
    """The talks at the same time, after each alone: of each conversation one turn in JSON and one as a stream."""
    for talk in TALKS:
        said(endpoint, talk)
    return endpoint.shared_at_once(_crowd(endpoint))[: len(TALKS)]


def strangers_at_once(endpoint: Endpoint) -> list[Exchange]:
    """Messages each longer than the one before, which were asked at the same time as the talks."""
    at_once(endpoint)
    return endpoint.shared_at_once(_crowd(endpoint))[len(TALKS) :]


def streamed(endpoint: Endpoint, talk: Messages) -> Exchange | None:
    """The stream of a talk that was asked at the same time as others; None where nobody has asked yet."""
    known = endpoint.known_at_once(_crowd(endpoint))
    found = zip(TALKS, _MODES, known, strict=False)
    return next((one for messages, mode, one in found if messages == talk and mode), None)


_MODES: tuple[dict[str, Json], ...] = ({}, STREAMED, STREAMED, {})
"""How each talk is asked when all are at the same time."""

_STRANGERS: tuple[Messages, ...] = tuple([user("word " * words)] for words in (1, 17, 33, 57))
"""Others that are there at the same time."""


def _crowd(endpoint: Endpoint) -> list[Json]:
    """What is asked at the same time: eight requests, of which several cases look at what is their matter."""
    talks = [endpoint.brief(talk, **mode) for talk, mode in zip(TALKS, _MODES, strict=True)]
    return [*talks, *(endpoint.body(messages, limit=1) for messages in _STRANGERS)]


def answer_in(exchange: Exchange) -> ChatAnswer:
    """The completion that came, in one piece or as a stream.

    Raises:
        InconclusiveError: none came; `chat.json.shape` or `chat.sse.framing` reports that.
    """
    received = exchange.received
    if received is None or received.media_type != "text/event-stream":
        answer = ChatAnswer(exchange)
    else:
        streamed = ChatStreamAnswer(exchange)
        answer = ChatAnswer(exchange) if streamed.torn else streamed.answer
    if exchange.status != 200 or not exchange.complete or not answer.value:
        raise InconclusiveError(f"no completion to judge: {exchange.describe()}", exchange)
    return answer


def with_one_id(exchanges: Iterable[Exchange]) -> list[ChatAnswer]:
    """The completions that came, in one piece or as streams of one id (`chat.sse.same-head` reports others)."""
    found: list[ChatAnswer] = []
    for exchange in exchanges:
        with suppress(InconclusiveError):
            answer = answer_in(exchange)
            if answer.choices and len(_stream_ids(exchange)) <= 1:
                found.append(answer)
    return found


def _stream_ids(exchange: Exchange) -> set[str]:
    received = exchange.received
    if received is None or received.media_type != "text/event-stream":
        return set()
    return {shown(chunk["id"]) for _, chunk in ChatStreamAnswer(exchange).chunks if "id" in chunk}


def count_differs(
    expected: str, seen: object, exchange: Exchange, compared: Exchange | None = None, *, breaks: str = ""
) -> Finding:
    """A count of prompt tokens that is not what it should be."""
    return Finding(
        expected=expected,
        seen=str(seen),
        path="$.usage.prompt_tokens",
        breaks=breaks,
        exchange=exchange,
        compared=compared,
    )
