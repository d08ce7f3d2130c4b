"""Near misses of the streams of LoRAX's OpenAI routes. Some of them are right in a stream of OpenAI's."""

from collections.abc import Mapping

from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.lorax.stream import STREAM_ERROR, sent_events
from chatproof.strategies.near.near_miss import catalogue
from chatproof.strategies.near.rows import Base, rows
from chatproof.strategies.valid.lorax.openai import lorax_chat_streams, lorax_completion_streams
from chatproof.strategies.valid.members import mapped
from chatschema import JsonObject, JsonValue

__all__ = ["NEAR_LORAX_OPENAI_STREAM"]

_WORDS: Mapping[str, JsonValue] = {
    "DONE": "[DONE]",
    "ERROR": STREAM_ERROR,
    "NESTED": {"error": {"message": "no", "http_status_code": 422}, "error_type": "validation"},
    "CUT": '{"id": "null',
}


def _done(streams: SearchStrategy[list[JsonObject]]) -> Base:
    """At least two chunks, and `[DONE]`."""
    long = streams.filter(lambda stream: len(stream) > 1)
    return sent_events(mapped(long, lambda stream: [*stream, "[DONE]"]), _WORDS)


NEAR_LORAX_OPENAI_STREAM = catalogue(
    *rows(__file__, chat=_done(lorax_chat_streams()), text=_done(lorax_completion_streams()))
)
