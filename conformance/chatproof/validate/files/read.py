"""A source to its items: open it, see what format it has, and let that format's reader have it.

The format is told from how a file begins; from its name only where the beginning leaves a choice. Files
that are one answer (an event stream, what `curl -i` prints) are read here.
"""

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from email.parser import BytesParser
from enum import StrEnum
from typing import TypeAlias

from chatschema import Kind
from chatschema.core.json_text import NotJsonError, load
from chatschema.judging.detect import begins_as_stream, is_stream

from .body import ITEM_LIMIT, Body, Item, Place, Reason, Skipped, Unreadable, is_like_an_answer
from .cassette import cassette
from .encoded import EncodedError, unpacked
from .json_document import json_document
from .json_lines import json_lines
from .sources import HEAD, BrokenError, Origin, Source, open_file, suffix_of

__all__ = ["FileFormat", "format_of", "is_cassette", "items"]


class FileFormat(StrEnum):
    """A format that recordings come in."""

    EMPTY = "empty"
    EVENTS = "the dump of an event stream"
    HTTP = "an HTTP answer with its headers"
    JSON = "JSON"
    LINES = "JSON lines"
    UNKNOWN = "unknown"
    UTF16 = "UTF-16"
    YAML = "YAML"


_BLANK = b" \t\r\n"
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

_LINES = frozenset({".jsonl", ".ndjson"})
_YAMLS = frozenset({".yaml", ".yml"})

#: The first line of an HTTP answer.
_STATUS_LINE = re.compile(rb"HTTP/[1-3](?:\.\d)? ([1-5]\d\d)\b")
#: An interim answer (100 Continue) or a proxy's may come first.
_MOST_HEADS = 5
#: How cassettes begin, in the recorders that write YAML.
_YAML = re.compile(rb"---\s|%YAML|(?:http_)?interactions:|version:\s|recorded_with:")
#: What can come first in an object or a list: `[section]` of an INI file and `{'id': 1}` of a Python log do not.
_JSON = re.compile(rb'\{\s*+(?:["}]|\Z)|\[\s*+(?:["{}\[\]]|-?[0-9]|(?:true|false|null)\s*+[,\]]|\Z)')
#: What stands in the place of a file that Git LFS has not fetched.
_POINTER = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\s")
_CASSETTE = re.compile(rb"^(?:http_)?interactions:", re.MULTILINE)


def format_of(head: bytes, suffix: str) -> FileFormat:
    """The format of a file that begins with `head` and whose name ends in `suffix`."""
    start = head.removeprefix(_BOM).lstrip(_BLANK)
    if not start:
        return FileFormat.EMPTY
    if head.startswith(_UTF16):
        return FileFormat.UTF16
    if suffix in _YAMLS:
        return FileFormat.YAML
    if _JSON.match(start):
        return FileFormat.LINES if suffix in _LINES or _has_lines(start) else FileFormat.JSON
    if _STATUS_LINE.match(head):
        return FileFormat.HTTP
    if is_stream(head) or (suffix == ".sse" and begins_as_stream(head)):
        return FileFormat.EVENTS
    if _YAML.match(start):
        return FileFormat.YAML
    return FileFormat.LINES if suffix in _LINES else FileFormat.UNKNOWN


def is_cassette(head: bytes) -> bool:
    """Whether YAML that begins with `head` is a cassette."""
    return bool(_CASSETTE.search(head))


def _has_lines(start: bytes) -> bool:
    """Whether values stand on lines of their own: the first line is one, or it is broken and the second is one.

    The lines of a document that goes over several end in an opening bracket, a comma or a colon.
    """
    first, _, rest = start.partition(b"\n")
    second = rest.lstrip(_BLANK).partition(b"\n")[0]
    if not second:
        return False
    is_open = first.rstrip(_BLANK).endswith((b"{", b"[", b",", b":"))
    return _is_json(first) or (not is_open and second.startswith(b"{") and _is_json(second))


def _is_json(line: bytes) -> bool:
    try:
        load(line.decode())
    except (NotJsonError, UnicodeDecodeError):
        return False
    return True


