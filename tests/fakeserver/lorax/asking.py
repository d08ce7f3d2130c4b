"""How the tests ask LoRAX's native routes of a fake without a socket."""

import json
from typing import Any

from chatfake import Answer, Fake, Request

JSON = (("content-type", "application/json"),)


def post(fake: Fake, path: str, body: Any, headers: tuple[tuple[str, str], ...] = JSON) -> Answer:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return fake.answer(Request(method="POST", path=path, headers=headers, body=data))


def asked(inputs: str = "And Italy?", **parameters: Any) -> dict[str, Any]:
    """A body of one prompt."""
    return {"inputs": inputs, "parameters": parameters}


def generate(fake: Fake, **parameters: Any) -> Any:
    """The parsed answer of `/generate`."""
    answer = post(fake, "/generate", asked(**parameters))
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def error(answer: Answer) -> tuple[int, str, str]:
    """Status, type and text of an error in JSON."""
    assert answer.header("content-type") == "application/json"
    body = json.loads(answer.body)
    assert set(body) == {"error", "error_type"}
    return answer.status, body["error_type"], body["error"]


def events(answer: Answer) -> list[Any]:
    """The parsed events of a stream: no `[DONE]`, one write each."""
    assert (answer.status, answer.header("content-type")) == (200, "text/event-stream")
    *found, rest = answer.body.decode().split("\n\n")
    assert rest == ""
    assert len(found) == len(answer.steps)
    return [json.loads(one.removeprefix("data: ")) for one in found]
