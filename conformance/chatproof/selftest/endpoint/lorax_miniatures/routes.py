"""Miniatures that are broken in LoRAX's other routes."""

import json
from collections.abc import Callable
from typing import Any

from chatfake import Answer, Request
from chatproof.selftest.endpoint.lorax_miniatures.registry import at, broken
from chatproof.selftest.endpoint.wrapping import (
    Object,
    Wrapper,
    as_json,
    asked,
    completions,
    each_chunk,
    is_stream,
    streams,
    with_body,
)


def _whole(path: str, change: Callable[[Any], object]) -> Wrapper:
    """Change the JSON of one route: in place, or by giving another."""

    def changed(_: Request, answer: Answer) -> Answer:
        if answer.status != 200 or is_stream(answer):
            return answer
        value = json.loads(answer.body)
        other = change(value)
        return with_body(answer, json.dumps(value if other is None else other).encode())

    return at(path, changed)


broken("root-as-object", "root-route", _whole("/", lambda value: value[0]))
broken("root-of-two", "root-route", _whole("/", lambda value: value * 2))
broken("root-of-another", "root-route", _whole("/", lambda value: value[0].update(generated_text="Hm.")))
broken(
    "root-never-streams",
    "root-route",
    at("/", lambda r, a: as_json(200, []) if asked(r).get("stream") else a),
)
broken(
    "root-cut",
    "root-route",
    at("/", lambda r, a: with_body(a, a.body[:200]) if asked(r).get("stream") else a),
)
broken("info-of-half", "info", _whole("/info", lambda value: {"model_id": value["model_id"]}))
broken(
    "unhealthy",
    "health",
    at("/health", lambda _, __: as_json(500, {"error": "unhealthy", "error_type": "healthcheck"})),
)
broken("tokens-in-an-object", "tokenize", _whole("/tokenize", lambda value: {"tokens": value}))
broken("offsets-fall", "tokenize", _whole("/tokenize", lambda value: value[-1].update(start=0, stop=0)))
broken("offsets-of-more", "tokenize", _whole("/tokenize", lambda value: value[-1].update(stop=9999)))
broken(
    "more-without-special",
    "tokenize",
    at(
        "/tokenize",
        lambda r, a: with_body(a, _doubled(a.body)) if asked(r).get("add_special_tokens") is False else a,
    ),
)
broken(
    "chat-of-another-shape",
    "chat-equals-openai",
    completions(lambda value: value["choices"][0].update(message=None)),
)
broken("chat-without-done", "chat-equals-openai", streams(lambda found: found[:-1]))
broken(
    "chat-error-200", "chat-equals-openai", completions(lambda _: {"error": "no", "error_type": "generation"})
)


def _more_usage(_: int, chunk: Object) -> None:
    if chunk.get("usage"):
        chunk["usage"]["prompt_tokens"] += 3
        chunk["usage"]["total_tokens"] += 3


broken("chat-stream-costs-more", "chat-equals-openai", each_chunk(_more_usage))


def _doubled(body: bytes) -> bytes:
    return json.dumps(json.loads(body) * 2).encode()
