"""JSON lines: a body or a recorded exchange in each. A line that is broken or too long is one item like another."""

import io
from collections.abc import Iterator

from .body import ITEM_LIMIT, Item, Place, Unreadable
from .recorded import item_of

__all__ = ["json_lines"]


def json_lines(stream: io.BufferedReader, file: str) -> Iterator[Item]:
    """The items of the lines that are not blank."""
    number = 0
    while line := stream.readline(ITEM_LIMIT + 1):
        number += 1
        place = Place(file=file, item=f"line {number}", line=number)
        if len(line) > ITEM_LIMIT:
            _pass_over(stream, line)
            yield Unreadable(place=place, why=f"a line of more than {ITEM_LIMIT // 1024**2} MB")
        elif not line.isspace():
            yield item_of(line.rstrip(b"\r\n"), place)


def _pass_over(stream: io.BufferedReader, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(1024 * 1024)
