"""One document of JSON Schema, draft 2020-12, for one contract."""

import json

from chatschema.core.kind import Kind
from chatschema.judging.contract import Contract

from .generator import WireSchema
from .keywords import Schema, arranged

__all__ = ["VERSION", "document", "file_name", "schema_id", "text"]

#: Part of each `$id`. Raised, for all schemas at once, when a value that one of them accepted is accepted no more or
#: when one is gone; more that is accepted, another schema and other words leave it alone.
VERSION = 1

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def document(contract: Contract) -> Schema:
    """The schema of one kind of JSON body.

    Raises ValueError where a model has a constraint that the export does not know.
    """
    found: Schema = contract.adapter.json_schema(schema_generator=WireSchema)
    head: Schema = {
        "$schema": _DIALECT,
        "$id": schema_id(contract.kind),
        "title": found.get("title", contract.kind.value),
        "description": _description(contract.summary, found.get("description", "")),
    }
    if contract.examples:
        head["examples"] = list(contract.examples)
    return arranged({**found, **head})


def schema_id(kind: Kind) -> str:
    """`urn:chatproof:schema:1:chat.completion`: a name, from which nothing is fetched."""
    return f"urn:chatproof:schema:{VERSION}:{kind.value}"


def file_name(kind: Kind) -> str:
    """The name of the file that holds the schema."""
    return f"{kind.value}.schema.json"


def text(contract: Contract) -> str:
    """The file's content: the same on every machine, one member a line, so that a change is a small diff."""
    return json.dumps(document(contract), indent=2, ensure_ascii=False) + "\n"


def _description(summary: str, docstring: str) -> str:
    """What the contract says, and what the model's docstring says after its first sentence, which says the same."""
    more = docstring.partition(". ")[2] or docstring.partition(".\n")[2]
    return f"{summary} {more}".strip()
