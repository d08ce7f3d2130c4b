"""Miniatures that are broken in response_format."""

import json

from chatfake import Answer, Request
from chatproof.selftest.endpoint.miniatures.registry import broken, on_200
from chatproof.selftest.endpoint.wrapping import (
    CRASH,
    Object,
    Wrapper,
    asked,
    is_chat,
    message_of,
    requests,
    where,
    with_body,
)


def _form(body: Object) -> str:
    form: Object | str | None = body.get("response_format")
    return str(form.get("type")) if isinstance(form, dict) else ""


def _ignoring(kind: str, *, streams_only: bool = False, only: str = "") -> Wrapper:
    """Prose under 200, where a form was asked for."""

    def change(body: Object) -> None:
        meant = _form(body) == kind and (body.get("stream") or not streams_only)
        if meant and only in str(body["response_format"]):
            del body["response_format"]

    return requests(change)


def _value(answer: Answer) -> Object:
    value: Object = json.loads(answer.body)
    return value


def _fenced(request: Request, answer: Answer) -> Answer:
    """The object in Markdown, as models like to write it."""
    value = _value(answer)
    if _form(asked(request)) != "json_object":
        return answer
    message_of(value)["content"] = f"```json\n{message_of(value)['content']}\n```"
    return with_body(answer, json.dumps(value).encode())


def _object_content(request: Request, answer: Answer) -> Answer:
    """The object itself, not its text."""
    value = _value(answer)
    if _form(asked(request)) != "json_schema":
        return answer
    message_of(value)["content"] = json.loads(message_of(value)["content"])
    return with_body(answer, json.dumps(value).encode())


broken("json-object-ignored", "chat.format.json-object", _ignoring("json_object"))
broken("json-object-in-fences", "chat.format.json-object", on_200(_fenced, stream=False))
broken(
    "json-object-500",
    "chat.format.json-object",
    where(lambda r: is_chat(r) and _form(asked(r)) == "json_object", CRASH),
)
broken(
    "json-schema-ignored",
    "chat.format.json-schema",
    _ignoring("json_schema"),
    along=("chat.format.bad-schema",),  # the schema is not looked at
)
broken(
    "json-schema-ignored-in-streams",
    "chat.format.json-schema",
    _ignoring("json_schema", streams_only=True),
)
broken(
    "json-schema-as-object",
    "chat.format.json-schema",
    on_200(_object_content, stream=False),
    along=("chat.json.shape",),
)
broken(
    "streamed-json-schema-500",
    "chat.format.json-schema",
    where(lambda r: is_chat(r) and _form(asked(r)) == "json_schema" and bool(asked(r).get("stream")), CRASH),
)


def _any_object(body: Object) -> None:
    """The schema is taken for a wish: any object will do."""
    if _form(body) == "json_schema" and "verdigris" in str(body["response_format"]):
        body["response_format"] = {"type": "json_object"}


broken("json-schema-is-any-object", "chat.format.json-schema", requests(_any_object))
broken("unknown-format-accepted", "chat.format.bad-schema", _ignoring("no-such-format"))
broken(
    "bad-schema-accepted",
    "chat.format.bad-schema",
    _ignoring("json_schema", only="no-such-type"),
)
broken("bad-schema-500", "chat.format.bad-schema", where(lambda r: b"no-such-type" in r.body, CRASH))
