"""Cases about completions of a text: the older route, which base models and evaluation harnesses use."""

from collections.abc import Iterator
from dataclasses import replace

from chatproof.cases.answer import Answer, dict_in, dicts_in, parted, shown
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.registry import case
from chatproof.cases.route_answer import Streamed, answered, contract_findings, lost_text, readable
from chatproof.findings.finding import Finding, InconclusiveError, Level
from chatproof.probe import Exchange, Json
from chatschema import CompletionStream

__all__ = ["COMPLETIONS", "LIMIT", "PROMPT", "TextAnswer", "plain_body", "plain_text", "text_body"]

COMPLETIONS = "/completions"
LIMIT = 32
PROMPT = "Count from one to ten: one, two, three,"


class TextAnswer(Answer):
    """An answer, or a stream put together, seen as a completion of a text."""

    @property
    def choices(self) -> list[dict[str, Json]]:
        """The choices that are objects."""
        return dicts_in(self.value, "choices")

    @property
    def choice(self) -> dict[str, Json]:
        """The first choice, or an empty one."""
        return self.choices[0] if self.choices else {}

    @property
    def text(self) -> str:
        """The first choice's text, or an empty one."""
        return text_of(self.choice)


def text_of(choice: dict[str, Json]) -> str:
    """The text of a choice, or an empty one."""
    found = choice.get("text")
    return found if isinstance(found, str) else ""


def text_body(endpoint: Endpoint, prompt: Json = PROMPT, **members: Json) -> dict[str, Json]:
    """The body of a request; `members` are added or take the place of what is there."""
    made: dict[str, Json] = {"model": endpoint.profile.model, "prompt": prompt, "max_tokens": LIMIT}
    return made | dict(endpoint.profile.sampling) | members


def plain_body(endpoint: Endpoint) -> dict[str, Json]:
    """The body that tells whether there is this route."""
    return text_body(endpoint)


def plain_text(endpoint: Endpoint) -> TextAnswer:
    """The shared JSON answer to a plain request.

    Raises:
        UnsupportedError: the route is not there.
        InconclusiveError: it has no choices; `completions.json.shape` reports that.
    """
    exchange = readable(endpoint, COMPLETIONS, plain_body(endpoint), told_by="completions.json.shape")
    return _with_choices(exchange)


def plain_text_stream(endpoint: Endpoint) -> Streamed:
    """The shared stream of a plain request that asks for usage too; without that, where it is refused."""
    body, options = text_body(endpoint, stream=True), {"include_usage": True}
    exchange = endpoint.shared({**body, "stream_options": {**options}}, COMPLETIONS)
    if 400 <= exchange.status < 500:
        exchange = endpoint.shared(body, COMPLETIONS)
    return Streamed(exchange, CompletionStream())


def _with_choices(exchange: Exchange) -> TextAnswer:
    answer = TextAnswer(exchange)
    if exchange.status != 200 or not answer.choices:
        raise InconclusiveError(f"no completion to judge: {exchange.describe()}", exchange)
    return answer


@case(
    "completions.json.shape",
    Level.MUST,
    breaks="SDKs and harnesses that read the completion by its documented members fail, or read something else.",
    reference="openai-openapi CreateCompletionResponse; 56 of 56 recorded answers of OpenAI",
)
def json_shape(endpoint: Endpoint) -> Iterator[Finding]:
    """POST /completions gives a `text_completion` with one choice."""
    exchange = answered(endpoint, COMPLETIONS, plain_body(endpoint))
    yield from contract_findings(
        exchange, "completion", "a text_completion", lambda one: one.rule != "completions.usage"
    )
    answer = TextAnswer(exchange)
    if len(answer.choices) > 1:
        breaks = "Programs pay for texts that they did not ask for."
        yield answer.unlike("one choice", len(answer.choices), "$.choices", breaks=breaks)


@case(
    "completions.sse.shape",
    Level.MUST,
    breaks="Clients that stream a completion stop in the middle, or lose a part of it.",
    reference="openai-openapi createCompletion, stream; 20 recorded streams of OpenAI, 683 chunks",
)
def sse_shape(endpoint: Endpoint) -> Iterator[Finding]:
    """A stream is chunks of a `text_completion` and [DONE], and adds up to what JSON says."""
    plain = plain_text(endpoint)
    streamed = plain_text_stream(endpoint)
    yield from streamed.findings("a stream of chunks", lambda one: one.rule != "completions.usage")
    joined = TextAnswer(streamed.exchange, streamed.value)
    used, there = joined.count("completion_tokens"), plain.count("completion_tokens")
    empty = streamed.value and not joined.text and plain.text
    repeated = empty and _stopped(endpoint, plain)
    sure = bool(repeated) or (used is not None and used == there)
    yield from lost_text(streamed, joined.text, plain.text, "$[*].choices[0].text", sure=sure)


def _stopped(endpoint: Endpoint, plain: TextAnswer) -> bool:
    """Is the plain text what another request gives too, so far as a stop sequence lets it come?"""
    try:
        word = stop_word(plain.text)
    except InconclusiveError:
        return False
    again = TextAnswer(endpoint.shared(text_body(endpoint, stop=word), COMPLETIONS))
    return bool(again.text) and plain.text.startswith(again.text)


