"""Near misses of chat completions: what the message says, what it cost, and how likely it was."""

from functools import partial

from hypothesis import strategies as st

from chatproof.strategies.near.bad_values import (
    NOT_A_NUMBER,
)
from chatproof.strategies.near.near_miss import at, catalogue, defect, replaced
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.chat import plain_completions, scored_completions
from chatproof.strategies.valid.members import mapped
from chatschema import JsonObject, Kind, Level

__all__ = ["NEAR_MESSAGE"]

_PLAIN = plain_completions()
_SCORED = scored_completions()
_MESSAGE = ("choices", 0, "message")
_LOGPROBS = ("choices", 0, "logprobs")
_TOKEN = (*_LOGPROBS, "content", 0)
_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"

_SILENT: JsonObject = {"role": "assistant", "content": None, "refusal": None}
_THOUGHT = st.sampled_from(("reasoning", "reasoning_content")).map(lambda name: {**_SILENT, name: "Hm."})

_miss = partial(defect, Kind.COMPLETION)


NEAR_MESSAGE = catalogue(
    *rows(__file__, plain=_PLAIN, scored=_SCORED),
    _miss(
        "content-in-reasoning",
        "chat.json.content",
        "The text went into the reasoning and the content is null.",
        at(replaced(_PLAIN, *_MESSAGE, by=_THOUGHT), *_MESSAGE, "content"),
        Level.SHOULD,
    ),
    _miss(
        "byte-too-large",
        _VALUE,
        "The bytes of a token are its code points.",
        at(
            replaced(_SCORED, *_TOKEN, "bytes", by=mapped(st.integers(256, 0x10FFFF), lambda code: [code])),
            *_TOKEN,
            "bytes",
            0,
        ),
    ),
    _miss(
        "detail-no-number",
        _TYPE,
        "A detail is text.",
        at(
            replaced(
                _PLAIN,
                "usage",
                "completion_tokens_details",
                by=NOT_A_NUMBER.map(lambda wrong: {"reasoning_tokens": wrong}),
            ),
            "usage",
            "completion_tokens_details",
            "reasoning_tokens",
        ),
    ),
)
