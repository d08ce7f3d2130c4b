"""An answer that the fake gives as planned is recognised as that: the relay's reading of an endpoint's own answers."""

import pytest

from chatproof.history.model.answers import ANSWERS, Mode
from chatproof.history.model.plan import Answer, Call
from chatproof.stage import FakeStage, Script
from chatproof.stage.recognising import Received, recognised
from tests.stage.asking import ROUTES, Got, post, said, token_of

#: What the bytes do not say: a stream without an end is one that is cut, pieces of it are as whole as others.
SAME = {
    "stream-comments": "text",
    "stream-blank-events": "text",
    "stream-crlf": "text",
    "one-byte-packets": "text",
    "split-characters": "text",
    "reset-in-body": "reset-in-body",
    "null-content": "empty-content",  # in a stream: no piece of text comes
    "missing-content": "empty-content",
    "empty-choices": "stream-empty",
    "parts-content": "text",
}


def received(got: Got, route: str, *, offers_tools: bool = False) -> Received:
    return Received(
        route=route,
        status=got.status,
        content_type=got.headers.get("content-type", ""),
        data=got.body,
        whole=not got.broken,
        offers_tools=offers_tools,
    )


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("name", [name for name in ANSWERS if name != "stall"])
def test_an_answer_of_the_fake_is_recognised(stage: FakeStage, name: str, route: str, stream: bool) -> None:
    with token_of(stage) as token:
        stage.arm(token, Script(words=said, answers=(Answer(name=name, text="§ it is. " * 20),)))
        got = post(stage, token, route, stream=stream)
        assert stage.idle(token, seconds=5)
        (seen,) = stage.exchanges(token)
    answer = recognised(received(got, route))
    wanted = seen.answer.name
    if answer.name != wanted:
        assert answer.name == SAME[wanted]
        assert ANSWERS[answer.name].fails == ANSWERS[wanted].fails
    kind = ANSWERS[wanted]
    if kind.has_text and not kind.fails and kind.mode is not Mode.STREAM:
        assert answer.text == seen.answer.text
    assert [(call.tool, call.arguments, call.id) for call in answer.calls] == [
        (call.tool, call.arguments, call.id) for call in seen.answer.calls
    ]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("route", ["chat", "responses"])
def test_calls_that_were_offered_are_a_step_of_the_round(stage: FakeStage, route: str, stream: bool) -> None:
    with token_of(stage) as token:
        stage.arm(token, Script(words=said, answers=(Answer(text="", calls=(Call(), Call(tool="other"))),)))
        got = post(stage, token, route, stream=stream)
        (seen,) = stage.exchanges(token)
    assert recognised(received(got, route, offers_tools=True)) == seen.answer
    assert ANSWERS[recognised(received(got, route)).name].scenario == "tool-call-only"


BODIES = {
    "html-200": b"<html>",
    "truncated-json": b'{"choices": [',
    "missing-choices": b'{"object": "list"}',
    "null-choices": b'{"choices": 5}',
    "empty-choices": b'{"choices": []}',
    "wrong-object": b'{"choices": [{"index": 0, "message": {"role": "assistant", "content": 5}}]}',
    "error-object-200": b'{"error": "no"}',
    "delta-in-json": b'{"choices": [{"index": 0, "delta": {}}]}',
}


@pytest.mark.parametrize("name", BODIES)
def test_what_is_no_completion_is_called_by_its_name(name: str) -> None:
    one = Received(route="chat", status=200, content_type="application/json", data=BODIES[name], whole=True)
    assert recognised(one).name == name


@pytest.mark.parametrize(
    ("status", "name"), [(0, "reset-before-head"), (418, "http-400"), (429, "http-429"), (599, "http-500")]
)
def test_a_status_that_no_plan_has_is_one_of_its_kind(status: int, name: str) -> None:
    one = Received(route="chat", status=status, content_type="", data=b"", whole=True)
    assert recognised(one) == Answer(name=name, text="")


def test_a_stream_that_never_says_why_it_ends_is_not_known_to_be_whole() -> None:
    data = b'data: {"choices":[{"index":0,"delta":{"content":"one"}}]}\n\ndata: [DONE]\n\n'
    one = Received(route="chat", status=200, content_type="text/event-stream", data=data, whole=True)
    assert recognised(one) == Answer(name="wrong-object", text="one")
