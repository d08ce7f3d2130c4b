"""The protocol as JSON Schema, made from the models of its lines."""

from typing import Any

from pydantic import TypeAdapter

from chatproof.drivers.jsonl.answers import Answer
from chatproof.drivers.jsonl.requests import PROTOCOL, Request

__all__ = ["protocol_schema"]


def protocol_schema() -> dict[str, Any]:
    """The schema of one line, draft 2020-12: `#/$defs/Request` is asked, `#/$defs/Answer` is answered."""
    adapters: list[tuple[str, Any, TypeAdapter[Any]]] = [
        ("Request", "validation", TypeAdapter(Request)),
        ("Answer", "validation", TypeAdapter(Answer)),
    ]
    made, definitions = TypeAdapter.json_schemas(adapters)
    sides = {name: schema for (name, _), schema in made.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"chatproof client protocol, version {PROTOCOL}",
        "description": "A line of standard input is a Request, a line of standard output an Answer.",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in sides],
        "$defs": {**sides, **definitions["$defs"]},
    }
