"""Cases about the JSON answer of a chat request."""

import time
from collections.abc import Iterator

from chatproof.cases.answer import ChatAnswer, body_findings, completion, shown
from chatproof.cases.endpoint import SHORT, Endpoint, user
from chatproof.cases.registry import case
from chatproof.cases.stream_answer import ChatStreamAnswer
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError
from chatschema.judging import judge_completion

__all__: list[str] = []

_DAY = 86_400
_CHOICE = r"\$\.choices\[\d+\]"


@case(
    "chat.json.shape",
    Level.MUST,
    breaks="Programs fail on the member that is missing or of another type, or go on with a wrong value.",
    reference="chatschema.ChatCompletion: what holds for recorded OpenAI answers and what SDKs need",
)
def shape(endpoint: Endpoint) -> Iterator[Finding]:
    """The body is valid against the strict ChatCompletion model."""
    yield from body_findings(endpoint.plain(), "a chat completion", judge_completion, "shape.")


@case(
    "chat.json.spec-complete",
    Level.SHOULD,
    breaks="Code generated from the specification refuses the answer.",
    reference="openai-openapi CreateChatCompletionResponse: required members",
)
def spec_complete(endpoint: Endpoint) -> Iterator[Finding]:
    """Members that the specification requires are there, also those that clients live without."""
    yield from completion(endpoint.plain()).findings("chat.json.spec-complete")
    yield from ChatStreamAnswer(endpoint.plain_stream()).findings("chat.json.spec-complete")


@case(
    "chat.json.id",
    Level.MUST,
    breaks="Logs, caches and tracing mix up answers that share an id.",
    reference="openai-openapi: a unique identifier for the chat completion",
)
def unique_id(endpoint: Endpoint) -> Iterator[Finding]:
    """The id is not empty, and another one on each call."""
    first = completion(endpoint.plain())
    second = completion(endpoint.shared(endpoint.brief([user(SHORT)])))
    for answer in (first, second):
        if not answer.value.get("id"):
            breaks = "Logs and tracing have no name for the answer."
            yield answer.unlike("a non-empty id", answer.value.get("id"), "$.id", breaks=breaks)
            return
    if first.value["id"] == second.value["id"]:
        seen = f"{shown(first.value['id'])} on two calls"
        compared = first.exchange
        yield second.finding("another id on each call", seen, "$.id", compared=compared)


@case(
    "chat.json.created",
    Level.SHOULD,
    breaks="Transcripts and dashboards sort answers into the wrong century.",
    reference="openai-openapi: the Unix timestamp (in seconds) of when it was created",
)
def created(endpoint: Endpoint) -> Iterator[Finding]:
    """`created` is a UNIX time in seconds, within a day of now."""
    answer = completion(endpoint.plain())
    seen = answer.value.get("created")
    now = int(answer.exchange.at or time.time())
    if not isinstance(seen, int | float):
        breaks = "Programs that read when an answer was made have no time to read."
        yield answer.unlike(f"about {now}", seen, "$.created", breaks=breaks)
    elif abs(seen - now) > _DAY:
        yield answer.unlike(f"about {now}", seen, "$.created")


@case(
    "chat.json.model",
    Level.SHOULD,
    breaks="Billing and logs name a model that nobody asked for.",
    reference="OpenAI echoes the model or a dated variant of it",
)
def model(endpoint: Endpoint) -> Iterator[Finding]:
    """`model` is the one asked for, or a variant of its name."""
    answer = completion(endpoint.plain())
    seen, asked = answer.value.get("model"), endpoint.profile.model
    same = isinstance(seen, str) and bool(seen) and (asked in seen or seen in asked)
    if not same:
        breaks = "" if seen else "Billing and logs have no name for the model."
        yield answer.unlike(f'"{asked}", or a variant of it', seen, "$.model", breaks=breaks)


@case(
    "chat.json.role",
    Level.MUST,
    breaks="A client that keeps the message as history resends it with a role that endpoints refuse.",
    reference="openai-openapi ChatCompletionResponseMessage.role: assistant",
)
def role(endpoint: Endpoint) -> Iterator[Finding]:
    """The message's role is assistant."""
    yield from completion(endpoint.plain()).findings(at=rf"{_CHOICE}\.message(\.role)?")


@case(
    "chat.json.content",
    Level.MUST,
    breaks="Chat clients show 'None', or record an empty reply that later requests are refused for.",
    reference="openai-openapi: content is a string, null only beside tool calls or a refusal",
)
def content(endpoint: Endpoint) -> Iterator[Finding]:
    """`content` is a string, or null only with tool calls or a refusal."""
    yield from completion(endpoint.plain()).findings(
        "chat.json.content", at=rf"{_CHOICE}\.message(\.content)?"
    )


