"""Miniatures that are broken in embeddings."""

import base64
import struct
from typing import Any

from chatproof.selftest.endpoint.miniatures.registry import broken
from chatproof.selftest.endpoint.miniatures.routes import answers_at, is_at, requests_at
from chatproof.selftest.endpoint.wrapping import Handler, Object, as_json, where

_PATH = "/embeddings"


def _is_batch(body: Object) -> bool:
    return isinstance(body.get("input"), list)


def _first(value: Object) -> Object:
    one: Object = value["data"][0]
    return one


def _swap(value: Object) -> None:
    first, second = value["data"]
    first["embedding"], second["embedding"] = second["embedding"], first["embedding"]


def _swap_bytes(value: Object) -> None:
    packed = base64.b64decode(_first(value)["embedding"])
    numbers = struct.unpack(f"<{len(packed) // 4}f", packed)
    _first(value)["embedding"] = base64.b64encode(struct.pack(f">{len(numbers)}f", *numbers)).decode()


def _halve(value: Object) -> None:
    _first(value)["embedding"] = [number / 2 for number in _first(value)["embedding"]]


def _count_the_first(value: Object) -> None:
    value["usage"].update(prompt_tokens=3, total_tokens=3)


def _forgetful(handler: Handler) -> Handler:
    """Another vector whenever a text comes again, however it is asked for."""
    earlier: set[str] = set()

    def another(text: str) -> str:
        found = text[::-1] if text in earlier else text
        earlier.add(text)
        return found

    def change(body: Object) -> None:
        told = body["input"]
        if isinstance(told, str):
            body["input"] = another(told)
        else:
            several: list[Any] = [*told]
            body["input"] = [*map(another, several)]

    return requests_at(_PATH, change)(handler)


broken("vector-without-object", "embeddings.shape", answers_at(_PATH, lambda v: _first(v).pop("object")))
broken("vector-of-texts", "embeddings.shape", answers_at(
    _PATH, lambda v: v.update(object="embeddings"), lambda body: not _is_batch(body)
))  # fmt: skip
broken("vectors-are-all-the-first", "embeddings.count-and-index", answers_at(
    _PATH, lambda v: v["data"][1].update(index=0), _is_batch
))  # fmt: skip
broken(
    "vector-is-lost", "embeddings.count-and-index", answers_at(_PATH, lambda v: v["data"].pop(), _is_batch)
)
broken("vectors-are-refused-together", "embeddings.count-and-index", where(is_at(_PATH, _is_batch), as_json(
    400, {"error": {"message": "a text", "type": "invalid_request_error", "param": "input", "code": None}}
)))  # fmt: skip
broken("base64-is-ignored", "embeddings.base64-equals-float", requests_at(
    _PATH, lambda body: body.pop("encoding_format", None)
))  # fmt: skip
broken("base64-is-big-endian", "embeddings.base64-equals-float", answers_at(
    _PATH, _swap_bytes, lambda body: "encoding_format" in body
), along=("embeddings.shape",))  # fmt: skip
broken("one-dimension-too-few", "embeddings.dimensions", answers_at(
    _PATH, lambda v: _first(v)["embedding"].pop(), lambda body: "dimensions" in body
))  # fmt: skip
broken("vectors-change", "embeddings.deterministic", _forgetful)
broken("vectors-are-swapped", "embeddings.batch-equals-single", answers_at(_PATH, _swap, _is_batch))
broken("vectors-shrink-in-a-batch", "embeddings.batch-equals-single", answers_at(_PATH, _halve, _is_batch))
broken("one-text-is-counted", "embeddings.usage", answers_at(_PATH, _count_the_first, _is_batch))
broken("a-batch-costs-more", "embeddings.usage", answers_at(
    _PATH, lambda v: v["usage"].update(prompt_tokens=99, total_tokens=99), _is_batch
))  # fmt: skip
broken("texts-cost-nothing", "embeddings.usage", answers_at(
    _PATH, lambda v: v["usage"].update(prompt_tokens=0, total_tokens=0)
))  # fmt: skip
