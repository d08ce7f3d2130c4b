"""One request and what came of it, as values: what was sent, what came back, what went wrong.

Nothing here talks to a network. `Probe` makes exchanges; cases judge them; reports show them.
"""

import json
import re
from dataclasses import dataclass
from enum import StrEnum

from chatproof.probe.access import KEYS

__all__ = ["Exchange", "Failure", "FailureKind", "Json", "Received", "Sent"]

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


class FailureKind(StrEnum):
    """Why no whole answer came."""

    UNREACHABLE = "unreachable"
    """No connection could be made."""
    TIMEOUT = "timeout"
    """The answer was not there, or not whole, within the time limit."""
    BROKEN = "broken"
    """The connection ended inside the answer, or what came was no HTTP."""
    TOO_LARGE = "too-large"
    """The answer passed the size limit and was not read further."""
    ENCODED = "encoded"
    """The body is packed in a way that nobody asked for, and could not be read."""
    LEFT = "left"
    """The stream was left before its end, as was meant: nothing is wrong with what came until then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What went wrong on the way, in one plain phrase."""

    kind: FailureKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A request as it left. `headers` never hold a key: the probe adds it when it sends, unless it goes `keyless`.

    A stream is left after so many `events`, where that is not 0: for what may have no end.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    keyless: bool = False
    events: int = 0

    @property
    def json(self) -> Json:
        """The body as JSON, or None where there is none."""
        return json.loads(self.body) if self.body else None

    @property
    def is_about_the_key(self) -> bool:
        """Does it go without the key, or with another in its place?"""
        return self.keyless or not KEYS.isdisjoint(name for name, _ in self.headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An answer as it came: the status, the headers in order with lower-case names, the decoded body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The first header of that lower-case name, or an empty string."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case."""
        return self.header("content-type").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The body as UTF-8, with U+FFFD for what is not."""
        return self.body.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request with its answer, or with the failure that stands in its place.

    With a failure `received` holds what had come until then, or None.
    """

    sent: Sent
    received: Received | None
    failure: Failure | None = None
    seconds: float = 0.0
    arrivals: tuple[tuple[float, int], ...] = ()  #: seconds after the request, and how long the body was then
    at: float = 0.0  #: when it was sent, in UNIX time; 0 where nobody looked

    @property
    def status(self) -> int:
        """The HTTP status; 0 where no head came."""
        return self.received.status if self.received else 0

    @property
    def complete(self) -> bool:
        """Did a whole answer come?"""
        return self.failure is None and self.received is not None

    def json(self) -> Json:
        """The answer's body as JSON.

        Raises:
            ValueError: there is no whole answer, or it is no JSON.
        """
        if self.received is None or self.failure is not None:
            raise ValueError(self.failure.text if self.failure else "no answer came")
        try:
            value: Json = json.loads(self.received.body.decode("utf-8-sig"))
        except RecursionError:
            raise ValueError("the JSON is nested too deeply") from None
        except (json.JSONDecodeError, UnicodeDecodeError):
            raise
        except ValueError:  # Python refuses to read an integer of more than 4300 digits
            raise ValueError("a number too long to read") from None
        return value

    def object(self) -> dict[str, Json]:
        """The answer's body as a JSON object; empty where it is none."""
        try:
            value = self.json()
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    def asked(self) -> dict[str, Json]:
        """The request's body as a JSON object; empty where it is none."""
        try:
            value = self.sent.json
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    def describe(self) -> str:
        """What came, in one line: for "seen"."""
        if self.received is None:
            return self.failure.text if self.failure else "no answer"
        kind = self.received.media_type or "no content type"
        line = f"HTTP {self.received.status}, {kind}, {excerpt(self.received.text)}"
        if found := _UNREADABLE_NUMBER.search(self.received.body):
            line += f", which has a number of {len(found[0]):,} digits"
        return f"{line}; then {self.failure.text}" if self.failure else line


_UNREADABLE_NUMBER = re.compile(rb"\d{4301,}")
"""Python, for one, reads no longer ones."""


def excerpt(text: str, limit: int = 200) -> str:
    """The beginning of a text, on one line, control characters made visible."""
    if not text:
        return "an empty body"
    line = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[:limit])
    return line if len(text) <= limit else f"{line}… ({len(text)} characters)"
