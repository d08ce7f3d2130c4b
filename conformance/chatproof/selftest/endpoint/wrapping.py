"""How a handler is wrapped, so that the fake is broken in one exact way."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from chatfake import Answer, Request, Send

KEY = "sk-chatproof-selftest"
"""The key with which these endpoints are asked; most take any, and none."""

Handler = Callable[[Request], Answer]
Object = dict[str, Any]
Wrapper = Callable[[Handler], Handler]


def asked(request: Request) -> Object:
    """The request's body; empty where it is no JSON object."""
    try:
        value = json.loads(request.body)
    except ValueError:
        return {}
    found: Object = {**value} if isinstance(value, dict) else {}
    return found


def messages_in(body: Object) -> list[Object]:
    """The messages that are objects, of whatever was sent."""
    found = body.get("messages")
    held: list[Any] = [*found] if isinstance(found, list) else []
    return [message for message in held if isinstance(message, dict)]


def is_chat(request: Request) -> bool:
    """Is this a request for a chat reply?"""
    return request.method == "POST" and request.path.endswith("/chat/completions")


def is_stream(answer: Answer) -> bool:
    """Is this answer an event stream?"""
    return answer.header("content-type").startswith("text/event-stream")


def with_body(answer: Answer, body: bytes) -> Answer:
    """The same answer with another body."""
    headers = tuple((k, str(len(body)) if k == "content-length" else v) for k, v in answer.headers)
    return replace(answer, headers=headers, steps=(Send(body),))


def with_type(answer: Answer, content_type: str) -> Answer:
    """The same answer under another content type."""
    headers = tuple((k, content_type if k == "content-type" else v) for k, v in answer.headers)
    return replace(answer, headers=headers)


def as_json(status: int, value: object) -> Answer:
    """An answer in JSON."""
    body = json.dumps(value).encode()
    headers = (("content-type", "application/json"), ("content-length", str(len(body))))
    return Answer(status=status, headers=headers, steps=(Send(body),))


def as_html(status: int) -> Answer:
    """A proxy's page."""
    body = b"<html><body>sorry</body></html>"
    headers = (("content-type", "text/html"), ("content-length", str(len(body))))
    return Answer(status=status, headers=headers, steps=(Send(body),))


CRASH = as_json(500, {"error": {"message": "boom", "type": "server_error", "param": None, "code": None}})


def completions(change: Callable[[Object], object]) -> Wrapper:
    """Change each JSON completion: in place, or by giving another."""

    def make(handler: Handler) -> Handler:
        def broken(request: Request) -> Answer:
            answer = handler(request)
            if not is_chat(request) or answer.status != 200 or is_stream(answer):
                return answer
            value = json.loads(answer.body)
            other = change(value)
            return with_body(answer, json.dumps(value if other is None else other).encode())

        return broken

    return make


def streams(change: Callable[[list[str]], list[str]]) -> Wrapper:
    """Change each stream, seen as the data of its events."""

    def make(handler: Handler) -> Handler:
        def broken(request: Request) -> Answer:
            answer = handler(request)
            if not is_chat(request) or answer.status != 200 or not is_stream(answer):
                return answer
            events = [event.removeprefix("data: ") for event in answer.body.decode().split("\n\n") if event]
            return with_body(answer, "".join(f"data: {data}\n\n" for data in change(events)).encode())

        return broken

    return make


def chunks(change: Callable[[list[Object]], list[Object]]) -> Wrapper:
    """Change the chunks of each stream; [DONE] stays."""

    def with_done(events: list[str]) -> list[str]:
        found = change([json.loads(data) for data in events if data != "[DONE]"])
        return [*map(json.dumps, found), "[DONE]"]

    return streams(with_done)


def each_chunk(change: Callable[[int, Object], object]) -> Wrapper:
    """Change each chunk of each stream in place; the function gets its number."""

    def all_of_them(found: list[Object]) -> list[Object]:
        for number, chunk in enumerate(found):
            change(number, chunk)
        return found

    return chunks(all_of_them)


def requests(change: Callable[[Object], object]) -> Wrapper:
    """Lose or change a part of each chat request before it is answered."""

    def make(handler: Handler) -> Handler:
        def broken(request: Request) -> Answer:
            value = asked(request)
            if not is_chat(request) or not isinstance(value.get("messages"), list):
                return handler(request)
            if any(not isinstance(message, dict) for message in value["messages"]):
                return handler(request)
            change(value)
            return handler(replace(request, body=json.dumps(value).encode()))

        return broken

    return make


def refusals(change: Callable[[Request, Answer], Answer]) -> Wrapper:
    """Change each refusal of a chat request."""

    def make(handler: Handler) -> Handler:
        def broken(request: Request) -> Answer:
            answer = handler(request)
            return change(request, answer) if is_chat(request) and answer.status >= 400 else answer

        return broken

    return make


def speaking(scenario: str, condition: Callable[[Request], bool] = is_chat) -> Wrapper:
    """Let the fake say something else than by default: one of its scenarios."""

    def make(handler: Handler) -> Handler:
        def other(request: Request) -> Answer:
            if not condition(request):
                return handler(request)
            return handler(replace(request, headers=(*request.headers, ("x-fake-scenario", scenario))))

        return other

    return make


def chained(*makes: Wrapper) -> Wrapper:
    """One change after another, the first next to the fake."""

    def make(handler: Handler) -> Handler:
        for one in makes:
            handler = one(handler)
        return handler

    return make


def where(condition: Callable[[Request], bool], answer: Answer) -> Wrapper:
    """Give one answer wherever the condition holds."""
    return lambda handler: lambda request: answer if condition(request) else handler(request)


def choice_of(value: Mapping[str, Any]) -> Object:
    """The first choice."""
    choice: Object = value["choices"][0]
    return choice


def message_of(value: Mapping[str, Any]) -> Object:
    """The first choice's message."""
    message: Object = choice_of(value)["message"]
    return message


def delta_of(chunk: Mapping[str, Any]) -> Object:
    """The first choice's delta; an empty one where there is no choice."""
    delta: Object = chunk["choices"][0]["delta"] if chunk["choices"] else {}
    return delta
