"""What a miniature is, and the parts that most of them are made of."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from chatfake import Answer, Request
from chatproof.selftest.endpoint.wrapping import (
    Handler,
    Object,
    Wrapper,
    is_chat,
    is_stream,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Miniature:
    """A broken endpoint: what it was made to break, and what breaks along."""

    name: str
    breaks: str
    along: frozenset[str]
    make: Wrapper


def unexplained(declared: Collection[str], found: Collection[str]) -> set[str]:
    """The cases that find fault with a broken endpoint and should not, or do not and should.

    Property cases ask for anything: which miniatures they come upon depends on what is drawn.
    """
    return {id_ for id_ in {*declared} ^ {*found} if id_ in declared or not id_.startswith("property.")}


MINIATURES: dict[str, Miniature] = {}


def broken(name: str, breaks: str, make: Wrapper, *, along: tuple[str, ...] = ()) -> None:
    """Register a broken endpoint. Raises ValueError: its name is taken."""
    if name in MINIATURES:
        raise ValueError(name)
    MINIATURES[name] = Miniature(name=name, breaks=breaks, along=frozenset(along), make=make)


def setting(target: Callable[[Object], Object], **members: Any) -> Callable[[Object], None]:
    """A change that sets members of a part of the completion."""
    return lambda value: target(value).update(members)


def without(target: Callable[[Object], Object], name: str) -> Callable[[Object], None]:
    """A change that takes a member away."""

    def change(value: Object) -> None:
        target(value).pop(name, None)

    return change


def itself(value: Object) -> Object:
    """The completion as a whole."""
    return value


def on_200(change: Callable[[Request, Answer], Answer], *, stream: bool) -> Wrapper:
    """Change good chat answers of one mode, as bytes."""

    def make(handler: Handler) -> Handler:
        def wrapped(request: Request) -> Answer:
            answer = handler(request)
            fits = is_chat(request) and answer.status == 200 and is_stream(answer) is stream
            return change(request, answer) if fits else answer

        return wrapped

    return make
