"""What the cases about history ask, and how they read the answers."""

from chatproof.cases.answer import ChatAnswer
from chatproof.cases.endpoint import Endpoint, Messages, assistant, user
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
    "told",
]

STATELESS = "the whole conversation is in the request; prompt_tokens count all of it"

STREAMED: dict[str, Json] = {"stream": True, "stream_options": {"include_usage": True}}

_LIMIT = 16
"""Tokens asked for: enough of a reply to know it again, and cheap in each of some forty answers."""


def rounds(count: int, topic: str = "river") -> Messages:
    """A history of so many finished rounds, each with words of its own, and a new question."""
    messages: Messages = []
    for n in range(1, count + 1):
        messages += [user(f"Question {n} about the {topic}."), assistant(f"Answer {n} about the {topic}.")]
    return [*messages, user(f"And what of the {topic} now?")]


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
    return endpoint.shared(_body(endpoint, messages, **members), nth=nth)


def counted(endpoint: Endpoint, messages: Messages, *, nth: int = 1, **members: Json) -> tuple[int, Exchange]:
    """A history's prompt tokens, with the exchange that says so.

    Raises:
        InconclusiveError: it says nothing of them.
    """
    exchange = said(endpoint, messages, nth=nth, **members)
    return answer_in(exchange).required_prompt_tokens(), exchange


def _body(endpoint: Endpoint, messages: Messages, **members: Json) -> dict[str, Json]:
    return endpoint.body(messages, limit=_LIMIT, **members)


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
    modes: tuple[dict[str, Json], ...] = ({}, STREAMED, STREAMED, {})
    return endpoint.shared_at_once(
        [_body(endpoint, talk, **members) for talk, members in zip(TALKS, modes, strict=True)]
    )


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
