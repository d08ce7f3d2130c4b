"""Rules for `response_format`."""

from collections.abc import Iterator

from chatfake.core.api_error import ApiError, not_given, wrong_type
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import text_of
from chatfake.request.validation.members import kind_refusal
from chatfake.request.validation.schema import schema_problem
from chatfake.request.validation.tools import tool_name

KINDS = ("text", "json_object", "json_schema")


def shape(body: JsonObject) -> Iterator[ApiError]:
    """An object with a known type; `json_schema` with a name and a sound schema."""
    form = body["response_format"]
    if not isinstance(form, dict):
        yield wrong_type("response_format", "an object", form)
        return
    if refusal := kind_refusal(form, "response_format", KINDS):
        yield refusal
    elif form["type"] == "json_schema":
        yield from _json_schema(form.get("json_schema"))


def _json_schema(form: JsonValue) -> Iterator[ApiError]:
    path = "response_format.json_schema"
    if isinstance(form, dict):
        yield from named_schema(form, path, param="response_format")
    else:
        yield not_given(path, "an object", form)


def named_schema(form: JsonObject, path: str, param: str, code: str | None = None) -> Iterator[ApiError]:
    """A name and a sound schema; `param` and `code` are those of an unsound one."""
    yield from tool_name(form, path)
    schema = form.get("schema")
    if not isinstance(schema, dict):
        yield not_given(f"{path}.schema", "an object", schema)
    elif (problem := schema_problem(schema)) is not None:
        words = f"Invalid schema for response_format '{form.get('name')}': {problem}"
        yield ApiError(message=words, param=param, code=code)


def json_word(body: JsonObject) -> Iterator[ApiError]:
    """JSON mode wants the word in a message, or a model would write white space for ever."""
    form = body.get("response_format")
    messages = body["messages"]
    if not isinstance(form, dict) or form.get("type") != "json_object" or not isinstance(messages, list):
        return
    texts = (text_of(message.get("content")) for message in messages if isinstance(message, dict))
    if not any("json" in text.lower() for text in texts):
        yield ApiError(
            message="'messages' must contain the word 'json' in some form, "
            "to use 'response_format' of type 'json_object'.",
            param="messages",
        )
