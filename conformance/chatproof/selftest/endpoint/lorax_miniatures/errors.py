"""Miniatures that are broken in what they refuse."""

import json
from collections.abc import Callable

from chatfake import Answer, Request
from chatproof.selftest.endpoint.lorax_miniatures.registry import at, broken
from chatproof.selftest.endpoint.wrapping import CRASH, Wrapper, as_json, asked, with_body

_TEXT = as_json(200, {"generated_text": "Hello."})


def _refusals(path: str, change: Callable[[Request, Answer], Answer]) -> Wrapper:
    """Change each refusal of one route, before or in a stream."""

    def changed(request: Request, answer: Answer) -> Answer:
        refused = answer.status >= 400 or b'data: {"error"' in answer.body
        return change(request, answer) if refused else answer

    return at(path, changed)


def _parameters(request: Request) -> dict[str, object]:
    found = asked(request).get("parameters")
    held: dict[str, object] = {**found} if isinstance(found, dict) else {}
    return held


def _of(error: str, error_type: str) -> Callable[[Request, Answer], Answer]:
    body = {"error": error, "error_type": error_type}
    return lambda request, answer: (
        answer if "adapter_id" in _parameters(request) else as_json(answer.status, body)
    )


broken(
    "openai-error",
    "errors.validation",
    _refusals("/generate", lambda _, answer: as_json(answer.status, {"error": {"message": "no"}})),
    along=("errors.unknown-adapter",),
)
broken("another-error-type", "errors.validation", _refusals("/generate", _of("no", "generation")))
broken(
    "refused-with-400",
    "errors.validation",
    _refusals(
        "/generate",
        lambda _, a: (
            a
            if a.status == 424
            else as_json(400, json.loads(a.body) if a.status == 422 and a.body[:1] == b"{" else {})
        ),
    ),
)
broken(
    "junk-crashes",
    "errors.validation",
    _refusals("/generate", lambda _, a: CRASH if a.body[:1] != b"{" else a),
)
broken(
    "accepts-zero-tokens",
    "errors.validation",
    _refusals("/generate", lambda r, a: _TEXT if _parameters(r).get("max_new_tokens") == 0 else a),
)
broken(
    "stream-of-nothing",
    "errors.stream",
    _refusals("/generate_stream", lambda _, answer: with_body(answer, b"")),
)
broken(
    "stream-error-of-openai",
    "errors.stream",
    _refusals(
        "/generate_stream", lambda _, answer: with_body(answer, b'data: {"error":{"message":"no"}}\n\n')
    ),
)
broken(
    "stream-error-twice",
    "errors.stream",
    _refusals("/generate_stream", lambda _, answer: with_body(answer, answer.body * 2)),
)
broken("stream-error-as-page", "errors.stream", _refusals("/generate_stream", lambda _, __: _TEXT))
broken(
    "any-adapter",
    "errors.unknown-adapter",
    _refusals("/generate", lambda r, a: _TEXT if "adapter_id" in _parameters(r) else a),
)
broken(
    "adapter-crash",
    "errors.unknown-adapter",
    _refusals("/generate", lambda r, a: CRASH if "adapter_id" in _parameters(r) else a),
)


def _in_chat(change: Callable[[Request, Answer], Answer]) -> Wrapper:
    return at("/v1/chat/completions", change)


broken(
    "chat-with-any-adapter",
    "adapter-by-model",
    lambda handler: (
        lambda request: handler(_as_base(request)) if "adapter_source" in asked(request) else handler(request)
    ),
)
broken(
    "no-empty-model",
    "adapter-by-model",
    _in_chat(
        lambda r, a: (
            as_json(422, {"error": "no", "error_type": "validation"}) if asked(r).get("model") == "" else a
        )
    ),
)


def _as_base(request: Request) -> Request:
    body = {**asked(request), "model": ""}
    del body["adapter_source"]
    return Request(
        method=request.method, path=request.path, headers=request.headers, body=json.dumps(body).encode()
    )
