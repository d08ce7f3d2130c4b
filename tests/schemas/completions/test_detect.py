"""What a body is taken for."""

import json

import pytest

from chatschema import JsonValue, check
from tests.schemas.completions.samples import chunk, completion, piece, stream
from tests.schemas.samples import dump, error

VECTOR: JsonValue = {"object": "embedding", "index": 0, "embedding": [0.5]}
MODEL: JsonValue = {"id": "m", "object": "model", "created": 1, "owned_by": "me"}


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (completion(), "completion"),
        (chunk(piece("a")), "completion.chunk"),
        (chunk(piece("a", "stop")), "completion"),  # the last chunk looks like a whole answer
        ({**completion(), "choices": []}, "completion"),
        ({**completion(), "object": "text.completion"}, "completion"),
        ({"choices": [{"text": "a"}]}, None),
        ({"model": "m", "choices": [{"text": "a", "logprobs": None}]}, "completion.chunk"),
        ({"object": "list", "data": [VECTOR]}, "embeddings"),
        ({"data": [{"embedding": "AAAAAA=="}]}, "embeddings"),
        ({"object": "list", "data": [], "usage": {}}, "embeddings"),
        ({"object": "list", "data": []}, None),
        ({"object": "list", "data": [MODEL]}, "models"),
        (MODEL, "model"),
        ({"messages": []}, None),
        ({"model": "m", "messages": []}, "chat.completion.request"),
        ({"model": "m", "messages": [{"role": "user", "content": "hi"}]}, "chat.completion.request"),
        ({"messages": [], "choices": []}, None),
        ({"model": "m", "created": 1, "messages": [], "choices": []}, "chat.completion"),
        ({"model": "m", "prompt": "hi"}, "completion.request"),
        ({"model": "m", "prompt": [1]}, "completion.request"),
        ({"prompt": "hi"}, None),
        ({"model": "m", "input": "hi", "encoding_format": "float"}, "embeddings.request"),
        ({"model": "m", "input": "hi", "dimensions": 2}, "embeddings.request"),
        ({"model": "m", "input": "hi"}, None),
        ({"model": "m", "input": "hi", "store": False}, "response.request"),
    ],
)
def test_kind_is_told_from_the_value(value: JsonValue, kind: str | None) -> None:
    assert check(value).kind == kind
    assert check(json.dumps(value)).kind == kind


@pytest.mark.parametrize("before", [[], [error()], ["please wait"]])
def test_stream_is_told_from_its_chunks(before: list[JsonValue]) -> None:
    assert check(dump([*before, *stream()])).kind == "completion.sse"
    assert check(dump([*before, stream()[-1]])).kind == "completion.sse"