@case(
    "chat.json.finish-reason",
    Level.MUST,
    breaks="Clients cannot tell a whole reply from a cut one; agent loops do not end.",
    reference="openai-openapi: stop, length, tool_calls, content_filter, function_call",
)
def finish_reason(endpoint: Endpoint) -> Iterator[Finding]:
    """`finish_reason` is one of the five; never null or empty."""
    yield from completion(endpoint.plain()).findings(at=rf"{_CHOICE}(\.finish_reason)?")


@case(
    "chat.json.one-choice",
    Level.MUST,
    breaks="Clients take the first choice and pay for the others.",
    reference="openai-openapi: n defaults to 1",
)
def one_choice(endpoint: Endpoint) -> Iterator[Finding]:
    """One choice when one was asked for, with index 0."""
    answer = completion(endpoint.plain())
    if len(answer.choices) != 1:
        yield answer.finding("one choice", f"{len(answer.choices)} choices", "$.choices")
    elif answer.choice.get("index") != 0:
        breaks = "Clients that look for the choice by its index find none."
        yield answer.unlike("0", answer.choice.get("index"), "$.choices[0].index", breaks=breaks)


@case(
    "chat.json.usage",
    Level.MUST,
    breaks="Costs and context windows are computed from numbers that are not there or do not add up.",
    reference="openai-openapi CompletionUsage: total_tokens = prompt + completion",
)
def usage(endpoint: Endpoint) -> Iterator[Finding]:
    """Token counts are non-negative integers, and the total is their sum."""
    answer = completion(endpoint.plain())
    names = ("prompt_tokens", "completion_tokens", "total_tokens")
    if not answer.counts:
        breaks = "Costs and context windows cannot be computed: there are no token counts."
        yield answer.unlike(
            "an object with token counts", answer.value.get("usage"), "$.usage", breaks=breaks
        )
        return
    counts = [answer.count(name) for name in names]
    for name, count in zip(names, counts, strict=True):
        if count is None or count < 0:
            breaks = "Costs and context windows are computed from what is no count."
            seen = answer.counts.get(name)
            yield answer.unlike("a non-negative integer", seen, f"$.usage.{name}", breaks=breaks)
    prompt, completed, total = counts
    if prompt is not None and completed is not None and total is not None and prompt + completed != total:
        expected = f"{prompt} + {completed} = {prompt + completed}"
        breaks = "Costs and context windows are computed from numbers that do not add up."
        yield answer.unlike(expected, total, "$.usage.total_tokens", breaks=breaks)


@case(
    "chat.json.usage-plausible",
    Level.MUST,
    breaks="Budgets, rate limits and context windows are kept by counts that mean nothing.",
    reference="openai-openapi: number of tokens in the prompt, in the generated completion",
)
def usage_plausible(endpoint: Endpoint) -> Iterator[Finding]:
    """Tokens are counted where there is text, and no more than were allowed."""
    answer = completion(endpoint.plain())
    prompt, completed = answer.count("prompt_tokens"), answer.count("completion_tokens")
    if prompt is None or completed is None:
        lacking = "prompt_tokens" if prompt is None else "completion_tokens"
        seen = shown(answer.counts.get(lacking))
        raise InconclusiveError(f"{lacking} is no count: {seen} (see chat.json.usage)", answer.exchange)
    if prompt <= 0:
        yield answer.unlike("more than 0", prompt, "$.usage.prompt_tokens")
    if answer.text and completed <= 0:
        yield answer.unlike("more than 0: the reply has text", completed, "$.usage.completion_tokens")
    allowed = endpoint.body()[endpoint.profile.limit_member]
    if isinstance(allowed, int) and completed > allowed + 1:
        breaks = "The reply costs more than the caller allowed, or is counted as if it did."
        expected = f"at most {allowed}, and the end token"
        yield answer.unlike(expected, completed, "$.usage.completion_tokens", breaks=breaks)


@case(
    "chat.json.usage-details",
    Level.MAY,
    breaks="Costs go wrong: what was cached or only thought is taken off what it is no part of.",
    reference="openai-openapi CompletionUsage: breakdown of tokens used in the prompt, in the completion",
)
def usage_details(endpoint: Endpoint) -> Iterator[Finding]:
    """Cached tokens are not more than the prompt's, reasoning tokens not more than the answer's; in a stream too."""
    streamed = ChatStreamAnswer(endpoint.usage_stream()).answer
    answers = [ChatAnswer(endpoint.plain()), streamed]
    told = [one for one in answers if _counts_details(one)]
    if not told:
        raise UnsupportedError("no details of token counts are told", answers[0].exchange)
    for answer in told:
        yield from answer.findings("chat.json.usage-details", at=rf"\$\.usage\.({'|'.join(_DETAILS)}).*")


def _counts_details(answer: ChatAnswer) -> bool:
    """Are there details, of counts that are such?"""
    counts = [answer.count(name) for name in ("prompt_tokens", "completion_tokens")]
    sound = all(count is None or count >= 0 for count in counts)
    return sound and any(answer.counts.get(name) for name in _DETAILS)


_DETAILS = ("prompt_tokens_details", "completion_tokens_details")
