"""Cases about streamed calls: their fragments, and what they add up to beside JSON mode."""

import re
from collections.abc import Iterator
from contextlib import suppress

from chatproof.cases.answer import ChatAnswer, dict_in, parted, shown
from chatproof.cases.endpoint import NAMED, Endpoint
from chatproof.cases.openai.tools.asked import CHOICES, arguments_of, asked, in_stream
from chatproof.cases.refusal import end_unless_broken
from chatproof.cases.registry import case
from chatproof.cases.stream_answer import ChatStreamAnswer, refuse_cut, stream
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError
from chatproof.probe import Json
from chatschema import Violation

__all__ = ["fragments_broken", "parses"]

_RULE = "chat.tools.sse-fragments"
_UNSEEN = "An agent that streams never sees the call."


@case(
    "chat.tools.sse-fragments",
    Level.MUST,
    breaks="Clients that put calls together by index lose arguments, or mix two calls.",
    reference="openai-openapi ChatCompletionMessageToolCallChunk: index is required; openai-python's stream helper"
    " joins what is repeated: call_1call_1; 0 of 122 recorded OpenAI streams with calls repeat an id or a name",
)
def sse_fragments(endpoint: Endpoint) -> Iterator[Finding]:
    """Index on every fragment, id and name in the first alone; joined arguments parse as in JSON mode."""
    answer = endpoint.forced_call()
    streamed = endpoint.forced_call_stream()
    if streamed.exchange.status != 200:
        yield from end_unless_broken(streamed.exchange, "a stream with tools is refused")
        return
    refuse_cut(streamed)
    stream(streamed.exchange)
    others = (found for choice in CHOICES if (found := in_stream(endpoint, choice)))
    if broken := next((found for found in (streamed, *others) if fragments_broken(found)), None):
        yield from broken.findings(_RULE, sentence=_fragment_sentence)
        return
    if not streamed.answer.calls:
        seen = f"none: {shown(streamed.answer.message)}"
        yield streamed.finding(
            "a tool call, as in JSON mode",
            seen,
            "$[*].choices[0].delta.tool_calls",
            breaks=_UNSEEN,
            compared=answer.exchange,
        )
        return
    if streamed.answer.finish_reason != "length" and parses(answer.calls[0]):
        yield from _unreadable(streamed)


def _fragment_sentence(violation: Violation) -> str:
    member = violation.path.rpartition(".")[2]
    if "again" in violation.message:
        return (
            f"SDKs' stream helpers join what is repeated: a call's {member} comes out several times in a row."
        )
    if "empty" in violation.message:
        return f"Clients that take what came last lose the {member} of the call."
    if "changes" in violation.message:
        return "Clients that put calls together by index make one of two, which no function takes."
    if member == "id":
        return "The result of a call cannot be sent back."
    return "The program does not know which function to run." if member == "name" else ""


def fragments_broken(streamed: ChatStreamAnswer) -> bool:
    """Are there fragments that do not add up to a call?"""
    return any(streamed.findings(_RULE))


def _unreadable(streamed: ChatStreamAnswer) -> Iterator[Finding]:
    """Arguments that do not parse, though they do in JSON mode."""
    for n, call in enumerate(streamed.answer.calls):
        if not parses(call):
            yield streamed.answer.unlike(
                "arguments that parse once they are joined",
                dict_in(call, "function").get("arguments"),
                f"$[*].choices[0].delta.tool_calls[{n}].function.arguments",
                breaks="Clients that join the fragments have arguments that they cannot read.",
            )


def parses(call: dict[str, Json]) -> bool:
    """Are the arguments of a call JSON?"""
    with suppress(ValueError):
        arguments_of(call)
        return True
    return False


@case(
    "chat.tools.equals-json",
    Level.MUST,
    breaks="Switching an agent to streaming changes what it reads beside a call, or what it calls.",
    reference="stream changes how the reply is sent, not the reply; what two JSON answers agree on",
)
def equals_json(endpoint: Endpoint) -> Iterator[Finding]:
    """A stream with calls adds up to what JSON mode says: the same text, the same calls."""
    if not endpoint.calls_tools():
        told = "no request with tools was answered with a call"
        raise UnsupportedError(told, endpoint.shared(endpoint.tool_body("required")))
    compared, lost, unsure = False, False, None
    for choice in (NAMED, "required", "auto"):
        whole, streamed = asked(endpoint, choice), in_stream(endpoint, choice)
        if streamed is None or whole.finish_reason == "length" or fragments_broken(streamed):
            continue
        if whole.calls and not streamed.answer.calls and (lost or choice != "auto"):
            lost = True  # chat.tools.sse-fragments or chat.tools.required says that calls are not streamed
            continue
        if not whole.calls and not streamed.answer.calls:
            continue
        compared = True
        found = list(_differences(whole, streamed))
        if found and _said(again := ChatAnswer(endpoint.post(endpoint.tool_body(choice)))) != _said(whole):
            unsure = again.exchange
        elif found:
            yield from found
            return
    if unsure is not None:
        raise InconclusiveError("the endpoint gives another JSON answer each time", unsure)
    if not compared:
        exchange = endpoint.shared(endpoint.tool_body("auto"))
        raise InconclusiveError("no call came whole in JSON and in a stream", exchange)


def _differences(whole: ChatAnswer, streamed: ChatStreamAnswer) -> Iterator[Finding]:
    """Whether only one of them has calls; else how the text differs, but for white space around it; else the calls."""
    (text, calls), (other_text, other_calls) = _said(whole), _said(streamed.answer)
    path = "$[*].choices[0].delta.tool_calls"
    expected, seen = shown(calls), shown(other_calls)
    if bool(calls) != bool(other_calls):
        breaks = "An agent that does not stream never sees the call." if other_calls else _UNSEEN
        expected, seen = f"{expected}, beside {shown(text)}", f"{seen}, beside {shown(other_text)}"
    elif text != other_text:
        expected, seen = parted(text, other_text)
        path, breaks = "$[*].choices[0].delta.content", _text_sentence(text, other_text)
    elif len(calls) != len(other_calls) or any(
        one != other for one, other in zip(calls, other_calls, strict=True) if None not in (one, other)
    ):
        breaks = "Switching an agent to streaming changes what functions are called with."
    else:
        return
    expected, seen = f"{expected}, as in JSON mode", f"{seen}, from the stream"
    yield streamed.finding(expected, seen, path, breaks=breaks, compared=whole.exchange)


def _text_sentence(text: str, streamed: str) -> str:
    if not streamed:
        return "Text beside a call is lost in streams: it is neither shown nor kept in the history."
    if not text:
        return "Users of streams read text that JSON mode does not have, such as the call in a model's own marks."
    return "Switching an agent to streaming changes what users read beside a call."


_THOUGHT = re.compile(r"\s*<think(ing)?>.*</think(ing)?>", re.DOTALL)


def _said(answer: ChatAnswer) -> tuple[str, list[Json]]:
    """The text, and the arguments of each call that can be read.

    Thinking in the text is chat.reasoning.shape's, names are chat.tools.named's, and arguments that do not parse
    those of chat.tools.arguments and chat.tools.sse-fragments.
    """
    calls: list[Json] = [arguments_of(call) if parses(call) else None for call in answer.calls]
    return _THOUGHT.sub("", answer.text, count=1).strip(), calls
