"""Each answer of a plan is really given, and seen as it was given."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatproof.history.model.answers import ANSWERS, Mode
from chatproof.history.model.plan import Answer, Call
from chatproof.history.model.seen import Exchange
from chatproof.stage import FakeStage, Script
from chatproof.stage.fake_stage import COOKIE
from chatschema import check
from tests.stage.asking import ROUTES, Got, post, said, token_of

UNFIT = {
    ("completions", "refusal"),
    ("completions", "tool-call-only"),
    ("completions", "stream-tool-call-only"),
    ("responses", "stream-no-done"),
}
KINDS = {"chat": "chat.completion", "responses": "response", "completions": "completion"}
LOST = ("stall", "reset-before-head", "reset-in-body", "stream-cut")


def answered(stage: FakeStage, answer: Answer, route: str, *, stream: bool) -> tuple[Got, Exchange]:
    """What a client got, and what the stage saw. What never ends is left soon, all else is waited for."""
    silence = 0.5 if answer.name == "stall" else 10.0
    with token_of(stage) as token:
        stage.arm(token, Script(words=said, answers=(answer,)))
        got = post(stage, token, route, stream=stream, silence=silence)
        assert stage.idle(token, seconds=5)
        (exchange,) = stage.exchanges(token)
    return got, exchange


def fits(name: str, route: str, *, stream: bool) -> bool:
    kind = ANSWERS[name]
    return (
        kind.mode in (Mode.BOTH, Mode.STREAM if stream else Mode.JSON)
        and (route == "chat" or not kind.chat_only)
        and (route, name) not in UNFIT
    )


@pytest.mark.parametrize("stream", [False, True], ids=["json", "stream"])
@pytest.mark.parametrize("route", list(ROUTES))
@pytest.mark.parametrize("name", list(ANSWERS))
def test_an_answer_is_given_and_seen(stage: FakeStage, name: str, route: str, stream: bool) -> None:
    got, seen = answered(stage, Answer(name=name), route, stream=stream)
    kind = ANSWERS[name]
    assert (seen.route, seen.streamed, seen.status) == (route, stream, got.status)
    if not fits(name, route, stream=stream):
        assert seen.answer == Answer(text=said("reply 0"))
        assert seen.arrived == said("reply 0")
        return
    assert seen.answer.name == name
    assert got.broken == (name in LOST)
    assert seen.left == (name == "stall")
    if kind.fault.startswith(("http-", "html-5")):
        assert got.status == int(name.removeprefix("http-"))
    if kind.has_text:
        assert seen.answer.text == said("reply 0")
        assert seen.arrived == seen.answer.text or (kind.fails and seen.arrived)
        assert seen.answer.text.startswith(seen.arrived)
    if kind.has_text and not kind.fails:
        assert got.body.replace(b"\r", b"").find(seen.answer.text[:3].encode()) > 0
        assert seen.arrived == seen.answer.text
    if not stream and name in ("text", "length", "content-filter", "refusal"):
        assert check(got.body, KINDS[route]).valid
    if "tool-call" in name:
        assert [call.tool for call in seen.answer.calls] == ["look_up"]
        assert seen.answer.calls[0].id.encode() in got.body
        assert said("call 0.0") in seen.answer.calls[0].arguments


@pytest.mark.parametrize("name", ["text", "length", "stream-cut", "refusal"])
def test_texts_are_worded(stage: FakeStage, name: str) -> None:
    for text, told in (
        ("§", said("reply 0")),
        ("so §.", f"so {said('reply 0')}."),
        ("so", f"so {said('reply 0')}"),
    ):
        _, seen = answered(stage, Answer(name=name, text=text), "chat", stream=True)
        assert seen.answer.text.endswith(told.rpartition(" ")[2]) or name == "refusal"
        assert name == "refusal" or seen.answer.text == told


def test_a_text_and_calls_come_together(stage: FakeStage) -> None:
    answer = Answer(calls=(Call(), Call(tool="break_down", arguments="{")))
    for stream in (False, True):
        got, seen = answered(stage, answer, "chat", stream=stream)
        assert len({call.id for call in seen.answer.calls}) == 2
        assert seen.answer.calls[1].arguments == "{"
        assert seen.arrived == said("reply 0")
        assert all(call.id.encode() in got.body for call in seen.answer.calls)
    got, seen = answered(stage, Answer(text="", calls=(Call(),)), "chat", stream=False)
    assert json.loads(got.body)["choices"][0]["message"]["content"] is None
    assert seen.answer.text == ""


def test_two_choices_differ(stage: FakeStage) -> None:
    got, seen = answered(stage, Answer(name="two-choices"), "chat", stream=False)
    first, second = (one["message"]["content"] for one in json.loads(got.body)["choices"])
    assert first == seen.answer.text == seen.arrived != second


@pytest.mark.parametrize("name", ["text", "http-429", "http-503"])
def test_another_attempt_may_come_at_once(stage: FakeStage, name: str) -> None:
    got, _ = answered(stage, Answer(name=name), "chat", stream=False)
    assert got.headers.get("retry-after") == (None if name == "text" else "0")
    assert got.headers["set-cookie"].startswith(COOKIE)


@given(text=st.text(), route=st.sampled_from(list(ROUTES)), stream=st.booleans())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_arrives_as_it_was_said(stage: FakeStage, text: str, route: str, stream: bool) -> None:
    got, seen = answered(stage, Answer(text=f"{text}§"), route, stream=stream)
    assert seen.answer.text == f"{text}§".replace("§", said("reply 0"))
    assert seen.arrived == seen.answer.text
    assert got.status == 200


def test_a_long_text_arrives(stage: FakeStage) -> None:
    for stream in (False, True):
        _, seen = answered(stage, Answer(text="word " * 20_000), "chat", stream=stream)
        assert seen.arrived == seen.answer.text
        assert len(seen.arrived) > 100_000
