"""Schemas of many documents as components of one."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import chatschema
from chatproof.openapi.bodies import BODIES
from chatschema import JsonValue

__all__ = ["Schema", "components", "reference", "schema_of"]

Schema: TypeAlias = dict[str, Any]

_FILES = Path(chatschema.__file__).parent / "json"
_LOCAL = "#/$defs/"
_SHARED = "#/components/schemas/"


def reference(name: str) -> Schema:
    """What stands where the schema of that name is meant."""
    return {"$ref": f"{_SHARED}{name}"}


def schema_of(name: str) -> Schema:
    """The schema of that name: one of the fake's own, or an exported one."""
    if name in BODIES:
        return BODIES[name].json_schema()
    found: Schema = json.loads((_FILES / f"{name}.schema.json").read_text(encoding="utf-8"))
    # an $id would be the base of every reference in it
    return {key: value for key, value in found.items() if key not in ("$id", "$schema")}


def components(documents: Mapping[str, Schema]) -> Schema:
    """The schemas by their names, and what they refer to, each once.

    A definition that is the same in all documents keeps its name; one that is not has its document's before it.
    """
    shared = _shared(documents)
    found: Schema = {}
    for name, document in documents.items():
        definitions: Schema = document.get("$defs", {})
        new = {one: one if one in shared else f"{name}.{one}" for one in definitions}
        found[name] = _moved({key: value for key, value in document.items() if key != "$defs"}, new)
        found |= {new[one]: _moved(definition, new) for one, definition in definitions.items()}
    return dict(sorted(found.items()))


def _shared(documents: Mapping[str, Schema]) -> frozenset[str]:
    """The names whose definitions are the same wherever they stand, and refer to none that is not."""
    versions: dict[str, set[str]] = {}
    needs: dict[str, set[str]] = {}
    for document in documents.values():
        for name, definition in document.get("$defs", {}).items():
            versions.setdefault(name, set()).add(json.dumps(definition, sort_keys=True))
            needs.setdefault(name, set()).update(_named(definition))
    alike = {name for name, texts in versions.items() if len(texts) == 1 and name not in documents}
    while strays := {name for name in alike if needs[name] - alike}:
        alike -= strays
    return frozenset(alike)


def _named(value: JsonValue) -> Iterator[str]:
    """The definitions that a schema refers to."""
    if isinstance(value, dict):
        target = value.get("$ref")
        if isinstance(target, str):
            yield target.removeprefix(_LOCAL)
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _named(inner)


def _moved(value: JsonValue, names: Mapping[str, str]) -> JsonValue:
    """The same with its references turned to where the definitions now are."""
    if isinstance(value, list):
        return [_moved(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: _target(one, names) if key == "$ref" else _moved(one, names) for key, one in value.items()}


def _target(target: JsonValue, names: Mapping[str, str]) -> JsonValue:
    return f"{_SHARED}{names[target.removeprefix(_LOCAL)]}" if isinstance(target, str) else target
