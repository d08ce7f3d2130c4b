"""What every chat stream is held to: each function says what one case finds in one stream."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from chatproof.cases.answer import shown
from chatproof.cases.stream_answer import ERRORS, ChatStreamAnswer, unparted
from chatproof.findings.finding import Finding, InconclusiveError, Level
from chatproof.probe import Json
from chatschema import Violation

__all__ = [
    "STREAM",
    "done",
    "finish_once",
    "framing",
    "indexes",
    "is_readable",
    "refuse_strays",
    "role_first",
    "same_head",
    "shape",
    "whole_message",
]


def is_readable(streamed: ChatStreamAnswer) -> bool:
    """Does the stream show what else it may be held to? Where it does not, `framing` says why, and nothing else."""
    return bool(
        streamed.exchange.status == 200
        and streamed.answer.choices
        and not streamed.left_out
        and not streamed.torn
        and not unparted(streamed.exchange)
    )


def framing(streamed: ChatStreamAnswer) -> Iterator[Finding]:
    """What is wrong with the events as such; one finding where they cannot be read."""
    exchange = streamed.exchange
    if streamed.left_out:
        seen = f"{len(streamed.events) + streamed.left_out} events"
        breaks = "Clients work on a stream without an end that they can wait for."
        yield streamed.finding("about one event a token", seen, breaks=breaks)
    elif lines := unparted(exchange):
        breaks = (
            "Event-stream parsers take all that has no blank line in between for one event, which is no JSON."
        )
        yield streamed.finding("a blank line (`\\n\\n`) after each event", lines, breaks=breaks)
    elif exchange.status == 200 and streamed.torn:
        breaks = "The reply ends in the middle, and SDKs raise an error that says nothing of why."
        yield streamed.finding("a stream to its end", streamed.torn, breaks=breaks)
    elif not exchange.complete or exchange.status != 200 or not streamed.answer.choices:
        breaks = "Clients that stream get no reply."
        yield Finding.instead("200 with a stream of chunks", exchange, breaks=breaks)
    else:
        for text in streamed.bad_bytes:
            breaks = "Letters of the reply come out broken."
            yield streamed.finding("an event stream in UTF-8", text, breaks=breaks)
        yield from streamed.findings("chat.sse.framing", sentence=_framing_sentence)


def _framing_sentence(violation: Violation) -> str:
    if violation.level == "must":
        return ""
    if violation.expected == "a blank line":
        return "Browsers drop the last event."
    return "Browsers that wait for events without a name see none of these."


def shape(streamed: ChatStreamAnswer) -> Iterator[Finding]:
    """What is wrong with the chunks, each by itself."""
    yield from streamed.findings("chat.sse.shape")


def whole_message(streamed: ChatStreamAnswer) -> Iterator[Finding]:
    """`message` where `delta` belongs."""
    yield from streamed.findings("chat.sse.delta-not-message")


def same_head(streamed: ChatStreamAnswer) -> Iterator[Finding]:
    """What changes within the stream that may not."""
    for name, (breaks, level) in _HEAD.items():
        having = [(n, c[name]) for n, c in streamed.chunks if c.get("choices") and name in c]
        others = [(n, value) for n, value in having if value != having[0][1]]
        if others:
            number, value = others[0]
            seen = f"{shown(value)} from here on, in {len(others)} of {len(having)} chunks"
            yield streamed.finding(
                shown(having[0][1]), seen, f"$[{number}].{name}", level=level, breaks=breaks
            )


_HEAD = {
    "id": ("Clients that group chunks by their id split one reply into several.", None),
    "created": ("Records of one reply bear several times; no client is known to break.", Level.SHOULD),
    "model": ("Billing and logs count one reply to several models.", None),
}
"""What a head that changes within a stream breaks, and how bad that is where it is no must."""


def role_first(streamed: ChatStreamAnswer) -> Iterator[Finding]:
    """What is wrong with the roles; nothing where the chunks are of more choices than were asked for."""
    if not _too_many(streamed):
        yield from streamed.findings("chat.sse.role-first")


def finish_once(streamed: ChatStreamAnswer) -> Iterator[Finding]:
    """What is wrong with the end of each choice; one finding where one cause has several signs."""
    if _too_many(streamed):
        found, asked = indexes(streamed), _asked(streamed)
        yield streamed.finding(
            f"index 0 in every chunk: {_ONE}" if asked == 1 else f"{asked} choices, as asked for",
            f"index {found[0]} to {found[-1]}, in {len(streamed.chunks)} chunks",
            "$[*].choices[0].index",
            breaks="Clients join deltas by their index: each piece of the text becomes a reply of its own.",
        )
    elif streamed.error:
        breaks = (
            "The reply ends in the middle, and clients that do not look for errors take it for a whole one."
        )
        for finding in streamed.findings(*ERRORS):
            yield replace(finding, expected="a stream to its end", seen=streamed.cut, breaks=breaks)
    elif streamed.cut:
        breaks = "Clients cannot tell this reply from a whole one."
        yield streamed.finding("a finish_reason, then [DONE]", streamed.cut, breaks=breaks)
    else:
        yield from streamed.findings("chat.sse.finish-once", sentence=_finish_sentence)


def _finish_sentence(violation: Violation) -> str:
    if "no finish_reason" in violation.message:
        return "Clients cannot tell a whole reply from a cut one; agent loops do not end."
    if "second" in violation.message:
        return "Clients that act on a finish_reason act twice."
    return "Clients that stop at the finish_reason drop what comes after it."


def done(streamed: ChatStreamAnswer) -> Iterator[Finding]:
    """What is wrong with [DONE]; nothing where the stream is not whole, which `finish_once` says."""
    if streamed.cut:
        return
    late = "Clients that stop at [DONE] never see what comes after it."
    for finding in streamed.findings("chat.sse.done"):
        yield replace(finding, breaks=late) if streamed.grammar.done else finding


_ONE = "one choice was asked for"


def indexes(streamed: ChatStreamAnswer) -> list[Json]:
    """The choices that the chunks are of, in order."""
    return [choice.get("index") for choice in streamed.answer.choices]


def refuse_strays(streamed: ChatStreamAnswer) -> None:
    """End a case whose text is not where it belongs: that is one finding, of the case that looks for it.

    Raises:
        InconclusiveError: the chunks are of more choices than were asked for, or carry `message` in place of `delta`.
    """
    if _too_many(streamed):
        told = "the chunks are of several choices (see chat.sse.finish-once)"
        raise InconclusiveError(told, streamed.exchange)
    if any(whole_message(streamed)):
        told = "the text is in another member than delta (see chat.sse.delta-not-message)"
        raise InconclusiveError(told, streamed.exchange)


def _too_many(streamed: ChatStreamAnswer) -> bool:
    return len(indexes(streamed)) > _asked(streamed)


def _asked(streamed: ChatStreamAnswer) -> int:
    """How many choices were asked for."""
    number = streamed.exchange.asked().get("n")
    return number if isinstance(number, int) and number > 1 else 1


STREAM: Mapping[str, Callable[[ChatStreamAnswer], Iterator[Finding]]] = {
    "chat.sse.framing": framing,
    "chat.sse.shape": shape,
    "chat.sse.same-head": same_head,
    "chat.sse.role-first": role_first,
    "chat.sse.finish-once": finish_once,
    "chat.sse.done": done,
    "chat.sse.delta-not-message": whole_message,
}
"""What the cases of these ids find in a stream; what other rules find goes to the case that has the rule."""
