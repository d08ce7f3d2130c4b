"""Endpoints that are unusual and right in what is said where tools are offered."""

import json
from collections.abc import Callable

from chatfake import Answer, Request
from chatproof.selftest.endpoint.miniatures import on_200
from chatproof.selftest.endpoint.wrapping import (
    Object,
    Wrapper,
    asked,
    chained,
    choice_of,
    delta_of,
    message_of,
    with_body,
)

__all__ = ["TOOL_VARIANTS"]

_CALL = '<tool_call>\n{"name": "get_weather"}\n</tool_call>'
_BEGUN = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "'


def _forbidden(body: Object) -> bool:
    return body.get("tool_choice") == "none"


def _left_to_the_model(body: Object) -> bool:
    return bool(body.get("tools")) and body.get("tool_choice", "auto") == "auto"


def _saying(text: str, where: Callable[[Object], bool], finish: str) -> Wrapper:
    """A model that says this where it would say another text, and ends in this way."""

    def whole(request: Request, answer: Answer) -> Answer:
        value = json.loads(answer.body)
        if not where(asked(request)) or choice_of(value)["finish_reason"] != finish:
            return answer
        message_of(value)["content"] = text
        return with_body(answer, json.dumps(value).encode())

    def streamed(request: Request, answer: Answer) -> Answer:
        found = [
            json.loads(data) for event in answer.body.split(b"\n\n") if (data := event[6:]).startswith(b"{")
        ]
        ends = [choice_of(chunk)["finish_reason"] for chunk in found if chunk["choices"]]
        texts = [chunk for chunk in found if delta_of(chunk).get("content")]
        if not where(asked(request)) or finish not in ends or not texts:
            return answer
        for chunk in texts:
            delta_of(chunk)["content"] = ""
        delta_of(texts[0])["content"] = text
        events = [f"data: {json.dumps(chunk)}\n\n" for chunk in found]
        return with_body(answer, "".join([*events, "data: [DONE]\n\n"]).encode())

    return chained(on_200(whole, stream=False), on_200(streamed, stream=True))


TOOL_VARIANTS: dict[str, Wrapper] = {
    # what a model says is its own affair
    "call-in-words-under-none": _saying(_CALL, _forbidden, "stop"),
    # vLLM: a call that its limit cuts cannot be read, and stays what it is
    "call-cut-in-words": _saying(_BEGUN, _left_to_the_model, "length"),
}
