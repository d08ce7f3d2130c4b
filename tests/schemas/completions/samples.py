"""Completions to break: each function gives a fresh value that is right."""

from chatschema import JsonObject, JsonValue

HEAD: JsonObject = {"id": "cmpl-1", "object": "text_completion", "created": 1764000000, "model": "tiny"}


def piece(text: str, reason: str | None = None, index: int = 0, **members: JsonValue) -> JsonObject:
    """A choice of a chunk, or of an answer where it has a reason."""
    return {"text": text, "index": index, "logprobs": None, "finish_reason": reason, **members}


def completion(*choices: JsonObject) -> JsonObject:
    usage: JsonObject = {"prompt_tokens": 2, "completion_tokens": 3, "total_tokens": 5}
    return {**HEAD, "choices": [*(choices or (piece("Hello!", "stop"),))], "usage": usage}


def chunk(*choices: JsonObject, **members: JsonValue) -> JsonObject:
    return {**HEAD, "choices": [*choices], **members}


def stream() -> list[JsonObject]:
    """Two pieces of text, the last with the end."""
    return [chunk(piece("Hel")), chunk(piece("lo!", "stop"))]
