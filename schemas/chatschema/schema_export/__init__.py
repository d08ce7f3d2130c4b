"""The contract as JSON Schema, for every language: one document for each kind of JSON body.

The documents are made from the models, and lie in the package's folder `json`, where a test holds them to the models.
What a schema cannot say is listed in `DIFFERENCES`.
"""

from .difference import DIFFERENCES, Difference, sayable
from .document import VERSION, document, file_name, schema_id, text

__all__ = [
    "DIFFERENCES",
    "VERSION",
    "Difference",
    "document",
    "file_name",
    "sayable",
    "schema_id",
    "text",
]
