"""The fake as an OpenAPI document, for tools that read one: made from what its routes say of themselves and from the
contract's schemas, when the fake is first asked for it.
"""

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from chatfake.routes.operations import OPERATIONS, Api, Operation, Query
from chatproof.openapi.components import Schema, components, reference, schema_of

__all__ = ["document", "text"]

_INFO = {
    "title": "chatfake",
    "version": "1",
    "description": "A fake OpenAI-compatible server that can be made to misbehave. Every path is taken with `/v1` and "
    "without it, and behind `/key/KEY`, `/scenario/NAME` and `/dialect/NAME`; HEAD where there is GET, OPTIONS "
    "everywhere, 405 with `Allow` for other methods. Faults, which are asked for by name, give any status, and bodies "
    "that are none of these. Requests are refused for more than a schema can say, with 400.",
}
_TAGS = {
    Api.OPENAI: "The OpenAI API.",
    Api.LORAX: "LoRAX's own routes.",
    Api.FAKE: "What tells of the fake itself, and what it was asked.",
}
#: What the routes obey that choose an answer, beside the model's name.
_CHOICES = {
    "X-Fake-Scenario": ("The plan that answers: `scenario+fault`.", "string"),
    "X-Fake-Dialect": ("The server whose manner is taken.", "string"),
    "X-Fake-Delay": ("Seconds before the first byte.", "number"),
    "X-Fake-Latency": ("A model of latency: `normal:0.3:0.1`.", "string"),
}
_TEXT: Schema = {"schema": {"type": "string"}}
#: What the extractor of LoRAX's web framework says before the router sees the request.
_EXTRACTOR = {
    400: "The body is no JSON.",
    413: "The body is too large.",
    415: "The content type is not application/json.",
    422: "The body is JSON of another shape.",
}
_EVENT = "x-event"  #: the schema of one event's data; OpenAPI 3.1 has no word for it


def document() -> Schema:
    """The document, with everything that it refers to in it."""
    paths: dict[str, Schema] = {}
    for (method, path), description in OPERATIONS.items():
        paths.setdefault(f"{description.api.prefix}{path}", {})[method.lower()] = _operation(
            method, path, description
        )
    kinds = {kind for description in OPERATIONS.values() for kind in _kinds(description)}
    return {
        "openapi": "3.1.0",
        "info": _INFO,
        "tags": [{"name": api.value, "description": text} for api, text in _TAGS.items()],
        "security": [{}, {"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "parameters": {
                name: _parameter(Query(name=name, description=description, type=kind), "header")
                for name, (description, kind) in _CHOICES.items()
            },
            "schemas": components({kind: schema_of(kind) for kind in kinds}),
        },
    }


def text() -> str:
    """The document as it is served."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


def _kinds(description: Operation) -> Iterator[str]:
    yield from (kind for kind in (description.request, description.answer, description.event) if kind)
    if _refusals(description):
        yield description.error


def _operation(method: str, path: str, description: Operation) -> Schema:
    words = "".join(
        part.strip("{}").capitalize() for part in path.replace(".", "/").replace("_", "/").split("/")
    )
    found: Schema = {
        "operationId": f"{method.lower()}{words or 'Root'}",
        "summary": description.summary,
        "tags": [description.api.value],
    }
    found["parameters"] = [
        *(_parameter(one, "path" if f"{{{one.name}}}" in path else "query") for one in description.query),
        *(
            {"$ref": f"#/components/parameters/{name}"}
            for name in (_CHOICES if description.selects_plan else ())
        ),
    ]
    if description.request:
        content = {kind: {"schema": reference(description.request)} for kind in _types(description)}
        found["requestBody"] = {"required": True, "content": content}
    found["responses"] = {str(description.status): _well(description)}
    for status, why in sorted(_refusals(description).items()):
        found["responses"][str(status)] = {"description": why, "content": _error(description, status)}
    return found


def _types(description: Operation) -> tuple[str, ...]:
    return (
        ("application/json", "application/yaml")
        if description.request == "fake.script"
        else ("application/json",)
    )


def _refusals(description: Operation) -> Mapping[int, str]:
    if description.api is Api.LORAX and description.request:
        return {**_EXTRACTOR, **description.refusals}
    return description.refusals


def _error(description: Operation, status: int) -> Schema:
    """LoRAX refuses what it cannot read in plain text. A dialect that there is not is OpenAI's error anywhere."""
    if description.api is not Api.LORAX:
        return _json(description.error)
    if status == HTTPStatus.NOT_FOUND:
        return {"application/json": {"schema": {"anyOf": [reference(description.error), reference("error")]}}}
    return {**_json(description.error), "text/plain": _TEXT}


def _well(description: Operation) -> Schema:
    content: Schema = _json(description.answer) if description.answer else {}
    if description.event:
        content["text/event-stream"] = {_EVENT: reference(description.event)}
    if description.content_type != "application/json":
        content[description.content_type] = _TEXT
    said: Schema = {"description": HTTPStatus(description.status).phrase}
    return {**said, "content": content} if content else said


def _json(kind: str) -> Schema:
    return {"application/json": {"schema": reference(kind)}}


def _parameter(one: Query, place: str) -> dict[str, Any]:
    said: Schema = {
        "name": one.name,
        "in": place,
        "description": one.description,
        "schema": {"type": one.type},
    }
    return {**said, "required": True} if place == "path" else said
