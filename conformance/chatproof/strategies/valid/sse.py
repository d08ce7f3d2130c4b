"""Server-sent events in every framing that the standard allows, and bytes in any slicing.

https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.valid.members import among
from chatschema import JsonValue

__all__ = ["FRAMINGS", "Framing", "framed", "framed_by", "sliced"]

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """How events are written."""

    line_end: str = "\n"  #: LF, CRLF (Perplexity) or CR
    space: str = " "  #: after a field's colon; one is allowed and not asked for
    start: bytes = b""  #: a byte-order mark
    before: tuple[
        str, ...
    ] = ()  #: lines before each event's data: comments (OpenRouter), id, retry, unknown fields
    indent: int | None = None  #: a number writes JSON over several lines, each a data field
    ascii_only: bool = True  #: `\\u00fc`, or the character itself


#: All framings. The first is OpenAI's.
FRAMINGS: SearchStrategy[Framing] = among(
    [
        Framing(line_end=end, space=space, start=start, before=before, indent=indent, ascii_only=ascii_only)
        for ascii_only, indent, end, space, start, before in product(
            (False, True),
            (None, 1),
            ("\n", "\r\n", "\r"),
            (" ", ""),
            (b"", _BOM),
            ((), (": PROCESSING",), (":",), ("id: 7", "retry: 3000"), (": a", "", ":b")),
        )
    ]
)


def framed(events: Iterable[JsonValue]) -> SearchStrategy[bytes]:
    """The events as a stream in any legal framing: LF, CRLF or CR, with or without a space after the colon, a
    byte-order mark, comments, ids and retry fields, JSON over several data lines.

    A string among `events` is sent as it is: `framed([{"a": 1}, "[DONE]"])` may give `data: {"a": 1}`, a blank line,
    `data: [DONE]` and a blank line.
    """
    data = tuple(events)
    return st.builds(framed_by, FRAMINGS, st.just(data))


def framed_by(framing: Framing, events: Iterable[JsonValue]) -> bytes:
    """The events in one framing."""
    lines = [line for event in events for line in (*framing.before, *_data(event, framing), "")]
    return framing.start + "".join(line + framing.line_end for line in lines).encode()


def sliced(data: bytes) -> SearchStrategy[list[bytes]]:
    """`data` in pieces, as a network may bring it: equal ones of any size, or up to four of any length.

    The pieces joined are `data`; a piece may be empty, a character may be cut, a CR may be parted from its LF.
    `sliced(b"data: x")` gives `[b"data: x"]`, `[b"d", b"a", b"t", …]`, `[b"", b"data", b": x"]`.
    """

    def equal(size: int) -> list[bytes]:
        return [data[start : start + size] for start in range(0, len(data), size)]

    def unequal(edges: list[int]) -> list[bytes]:
        cuts = sorted(edges)
        return [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]

    sizes, edges = st.integers(1, max(1, len(data))), st.lists(st.integers(0, len(data)), max_size=3)
    return st.builds(equal, sizes) | st.builds(unequal, edges)


def _data(event: JsonValue, framing: Framing) -> Iterator[str]:
    if isinstance(event, str):
        text = event
    else:
        text = json.dumps(event, ensure_ascii=framing.ascii_only, indent=framing.indent)
    yield from (f"data:{framing.space}{line}" for line in text.split("\n"))