@case(
    "completions.stop",
    Level.MUST,
    breaks="Text after the stop sequence, and the sequence itself, end up in the program's output.",
    reference="openai-openapi: the returned text will not contain the stop sequence",
)
def stop(endpoint: Endpoint) -> Iterator[Finding]:
    """A stop sequence that occurs ends the text before it, with finish_reason `stop`, in JSON and in a stream."""
    plain = plain_text(endpoint)
    word = stop_word(plain.text)
    wanted = plain.text[: plain.text.index(word)]
    streamed = plain_text_stream(endpoint)
    sure = TextAnswer(streamed.exchange, streamed.value).text == plain.text
    answer = _with_choices(endpoint.shared(text_body(endpoint, stop=word), COMPLETIONS))
    yield from _stopped_rightly(answer, word, wanted, plain, sure=sure)
    stopped = Streamed(
        endpoint.shared(text_body(endpoint, stop=word, stream=True), COMPLETIONS), CompletionStream()
    ).readable()
    joined = TextAnswer(stopped.exchange, stopped.value)
    yield from _stopped_rightly(joined, word, wanted, plain, sure=sure)


def stop_word(text: str) -> str:
    """A piece from the middle of a text, letters where there are some.

    Raises:
        InconclusiveError: there is none.
    """
    words = [word for word in text.split() if len(word) > 1]
    if not words:
        raise InconclusiveError("the plain reply has no word that could be a stop sequence")
    return words[len(words) // 2][:8]


def _stopped_rightly(
    answer: TextAnswer, word: str, wanted: str, plain: TextAnswer, *, sure: bool
) -> Iterator[Finding]:
    """What is wrong with a text that had to stop before a word. `sure`: the plain reply is the same each time."""
    path = "$.choices[0].text"
    if word in answer.text:
        yield answer.finding(
            f"the text before {shown(word)}", shown(answer.text), path, compared=plain.exchange
        )
        return
    if not sure:
        return
    if answer.text.rstrip() != wanted.rstrip():
        expected, seen = parted(wanted, answer.text)
        breaks = "The stop sequence takes more out of the text than itself, or less."
        yield answer.finding(
            f"{expected}, the plain reply before {shown(word)}",
            seen,
            path,
            breaks=breaks,
            compared=plain.exchange,
        )
    if answer.choice.get("finish_reason") != "stop":
        breaks = "A text that is at its end looks cut: programs ask for more of it."
        reason = answer.choice.get("finish_reason")
        yield answer.unlike('"stop"', reason, "$.choices[0].finish_reason", breaks=breaks)


@case(
    "completions.usage",
    Level.MUST,
    breaks="Costs and limits are computed from wrong counts.",
    reference="openai-openapi CompletionUsage; 56 of 56 recorded answers of OpenAI",
)
def usage(endpoint: Endpoint) -> Iterator[Finding]:
    """Counts add up, are there for what was said and within the limit; a prompt has one count, in a stream too."""
    plain = plain_text(endpoint)
    yield from contract_findings(
        plain.exchange,
        "completion",
        "a text_completion",
        lambda one: one.rule == "completions.usage" or one.path.startswith("$.usage"),
    )
    yield from _plausible(plain)
    streamed = plain_text_stream(endpoint)
    answer = TextAnswer(streamed.exchange, streamed.value)
    yield from _plausible(answer)
    ours, theirs = plain.count("prompt_tokens"), answer.count("prompt_tokens")
    if ours is not None and theirs is not None and ours != theirs:
        breaks = "The same prompt costs something else in a stream."
        expected = f"{ours}, as in JSON"
        path = "$.usage.prompt_tokens"
        yield answer.finding(expected, shown(theirs), path, breaks=breaks, compared=plain.exchange)
    asked = b"stream_options" in streamed.exchange.sent.body
    if asked and answer.choices and not answer.counts and plain.counts:
        breaks = "Programs that stream never learn what it cost, though they ask."
        expected = "a last chunk with usage, as include_usage asks"
        found = streamed.finding(expected, "none", "$[*].usage", breaks=breaks, compared=plain.exchange)
        yield replace(found, level=Level.SHOULD)


def _plausible(answer: TextAnswer) -> Iterator[Finding]:
    """What counts cannot be beside this text."""
    read, used = answer.count("prompt_tokens"), answer.count("completion_tokens")
    if read is not None and read < 1:
        breaks = "The prompt is not counted: costs and limits are computed without it."
        yield answer.unlike("above 0: there was a prompt", read, "$.usage.prompt_tokens", breaks=breaks)
    path = "$.usage.completion_tokens"
    if used == 0 and answer.text:
        breaks = "The text is not counted: costs and limits are computed without it."
        yield answer.unlike("above 0: there is text", used, path, breaks=breaks)
    if used is not None and used > LIMIT + 1:
        breaks = "The text costs more than the caller allowed."
        yield answer.unlike(f"at most {LIMIT}, and the end token", used, path, breaks=breaks)


def logprobs_in(choice: dict[str, Json]) -> dict[str, Json]:
    """The log probabilities of a choice, or an empty object."""
    return dict_in(choice, "logprobs")
