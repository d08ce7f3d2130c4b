"""What a client sends to be answered: a text, or a whole conversation with its calls and results."""

from collections.abc import Callable
from itertools import product
from typing import TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.valid.members import among, texts
from chatproof.strategies.valid.responses.items import CALLS, THOUGHTS
from chatschema import JsonObject, JsonValue

__all__ = ["plain_requests", "response_requests", "tool_requests"]

#: Makes the members that ask: of a text, a text beside it, and a number for ids.
_Ask: TypeAlias = Callable[[str, str, int], JsonObject]

_FUNCTION: JsonObject = {
    "type": "function",
    "name": "get_weather",
    "description": None,
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    "strict": True,
}


def _text(text: str, _beside: str, _number: int) -> JsonObject:
    return {"input": text}


def _messages(text: str, beside: str, number: int) -> JsonObject:
    told: JsonObject = {"role": ("system", "developer")[number % 2], "content": beside}
    asked: JsonObject = {"role": "user", "content": [{"type": "input_text", "text": text}]}
    answered: JsonObject = {"role": "assistant", "content": [{"type": "output_text", "text": beside}]}
    refused: JsonObject = {
        "type": "message",
        "role": "assistant",
        "content": [{"type": "refusal", "refusal": beside}],
        "id": f"msg_{number}",
        "status": "completed",
    }
    plain: JsonObject = {"role": "assistant", "content": text}
    said = (answered, refused, plain)[number % 3]
    again: JsonObject = {"type": "message", "role": "user", "content": text}
    return {"input": [told, asked, said, again]}


def _media(text: str, beside: str, number: int) -> JsonObject:
    parts: tuple[JsonObject, ...] = (
        {"type": "input_image", "image_url": "data:image/png;base64,UklGRg==", "detail": "auto"},
        {"type": "input_file", "file_id": "file_1"},
        {"type": "input_file", "filename": beside, "file_data": "data:text/plain;base64,SGk="},
        {"type": "input_video", "video_url": "https://example.org/"},
    )
    content: list[JsonValue] = [{"type": "input_text", "text": text}, parts[number % 4]]
    return {"input": [{"role": "user", "content": content}]}


def _calls(text: str, beside: str, number: int) -> JsonObject:
    thought = THOUGHTS[number % len(THOUGHTS)](text, beside, number)
    function, custom = (make(text, beside, number + each) for each, make in enumerate(CALLS))
    result: JsonObject = {"type": "function_call_output", "call_id": function["call_id"], "output": beside}
    parts: list[JsonValue] = [{"type": "input_text", "text": beside}]
    other: JsonObject = {"type": "custom_tool_call_output", "call_id": custom["call_id"], "output": parts}
    # a client that says a call again may leave out its id
    call = {name: value for name, value in function.items() if name != "id" or number % 2}
    return {
        "input": [{"role": "user", "content": text}, thought, call, result, custom, other],
        "store": False,
    }


def _result(_text: str, beside: str, number: int) -> JsonObject:
    result: JsonObject = {"type": "function_call_output", "call_id": f"call_{number}", "output": beside}
    return {"previous_response_id": f"resp_{number}", "input": [result]}


def _references(text: str, _beside: str, number: int) -> JsonObject:
    items: list[JsonValue] = [{"type": "item_reference", "id": f"msg_{number}"}, {"id": f"msg_{number}"}]
    return {"input": [*items, {"role": "user", "content": text}]}


def _kept(text: str, beside: str, number: int) -> JsonObject:
    prompt: JsonObject = {"id": f"pmpt_{number}", "version": "2", "variables": {"name": beside}}
    kept: tuple[JsonObject, ...] = (
        {"conversation": f"conv_{number}", "input": text},
        {"conversation": {"id": f"conv_{number}"}, "input": text},
        {"prompt": prompt},
        {"previous_response_id": f"resp_{number}"},
    )
    return kept[number % 4]


_ASKS: tuple[_Ask, ...] = (_text, _messages, _media, _calls, _result, _references, _kept)

#: What else is said, in groups that go together.
_OPTIONS: tuple[JsonObject, ...] = (
    {},
    {"stream": True, "stream_options": {"include_obfuscation": False}},
    {
        "instructions": "Be brief.",
        "max_output_tokens": 64,
        "temperature": 0,
        "top_p": 1,
        "metadata": {"a": "b"},
    },
    {"tools": [_FUNCTION], "tool_choice": {"type": "function", "name": "get_weather"}},
    {"tools": [_FUNCTION, {"type": "web_search"}, {"type": "acme:search"}], "tool_choice": "auto"},
    {
        "tools": [
            {"type": "namespace", "name": "n", "description": "d", "tools": [_FUNCTION]},
            {"type": "tool_search"},
        ],
        "tool_choice": {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "tool_search"}]},
    },
    {
        "tools": [
            {"type": "custom", "name": "sql", "format": {"type": "text"}},
            {
                "type": "mcp",
                "server_label": "wiki",
                "server_url": "https://example.org/",
                "require_approval": "never",
            },
            {"type": "code_interpreter", "container": {"type": "auto"}},
            {"type": "file_search", "vector_store_ids": ["vs_1"]},
            {"type": "image_generation", "size": "auto"},
            {"type": "shell", "environment": {"type": "local"}},
        ],
        "tool_choice": "required",
        "parallel_tool_calls": False,
    },
    {"text": {"format": {"type": "json_schema", "name": "n", "schema": {"type": "object"}, "strict": True}}},
    {
        "text": {"format": {"type": "json_object"}, "verbosity": "low"},
        "reasoning": {"effort": "low", "summary": "auto"},
    },
    {
        "include": ["reasoning.encrypted_content"],
        "store": False,
        "truncation": "auto",
        "user": "u",
        "top_logprobs": 20,
    },
    {
        "background": True,
        "store": True,
        "service_tier": "flex",
        "safety_identifier": "s",
        "prompt_cache_key": "k",
    },
    {"provider": {"order": ["x"]}, "instructions": None, "tools": None, "stream": False},
)


def response_requests() -> SearchStrategy[JsonObject]:
    """Any request that a server can answer: a text, messages, media, calls with their results, references, or what
    the server keeps; with options for all that the contract knows.

    `{"model": "gpt-5.1", "input": "Hello"}`
    """
    return _requests(_ASKS, _OPTIONS)


def plain_requests() -> SearchStrategy[JsonObject]:
    """Requests of a conversation of four messages: the second is the user's, the third the assistant's."""
    return _requests((_messages,), _OPTIONS[:2])


def tool_requests() -> SearchStrategy[JsonObject]:
    """Requests of six items: a question, a thought, a call, its result, a custom call, its result."""
    return _requests((_calls,), _OPTIONS[3:4])


def _requests(asks: tuple[_Ask, ...], options: tuple[JsonObject, ...]) -> SearchStrategy[JsonObject]:
    def request(way: tuple[JsonObject, _Ask], text: str, beside: str, number: int) -> JsonObject:
        option, ask = way
        return {"model": "gpt-5.1", **ask(text, beside, number), **option}

    return st.builds(request, among([*product(options, asks)]), texts(), texts(), st.integers(0, 10**6))
