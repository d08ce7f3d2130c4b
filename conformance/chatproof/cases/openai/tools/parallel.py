"""Cases about several calls in one reply, which two cities under `required` provoke as far as a protocol can."""

from collections.abc import Iterator

from chatproof.cases.answer import ChatAnswer, dict_in, dicts_in, shown
from chatproof.cases.endpoint import Endpoint, user
from chatproof.cases.openai.tools.asked import asked
from chatproof.cases.openai.tools.streams import fragments_broken, parses
from chatproof.cases.refusal import end_unless_broken
from chatproof.cases.registry import case
from chatproof.cases.stream_answer import ChatStreamAnswer
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError
from chatproof.probe import Json

__all__: list[str] = []

_LIMIT = 256
"""Tokens for two calls."""


def _body(endpoint: Endpoint, **members: Json) -> dict[str, Json]:
    question: Json = user("What is the weather in Paris, and what is it in Rome? Look up both cities.")
    body = endpoint.tool_body("required", parallel_tool_calls=True)
    asks: dict[str, Json] = {"messages": [question], endpoint.profile.limit_member: _LIMIT}
    return body | asks | members


def _needs_required(endpoint: Endpoint) -> None:
    """End a case where `required` gives no answer to one question, or no call."""
    endpoint.refuse_without_tools("auto", "required")
    answer = asked(endpoint, "required")
    if answer.exchange.status >= 500:
        raise InconclusiveError("required breaks the endpoint (see chat.tools.required)", answer.exchange)
    if not answer.calls and answer.finish_reason != "length":
        raise UnsupportedError("no call under tool_choice required", answer.exchange)


def _whole(endpoint: Endpoint) -> ChatAnswer:
    return ChatAnswer(endpoint.shared(_body(endpoint)))


def _streamed(endpoint: Endpoint) -> ChatStreamAnswer | None:
    """The stream, where it is whole."""
    found = ChatStreamAnswer(endpoint.shared(_body(endpoint, stream=True)))
    return found if found.exchange.status == 200 and found.answer.choices and not found.cut else None


@case(
    "chat.tools.parallel",
    Level.MAY,
    breaks="Of two calls at once one is lost, or both become one that no function takes.",
    reference="openai-openapi: parallel_tool_calls is true by default; each of 72 recorded JSON answers with several"
    " calls (38 of them OpenAI's) has ids of their own",
)
def parallel(endpoint: Endpoint) -> Iterator[Finding]:
    """Of two calls in one reply each has an index, id, name and arguments of its own, in JSON and in a stream."""
    _needs_required(endpoint)
    whole = _whole(endpoint)
    if whole.exchange.status != 200:
        yield from end_unless_broken(whole.exchange, "two calls are refused")
        return
    streamed = _streamed(endpoint)
    if streamed and fragments_broken(endpoint.forced_call_stream()):
        streamed = None  # chat.tools.sse-fragments says what is wrong with one call already
    several = len(whole.calls) > 1 or bool(streamed and len(_ids(streamed)) > 1)
    if not several:
        seen = "one call" if whole.calls else "no call"
        raise InconclusiveError(f"{seen} for two cities: nothing is called at once", whole.exchange)
    found = list(
        whole.findings(at=r"\$\.choices\[0\]\.message\.tool_calls\[\d+\]\.(id|type|function)(\.name)?")
    )
    yield from found
    if not found and streamed:
        yield from _in_stream(endpoint, whole, streamed)


def _in_stream(endpoint: Endpoint, whole: ChatAnswer, streamed: ChatStreamAnswer) -> Iterator[Finding]:
    """What is wrong with two calls in a stream."""
    ids = _ids(streamed)
    if len(set(map(shown, ids.values()))) < len(ids):
        yield streamed.finding(
            "an index of its own for each call",
            ", ".join(f"index {shown(index)} for {shown(id_)}" for id_, index in ids.items()),
            "$[*].choices[0].delta.tool_calls[*].index",
            breaks="Clients put fragments together by index: two calls become one that no function takes.",
        )
        return
    if fragments_broken(streamed):
        yield from streamed.findings("chat.tools.sse-fragments")
        return
    calls = streamed.answer.calls
    if streamed.answer.finish_reason == "length" or whole.finish_reason == "length":
        return
    if len(calls) != len(whole.calls):
        again = ChatAnswer(endpoint.post(_body(endpoint)))
        if len(again.calls) != len(whole.calls):
            raise InconclusiveError("the endpoint gives another JSON answer each time", again.exchange)
        yield streamed.finding(
            f"{len(whole.calls)} calls, as in JSON mode",
            f"{len(calls)}, from the stream",
            "$[*].choices[0].delta.tool_calls",
            breaks="Switching an agent to streaming changes how many functions are called.",
            compared=whole.exchange,
        )
    elif (
        all(map(parses, whole.calls))
        and (number := next((n for n, c in enumerate(calls) if not parses(c)), -1)) >= 0
    ):
        yield streamed.answer.unlike(
            "arguments of its own for each call, which parse once they are joined",
            dict_in(calls[number], "function").get("arguments"),
            f"$[*].choices[0].delta.tool_calls[{number}].function.arguments",
            breaks="Fragments of two calls are mixed: neither has arguments that can be read.",
        )


def _ids(streamed: ChatStreamAnswer) -> dict[str, Json]:
    """The ids of the calls in a stream, each with the index under which it came first."""
    found: dict[str, Json] = {}
    for _, chunk in streamed.chunks:
        for choice in dicts_in(chunk, "choices"):
            for fragment in dicts_in(dict_in(choice, "delta"), "tool_calls"):
                if isinstance(id_ := fragment.get("id"), str) and id_:
                    found.setdefault(id_, fragment.get("index"))
    return found


@case(
    "chat.tools.parallel-off",
    Level.SHOULD,
    breaks="A program that runs one function at a time drops the second call, and the next request is refused for it.",
    reference="openai-openapi parallel_tool_calls; 5 of 5 recorded answers to false have one call",
)
def parallel_off(endpoint: Endpoint) -> Iterator[Finding]:
    """`parallel_tool_calls: false` gives at most one call, where two come without it."""
    _needs_required(endpoint)
    exchange = endpoint.shared(_body(endpoint, parallel_tool_calls=False))
    if exchange.status != 200:
        yield from end_unless_broken(exchange, "parallel_tool_calls: false is refused")
        return
    alone = ChatAnswer(exchange)
    if len(alone.calls) > 1:
        yield alone.unlike("at most one call", alone.message["tool_calls"], "$.choices[0].message.tool_calls")
        return
    streamed = _streamed(endpoint)
    if len(_whole(endpoint).calls) < 2 and not (streamed and len(_ids(streamed)) > 1):
        raise InconclusiveError("one call at most without it, too", exchange)
    other = ChatStreamAnswer(endpoint.shared(_body(endpoint, parallel_tool_calls=False, stream=True)))
    if other.exchange.status == 200 and len(ids := _ids(other)) > 1:
        breaks = "Agents that stream, and run one function at a time, get two calls."
        path = "$[*].choices[0].delta.tool_calls"
        yield other.finding("at most one call, as in JSON mode", shown([*ids]), path, breaks=breaks)
