"""Who asked for a tool: the model itself, or a program that the model wrote."""

from .body import Body

__all__ = ["Caller"]


class Caller(Body):
    """`direct`, or `program` with the program's id."""

    type: str
    caller_id: str | None = None
