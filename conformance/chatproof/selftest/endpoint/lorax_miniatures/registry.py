"""What most miniatures of LoRAX are made of."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chatfake import Answer, Request
from chatproof.selftest.endpoint.miniatures.registry import Miniature
from chatproof.selftest.endpoint.wrapping import Handler, Object, Wrapper, asked, is_stream, with_body

LORAX_MINIATURES: dict[str, Miniature] = {}

#: What a request to a native route asks for, and whether a miniature is meant by it.
Asks = Callable[[Object], bool]


def broken(name: str, breaks: str, make: Wrapper, *, along: tuple[str, ...] = ()) -> None:
    """Register a broken endpoint. Raises ValueError: its name is taken."""
    if name in LORAX_MINIATURES:
        raise ValueError(name)
    LORAX_MINIATURES[name] = Miniature(
        name=f"lorax-{name}",
        breaks=f"lorax.{breaks}",
        along=frozenset(f"lorax.{id_}" for id_ in along),
        make=make,
    )


def always(_: Object) -> bool:
    """Every request is meant."""
    return True


def asking(**parameters: Any) -> Asks:
    """Requests with these parameters are meant."""
    return lambda body: all(dict(body.get("parameters") or {}).get(k) == v for k, v in parameters.items())


def answers(change: Callable[[Object], object], when: Asks = always) -> Wrapper:
    """Change each good answer of /generate in place."""

    def make(handler: Handler) -> Handler:
        def wrapped(request: Request) -> Answer:
            answer = handler(request)
            if request.path != "/generate" or answer.status != 200 or not when(asked(request)):
                return answer
            value = json.loads(answer.body)
            change(value)
            return with_body(answer, json.dumps(value).encode())

        return wrapped

    return make


def events(change: Callable[[list[Object]], list[Object]], *, also: str = "") -> Wrapper:
    """Change the events of each stream of /generate_stream; `also` is put at its end as it is."""

    def make(handler: Handler) -> Handler:
        def wrapped(request: Request) -> Answer:
            answer = handler(request)
            if request.path != "/generate_stream" or not is_stream(answer):
                return answer
            found = [
                json.loads(event.removeprefix("data: "))
                for event in answer.body.decode().split("\n\n")
                if event
            ]
            if "error" in found[0]:
                return answer
            text = "".join(f"data: {json.dumps(event)}\n\n" for event in change(found)) + also
            return with_body(answer, text.encode())

        return wrapped

    return make


def each_event(change: Callable[[int, Object], object]) -> Wrapper:
    """Change each event in place; the function gets its number."""

    def all_of_them(found: list[Object]) -> list[Object]:
        for number, event in enumerate(found):
            change(number, event)
        return found

    return events(all_of_them)


def parameters(change: Callable[[Object], object], path: str = "/generate") -> Wrapper:
    """Lose or change parameters before a request to one route is answered."""

    def make(handler: Handler) -> Handler:
        def wrapped(request: Request) -> Answer:
            body = asked(request)
            if request.path != path or not isinstance(body.get("parameters"), dict):
                return handler(request)
            change(body["parameters"])
            return handler(replace(request, body=json.dumps(body).encode()))

        return wrapped

    return make


def at(path: str, change: Callable[[Request, Answer], Answer]) -> Wrapper:
    """Change each answer of one route."""

    def make(handler: Handler) -> Handler:
        return lambda request: change(request, handler(request)) if request.path == path else handler(request)

    return make
