"""Answers to put into files, and ones that are wrong in exactly one way."""

import json
from typing import Any

__all__ = ["COMPLETION", "CUT_STREAM", "ERROR", "STREAM", "WARNED", "WRONG", "wrong"]

_HEAD: dict[str, Any] = {"id": "chatcmpl-1", "created": 1764000000, "model": "tiny"}


def _completion(**message: Any) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "content": "Hei, Åse!", **message}}
    usage = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}
    ended = {**choice, "logprobs": None, "finish_reason": "stop"}
    return {**_HEAD, "object": "chat.completion", "choices": [ended], "usage": usage}


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _event(delta: dict[str, Any], finish_reason: str | None = None) -> str:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    return f"data: {_text({**_HEAD, 'object': 'chat.completion.chunk', 'choices': [choice]})}\n\n"


COMPLETION = _text(_completion(refusal=None)).encode()
WARNED = _text(_completion()).encode()

_EVENTS = [_event({"role": "assistant", "content": ""}), _event({"content": "Hei, Åse!"}), _event({}, "stop")]
CUT_STREAM = "".join(_EVENTS).encode()
STREAM = CUT_STREAM + b"data: [DONE]\n\n"

ERROR = json.dumps(
    {"error": {"message": "No such model.", "type": "invalid_request_error", "param": "model", "code": None}}
).encode()


def wrong(**members: Any) -> bytes:
    """A completion whose `created` is text; `members` come on top."""
    return _text({**_completion(refusal=None), "created": "soon", **members}).encode()


WRONG = wrong()
