"""The four words the fake speaks with a connection: a request comes in, an answer goes out step by step."""

from collections.abc import Callable
from dataclasses import dataclass

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request, read to its end.

    `path` is percent-decoded and without the query; header names are in lower case.
    """

    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str:
        """The first header of that (lower case) name, or an empty string."""
        return next((value for key, value in self.headers if key == name), "")


@dataclass(frozen=True, slots=True)
class Send:
    """One write on the connection."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection is lost here: nothing after it is sent, and the body stays unfinished."""


Step = Send | Cut


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What happens on the connection: a head, then the steps in order.

    With a `content-length` header the body is sent under it, else the shell chooses (chunks, in HTTP/1.1).
    """

    status: int
    headers: Headers = ()
    steps: tuple[Step, ...] = ()

    @property
    def body(self) -> bytes:
        """All bytes that are sent, up to the cut."""
        sent: list[bytes] = []
        for step in self.steps:
            if isinstance(step, Cut):
                break
            sent.append(step.data)
        return b"".join(sent)

    @property
    def is_cut(self) -> bool:
        """Whether the connection is lost before the end."""
        return any(isinstance(step, Cut) for step in self.steps)

    def header(self, name: str) -> str:
        """The first header of that (lower case) name, or an empty string."""
        return next((value for key, value in self.headers if key == name), "")


#: What every shell runs: the pure core behind a function.
Handler = Callable[[Request], Answer]
