"""What comes from an endpoint, read by read: kept as it is, and understood as HTTP on the way. No socket is here."""

from dataclasses import dataclass

from chatfake.core.http import Headers
from chatfake.recording.exchange import Arrival, Finish, Reading

#: Bytes of a head; the largest that any server is known to send is 64 KiB.
MAX_HEAD = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Status line and headers, and when they were there."""

    http_version: str
    status: int
    reason: str
    headers: Headers
    ms: float


class Reception:
    """One answer as it arrives. `limit` is in bytes: a longer answer is still understood, and no longer kept."""

    def __init__(self, method: str, target: str, headers: Headers, body: bytes, limit: int) -> None:
        import h11  # noqa: PLC0415  it comes with uvicorn, and only a recorder needs it

        self._h11 = h11
        self._connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD)
        events = (
            h11.Request(method=method, target=target, headers=_coded(headers)),
            *((h11.Data(data=body),) if body else ()),
            h11.EndOfMessage(),
        )
        #: The request as it goes out.
        self.request = b"".join(self._connection.send(event) or b"" for event in events)
        self.head: Head | None = None
        self.is_complete = False  #: it ended as its head said
        self.is_broken = False  #: it is no HTTP, or ended too early
        self._limit = limit
        self._size = 0
        self._raw: list[Reading] = []
        self._body: list[Reading] = []
        self._trailing = False

    @property
    def is_kept(self) -> bool:
        """Whether it was short enough to be kept."""
        return self._size <= self._limit

    @property
    def is_silent(self) -> bool:
        """Whether nothing came yet."""
        return self._size == 0

    @property
    def unsent(self) -> bytes:
        """What came of an answer whose head is broken."""
        return b"".join(one.data for one in self._raw)

    def take(self, data: bytes, ms: float) -> bytes:
        """Takes one read, an empty one for the end of the connection; what it adds to the body."""
        if data:
            self._size += len(data)
            self._raw.append(Reading(ms=ms, data=data))
        if self.is_broken:
            return b""
        try:
            self._connection.receive_data(data)
            body = self._understood(ms)
        except self._h11.RemoteProtocolError:
            self.is_broken = True
            return b""
        if body:
            self._body.append(Reading(ms=ms, data=body))
        if not self.is_kept:
            self._body.clear()
            if self.head is not None:
                self._raw.clear()
        self._trailing = self.is_complete and bool(self._connection.trailing_data[0])
        return body

    def _understood(self, ms: float) -> bytes:
        pieces: list[bytes] = []
        while True:
            event = self._connection.next_event()
            if isinstance(event, self._h11.Response):
                self.head = Head(
                    http_version=event.http_version.decode("latin-1"),
                    status=event.status_code,
                    reason=event.reason.decode("latin-1"),
                    headers=tuple(
                        (name.decode("latin-1"), value.decode("latin-1"))
                        for name, value in event.headers.raw_items()
                    ),
                    ms=ms,
                )
            elif isinstance(event, self._h11.Data):
                pieces.append(bytes(event.data))
            elif isinstance(event, self._h11.EndOfMessage):
                self.is_complete = True
                break
            elif isinstance(event, self._h11.ConnectionClosed):
                self.is_broken = True
                break
            elif not isinstance(event, self._h11.InformationalResponse):
                break
        return b"".join(pieces)

    def arrival(self, finish: Finish, ms: float) -> Arrival:
        """All that came. What did not end as HTTP says, or went on after that, is kept as the connection's bytes."""
        raw = finish is not Finish.COMPLETE or self._trailing
        head = self.head or Head(http_version="1.1", status=0, reason="", headers=(), ms=ms)
        return Arrival(
            finish=finish,
            ended_ms=ms,
            readings=tuple(self._raw if raw else self._body),
            raw=raw,
            http_version=head.http_version,
            status=head.status,
            reason=head.reason,
            headers=head.headers,
            head_ms=head.ms,
        )


def body_of_raw(data: bytes) -> bytes:
    """The body in a connection's own bytes, as far as it came."""
    reception = Reception("POST", "/", (("host", "x"),), b"", len(data))
    return b"".join(
        [reception.take(data[start : start + 65_536], 0.0) for start in range(0, len(data), 65_536)]
    )


def _coded(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
