"""Miniatures that are broken in wrong requests."""

import json
import time
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
    where,
    with_body,
    with_type,
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
    "max-tokens-zero": lambda b: b.get("max_tokens") == 0,
    "max-tokens-huge": lambda b: b.get("max_tokens") == 10**9,
}


def _answering_500(wrong: Callable[[Object], bool]) -> Wrapper:
    return refusals(lambda r, answer: CRASH if asked(r) and wrong(asked(r)) else answer)


def _accepting(wrong: Callable[[Object], bool]) -> Wrapper:
    good: Object = {"model": "tiny", "messages": [{"role": "user", "content": "hi"}]}

    def make(handler: Handler) -> Handler:
        def wrapped(request: Request) -> Answer:
            if is_chat(request) and asked(request) and wrong(asked(request)):
                streamed = {"stream": True} if asked(request).get("stream") is True else {}
                return handler(replace(request, body=json.dumps(good | streamed).encode()))
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


def _telling(wrapper: Wrapper) -> Wrapper:
    """An endpoint whose list of models tells its context, as vLLM does, broken in a way."""

    def make(handler: Handler) -> Handler:
        inner = wrapper(handler)

        def wrapped(request: Request) -> Answer:
            answer = inner(request)
            if not request.path.endswith("/models"):
                return answer
            value = json.loads(answer.body)
            for model in value["data"]:
                model["max_model_len"] = 8192
            return with_body(answer, json.dumps(value).encode())

        return wrapped

    return make


def _is_long(request: Request) -> bool:
    return is_chat(request) and len(request.body) > 30_000 and b"word word" in request.body


def _other_code(request: Request, answer: Answer) -> Answer:
    value = json.loads(answer.body)
    value["error"]["code"] = "too_long"
    return with_body(answer, json.dumps(value).encode()) if _is_long(request) else answer


broken("too-long-500", "chat.errors.context-length", _telling(where(_is_long, CRASH)))
broken("too-long-in-html", "chat.errors.shape", _telling(where(_is_long, as_html(400))))
broken("too-long-without-its-code", "chat.errors.context-length", _telling(refusals(_other_code)))
broken(
    "zero-500-in-json",
    "chat.errors.max-tokens-zero",
    _answering_500(lambda b: b.get("max_tokens") == 0 and not b.get("stream")),
)


def _after_the_role(request: Request, answer: Answer) -> Answer:
    """Transformers: the stream begins before the limit is looked at."""
    if asked(request).get("stream") is not True or asked(request).get("max_tokens") != 0:
        return answer
    head = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": "tiny",
    }
    role = head | {"choices": [{"index": 0, "delta": {"role": "assistant"}, "finish_reason": None}]}
    error = {"error": json.loads(answer.body)["error"]["message"]}
    body = "".join(f"data: {json.dumps(event)}\n\n" for event in (role, error)).encode()
    return with_type(replace(with_body(answer, body), status=200), "text/event-stream")


broken(
    "limit-refused-after-the-role",
    "chat.errors.max-tokens-zero",
    refusals(_after_the_role),
    along=("chat.sse.finish-once",),
)
