"""The right chunks in frames and packets that parsers stumble over."""

import re
from collections.abc import Callable, Iterable, Iterator

from chatfake.faults.events import Events, on_events
from chatfake.faults.fault import REGISTRY, Fault

_ODD = "whose stream was framed oddly"
_PACKED = "whose stream came in odd packets"


def _register(name: str, description: str, outcome: str, change: Callable[[Events], Iterable[bytes]]) -> None:
    REGISTRY[name] = Fault(name=name, description=description, outcome=outcome, apply=on_events(change))


def _garbled(events: Events) -> Iterator[bytes]:
    middle = len(events) // 2
    for number, one in enumerate(events):
        yield one[: len(one) // 2] + b"\n\n" if number == middle else one


def _multiline(events: Events) -> Iterator[bytes]:
    """JSON may be broken between members: the lines are joined by a line end, which is white space there."""
    for one in events:
        lines = re.sub(rb'(?<=[}\]"0-9el]),(?=")', b",\ndata: ", one, count=1)
        yield lines


def _with_fields(events: Events) -> Iterator[bytes]:
    for number, one in enumerate(events):
        yield b"event: message\nid: %d\nretry: 3000\n%b" % (number, one)


def _commented(events: Events) -> Iterator[bytes]:
    for one in events:
        yield b": keep-alive\n\n"
        yield one


def _characters_split(events: Events) -> Iterator[bytes]:
    """Packets end in the middle of characters, and nowhere else."""
    held = b""
    for one in events:
        data = held + one
        wide = [place for place, byte in enumerate(data) if byte >= 0xC0]
        end = wide[-1] + 1 if wide else len(data)
        held = data[end:]
        yield data[:end]
    if held:
        yield held


_register(
    "stream-garbled-json",
    "one event whose JSON is cut short",
    "whose stream had a broken event",
    _garbled,
)
_register("stream-comments", "a keep-alive comment before each event", _ODD, _commented)
_register(
    "stream-blank-events",
    "blank lines between the events",
    _ODD,
    lambda events: [b"\n\n" + one for one in events],
)
_register(
    "stream-crlf",
    "lines that end with CRLF",
    _ODD,
    lambda events: [one.replace(b"\n", b"\r\n") for one in events],
)
_register(
    "stream-cr", "lines that end with CR", _ODD, lambda events: [one.replace(b"\n", b"\r") for one in events]
)
_register(
    "stream-no-space",
    "`data:` without the space after it",
    _ODD,
    lambda events: [one.replace(b"data: ", b"data:", 1) for one in events],
)
_register("stream-multiline", "each chunk over two data lines", _ODD, _multiline)
_register("stream-fields", "event, id and retry with each event", _ODD, _with_fields)
_register(
    "one-byte-packets",
    "each byte in a packet of its own",
    _PACKED,
    lambda events: [bytes((byte,)) for one in events for byte in one],
)
_register("one-packet", "the whole stream in one packet", _PACKED, lambda events: [b"".join(events)])
_register("split-characters", "packets that end in the middle of characters", _PACKED, _characters_split)
