"""A JSON number that may have a fraction."""

from typing import Annotated

from pydantic import Field

__all__ = ["Number"]

#: Finite: JSON has no other numbers, and a reader may make an infinity of `1e400`.
Number = Annotated[float, Field(allow_inf_nan=False)]
