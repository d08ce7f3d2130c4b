"""Miniatures whose streams lose text, say it twice, damage it, keep it back or mix choices."""

from collections.abc import Callable
from dataclasses import replace

from chatfake import Answer, Request, Send
from chatfake.core.http import Pause
from chatproof.selftest.endpoint.miniatures.registry import broken, on_200
from chatproof.selftest.endpoint.wrapping import (
    CRASH,
    Object,
    Wrapper,
    asked,
    chunks,
    delta_of,
    each_chunk,
    is_chat,
    where,
)


def _cumulative(found: list[Object]) -> list[Object]:
    text = ""
    for chunk in found:
        delta = delta_of(chunk)
        if delta.get("content"):
            text += delta["content"]
            delta["content"] = text
    return found


def _texts(found: list[Object]) -> list[Object]:
    return [chunk for chunk in found if delta_of(chunk).get("content")]


def _without_last(found: list[Object]) -> list[Object]:
    texts = _texts(found)
    return [chunk for chunk in found if not texts or chunk is not texts[-1]]


def _whole_again(found: list[Object]) -> list[Object]:
    """The last piece is followed by the whole text, as if it were new."""
    if texts := _texts(found):
        whole = "".join(delta_of(chunk)["content"] for chunk in texts)
        delta_of(texts[-1])["content"] += whole
    return found


def _pieces_again(found: list[Object]) -> list[Object]:
    return [chunk for one in found for chunk in ([one, one] if delta_of(one).get("content") else [one])]


def _each_text(change: Callable[[str], str]) -> Wrapper:
    def changed(_: int, chunk: Object) -> None:
        if delta_of(chunk).get("content"):
            delta_of(chunk)["content"] = change(delta_of(chunk)["content"])

    return each_chunk(changed)


broken("cumulative", "chat.sse.not-cumulative", chunks(_cumulative))
broken("text-again-at-the-end", "chat.sse.not-cumulative", chunks(_whole_again))
broken("pieces-twice", "chat.sse.not-cumulative", chunks(_pieces_again))
broken("stream-loses-end", "chat.sse.complete", chunks(_without_last))
broken("stream-says-nothing", "chat.sse.complete", _each_text(lambda _: ""))
broken(
    "stream-without-text",
    "chat.sse.complete",
    chunks(lambda found: [chunk for chunk in found if not delta_of(chunk).get("content")]),
)
broken(
    "characters-cut",
    "chat.sse.no-broken-characters",
    _each_text(lambda text: "".join(c if c.isascii() else "\ufffd" for c in text)),
)
broken(
    "characters-lost",
    "chat.sse.no-broken-characters",
    _each_text(lambda text: "".join(c for c in text if c.isascii() or c.isalpha())),
)


broken("stream-says-otherwise", "chat.sse.equals-json", _each_text(str.upper))


def _second_is_seventh(_: int, chunk: Object) -> None:
    for choice in chunk["choices"]:
        choice["index"] *= 7


broken("second-choice-is-the-seventh", "chat.sse.n", each_chunk(_second_is_seventh))
broken(
    "crash-on-n-in-streams",
    "chat.sse.n",
    where(lambda r: is_chat(r) and asked(r).get("n") == 2 and asked(r).get("stream") is True, CRASH),
)


def slow_start(_: Request, answer: Answer) -> Answer:
    """It takes its time, and then all comes at once."""
    return replace(answer, steps=(Pause(2.0), *answer.steps))


broken("stream-kept-back", "chat.sse.incremental", on_200(slow_start, stream=True))


def in_time(_: Request, answer: Answer) -> Answer:
    """A tenth of a second a piece."""
    sizes = range(0, len(answer.body), max(1, len(answer.body) // 20))
    pieces = [answer.body[at : at + sizes.step] for at in sizes]
    return replace(answer, steps=tuple(step for piece in pieces for step in (Pause(0.1), Send(piece))))
