"""Near misses of requests for a chat: how the answer has to look and to sound."""

from functools import partial

from hypothesis import strategies as st

from chatproof.strategies.near.near_miss import Miss, at, catalogue, defect
from chatproof.strategies.near.requests.option import OPEN, with_members
from chatproof.strategies.near.rows import rows
from chatschema import JsonObject, Kind, Level

__all__ = ["NEAR_CHAT_FORM"]

_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"
_RULE = "chat.request."
_SCHEMA: JsonObject = {"name": "weather", "schema": {"type": "object"}}
_UNSAID: JsonObject = {
    "model": "tiny",
    "messages": [{"role": "user", "content": "Hi"}],
    "response_format": {"type": "json_object"},
}

_miss = partial(defect, Kind.CHAT_REQUEST)

NEAR_CHAT_FORM = catalogue(
    *rows(__file__, open=OPEN),
    _miss(
        "format-without-schema",
        _MISSING,
        "The format has a name and no schema.",
        with_members(
            {"response_format": {"type": "json_schema", "json_schema": {"name": "f"}}},
            "response_format",
            "json_schema",
            "schema",
        ),
    ),
    _miss(
        "format-without-name",
        _MISSING,
        "The schema has no name (Perplexity takes it).",
        with_members(
            {"response_format": {"type": "json_schema", "json_schema": {"schema": {}}}},
            "response_format",
            "json_schema",
            "name",
        ),
    ),
    _miss(
        "format-name-with-blank",
        _VALUE,
        "The schema's name has a blank in it.",
        with_members(
            {"response_format": {"type": "json_schema", "json_schema": {**_SCHEMA, "name": "my weather"}}},
            "response_format",
            "json_schema",
            "name",
        ),
    ),
    _miss(
        "json-unsaid",
        f"{_RULE}json-word",
        "JSON is wanted, and no message says so.",
        at(st.just(Miss(data=_UNSAID, path="$")), "messages"),
    ),
    _miss(
        "voice-without-options",
        f"{_RULE}audio",
        "An answer is to be heard in no voice.",
        with_members({"modalities": ["text", "audio"]}, "audio"),
        Level.SHOULD,
    ),
)
