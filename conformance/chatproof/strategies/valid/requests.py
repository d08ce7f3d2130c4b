"""Requests for a chat: what a client may ask, in every form that OpenAI takes."""

from collections.abc import Sequence
from functools import cache
from itertools import product
from typing import TypeAlias, cast

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.valid.histories import histories
from chatproof.strategies.valid.members import NAMES, among, something, texts
from chatschema import JsonObject, JsonValue

__all__ = [
    "FUNCTION",
    "chat_requests",
    "function_requests",
    "media_requests",
    "plain_chat_requests",
    "tool_requests",
    "tool_round_requests",
]

FUNCTION: JsonObject = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
        "strict": True,
    },
}
_GRAMMAR: JsonValue = {"type": "grammar", "grammar": {"definition": "start: /a+/", "syntax": "lark"}}
_CUSTOM: JsonObject = {"type": "custom", "custom": {"name": "search-web", "format": _GRAMMAR}}
_BARE: JsonObject = {"type": "function", "function": {"name": "f"}}
_LOOSE: JsonObject = {
    "type": "custom",
    "custom": {"name": NAMES[-1], "description": "", "format": {"type": "text"}},
}

#: How to sample and how to send.
_SAMPLING: tuple[JsonObject, ...] = (
    {},
    {"temperature": 0, "top_p": 1, "seed": 7, "n": 1, "max_tokens": 16},
    {"temperature": 2.0, "top_p": 0.5, "n": 128, "max_completion_tokens": 1, "user": "somebody"},
    {"presence_penalty": -2, "frequency_penalty": 2.0, "logit_bias": {"50256": -100, "0": 0.5}, "stop": "\n"},
    {"stop": ["a", "b", "c", "d"], "logprobs": True, "top_logprobs": 20, "stream": False},
    {"stop": [], "logprobs": False, "stream": True, "stream_options": {"include_usage": True}},
    {"stream": True, "stream_options": {"include_usage": False, "include_obfuscation": False}},
    {
        "temperature": None,
        "top_p": None,
        "n": None,
        "stop": None,
        "stream": None,
        "seed": None,
        "tools": None,
    },
    {"logit_bias": {}, "logprobs": None, "response_format": None, "stream_options": None, "max_tokens": None},
)
#: What may be called, and what has to be.
_TOOLS: tuple[JsonObject, ...] = (
    {},
    {"tools": [FUNCTION]},
    {"tools": [FUNCTION, _CUSTOM], "tool_choice": "auto", "parallel_tool_calls": False},
    {"tools": [_BARE, _LOOSE], "tool_choice": "required", "parallel_tool_calls": True},
    {"tools": [FUNCTION], "tool_choice": {"type": "function", "function": {"name": "get_weather"}}},
    {"tools": [_CUSTOM], "tool_choice": {"type": "custom", "custom": {"name": "search-web"}}},
    {
        "tools": [FUNCTION, _BARE],
        "tool_choice": {
            "type": "allowed_tools",
            "allowed_tools": {"mode": "auto", "tools": [{"type": "function", "function": {"name": "f"}}]},
        },
    },
    {"tools": [FUNCTION], "tool_choice": "none"},
    {"functions": [FUNCTION["function"]]},
    {"functions": [FUNCTION["function"]], "function_call": {"name": "get_weather"}},
    {"functions": [FUNCTION["function"]], "function_call": "auto"},
)
#: How the answer has to look, and what else OpenAI knows.
_FORMS: tuple[JsonObject, ...] = (
    {},
    {"response_format": {"type": "text"}},
    {
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "a_b", "schema": {}, "strict": None},
        }
    },
    {
        "response_format": {
            "type": "json_schema",
            "json_schema": {
                "name": "weather",
                "description": "",
                "schema": {"type": "object"},
                "strict": True,
            },
        }
    },
    {"modalities": ["text"], "reasoning_effort": "low", "verbosity": "high", "service_tier": "flex"},
    {"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}},
    {"audio": {"voice": {"id": "voice_1"}, "format": "mp3"}, "store": True, "metadata": {"a": "b"}},
    {"prediction": {"type": "content", "content": "def f(): ..."}, "prompt_cache_key": "k"},
    {"prediction": {"type": "content", "content": [{"type": "text", "text": ""}]}, "safety_identifier": "s"},
    {"web_search_options": {}, "moderation": {"model": "omni-moderation-latest"}},
    {
        "web_search_options": {
            "search_context_size": "low",
            "user_location": {"type": "approximate", "approximate": {"city": "Utrecht", "country": "NL"}},
        }
    },
    {"prompt_cache_options": {"mode": "explicit", "ttl": "30m"}, "prompt_cache_retention": "24h"},
)

