"""Near misses of requests for a chat: how the answer has to look and to sound."""

from functools import partial

from hypothesis import strategies as st

from chatproof.strategies.given import given
from chatproof.strategies.near_miss import Miss, at, catalogue, defect
from chatproof.strategies.near_option import option, with_members
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
    # how the answer has to look
    _miss(
        *option(
            "format-as-text",
            _TYPE,
            "The format is text.",
            "response_format",
            given("json", "json_object", 1),
        )
    ),
    _miss(
        *option("format-untyped", _MISSING, "The format says no type.", "response_format", given({}), "type")
    ),
    _miss(
        *option(
            "format-unknown",
            _VALUE,
            "The format is another one.",
            "response_format",
            given({"type": "yaml"}),
            "type",
        )
    ),
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
        *option(
            "voice-unformatted",
            _MISSING,
            "A voice has no format.",
            "audio",
            given({"voice": "alloy"}),
            "format",
        )
    ),
    _miss(
        "voice-without-options",
        f"{_RULE}audio",
        "An answer is to be heard in no voice.",
        with_members({"modalities": ["text", "audio"]}, "audio"),
        Level.SHOULD,
    ),
    _miss(*option("modality-unknown", _VALUE, "A modality is unknown.", "modalities", given(["smell"]), 0)),
    _miss(
        *option(
            "effort-unknown",
            _VALUE,
            "The effort is unknown.",
            "reasoning_effort",
            given("huge", "default", ""),
        )
    ),
    _miss(
        *option(
            "tier-unknown",
            _VALUE,
            "The tier is another server's (Groq: on_demand).",
            "service_tier",
            given("on_demand", "gold"),
        )
    ),
    _miss(
        *option(
            "metadata-no-text",
            _TYPE,
            "A value of the metadata is a number.",
            "metadata",
            given({"a": 1}),
            "a",
        )
    ),
    _miss(
        *option(
            "metadata-too-many",
            _VALUE,
            "There are more than 16 metadata.",
            "metadata",
            given({str(n): "" for n in range(17)}),
        )
    ),
)
