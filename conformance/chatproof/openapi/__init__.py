"""The fake as an OpenAPI document, for tools that read one: made from what its routes say of themselves and from the
contract's schemas, when the fake is first asked for it.
"""

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from chatfake.routes.about import ABOUT, About, Api, Query
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
    for (method, path), about in ABOUT.items():
        paths.setdefault(f"{about.api.prefix}{path}", {})[method.lower()] = _operation(method, path, about)
    kinds = {kind for about in ABOUT.values() for kind in _kinds(about)}
    return {
        "openapi": "3.1.0",
        "info": _INFO,
        "tags": [{"name": api.value, "description": text} for api, text in _TAGS.items()],
        "security": [{}, {"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "parameters": {
                name: _parameter(Query(name=name, about=about, type=kind), "header")
                for name, (about, kind) in _CHOICES.items()
            },
            "schemas": components({kind: schema_of(kind) for kind in kinds}),
        },
    }


def text() -> str:
    """The document as it is served."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


def _kinds(about: About) -> Iterator[str]:
    yield from (kind for kind in (about.request, about.answer, about.event) if kind)
    if _refusals(about):
        yield about.error


def _operation(method: str, path: str, about: About) -> Schema:
    words = "".join(
        part.strip("{}").capitalize() for part in path.replace(".", "/").replace("_", "/").split("/")
    )
    found: Schema = {
        "operationId": f"{method.lower()}{words or 'Root'}",
        "summary": about.summary,
        "tags": [about.api.value],
    }
    found["parameters"] = [
        *(_parameter(one, "path" if f"{{{one.name}}}" in path else "query") for one in about.query),
        *({"$ref": f"#/components/parameters/{name}"} for name in (_CHOICES if about.chooses else ())),
    ]
    if about.request:
        content = {kind: {"schema": reference(about.request)} for kind in _types(about)}
        found["requestBody"] = {"required": True, "content": content}
    found["responses"] = {str(about.status): _well(about)}
    for status, why in sorted(_refusals(about).items()):
        found["responses"][str(status)] = {"description": why, "content": _error(about, status)}
    return found


def _types(about: About) -> tuple[str, ...]:
    return (
        ("application/json", "application/yaml") if about.request == "fake.script" else ("application/json",)
    )


def _refusals(about: About) -> Mapping[int, str]:
    if about.api is Api.LORAX and about.request:
        return {**_EXTRACTOR, **about.refusals}
    return about.refusals


def _error(about: About, status: int) -> Schema:
    """LoRAX refuses what it cannot read in plain text. A dialect that there is not is OpenAI's error anywhere."""
    if about.api is not Api.LORAX:
        return _json(about.error)
    if status == HTTPStatus.NOT_FOUND:
        return {"application/json": {"schema": {"anyOf": [reference(about.error), reference("error")]}}}
    return {**_json(about.error), "text/plain": _TEXT}


def _well(about: About) -> Schema:
    content: Schema = _json(about.answer) if about.answer else {}
    if about.event:
        content["text/event-stream"] = {_EVENT: reference(about.event)}
    if about.content_type != "application/json":
        content[about.content_type] = _TEXT
    said: Schema = {"description": HTTPStatus(about.status).phrase}
    return {**said, "content": content} if content else said


def _json(kind: str) -> Schema:
    return {"application/json": {"schema": reference(kind)}}


def _parameter(one: Query, place: str) -> dict[str, Any]:
    said: Schema = {"name": one.name, "in": place, "description": one.about, "schema": {"type": one.type}}
    return {**said, "required": True} if place == "path" else said
