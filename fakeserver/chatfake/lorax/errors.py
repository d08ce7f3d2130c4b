"""What serde says of JSON that it does not take."""

from dataclasses import dataclass
from decimal import Decimal

__all__ = ["Broken", "Mistaken", "number_seen"]


@dataclass(frozen=True, slots=True)
class _Unread(Exception):  # noqa: N818  what was met, not whose error it is
    """What is wrong, and where: a path of members and the byte after what was read."""

    message: str
    path: str
    at: int

    def told(self, data: bytes) -> str:
        """As serde says it, behind the path that serde_path_to_error puts before it."""
        line = data.count(b"\n", 0, self.at) + 1
        column = self.at - (data.rfind(b"\n", 0, self.at) + 1)
        path = f"{self.path}: " if self.path else ""
        return f"{path}{self.message} at line {line} column {column}"


class Broken(_Unread):
    """The bytes are no JSON."""


class Mistaken(_Unread):
    """They are JSON, and not what was wanted."""


def number_seen(digits: bytes) -> str:
    """A number in an error: `integer` where 64 bits hold it, else `floating point` with its point."""
    text = digits.decode()
    if text.lstrip("-").isdecimal() and text != "-0" and -(2**63) <= int(text) < 2**64:
        return f"integer `{int(text)}`"
    # as Rust writes a double: never with an exponent
    shown = format(Decimal(repr(float(text))), "f")
    return f"floating point `{shown if '.' in shown else shown + '.0'}`"
