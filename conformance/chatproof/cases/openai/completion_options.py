"""Cases about what completions of a text can do besides: echo, log probabilities, several prompts."""

from collections.abc import Iterator
from dataclasses import replace

from chatproof.cases.answer import dicts_in, shown
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.openai.completions import (
    COMPLETIONS,
    PROMPT,
    TextAnswer,
    logprobs_in,
    plain_text,
    text_body,
    text_of,
)
from chatproof.cases.refusal import end_unless_broken
from chatproof.cases.registry import case
from chatproof.cases.route_answer import contract_findings, of_the_case
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError
from chatproof.probe import Exchange, Json

__all__: list[str] = []

_SECOND = "A dog chases a cat. The cat"
_NOTHING_ABOVE = 1e-3
"""Rounding may take a logarithm of nearly 1 above 0 by a little."""


def _with(endpoint: Endpoint, **members: Json) -> Exchange:
    """The shared answer to a request with both options, as evaluation harnesses ask; with one, where it is refused."""
    both = endpoint.shared(text_body(endpoint, echo=True, logprobs=1), COMPLETIONS)
    if both.status == 200 or not both.complete:
        return both
    return endpoint.shared(text_body(endpoint, **members), COMPLETIONS)


@case(
    "completions.echo",
    Level.MAY,
    breaks="Harnesses that score a prompt by its echo score something else.",
    reference="openai-openapi: echo back the prompt in addition to the completion",
)
def echo(endpoint: Endpoint) -> Iterator[Finding]:
    """`echo` puts the prompt before the completion, once, and leaves the completion there."""
    plain = plain_text(endpoint)
    exchange = _with(endpoint, echo=True)
    if exchange.status >= 400:
        yield from end_unless_broken(exchange, "echo is refused")
        return
    answer = TextAnswer(exchange)
    if not answer.choices:
        raise InconclusiveError(f"no completion to judge: {exchange.describe()}", exchange)
    path = "$.choices[0].text"
    if PROMPT not in answer.text:
        raise UnsupportedError("echo is ignored: the prompt is not in the text", exchange)
    if not answer.text.startswith(PROMPT):
        # a fake or a model that repeats what it was told may say the prompt by itself
        if PROMPT in plain.text:
            raise UnsupportedError("echo is ignored: the text does not begin with the prompt", exchange)
        yield answer.unlike(f"a text that begins with {shown(PROMPT)}", answer.text, path)
        return
    if answer.text == PROMPT and plain.text and answer.count("completion_tokens") != 0:
        breaks = "With the echo the completion is lost."
        yield answer.finding(
            f"{shown(PROMPT)}, then the completion",
            "the prompt alone",
            path,
            breaks=breaks,
            compared=plain.exchange,
        )


@case(
    "completions.logprobs",
    Level.MAY,
    breaks="Harnesses that score texts read the score of another token, or none.",
    reference="openai-openapi CreateCompletionResponse, logprobs: tokens, token_logprobs, top_logprobs, text_offset",
)
def logprobs(endpoint: Endpoint) -> Iterator[Finding]:
    """`logprobs: 1` gives lists of one length, of tokens that join to the text, with logarithms of at most 0."""
    plain_text(endpoint)
    exchange = _with(endpoint, logprobs=1)
    if exchange.status >= 400:
        yield from end_unless_broken(exchange, "logprobs are refused")
        return
    answer = TextAnswer(exchange)
    found = logprobs_in(answer.choice)
    if not answer.choices:
        raise InconclusiveError(f"no completion to judge: {exchange.describe()}", exchange)
    if not found:
        raise UnsupportedError("logprobs are ignored: the choice has none", exchange)
    yield from contract_findings(
        exchange,
        "completion",
        "a text_completion",
        lambda one: one.rule == "completions.logprobs" or ".logprobs." in one.path,
        of_the_case,
    )
    yield from _above_nothing(answer, found)
    yield from _joined(answer, found)


def _above_nothing(answer: TextAnswer, found: dict[str, Json]) -> Iterator[Finding]:
    listed = found.get("token_logprobs")
    for number, value in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(value, int | float) and not isinstance(value, bool) and value > _NOTHING_ABOVE:
            breaks = "What is read as the logarithm of a probability is none: scores come out wrong."
            path = f"$.choices[0].logprobs.token_logprobs[{number}]"
            yield answer.unlike("at most 0, or null", value, path, breaks=breaks)
            return


def _joined(answer: TextAnswer, found: dict[str, Json]) -> Iterator[Finding]:
    """The tokens are those of the text. Some name bytes of half a character, and the end token is none of the text."""
    listed = found.get("tokens")
    tokens = [token for token in listed if isinstance(token, str)] if isinstance(listed, list) else []
    joined = "".join(tokens)
    if not tokens or "\ufffd" in joined or any(token.startswith("bytes:") for token in tokens):
        return
    if not joined.strip().startswith(answer.text.strip()):
        breaks = "Scores are read as those of a text that they do not belong to."
        expected = f"tokens that join to {shown(answer.text)}"
        path = "$.choices[0].logprobs.tokens"
        yield replace(answer.unlike(expected, joined, path, breaks=breaks), level=Level.SHOULD)


@case(
    "completions.prompt-list",
    Level.SHOULD,
    breaks="Programs that send several prompts at once, as harnesses do, are refused.",
    reference="openai-openapi: prompt is a string, an array of strings, or tokens; index counts through them",
)
def prompt_list(endpoint: Endpoint) -> Iterator[Finding]:
    """Two prompts give two choices, index 0 and 1, each for its own prompt."""
    plain = plain_text(endpoint)
    exchange = endpoint.shared(text_body(endpoint, prompt=[PROMPT, _SECOND]), COMPLETIONS)
    if exchange.status != 200:
        yield replace(
            Finding.instead("200 with a choice for each of two prompts", exchange), compared=plain.exchange
        )
        return
    choices = dicts_in(exchange.object(), "choices")
    answer = TextAnswer(exchange)
    indexes = [choice.get("index") for choice in choices]
    if sorted(map(str, indexes)) != ["0", "1"]:
        lost = len(choices) < 2
        breaks = (
            "The text of a prompt is lost." if lost else "Texts are given to prompts that they are not of."
        )
        found = answer.unlike("two choices, index 0 and 1", indexes, "$.choices[*].index", breaks=breaks)
        yield replace(found, level=Level.MUST)
        return
    first, second = (text_of(choice) for choice in sorted(choices, key=lambda one: str(one.get("index"))))
    if plain.text and second == plain.text != first:
        breaks = "Texts are given to prompts that they are not of."
        found = answer.finding(
            f"index 0 with {shown(plain.text)}, as the first prompt has alone",
            f"index 1 with it, and index 0 with {shown(first)}",
            "$.choices[*].text",
            breaks=breaks,
            compared=plain.exchange,
        )
        yield replace(found, level=Level.MUST)
