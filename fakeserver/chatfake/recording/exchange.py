"""One request that a real endpoint was asked, and what came back: values, before they are a file."""

from dataclasses import dataclass
from enum import Enum

from chatfake.core.http import Headers, Request


class RecordingError(ValueError):
    """A recording cannot be read or written; one sentence that names the file and the cause."""


class Finish(Enum):
    """How the endpoint's answer ended, seen from the recorder."""

    COMPLETE = "complete"  #: as its head said
    CUT = "cut"  #: the connection was closed before
    RESET = "reset"  #: the connection was reset
    TIMED_OUT = "timed-out"  #: nothing came for longer than the recorder waits
    LEFT = "left"  #: the client closed its connection before


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One network read: what it brought, and milliseconds since the request was sent."""

    ms: float
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What came back. `raw` readings are the connection's own bytes, head and framing included; others the body's.

    An answer that ended as HTTP says is kept by its body, any other raw. `status` is 0 where no head came.
    """

    finish: Finish
    ended_ms: float
    readings: tuple[Reading, ...] = ()
    raw: bool = False
    http_version: str = "1.1"
    status: int = 0
    reason: str = ""
    headers: Headers = ()  #: in order, and in the case that they came in
    head_ms: float = 0.0

    @property
    def data(self) -> bytes:
        """All bytes that were read."""
        return b"".join(reading.data for reading in self.readings)

    def header(self, name: str) -> str:
        """The first header of that (lower case) name, or an empty string."""
        return next((value for key, value in self.headers if key.lower() == name), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and its answer; `source` is the file that it was read from."""

    request: Request
    arrival: Arrival
    source: str = ""