def _whole_body(stream: io.BufferedReader, file: str) -> Iterator[Item]:
    """All bytes as one body."""
    place = Place(file=file)
    data = stream.read(ITEM_LIMIT + 1)
    if len(data) > ITEM_LIMIT:
        yield Unreadable(place=place, why=f"more than {ITEM_LIMIT // 1024**2} MB: not one answer")
    else:
        yield Body(place=place, data=data)


def _http_answer(stream: io.BufferedReader, file: str) -> Iterator[Item]:
    """What `curl -i` prints: a status line, headers and the body, decoded from its chunks."""
    for item in _whole_body(stream, file):
        yield _answer(item) if isinstance(item, Body) and isinstance(item.data, bytes) else item


def _answer(item: Body) -> Item:
    data = item.data if isinstance(item.data, bytes) else b""
    status, fields = 0, b""
    for _ in range(_MOST_HEADS):
        line = _STATUS_LINE.match(data)
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


_Reader: TypeAlias = Callable[[io.BufferedReader, str], Iterator[Item]]

_READERS: Mapping[FileFormat, _Reader] = {
    FileFormat.EVENTS: _whole_body,
    FileFormat.HTTP: _http_answer,
    FileFormat.JSON: json_document,
    FileFormat.LINES: json_lines,
    FileFormat.YAML: cassette,
}

_NO_READER: Mapping[FileFormat, str] = {
    FileFormat.EMPTY: "is empty",
    FileFormat.UNKNOWN: "is neither JSON nor an event stream nor a cassette; --kind says what it is",
    FileFormat.UTF16: "is UTF-16, as PowerShell's > writes it: save it as UTF-8",
}


def items(source: Source | Unreadable, watch: Callable[[int], None], kind: Kind | None) -> Iterator[Item]:
    """What a source holds, in order; a source that cannot be read is one item, which says why.

    With a `kind`, bytes of no known format are one body too: the user says that they are.
    """
    if isinstance(source, Unreadable):
        yield source
        return
    try:
        with open_file(source, watch) as stream:
            lines = _past_blanks(stream)
            head = stream.peek(HEAD)
            form = format_of(head, suffix_of(source.name))
            if source.origin is Origin.FOUND and form is FileFormat.YAML and not is_cassette(head):
                form = FileFormat.UNKNOWN  # every project has YAML, and some of it is a template of YAML
            if _POINTER.match(head) and kind is None:
                yield Unreadable(
                    place=Place(file=source.name), why="is a pointer of Git LFS: the file was not fetched"
                )
            elif form in _READERS:
                for item in _READERS[form](stream, source.name):
                    yield _lower(item, lines) if lines else item
            elif kind is not None:
                yield from _whole_body(stream, source.name)
            else:
                yield _without_reader(form, source, head)
    except OSError as error:
        yield Unreadable(place=Place(file=source.name), why=error.strerror or type(error).__name__)
    except BrokenError as error:
        yield Unreadable(place=Place(file=source.name), why=str(error))


def _past_blanks(stream: io.BufferedReader) -> int:
    """Pass over blanks that fill a whole head, and count their lines: what comes after them may be anything."""
    lines = 0
    while len(head := stream.peek(HEAD)) >= HEAD and not head.strip(_BLANK):
        lines += head.count(b"\n")
        stream.read(len(head))
    return lines


def _lower(item: Item, lines: int) -> Item:
    """An item of a reader that began so many lines below the top."""
    place = item.place
    number = place.line + lines
    name = f"line {number}" if place.item == f"line {place.line}" else place.item
    return replace(item, place=replace(place, item=name, line=number))


def _without_reader(form: FileFormat, source: Source, head: bytes) -> Item:
    place = Place(file=source.name)
    if form is FileFormat.UTF16:
        head = head.replace(b"\0", b"")
    if source.origin is Origin.FOUND and not (form is FileFormat.UTF16 and is_like_an_answer(head)):
        return Skipped(place=place, reason=Reason.FORMAT)
    return Unreadable(place=place, why=_NO_READER[form])
