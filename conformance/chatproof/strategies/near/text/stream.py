"""Near misses of streams of completions: the framing, the order of the events, their head, the life of a choice."""

from functools import partial

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.chat.broken import Broken, Events, broken, inserted, last_choice
from chatproof.strategies.near.near_miss import Miss, catalogue, defect, dropped, events, put
from chatproof.strategies.valid.text import plain_text_completions, several_text_completions
from chatproof.strategies.valid.text_streams import TextManner, text_chunks_of
from chatschema import JsonObject, JsonValue, Kind, Level

__all__ = ["NEAR_COMPLETION_STREAM"]

_CHOICE = ("choices", 0)
_HEAD, _FINISH = "completions.sse.same-head", "completions.sse.finish-once"
_DONE, _FRAMING, _SHAPE = "completions.sse.done", "completions.sse.framing", "completions.sse.shape"

_ERROR: JsonValue = {
    "error": {"message": "out of memory", "type": "server_error", "param": None, "code": None}
}
_MANNERS = st.sampled_from([TextManner(size=size) for size in (1, 4, 1000)])

_miss = partial(defect, Kind.TEXT_STREAM)


def _said(completions: SearchStrategy[JsonObject]) -> SearchStrategy[Events]:
    """The events that say a completion: pieces of it, its finish_reason alone, its usage, `[DONE]`."""

    def stream(completion: JsonObject, manner: TextManner) -> Events:
        return [*text_chunks_of(completion, manner), "[DONE]"]

    return st.builds(stream, completions, _MANNERS)


_STREAM = _said(plain_text_completions())
_TWO = _said(several_text_completions())


def _put(stream: Events, place: int, *steps: str | int, by: JsonValue) -> Broken:
    return put(stream, place, *steps, by=by), (place, *steps)


def _last(stream: Events, *steps: str | int, by: JsonValue) -> Broken:
    return _put(stream, last_choice(stream), *steps, by=by)


def _unfinished(stream: Events) -> Broken:
    return put(stream, last_choice(stream), *_CHOICE, "finish_reason", by=None), (len(stream) - 1,)


def _again(stream: Events, reason: str) -> Broken:
    place = last_choice(stream) + 1
    other = put(stream[place - 1], *_CHOICE, "finish_reason", by=reason)
    return inserted(stream, place, other), (place, *_CHOICE, "finish_reason")


def _twice(stream: Events) -> Broken:
    place = last_choice(stream) + 1
    return inserted(stream, place, stream[place - 1]), (place, *_CHOICE, "finish_reason")


def _text_after_finish(stream: Events) -> Broken:
    place = last_choice(stream) + 1
    late = put(put(stream[place - 1], *_CHOICE, "text", by="!"), *_CHOICE, "finish_reason", by=None)
    return inserted(stream, place, late), (place, *_CHOICE, "text")


def _as_text(old: str, new: str, at: str = "$[0]") -> SearchStrategy[Miss]:
    """The stream as it travels, with the first `old` in it replaced."""

    def miss(stream: Events) -> Miss:
        return Miss(data=events(stream).decode().replace(old, new, 1).encode(), path=at)

    return _STREAM.map(miss)


