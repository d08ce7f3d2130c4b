"""Miniatures that are broken in wrong requests."""

import json
from collections.abc import Callable
from dataclasses import replace

from chatfake import Answer, Request
from chatproof.selftest.endpoint.miniatures.registry import (
    broken,
)
from chatproof.selftest.endpoint.wrapping import (
    CRASH,
    Handler,
    Object,
    Wrapper,
    as_html,
    as_json,
    asked,
    is_chat,
    refusals,
)

_WRONG: dict[str, Callable[[Object], bool]] = {
    "missing-messages": lambda b: "messages" not in b,
    "empty-messages": lambda b: b.get("messages") == [],
    "unknown-role": lambda b: '"wizard"' in json.dumps(b),
    "missing-role": lambda b: any("role" not in m for m in b.get("messages", ()) if isinstance(m, dict)),
    "content-type": lambda b: '"content": 7' in json.dumps(b),
    "missing-model": lambda b: "model" not in b,
    "temperature-type": lambda b: b.get("temperature") == "hot",
    "temperature-range": lambda b: b.get("temperature") == 5,
    "top-p-range": lambda b: b.get("top_p") == 2,
    "n-zero": lambda b: b.get("n") == 0,
    "stream-type": lambda b: b.get("stream") == "yes",
    "tools-type": lambda b: isinstance(b.get("tools"), str),
    "stop-too-many": lambda b: isinstance(b.get("stop"), list) and len(b["stop"]) > 4,
    "max-tokens-negative": lambda b: b.get("max_tokens") == -1,
}


def _answering_500(wrong: Callable[[Object], bool]) -> Wrapper:
    return refusals(lambda r, answer: CRASH if asked(r) and wrong(asked(r)) else answer)


def _accepting(wrong: Callable[[Object], bool]) -> Wrapper:
    good = {"model": "tiny", "messages": [{"role": "user", "content": "hi"}]}

    def make(handler: Handler) -> Handler:
        def wrapped(request: Request) -> Answer:
            if is_chat(request) and asked(request) and wrong(asked(request)):
                return handler(replace(request, body=json.dumps(good).encode()))
            return handler(request)

        return wrapped

    return make


for _name, _wrong in _WRONG.items():
    broken(f"{_name}-500", f"chat.errors.{_name}", _answering_500(_wrong))
    broken(f"{_name}-accepted", f"chat.errors.{_name}", _accepting(_wrong))

_NOT_A_LIST: Callable[[Object], bool] = lambda b: isinstance(b.get("messages"), str)  # noqa: E731  a row of the table above
broken(
    "messages-not-a-list-500",
    "chat.errors.messages-not-a-list",
    _answering_500(lambda b: _NOT_A_LIST(b) and not b.get("stream")),
)


broken(
    "html-400",
    "chat.errors.shape",
    refusals(lambda r, answer: as_html(400) if _WRONG["unknown-role"](asked(r)) else answer),
)
broken(
    "redirected",
    "chat.errors.unknown-role",
    refusals(lambda r, answer: replace(answer, status=302) if _WRONG["unknown-role"](asked(r)) else answer),
)
broken(
    "error-under-200",
    "chat.errors.unknown-role",
    refusals(lambda r, answer: replace(answer, status=200) if _WRONG["unknown-role"](asked(r)) else answer),
)


def _detail(request: Request, answer: Answer) -> Answer:
    if not _NOT_A_LIST(asked(request)) or asked(request).get("stream"):
        return answer
    return as_json(422, {"detail": [{"loc": ["body", "messages"], "msg": "value is not a valid list"}]})


broken("error-is-detail", "chat.errors.shape", refusals(_detail))
broken(
    "all-errors-are-detail", "chat.errors.shape", refusals(lambda _, __: as_json(422, {"detail": "wrong"}))
)
broken("all-errors-are-html", "chat.errors.shape", refusals(lambda _, __: as_html(400)))


def _two_members(request: Request, answer: Answer) -> Answer:
    if not _NOT_A_LIST(asked(request)) or asked(request).get("stream"):
        return answer
    return as_json(400, {"error": {"message": "messages must be a list", "type": "invalid_request_error"}})


broken("error-without-code", "chat.errors.shape", refusals(_two_members))
