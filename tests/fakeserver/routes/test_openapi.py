"""The OpenAPI document says what the routes are, and stands on its own."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from chatfake import Fake, Request
from chatfake.routes import ROUTES
from chatfake.routes.operations import OPERATIONS, Api
from chatproof.openapi import document
from chatproof.openapi.components import components
from tests.fakeserver.asking import get

DOCUMENT = document()


def operations() -> Iterator[tuple[str, str, Any]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict) and isinstance(value.get("$ref"), str):
        yield value["$ref"]
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from references(inner)


def test_every_route_is_described_in_about() -> None:
    routes = {(route.method, path) for path, found in ROUTES.items() for route in found}
    described = {(method, re.sub(r"/\{.*", "", path)) for method, path in OPERATIONS}
    assert routes - described == set(), "describe it in chatfake/routes/about.py"
    assert described - routes == set()


def test_fake_serves_the_document_under_both_paths(fake: Fake) -> None:
    for path in ("/openapi.json", "/v1/openapi.json"):
        answer = get(fake, path)
        assert answer.status == 200
        assert json.loads(answer.body) == DOCUMENT
        assert answer.header("content-length") == str(len(answer.body))
    assert fake.requests == ()


def test_every_reference_leads_to_something_and_every_schema_is_needed() -> None:
    found = set(references(DOCUMENT))
    for target in found:
        value: Any = DOCUMENT
        for step in target.removeprefix("#/").split("/"):
            value = value[step]
    schemas = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    assert schemas <= found


def test_operations_have_names_of_their_own_and_parameters_that_stand_in_their_paths() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(set(names)) == len(names)
    for _, path, operation in operations():
        inside = {one["name"] for one in operation["parameters"] if one.get("in") == "path"}
        assert inside == set(re.findall(r"\{(.*?)\}", path))


@pytest.mark.parametrize(("method", "path", "operation"), list(operations()))
def test_documented_path_is_a_route_and_takes_its_method(
    method: str, path: str, operation: Any, fake: Fake
) -> None:
    sent = fake.answer(Request(method="BREW", path=re.sub(r"\{.*?\}", "1", path)))
    assert sent.status == 405
    assert method.upper() in sent.header("allow").split(", ")
    assert path.startswith("/v1") == (operation["tags"] == [Api.OPENAI.value])


def test_definition_that_differs_between_documents_is_kept_apart() -> None:
    own, other = {"type": "string"}, {"type": "integer"}
    documents: dict[str, Any] = {
        "a": {"$ref": "#/$defs/Same", "$defs": {"Same": own, "Part": {"$ref": "#/$defs/Leaf"}, "Leaf": own}},
        "b": {
            "$ref": "#/$defs/Part",
            "$defs": {"Same": own, "Part": {"$ref": "#/$defs/Leaf"}, "Leaf": other},
        },
    }
    assert components(documents) == {
        "Same": own,
        "a": {"$ref": "#/components/schemas/Same"},
        "a.Leaf": own,
        "a.Part": {"$ref": "#/components/schemas/a.Leaf"},
        "b": {"$ref": "#/components/schemas/b.Part"},
        "b.Leaf": other,
        "b.Part": {"$ref": "#/components/schemas/b.Leaf"},
    }