NEAR_COMPLETION_STREAM = catalogue(
    # the framing
    _miss("named", _FRAMING, "An event has a name.", _as_text("data:", "event: x\ndata:"), Level.SHOULD),
    _miss(
        "no-json",
        _FRAMING,
        "An event is a sentence.",
        broken(_STREAM, lambda stream: (inserted(stream, 1, "please wait"), (1,))),
    ),
    _miss(
        "json-list",
        _FRAMING,
        "An event is a list.",
        broken(_STREAM, lambda stream: (inserted(stream, 1, []), (1,))),
    ),
    _miss(
        "cut-off",
        _FRAMING,
        "The last event has no blank line after it.",
        _STREAM.map(
            lambda stream: Miss(data=events(stream).removesuffix(b"\n\n"), path=f"$[{len(stream) - 1}]")
        ),
        Level.SHOULD,
    ),
    # the chunks
    _miss(
        "text-null",
        _SHAPE,
        "The last chunk's text is null.",
        broken(_STREAM, lambda stream: _last(stream, *_CHOICE, "text", by=None)),
    ),
    _miss(
        "index-absent",
        _SHAPE,
        "A chunk does not say which text it belongs to.",
        broken(_STREAM, lambda stream: (dropped(stream, 0, *_CHOICE, "index"), (0, *_CHOICE, "index"))),
    ),
    _miss(
        "chat-chunks",
        _SHAPE,
        "The chunk says that it is a chat's.",
        broken(_STREAM, lambda stream: _put(stream, 0, "object", by="chat.completion.chunk")),
    ),
    _miss(
        "usage-no-sum",
        "completions.usage",
        "The last chunk's total is not the sum.",
        broken(_STREAM, lambda stream: _put(stream, len(stream) - 2, "usage", "total_tokens", by=10**9)),
    ),
    # one head
    _miss(
        "id-changes",
        _HEAD,
        "The last chunk has an id of its own.",
        broken(_STREAM, lambda stream: _last(stream, "id", by="cmpl-next")),
    ),
    _miss(
        "created-changes",
        _HEAD,
        "The last chunk has a time of its own (transformers).",
        broken(_STREAM, lambda stream: _last(stream, "created", by=1)),
    ),
    _miss(
        "model-changes",
        _HEAD,
        "The last chunk names another model.",
        broken(_STREAM, lambda stream: _last(stream, "model", by="davinci-002")),
    ),
    # the end of a choice
    _miss("no-finish", _FINISH, "No chunk has a finish_reason.", broken(_STREAM, _unfinished)),
    _miss("one-unfinished", _FINISH, "One of the choices has no finish_reason.", broken(_TWO, _unfinished)),
    _miss(
        "finish-changes",
        _FINISH,
        "A second chunk has another finish_reason.",
        broken(
            _STREAM.map(
                lambda stream: put(stream, last_choice(stream), *_CHOICE, "finish_reason", by="stop")
            ),
            lambda stream: _again(stream, "length"),
        ),
    ),
    _miss(
        "finish-twice",
        _FINISH,
        "The same finish_reason comes twice (OpenAI: 2 of 20 streams).",
        broken(_STREAM, _twice),
        Level.SHOULD,
    ),
    _miss(
        "text-after-finish",
        _FINISH,
        "Text comes after the finish_reason.",
        broken(_STREAM, _text_after_finish),
    ),
    _miss(
        "no-choice",
        _FINISH,
        "The stream has usage, [DONE], and no choice.",
        broken(_STREAM, lambda stream: (stream[-2:], (1,))),
    ),
    # the end of the stream
    _miss(
        "no-done",
        _DONE,
        "The stream ends without [DONE] (transformers).",
        broken(_STREAM, lambda stream: (stream[:-1], (len(stream) - 1,))),
    ),
    _miss(
        "done-twice",
        _DONE,
        "[DONE] comes twice.",
        broken(_STREAM, lambda stream: ([*stream, "[DONE]"], (len(stream),))),
    ),
    _miss(
        "chunk-after-done",
        _DONE,
        "A chunk comes after [DONE].",
        broken(_STREAM, lambda stream: ([*stream, stream[-2]], (len(stream),))),
    ),
    _miss("nothing", _DONE, "There is no event.", st.just(Miss(data=b": hello\n\n", path="$[0]"))),
    # failures under a good status
    _miss(
        "error-first",
        "completions.sse.error-before",
        "The request is refused inside the stream.",
        broken(_STREAM, lambda stream: ([_ERROR, *stream], (0,))),
    ),
    _miss(
        "error-in-the-middle",
        "completions.sse.error",
        "An error object ends the stream.",
        broken(_STREAM, lambda stream: ([stream[0], _ERROR], (1,))),
    ),
)
