"""Cases about limits that no reply can have, and prompts that no context can hold.

A limit that is taken for none may cost as many tokens as a context has: it is asked about in a stream, which is left
after some events, and only where that is refused in JSON, too.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace

from chatproof.cases.answer import ChatAnswer, dict_in, dicts_in
from chatproof.cases.endpoint import Endpoint, user
from chatproof.cases.refusal import is_accepted, refusal
from chatproof.cases.registry import case
from chatproof.cases.stream_answer import ChatStreamAnswer
from chatproof.findings.finding import Finding, InconclusiveError, Level
from chatproof.probe import Exchange, FailureKind, Json

__all__: list[str] = []

_ENOUGH = 40
"""Events after which a stream is left: more than a plain reply has."""

_HUGE = 1_000_000_000

_TAKEN_FOR_NONE = "A limit computed wrongly is taken as another, or as none, and nobody is told."


def _limited(endpoint: Endpoint, limit: int) -> Exchange:
    """The answer to a limit, which is not read to its end where it may have none."""
    body = json.dumps(endpoint.body(limit=limit, stream=True)).encode()
    request = endpoint.probe.request("POST", endpoint.profile.chat_path, body)
    return endpoint.once(f"limit {limit}", lambda: endpoint.probe.exchange(replace(request, events=_ENOUGH)))


def _wrong_limit(endpoint: Endpoint, exchange: Exchange) -> Iterator[Finding]:
    # OpenAI and others count the limit and the messages together, and name the messages
    about = (endpoint.profile.limit_member, "messages")
    if _is_left_well(exchange):
        expected = '4xx with {"error": {"message": …}}'
        seen = f"accepted: {exchange.describe()}"
        yield Finding(
            expected=expected, seen=seen, level=Level.SHOULD, breaks=_TAKEN_FOR_NONE, exchange=exchange
        )
    else:
        yield from refusal(exchange, *about, accepted=Level.SHOULD, silent=_TAKEN_FOR_NONE)


def _is_left_well(exchange: Exchange) -> bool:
    """Was it a stream of a reply until it was left?"""
    left = exchange.failure is not None and exchange.failure.kind is FailureKind.LEFT
    return left and exchange.status == 200 and bool(ChatStreamAnswer(exchange).answer.choices)


@case(
    "chat.errors.max-tokens-zero",
    Level.MUST,
    breaks="A limit computed wrongly is taken as another, or looks like a fault of the server.",
    reference="OpenAI: 400 integer_below_min_value; 6 recorded servers: 400, 500, one token, or no limit at all",
)
def zero_limit(endpoint: Endpoint) -> Iterator[Finding]:
    """A token limit of 0 gets 4xx with an error object, in a stream and in JSON."""
    exchange = _limited(endpoint, 0)
    found = [*_wrong_limit(endpoint, exchange)]
    yield from found
    if 400 <= exchange.status < 500:
        yield from _wrong_limit(endpoint, endpoint.post(endpoint.body(limit=0)))


@case(
    "chat.errors.max-tokens-negative",
    Level.MUST,
    breaks="A limit computed wrongly is taken as another, or looks like a fault of the server.",
    reference="OpenAI: integer below minimum value",
)
def negative_limit(endpoint: Endpoint) -> Iterator[Finding]:
    """A token limit of -1 gets 4xx with an error object."""
    yield from _wrong_limit(endpoint, _limited(endpoint, -1))


@case(
    "chat.errors.max-tokens-huge",
    Level.MUST,
    breaks="A limit computed wrongly is taken as another, or looks like a fault of the server.",
    reference="OpenAI: 400, max_tokens is too large; vLLM: 400, the prompt and the limit pass the context",
)
def huge_limit(endpoint: Endpoint) -> Iterator[Finding]:
    """A token limit that no context holds gets 4xx with an error object."""
    yield from _wrong_limit(endpoint, _limited(endpoint, _HUGE))


@case(
    "chat.errors.context-length",
    Level.MUST,
    breaks="A conversation that has grown too long ends in what looks like a fault of the server: SDKs retry it, and"
    " programs that would shorten it never learn that they should.",
    reference="OpenAI: 400 with code context_length_exceeded; 4 of 6 recorded servers refuse it with 400",
)
def context_length(endpoint: Endpoint) -> Iterator[Finding]:
    """A prompt longer than the context gets 4xx with an error object (code context_length_exceeded: a should).

    How long that is the endpoint tells, in its list of models or where it refuses a limit. What it does not tell is not
    tried: each try that is answered costs a whole prompt.
    """
    length = _told(endpoint)
    exchange = endpoint.post(endpoint.body([user("word " * (length + _MORE))], limit=1))
    if is_accepted(exchange):
        read = ChatAnswer(exchange).count("prompt_tokens")
        told = f"a prompt of at least {length + _MORE:,} tokens is answered as one of {read}"
        raise InconclusiveError(
            f"{told}, though the endpoint tells of a context of {length:,} (see history.no-silent-truncation)",
            exchange,
        )
    found = [*refusal(exchange, "messages", endpoint.profile.limit_member)]
    yield from found
    if not found and (code := dict_in(exchange.object(), "error").get("code")) != _CODE:
        breaks = (
            "Programs that shorten a conversation where it is too long do not know this error from others."
        )
        yield Finding(
            expected=f'400 with "code": "{_CODE}"',
            seen=f"HTTP {exchange.status} with code {json.dumps(code)}",
            path="$.error.code",
            level=Level.SHOULD,
            breaks=breaks,
            exchange=exchange,
        )


_CODE = "context_length_exceeded"

_MORE = 64
"""Words past the context: each is a token at least."""

_SHARE = 0.6
"""Of the tokens that the run has left, for one try that may be answered."""

_MEMBERS = (
    "max_model_len",  # vLLM, SGLang
    "n_ctx",  # llama.cpp, in `meta`
    "context_length",  # OpenRouter, Together
    "context_window",  # Groq
    "max_context_length",  # Mistral
)
_SENTENCE = re.compile(
    r"maximum context length (?:is|of) (\d{1,9})|context (?:length|window) (?:is|of) (\d{1,9})"
)


def _told(endpoint: Endpoint) -> int:
    """The length of the context, as the endpoint tells it.

    Raises:
        InconclusiveError: it does not, or it is too long to be filled.
    """
    told = [*_listed(endpoint), *_said(_limited(endpoint, _HUGE))]
    if not told:
        raise InconclusiveError(
            "the endpoint does not tell how long its context is, neither in /models nor where it is asked for"
            f" {_HUGE:,} tokens: no prompt was tried"
        )
    length, budget = min(told), endpoint.probe.budget
    left = budget.max_tokens - budget.spent.tokens
    if length > left * _SHARE:
        raise InconclusiveError(
            f"the context is {length:,} tokens, as the endpoint tells; of the {left:,} that the run has left"
            " (--max-tokens) so many are too many for one prompt, which might be answered: none was tried"
        )
    return length


def _listed(endpoint: Endpoint) -> Iterator[int]:
    """What the list of models says of this one."""
    for entry in dicts_in(endpoint.models().object(), "data"):
        if entry.get("id") == endpoint.profile.model:
            values: list[Json] = [
                part.get(name) for part in (entry, dict_in(entry, "meta")) for name in _MEMBERS
            ]
            yield from (value for value in values if isinstance(value, int) and value > 0)


def _said(exchange: Exchange) -> Iterator[int]:
    """What the refusal of a huge limit says."""
    if 400 <= exchange.status < 500 and exchange.received:
        for match in _SENTENCE.finditer(exchange.received.text.lower()):
            yield int(match[1] or match[2])
