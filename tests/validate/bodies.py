"""Answers to put into files: the fake's, and ones that are wrong in exactly one way."""

import json
from typing import Any

from chatfake import Fake, Request

__all__ = ["COMPLETION", "CUT_STREAM", "ERROR", "STREAM", "WARNED", "WRONG", "answer", "wrong"]


def answer(**members: Any) -> bytes:
    """What the fake says to a chat request with these members."""
    asked = {"model": "tiny", "messages": [{"role": "user", "content": "hi"}], **members}
    request = Request(method="POST", path="/v1/chat/completions", body=json.dumps(asked).encode())
    return Fake().answer(request).body


COMPLETION = answer()
STREAM = answer(stream=True)
ERROR = answer(temperature="hot")
CUT_STREAM = STREAM.replace(b"data: [DONE]\n\n", b"")


def wrong(**members: Any) -> bytes:
    """A completion whose `created` is text; `members` come on top."""
    value = json.loads(COMPLETION)
    return json.dumps({**value, "created": "soon", **members}).encode()


WRONG = wrong()


def _warned() -> bytes:
    value = json.loads(COMPLETION)
    del value["choices"][0]["message"]["refusal"]
    return json.dumps(value).encode()


WARNED = _warned()
