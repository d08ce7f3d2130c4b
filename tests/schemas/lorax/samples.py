"""Answers and streams of LoRAX to break: each function gives a fresh value that is right."""

from collections.abc import Iterable

from chatschema import JsonObject, JsonValue
from tests.schemas.samples import dump as dumped

ERROR: JsonObject = {"error": "Incomplete generation", "error_type": "incomplete_generation"}
DONE = "[DONE]"


def token(text: JsonValue = " Hi", **members: JsonValue) -> JsonObject:
    """A token that is none of a special kind."""
    return {"id": 1, "text": text, "logprob": -0.34, "special": False, "skipped": False, **members}


def end() -> JsonObject:
    """The end of the sequence."""
    return token("</s>", special=True)


def answer(*tokens: JsonObject, text: str = " Hi", reason: str = "length") -> JsonObject:
    """An answer with details; of one token where none is given."""
    said: list[JsonValue] = [*(tokens or (token(),))]
    details: JsonObject = {
        "finish_reason": reason,
        "prompt_tokens": 3,
        "generated_tokens": len(said),
        "skipped_tokens": 0,
        "seed": None,
        "prefill": [],
        "tokens": said,
    }
    return {"generated_text": text, "details": details}


def event(text: str = " Hi", **members: JsonValue) -> JsonObject:
    """An event that is not the last."""
    return {"token": token(text), "generated_text": None, "details": None, **members}


def last(text: str = " Hi", count: int = 2, **members: JsonValue) -> JsonObject:
    """The event of the end of the sequence."""
    details: JsonObject = {
        "finish_reason": "eos_token",
        "prompt_tokens": 3,
        "generated_tokens": count,
        "seed": None,
    }
    return {"token": end(), "generated_text": text, "details": details, **members}


def stream() -> list[JsonObject]:
    """A token, and the end of the sequence."""
    return [event(), last()]


def usage(completion: int = 2) -> JsonObject:
    return {"prompt_tokens": 3, "total_tokens": 3 + completion, "completion_tokens": completion}


def chat_chunk(content: str = " Hi") -> JsonObject:
    """A chunk of a chat that is not the last."""
    choice: JsonObject = {
        "index": 0,
        "delta": {"role": "assistant", "content": content},
        "finish_reason": None,
    }
    return {
        "id": "null",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "null",
        "choices": [choice],
    }


def chat_last() -> JsonObject:
    """The chunk of the end of the sequence."""
    choice: JsonObject = {"index": 0, "delta": {}, "finish_reason": "stop"}
    return {**chat_chunk(), "choices": [choice], "usage": usage()}


def text_chunk(text: str = " Hi", reason: str | None = None) -> JsonObject:
    """A chunk of a completion; the last where a reason is given."""
    zeros: JsonObject = {"prompt_tokens": 0, "total_tokens": 0, "completion_tokens": 0}
    return {
        "id": "null",
        "object": "text_completion",
        "created": 0,
        "model": "null",
        "choices": [{"index": 0, "text": text, "logprobs": None, "finish_reason": reason}],
        "usage": zeros if reason is None else usage(),
    }


def chat() -> JsonObject:
    """A chat's answer."""
    choice: JsonObject = {
        "index": 0,
        "message": {"role": "assistant", "content": "Hi"},
        "finish_reason": "stop",
    }
    return {
        "id": "null",
        "object": "text_completion",
        "created": 1764000000,
        "model": "m",
        "choices": [choice],
        "usage": usage(),
        "system_fingerprint": "0.1.0-native",
    }


def calling() -> JsonObject:
    """A chat's answer that calls a tool."""
    function: JsonObject = {"description": None, "name": "f", "arguments": '{"city": "Oslo"}'}
    message: JsonObject = {
        "role": "assistant",
        "tool_calls": [{"id": "0", "type": "function", "function": function}],
    }
    return {**chat(), "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}


def dump(events: Iterable[JsonValue]) -> str:
    """The events as LoRAX sends them; a native stream has nothing after them."""
    return "".join(
        f"data: {item}\n\n" if isinstance(item, str) else dumped([item], end="") for item in events
    )