_Manner: TypeAlias = tuple[JsonObject, JsonObject, JsonObject]
_MANNERS: tuple[_Manner, ...] = tuple(product(_SAMPLING, _TOOLS, _FORMS))
_PLAIN: tuple[_Manner, ...] = tuple(product(_SAMPLING[:3], _TOOLS[:1], _FORMS[:2]))
_TOOLED: tuple[_Manner, ...] = tuple(product(_SAMPLING[:3], _TOOLS[1:4], _FORMS[:1]))
_OLDER: tuple[_Manner, ...] = tuple(product(_SAMPLING[:3], _TOOLS[8:], _FORMS[:1]))


@cache
def chat_requests() -> SearchStrategy[JsonObject]:
    """Any request that OpenAI takes: histories with calls and their results, images, all options and tools.

    `{"model": "gpt-4o", "messages": [{"role": "user", "content": ""}]}`
    """
    return st.one_of(_requests(histories(), _MANNERS), media_requests(), function_requests())


@cache
def plain_chat_requests() -> SearchStrategy[JsonObject]:
    """A user's text, a system prompt before it, options as most clients send them.

    `messages[0]` is the system's, `messages[1]` the user's.
    """

    def asked(told: str, text: str) -> list[JsonObject]:
        return [{"role": "system", "content": told}, {"role": "user", "content": text}]

    return _requests(st.builds(asked, texts(), texts()), _PLAIN)


@cache
def tool_requests() -> SearchStrategy[JsonObject]:
    """A conversation with at least one tool, the first of them a function with parameters or without."""
    return _requests(histories(), _TOOLED)


@cache
def tool_round_requests() -> SearchStrategy[JsonObject]:
    """A whole round of one call: `messages` are a user's, the call, its result and the user's next.

    `messages[1].tool_calls[0].id` is `messages[2].tool_call_id`.
    """

    def rounds(text: str, beside: str, number: int) -> list[JsonObject]:
        called: JsonObject = {"name": NAMES[number % len(NAMES)], "arguments": text}
        call: JsonObject = {"id": f"call_{number}", "type": "function", "function": called}
        return [
            {"role": "user", "content": text},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": f"call_{number}", "content": beside},
            {"role": "user", "content": beside},
        ]

    return _requests(st.builds(rounds, texts(), texts(), st.integers(0, 10**6)), _TOOLED)


@cache
def media_requests() -> SearchStrategy[JsonObject]:
    """A user's text, image, sound and file, in parts; and what the assistant said in parts.

    `messages[0].content` has a text first, then the image, the sound and the file.
    """

    def shown(text: str, beside: str, number: int) -> list[JsonObject]:
        file = ({"file_id": "file-1"}, {"filename": something(beside), "file_data": "data:,x"})[number % 2]
        parts: list[JsonValue] = [
            {"type": "text", "text": text},
            {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}},
            {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}},
            {"type": "file", "file": cast("JsonObject", file)},
        ]
        spoken: tuple[JsonObject, ...] = (
            {
                "role": "assistant",
                "content": [{"type": "text", "text": beside}, {"type": "refusal", "refusal": ""}],
            },
            {"role": "assistant", "content": None, "audio": {"id": f"audio_{number}"}},
            {"role": "assistant", "refusal": beside, "name": "critic"},
        )
        asked: JsonObject = {"role": "user", "content": parts, "name": "ann"}
        again: JsonObject = {"role": "developer", "content": [{"type": "text", "text": beside}]}
        return [asked, spoken[number % 3], again]

    return _requests(st.builds(shown, texts(), texts(), st.integers(0, 10**6)), _PLAIN)


@cache
def function_requests() -> SearchStrategy[JsonObject]:
    """A round of the older `function_call`, with the functions beside it."""

    def rounds(text: str, beside: str) -> list[JsonObject]:
        return [
            {"role": "user", "content": text},
            {
                "role": "assistant",
                "content": None,
                "function_call": {"name": "get_weather", "arguments": text},
            },
            {"role": "function", "name": "get_weather", "content": beside},
        ]

    return _requests(st.builds(rounds, texts(), texts()), _OLDER)


def _requests(
    messages: SearchStrategy[list[JsonObject]], manners: Sequence[_Manner]
) -> SearchStrategy[JsonObject]:
    return st.builds(_request, among(manners), messages)


def _request(manner: _Manner, messages: list[JsonObject]) -> JsonObject:
    sampling, tools, form = manner
    return {"model": "gpt-4o", "messages": [*messages], **sampling, **tools, **form}
