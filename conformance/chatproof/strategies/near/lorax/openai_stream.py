"""Near misses of the streams of LoRAX's OpenAI routes. Some of them are right in a stream of OpenAI's."""

from functools import partial

from chatproof.strategies.near.lorax.stream import STREAM_ERROR, missed
from chatproof.strategies.near.near_miss import catalogue, defect
from chatproof.strategies.valid.lorax.openai import lorax_chat_streams, lorax_completion_streams
from chatschema import JsonObject, JsonValue, Kind, Level

__all__ = ["NEAR_LORAX_OPENAI_STREAM"]

_DONE = "[DONE]"
_FRAMING, _SHAPE, _LAST = "lorax.stream.framing", "lorax.stream.shape", "lorax.stream.last-event"
_ERRORS, _ADDS_UP = "lorax.errors.stream", "lorax.stream.text-adds-up"

_chat = partial(defect, Kind.LORAX_CHAT_STREAM)
_text = partial(defect, Kind.LORAX_TEXT_STREAM)


def _long(stream: list[JsonObject]) -> bool:
    return len(stream) > 1


_of_chat = partial(missed, valid=lorax_chat_streams().filter(_long))
_of_text = partial(missed, valid=lorax_completion_streams().filter(_long))


def _no_done(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
    return [*stream], f"{len(stream)}]"


def _done_alone(_: list[JsonObject]) -> tuple[list[JsonValue], str]:
    return [_DONE], "0]"


def _early_done(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
    return [*stream[:-1], _DONE], f"{len(stream) - 1}]"


def _cut(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
    return [*stream[:-1]], f"{len(stream) - 1}]"


def _done_twice(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
    return [*stream, _DONE, _DONE], f"{len(stream) + 1}]"


def _chunk_after_done(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
    return [*stream, _DONE, stream[0]], f"{len(stream) + 1}]"


def _last_twice(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
    return [*stream, stream[-1], _DONE], f"{len(stream)}]"


def _chunk_after_last(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
    return [*stream, stream[0], _DONE], f"{len(stream)}]"


def _done_after_error(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
    return [stream[0], STREAM_ERROR, _DONE], "2]"


def _chunk_after_error(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
    return [STREAM_ERROR, stream[0]], "1]"


def _error_after_last(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
    return [*stream, STREAM_ERROR], f"{len(stream)}]"


def _nested_error(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
    nested: JsonObject = {"error": {"message": "no", "http_status_code": 422}, "error_type": "validation"}
    return [stream[0], nested], "1].error"


def _without(name: str) -> partial[tuple[list[JsonValue], str]]:
    return partial(_less, name)


def _less(name: str, stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
    first = {key: value for key, value in stream[0].items() if key != name}
    return [first, *stream[1:], _DONE], f"0].{name}"


def _another_id(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
    return [{**stream[0], "id": "chatcmpl-1"}, *stream[1:], _DONE], "0].id"


def _broken_json(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
    return ['{"id": "null', *stream, _DONE], "0]"


def _dropped(stream: list[JsonObject]) -> tuple[list[JsonValue], str]:
    return [*stream[1:], _DONE], f"{len(stream) - 2}].usage.completion_tokens"


NEAR_LORAX_OPENAI_STREAM = catalogue(
    *(
        near
        for kind, of in ((_chat, _of_chat), (_text, _of_text))
        for near in (
            kind("no-done", _LAST, "There is no `[DONE]`, as before 0.12.", of(_no_done)),
            kind("done-alone", _LAST, "`[DONE]` comes and nothing else.", of(_done_alone)),
            kind("done-early", _LAST, "`[DONE]` comes before the last chunk.", of(_early_done)),
            kind("cut-off", _LAST, "The stream ends before its last chunk.", of(_cut)),
            kind("done-twice", _LAST, "`[DONE]` comes twice.", of(_done_twice)),
            kind("chunk-after-done", _LAST, "A chunk comes after `[DONE]`.", of(_chunk_after_done)),
            kind("last-twice", _LAST, "The last chunk comes twice.", of(_last_twice)),
            kind("chunk-after-the-last", _LAST, "A chunk comes after the last one.", of(_chunk_after_last)),
            kind("done-after-an-error", _ERRORS, "`[DONE]` comes after an error.", of(_done_after_error)),
            kind("chunk-after-an-error", _ERRORS, "A chunk comes after an error.", of(_chunk_after_error)),
            kind(
                "error-after-the-last", _ERRORS, "An error comes after the last chunk.", of(_error_after_last)
            ),
            kind("nested-error", _ERRORS, "An error is nested, as TGI's is.", of(_nested_error)),
            kind("no-choices", _SHAPE, "A chunk has no choices.", of(_without("choices"))),
            kind("no-created", _SHAPE, "A chunk has no time.", of(_without("created"))),
            kind("another-id", _SHAPE, "A chunk has an id of its own.", of(_another_id)),
            kind("no-json", _FRAMING, "A chunk is cut off.", of(_broken_json)),
            kind(
                "chunk-dropped",
                _ADDS_UP,
                "A chunk is lost, and the count tells of it.",
                of(_dropped),
                Level.SHOULD,
            ),
        )
    ),
    _text("no-usage", _SHAPE, "A chunk has no usage, not even zeros.", _of_text(_without("usage"))),
)
