"""Every answer has a status, a content type and a body that the OpenAPI document tells of."""

import json
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from chatfake import Answer, Fake, Request
from tests.fakeserver.fuzz.mangling import changed
from tests.fakeserver.fuzz.seeds import BODIES, DOCUMENT
from tests.portion import share

JSON = (("content-type", "application/json"),)
READ = [path for path, methods in DOCUMENT["paths"].items() if "get" in methods and path != "/openapi.json"]


@cache
def validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator({**json.loads(schema), "components": DOCUMENT["components"]})


def told_of(answer: Answer, path: str, method: str) -> None:
    responses = DOCUMENT["paths"][path][method]["responses"]
    assert str(answer.status) in responses, (answer.status, answer.body[:300])
    content: dict[str, Any] = responses[str(answer.status)].get("content", {})
    if not content:
        assert answer.body == b""
        return
    kind = answer.header("content-type").partition(";")[0]
    assert kind in content, kind
    if kind == "application/json":
        validator(json.dumps(content[kind]["schema"])).validate(json.loads(answer.body))
    elif kind == "text/event-stream":
        for event in answer.body.decode().split("\n\n"):
            data = "".join(line[5:].strip() for line in event.split("\n") if line.startswith("data:"))
            if data and data != "[DONE]":
                validator(json.dumps(content[kind]["x-event"])).validate(json.loads(data))


@share(0.25)
@given(st.data())
def test_answer_is_one_that_the_document_tells_of(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([*BODIES]))
    body = data.draw(st.sampled_from(BODIES[path]) | changed(BODIES[path]))
    fake = Fake()
    answer = fake.answer(Request(method="POST", path=path, body=json.dumps(body).encode(), headers=JSON))
    entry = fake.requests[-1] if fake.requests else None
    # other scenarios break the contract, as they are asked to
    if entry is None or entry.scenario in ("", "text"):
        told_of(answer, path, "post")
    for place in READ:
        told_of(fake.answer(Request(method="GET", path=place.replace("{number}", "1"))), place, "get")
