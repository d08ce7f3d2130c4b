"""Rust's number types as the router reads them from JSON.

Answers use `base.NonNegative`, which is checked in Rust; a request is judged once, so its bounds may cost more.
"""

from typing import Annotated

from pydantic import Field

from chatschema.core.base import Integer

__all__ = [
    "CountInt32",
    "Finite",
    "Int32",
    "Penalty",
    "PositiveInt32",
    "PositiveSize",
    "PositiveUint32",
    "Size",
    "Zero",
]

_MOST_SIGNED = 2**31 - 1
_MOST_UNSIGNED = 2**32 - 1
_MOST_SIZE = 2**64 - 1

#: i32.
Int32 = Annotated[Integer, Field(ge=-_MOST_SIGNED - 1, le=_MOST_SIGNED)]
#: i32, zero or more.
CountInt32 = Annotated[Integer, Field(ge=0, le=_MOST_SIGNED)]
#: i32, one or more.
PositiveInt32 = Annotated[Integer, Field(ge=1, le=_MOST_SIGNED)]
#: u32, one or more.
PositiveUint32 = Annotated[Integer, Field(ge=1, le=_MOST_UNSIGNED)]
#: u64 and usize: zero or more.
Size = Annotated[Integer, Field(ge=0, le=_MOST_SIZE)]
#: usize, one or more.
PositiveSize = Annotated[Integer, Field(ge=1, le=_MOST_SIZE)]
#: f32.
Finite = Annotated[float, Field(allow_inf_nan=False)]
#: f32, OpenAI's range of penalties.
Penalty = Annotated[float, Field(ge=-2, le=2, allow_inf_nan=False)]
#: The constant 0.
Zero = Annotated[Integer, Field(ge=0, le=0)]
