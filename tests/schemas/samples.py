"""Answers, chunks and streams to break: each function gives a fresh value that is right."""

import copy
import json
from collections.abc import Iterable

from chatschema import JsonObject, JsonValue

#: Deletes a member, in `broken`.
GONE = object()

HEAD: JsonObject = {"id": "chatcmpl-1", "created": 1764000000, "model": "gpt-4o-2024-08-06"}


def call(name: str = "weather", call_id: str = "call_1") -> JsonObject:
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": '{"city": "Oslo"}'}}


def completion() -> JsonObject:
    return {
        **HEAD,
        "object": "chat.completion",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "Hello!", "refusal": None},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12},
        "system_fingerprint": None,
    }


def calling() -> JsonObject:
    """An answer that calls a tool."""
    message: JsonObject = {"role": "assistant", "content": None, "refusal": None, "tool_calls": [call()]}
    choice: JsonObject = {"index": 0, "message": message, "logprobs": None, "finish_reason": "tool_calls"}
    return {**completion(), "choices": [choice]}


def scored() -> JsonObject:
    """An answer with log probabilities."""
    rival: JsonObject = {"token": "Hi", "logprob": -1.5, "bytes": [72, 105]}
    token: JsonObject = {"token": "Hello", "logprob": 0, "bytes": None, "top_logprobs": [rival]}
    return broken(completion(), "choices", 0, "logprobs", {"content": [token], "refusal": None})


def chunk(delta: JsonObject, finish_reason: str | None = None, index: int = 0) -> JsonObject:
    choice: JsonObject = {"index": index, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    return {**HEAD, "object": "chat.completion.chunk", "choices": [choice]}


def stream() -> list[JsonObject]:
    """Role, two pieces of text, the end."""
    return [
        chunk({"role": "assistant", "content": ""}),
        chunk({"content": "Hel"}),
        chunk({"content": "lo!"}),
        chunk({}, "stop"),
    ]


def fragment(index: int = 0, **members: JsonValue) -> JsonObject:
    """A delta with one fragment of a tool call."""
    return {"tool_calls": [{"index": index, **members}]}


def calling_stream() -> list[JsonObject]:
    return [
        chunk({"role": "assistant", "content": None}),
        chunk(fragment(id="call_1", type="function", function={"name": "weather", "arguments": ""})),
        chunk(fragment(function={"arguments": '{"city": '})),
        chunk(fragment(function={"arguments": '"Oslo"}'})),
        chunk({}, "tool_calls"),
    ]


def usage_chunk() -> JsonObject:
    return {**chunk({}), "choices": [], "usage": completion()["usage"]}


def preamble() -> JsonObject:
    """Azure's first chunk."""
    return {"id": "", "object": "", "created": 0, "model": "", "choices": [], "prompt_filter_results": []}


def dump(chunks: Iterable[JsonValue], end: str = "data: [DONE]\n\n") -> str:
    """The chunks as an event stream."""
    return "".join(f"data: {json.dumps(item)}\n\n" for item in chunks) + end


def error() -> JsonObject:
    return {
        "error": {"message": "no such model", "type": "invalid_request_error", "param": None, "code": "x"}
    }


def models() -> JsonObject:
    return {"object": "list", "data": [{"id": "m", "object": "model", "created": 1, "owned_by": "me"}]}


def broken(value: JsonObject, *path_and_new: object) -> JsonObject:
    """A copy of `value` where the place that all arguments but the last lead to holds the last one."""
    *path, new = path_and_new
    copied = copy.deepcopy(value)
    here: object = copied
    for step in path[:-1]:
        here = here[step]  # type: ignore[index]  # the test knows its own sample
    if new is GONE:
        del here[path[-1]]  # type: ignore[attr-defined]  # as above
    else:
        here[path[-1]] = new  # type: ignore[index]  # as above
    return copied
