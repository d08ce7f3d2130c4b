"""Which format a file has, told from how it begins; its name only where the beginning leaves a choice."""

import re
from enum import StrEnum

from chatschema.core.json_text import NotJsonError, load
from chatschema.judging.detect import is_stream

__all__ = ["STATUS_LINE", "Form", "form_of", "is_cassette"]


class Form(StrEnum):
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

#: How cassettes begin, in the recorders that write YAML.
_YAML = re.compile(rb"---\s|%YAML|(?:http_)?interactions:|version:\s|recorded_with:")
#: What can come first in an object or a list: `[section]` of an INI file and `{'id': 1}` of a Python log do not.
_JSON = re.compile(rb'\{\s*+(?:["}]|\Z)|\[\s*+(?:["{}\[\]0-9tfn-]|\Z)')
_CASSETTE = re.compile(rb"^(?:http_)?interactions:", re.MULTILINE)
#: The first line of an HTTP answer.
STATUS_LINE = re.compile(rb"HTTP/[1-3](?:\.\d)? ([1-5]\d\d)\b")


def form_of(head: bytes, suffix: str) -> Form:
    """The format of a file that begins with `head` and whose name ends in `suffix`."""
    start = head.removeprefix(_BOM).lstrip(_BLANK)
    if not start:
        return Form.EMPTY
    if head.startswith(_UTF16):
        return Form.UTF16
    if suffix in _YAMLS:
        return Form.YAML
    if _JSON.match(start):
        return Form.LINES if suffix in _LINES or _has_lines(start) else Form.JSON
    if STATUS_LINE.match(head):
        return Form.HTTP
    if is_stream(head):
        return Form.EVENTS
    if _YAML.match(start):
        return Form.YAML
    return Form.LINES if suffix in _LINES else Form.UNKNOWN


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
