"""The models can be exported, and the export holds what the models hold."""

from jsonschema import Draft202012Validator
from pydantic import BaseModel

from chatschema import ChatCompletion, ChatCompletionChunk, ErrorResponse, JsonValue, ModelList
from tests.schemas.samples import (
    broken,
    calling,
    chunk,
    completion,
    error,
    fragment,
    models,
    scored,
    usage_chunk,
)

MODELS: list[type[BaseModel]] = [ChatCompletion, ChatCompletionChunk, ErrorResponse, ModelList]


def accepts(model: type[BaseModel], value: JsonValue) -> bool:
    schema = model.model_json_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema).is_valid(value)


def test_exported_schema_accepts_what_the_models_accept() -> None:
    for answer in (completion(), calling(), scored(), broken(completion(), "created", 1764.0)):
        assert accepts(ChatCompletion, answer)
    for piece in (chunk({}), chunk(fragment(id="a")), usage_chunk()):
        assert accepts(ChatCompletionChunk, piece)
    assert accepts(ErrorResponse, error())
    assert accepts(ModelList, models())


def test_exported_schema_refuses_what_the_models_refuse() -> None:
    steps: list[tuple[object, ...]] = [
        ("created", "1"),
        ("created", 1.5),
        ("id", ""),
        ("choices", 0, "delta", {}),
    ]
    for step in steps:
        assert not accepts(ChatCompletion, broken(completion(), *step))
    assert not accepts(ChatCompletion, broken(completion(), "usage", "prompt_tokens", -1))
    assert not accepts(ErrorResponse, broken(error(), "error", "code", []))
