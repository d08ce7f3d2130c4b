"""A vector as it travels: a list of numbers, or base64 of little-endian float32.

OpenAI's SDKs ask for base64 unless told otherwise: 78 of 91 recorded vectors are base64.
"""

import sys
from array import array
from base64 import b64decode
from typing import Annotated, Any

from pydantic import Discriminator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, Tag
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

__all__ = ["MOST_DIMENSIONS", "Vector", "decoded", "dimensions"]

#: More dimensions than any vector has.
MOST_DIMENSIONS = 2**20

_BYTES = 4  # of a float32

#: 12 bytes are 16 characters and hold three numbers; one or two numbers are left over, and the bits that no byte needs
#: are 0.
_PATTERN = (
    "^(?:[A-Za-z0-9+/]{16})*"
    "(?:[A-Za-z0-9+/]{16}|[A-Za-z0-9+/]{5}[AQgw]==|[A-Za-z0-9+/]{10}[AEIMQUYcgkosw048]=)$"
)


class _Base64Schema:
    """Annotates `str`. A plain pattern would be the whole message where a text does not match it."""

    @staticmethod
    def __get_pydantic_core_schema__(_source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.custom_error_schema(
            core_schema.str_schema(strict=True, pattern=_PATTERN),
            custom_error_type="base64",
            custom_error_message="This is no base64 of 4-byte numbers",
        )

    @staticmethod
    def __get_pydantic_json_schema__(_schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "pattern": _PATTERN}


def _form(value: Any) -> str:
    return "<base64>" if isinstance(value, str) else "<numbers>"


_Numbers = Annotated[
    list[Annotated[float, Field(allow_inf_nan=False)]],
    # where one number is none, thousands may be: the first is told
    Field(min_length=1, max_length=MOST_DIMENSIONS, fail_fast=True),
]
_Base64 = Annotated[str, _Base64Schema]

Vector = Annotated[
    Annotated[_Numbers, Tag("<numbers>")] | Annotated[_Base64, Tag("<base64>")], Discriminator(_form)
]


def dimensions(vector: list[float] | str) -> int:
    """How many numbers a vector of either form has; base64 is not decoded for that."""
    if isinstance(vector, str):
        return (len(vector) * 3 // 4 - vector[-2:].count("=")) // _BYTES
    return len(vector)


def decoded(vector: list[float] | str) -> list[float]:
    """The numbers of a vector. Raises ValueError where a text is no base64 of whole numbers."""
    if not isinstance(vector, str):
        return [float(number) for number in vector]
    numbers = array("f")
    numbers.frombytes(b64decode(vector, validate=True))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tolist()
