"""Cases about what a chat request asks for besides an answer: several choices, a seed, unset and unknown members."""

from collections.abc import Iterator
from dataclasses import replace

from chatproof.cases.answer import ChatAnswer, completion, dict_in, parted, shown
from chatproof.cases.combined import NULLED, is_good, named, named_and_unknown, nulls, session
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.refusal import end_unless_broken
from chatproof.cases.registry import case
from chatproof.findings.finding import Finding, Level, UnsupportedError
from chatproof.probe import Exchange, Json

__all__: list[str] = []


@case(
    "chat.json.n",
    Level.MAY,
    breaks="A program that asks for two candidates compares one with nothing.",
    reference="openai-openapi: n, how many choices to generate",
)
def n_choices(endpoint: Endpoint) -> Iterator[Finding]:
    """`n: 2` gives two choices with index 0 and 1; usage counts the tokens of both, and the prompt once."""
    sampling: dict[str, Json] = {"temperature": 1} if endpoint.profile.sampling else {}
    exchange = endpoint.post(endpoint.body(limit=1, n=2) | sampling)
    if exchange.status >= 400:
        yield from end_unless_broken(exchange, "n: 2 is refused")
        return
    answer = completion(exchange)
    if len(answer.choices) == 1:
        raise UnsupportedError("n: 2 gives one choice", exchange)
    indexes = [choice.get("index") for choice in answer.choices]
    if indexes != [0, 1]:
        yield answer.unlike("two choices, index 0 and 1", indexes, "$.choices[*].index")
    yield from _counted_as_one(answer, ChatAnswer(endpoint.plain()))


def _counted_as_one(answer: ChatAnswer, plain: ChatAnswer) -> Iterator[Finding]:
    """What is wrong with the counts of several choices: each text is a token at least, the prompt is read once.

    A should: no client is known to break on it.
    """
    breaks = (
        "Costs and rate limits are computed from a part of what was generated, or from more than was read."
    )
    texts = [text for choice in answer.choices if (text := dict_in(choice, "message").get("content"))]
    used = answer.count("completion_tokens")
    if used is not None and used < len(texts):
        breaks = "Costs and rate limits are computed from a part of what was generated."
        expected = f"at least {len(texts)}: that many choices have text"
        yield answer.unlike(expected, used, "$.usage.completion_tokens", level=Level.SHOULD, breaks=breaks)
    read, once = answer.count("prompt_tokens"), plain.count("prompt_tokens")
    if read is not None and once is not None and read > once:
        breaks = "Costs and rate limits are computed from more than was read."
        yield answer.finding(
            f"{once}, as for one choice",
            shown(read),
            "$.usage.prompt_tokens",
            level=Level.SHOULD,
            breaks=breaks,
            compared=plain.exchange,
        )


@case(
    "chat.json.null-options",
    Level.MUST,
    breaks="Programs that pass their unset options on as null, as many SDKs do, are refused.",
    reference="openai-openapi: these members are nullable",
)
def null_options(endpoint: Endpoint) -> Iterator[Finding]:
    """Optional members sent as null are taken as absent."""
    if is_good(nulls(endpoint)):
        return
    answer = ChatAnswer(endpoint.post(endpoint.body() | dict.fromkeys(NULLED)))  # `stream` is another case's
    if answer.exchange.status != 200 or not answer.choices:
        plain = completion(endpoint.plain())
        breaks = "Programs that pass their unset options on as null, as many SDKs do, get no answer."
        expected = f"200: null {', '.join(NULLED)} are as absent"
        yield replace(Finding.instead(expected, answer.exchange, breaks=breaks), compared=plain.exchange)


@case(
    "chat.json.seed",
    Level.SHOULD,
    breaks="Tests and evaluations that fix the seed give another result each time.",
    reference="openai-openapi: repeated requests with the same seed should return the same result",
)
def seed(endpoint: Endpoint) -> Iterator[Finding]:
    """Temperature 0 and a seed give the same text twice."""
    first, second = map(completion, session(endpoint).seeded or _alone(endpoint))
    if session(endpoint).seeded and first.message.get("content") != second.message.get("content"):
        first, second = map(completion, _alone(endpoint))  # a stream and a kept connection stood between
    if first.message.get("content") != second.message.get("content"):
        expected, seen = parted(first.message.get("content"), second.message.get("content"))
        path = "$.choices[0].message.content"
        yield second.finding(f"{expected}, as the time before", seen, path, compared=first.exchange)


def _alone(endpoint: Endpoint) -> tuple[Exchange, Exchange]:
    """The request with a seed twice, over connections of their own."""
    body = endpoint.body(seed=7)
    return endpoint.post(body), endpoint.post(body)


@case(
    "chat.json.extra-member",
    Level.SHOULD,
    breaks="A client that is newer than the server gets 5xx, which SDKs retry, for a member it could do without.",
    reference="OpenAI refuses unknown members with 400; others ignore them",
)
def extra_member(endpoint: Endpoint) -> Iterator[Finding]:
    """An unknown request member is ignored or gets 4xx, never 5xx."""
    both = named_and_unknown(endpoint)
    refused = both.complete and 400 <= both.status < 500
    if is_good(both) or (refused and is_good(named(endpoint))):
        return
    exchange = endpoint.post(endpoint.body(chatproof_unknown_member=True))
    if not exchange.complete or exchange.status >= 500:
        completion(endpoint.plain())
        breaks = (
            "" if exchange.complete else "A client that is newer than the server gets no whole answer at all."
        )
        yield Finding.instead("200 or 4xx", exchange, breaks=breaks)
