"""A program on lorax-client, run by the tests in its own environment: says what its types make of values.

Reads a JSON object a line, `{"form": "Response", "value": {…}}`, and writes for each the refusal, or null.
"""

import importlib
import json
import sys
from typing import Any

# by name, for the tests' own environment does not have it
types: Any = importlib.import_module("lorax.types")

# as the client itself makes them of a body
FORMS: dict[str, Any] = {
    "Response": lambda value: types.Response(**value),
    "StreamResponse": lambda value: types.StreamResponse(**value),
    "EmbedResponse": lambda value: types.EmbedResponse(**value),
    "ClassifyResponse": lambda value: types.ClassifyResponse(entities=value),
    "Request": lambda value: types.Request(**value),
}

for line in sys.stdin:
    asked = json.loads(line)
    try:
        FORMS[asked["form"]](asked["value"])
    except Exception as error:  # noqa: BLE001 - its own errors and pydantic's have nothing else in common
        sys.stdout.write(json.dumps(f"{type(error).__name__}: {error}") + "\n")
    else:
        sys.stdout.write("null\n")
