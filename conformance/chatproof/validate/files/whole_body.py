"""Files that are one answer: the dump of an event stream, an answer with its headers."""

import io
import re
from collections.abc import Iterator
from email.parser import BytesParser

from .body import ITEM_LIMIT, Body, Item, Place, Reason, Skipped, Unreadable
from .encoded import EncodedError, unpacked

__all__ = ["http_answer", "whole_body"]

#: The first line of an HTTP answer.
STATUS_LINE = re.compile(rb"HTTP/[1-3](?:\.\d)? ([1-5]\d\d)\b")
#: An interim answer (100 Continue) or a proxy's may come first.
_MOST_HEADS = 5


def whole_body(stream: io.BufferedReader, file: str) -> Iterator[Item]:
    """All bytes as one body."""
    place = Place(file=file)
    data = stream.read(ITEM_LIMIT + 1)
    if len(data) > ITEM_LIMIT:
        yield Unreadable(place=place, why=f"more than {ITEM_LIMIT // 1024**2} MB: not one answer")
    else:
        yield Body(place=place, data=data)


def http_answer(stream: io.BufferedReader, file: str) -> Iterator[Item]:
    """What `curl -i` prints: a status line, headers and the body, decoded from its chunks."""
    for item in whole_body(stream, file):
        yield _answer(item) if isinstance(item, Body) and isinstance(item.data, bytes) else item


def _answer(item: Body) -> Item:
    data = item.data if isinstance(item.data, bytes) else b""
    status, fields = 0, b""
    for _ in range(_MOST_HEADS):
        line = STATUS_LINE.match(data)
        if line is None:
            break
        status = int(line.group(1))
        head, data = _split(data)
        fields = head.partition(b"\n")[2]
    if status < 200 or 300 <= status < 400:
        return Skipped(place=item.place, reason=Reason.NO_ANSWER)
    headers = BytesParser().parsebytes(fields, headersonly=True)
    try:
        body = unpacked(data, str(headers.get("content-encoding", "")))
    except EncodedError as error:
        return Unreadable(place=item.place, why=str(error))
    content_type = str(headers.get("content-type", ""))
    return Body(place=item.place, data=body, status=status, content_type=content_type)


def _split(data: bytes) -> tuple[bytes, bytes]:
    """The head and what comes after the blank line."""
    ends = [(data.find(end), len(end)) for end in (b"\r\n\r\n", b"\n\n")]
    found = [(at, size) for at, size in ends if at >= 0]
    if not found:
        return data, b""
    at, size = min(found)
    return data[:at], data[at + size :]
