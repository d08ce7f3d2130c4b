"""Near misses of streams of completions: the framing, the order of the events, their head, the life of a choice."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.chat.broken import Events, chunked, inserted, number_of
from chatproof.strategies.near.near_miss import catalogue, events, put
from chatproof.strategies.near.rows import Base, Change, rows
from chatproof.strategies.valid.text import plain_text_completions, several_text_completions
from chatproof.strategies.valid.text_streams import TextManner, text_chunks_of
from chatschema import JsonObject

__all__ = ["NEAR_COMPLETION_STREAM"]

_CHOICE = ("choices", 0)
_REASON = (*_CHOICE, "finish_reason")
_MANNERS = st.sampled_from([TextManner(size=size) for size in (1, 4, 1000)])


def _said(completions: SearchStrategy[JsonObject]) -> Base:
    """The events that say a completion: pieces of it, its finish_reason alone, its usage, `[DONE]`."""

    def stream(completion: JsonObject, manner: TextManner) -> Events:
        return [*text_chunks_of(completion, manner), "[DONE]"]

    return chunked(st.builds(stream, completions, _MANNERS))


def _another_finish(stream: Events) -> Events:
    place = number_of(stream, "last")
    stopped = put(stream, place, *_REASON, by="stop")
    return inserted(stopped, place + 1, put(stopped[place], *_REASON, by="length"))


def _text_after_finish(stream: Events) -> Events:
    place = number_of(stream, "last") + 1
    late = put(put(stream[place - 1], *_CHOICE, "text", by="!"), *_REASON, by=None)
    return inserted(stream, place, late)


_CHANGES: dict[str, Change] = {
    "named": lambda stream: events(stream).replace(b"data:", b"event: x\ndata:", 1),
    "open": lambda stream: events(stream).removesuffix(b"\n\n"),
    "another-finish": _another_finish,
    "text-after-finish": _text_after_finish,
    "comment": lambda _stream: b": hello\n\n",
}

NEAR_COMPLETION_STREAM = catalogue(
    *rows(
        __file__,
        _CHANGES,
        stream=_said(plain_text_completions()),
        two=_said(several_text_completions()),
    )
)
