"""How routes beside chat are broken: what is sent there, what comes from there in JSON, and in a stream."""

import json
from collections.abc import Callable
from dataclasses import replace

from chatfake import Answer, Request
from chatproof.selftest.endpoint.wrapping import Handler, Object, Wrapper, asked, is_stream, with_body

Asked = Callable[[Object], bool]


def always(_: Object) -> bool:
    """Whatever is asked."""
    return True


def answers_at(path: str, change: Callable[[Object], object], asked_for: Asked = always) -> Wrapper:
    """Change each JSON answer of a route, where the request's body is one that is meant."""

    def make(handler: Handler) -> Handler:
        def broken(request: Request) -> Answer:
            answer = handler(request)
            if not _fits(path, request, answer, asked_for) or is_stream(answer):
                return answer
            value = json.loads(answer.body)
            change(value)
            return with_body(answer, json.dumps(value).encode())

        return broken

    return make


def streams_at(path: str, change: Callable[[list[str]], list[str]], asked_for: Asked = always) -> Wrapper:
    """Change each stream of a route, seen as its events; a data field of one that has a name stands after it."""

    def make(handler: Handler) -> Handler:
        def broken(request: Request) -> Answer:
            answer = handler(request)
            if not _fits(path, request, answer, asked_for) or not is_stream(answer):
                return answer
            events = [event for event in answer.body.decode().split("\n\n") if event]
            return with_body(answer, "".join(f"{event}\n\n" for event in change(events)).encode())

        return broken

    return make


def chunks_at(
    path: str, change: Callable[[list[Object]], list[Object]], asked_for: Asked = always
) -> Wrapper:
    """Change the values of each stream of a route; names of events go with what they say, and [DONE] stays."""

    def again(events: list[str]) -> list[str]:
        data = [event.rpartition("data: ")[2] for event in events]
        done = [one for one in data if one == "[DONE]"]
        found = change([json.loads(one) for one in data if one != "[DONE]"])
        named = [f"event: {value['type']}\ndata: " if "type" in value else "data: " for value in found]
        lines = [head + json.dumps(value) for head, value in zip(named, found, strict=True)]
        return [*lines, *(f"data: {one}" for one in done)]

    return streams_at(path, again, asked_for)


def requests_at(path: str, change: Callable[[Object], object]) -> Wrapper:
    """Lose or change a part of each request to a route before it is answered."""

    def make(handler: Handler) -> Handler:
        def broken(request: Request) -> Answer:
            value = asked(request)
            if not request.path.endswith(path) or not value:
                return handler(request)
            change(value)
            return handler(replace(request, body=json.dumps(value).encode()))

        return broken

    return make


def is_at(path: str, asked_for: Asked = always) -> Callable[[Request], bool]:
    """Is this a POST to that route, with such a body?"""

    def fits(request: Request) -> bool:
        at = request.method == "POST" and request.path.endswith(path) and "/chat" not in request.path
        return at and asked_for(asked(request))

    return fits


def _fits(path: str, request: Request, answer: Answer, asked_for: Asked) -> bool:
    return answer.status == 200 and is_at(path, asked_for)(request)
