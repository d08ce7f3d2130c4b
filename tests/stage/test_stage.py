"""A stage answers what it is told to whoever asks, one for one, and remembers it."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatproof.history.model.answers import ANSWERS
from chatproof.history.model.plan import Answer
from chatproof.stage import FakeStage, Script
from tests.stage.asking import ROUTES, post, request, said, token_of

QUICK = [
    name
    for name, kind in ANSWERS.items()
    if kind.fault not in ("stall", "reset-before-head", "reset-in-body")
]


@pytest.fixture(scope="session")
def http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=10, verify=False) as client:  # noqa: S501  there is no TLS
        yield client


@given(
    names=st.lists(st.sampled_from(QUICK), min_size=1, max_size=3),
    asks=st.integers(1, 5),
    stream=st.booleans(),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_answers_come_in_turn_and_the_last_repeats(
    stage: FakeStage, names: list[str], asks: int, stream: bool
) -> None:
    with token_of(stage) as token:
        stage.arm(token, Script(words=said, answers=tuple(Answer(name=name) for name in names)))
        for _ in range(asks):
            post(stage, token, "chat", stream=stream)
        assert stage.idle(token, seconds=5)
        seen = stage.exchanges(token)
    wanted = [names[min(at, len(names) - 1)] for at in range(asks)]
    assert [one.number for one in seen] == list(range(1, asks + 1))
    assert all(one.answer.name in (name, "text") for one, name in zip(seen, wanted, strict=True))
    texts = [one.answer.text for one in seen if one.answer.name == "text"]
    assert len(set(texts)) == len(texts)


def test_overlapping_requests_are_told_apart(stage: FakeStage) -> None:
    with token_of(stage) as token, ThreadPoolExecutor(16) as threads:
        asked = [f"question {at}." for at in range(16)]
        scripts = [
            Script(words=lambda side, text=text: f"{text} {side}", said=text)  # type: ignore[misc]
            for text in asked
        ]
        stage.arm(token, *scripts)
        stage.hold_together(token, seconds=10, held=lambda: None)
        got = list(threads.map(lambda text: post(stage, token, "chat", text=text), asked))
        assert stage.idle(token, seconds=5)
        seen = {one.messages[-1].text: one.arrived for one in stage.exchanges(token)}
    assert [json.loads(one.body)["choices"][0]["message"]["content"] for one in got] == [
        seen[text] for text in asked
    ]
    assert all(answer.startswith(text) for text, answer in seen.items())


def test_an_answer_is_held_until_it_is_released(stage: FakeStage) -> None:
    with token_of(stage) as token, ThreadPoolExecutor(1) as threads:
        held = threading.Event()
        stage.hold(token, after=0, seconds=30, held=held.set)
        asked = threads.submit(post, stage, token, "chat")
        assert held.wait(10)
        (before,) = stage.exchanges(token)
        assert not stage.idle(token, seconds=0)
        stage.release(token)
        assert asked.result(10).status == 200
        assert stage.idle(token, seconds=5)
        (after,) = stage.exchanges(token)
    assert (before.arrived, after.arrived) == ("", said("reply 0"))


@pytest.mark.parametrize("route", list(ROUTES))
@pytest.mark.parametrize("after", [1, 3])
def test_a_stream_is_held_in_the_middle(stage: FakeStage, route: str, after: int) -> None:
    with token_of(stage) as token:
        held = threading.Event()
        stage.hold(token, after=after, seconds=30, held=held.set)
        body = request(route, stream=True)
        with (
            httpx.Client(timeout=10, verify=False) as client,  # noqa: S501
            client.stream("POST", stage.base_url(token) + ROUTES[route][0], json=body) as response,
        ):
            next(response.iter_raw())
            assert held.wait(10)
            stage.release(token)
        assert stage.idle(token, seconds=5)
        (seen,) = stage.exchanges(token)
    assert seen.left
    assert seen.answer.text.startswith(seen.arrived)
    assert seen.arrived != seen.answer.text


def test_nothing_is_held_where_no_text_is_left(stage: FakeStage) -> None:
    with token_of(stage) as token:
        held = threading.Event()
        stage.hold(token, after=1, seconds=30, held=held.set)
        assert post(stage, token, "chat").status == 200
        assert not held.is_set()


ODD: list[Any] = [
    b"",
    b"no JSON",
    b"[]",
    b"\xff\xfe",
    {"messages": "none"},
    {"messages": [{"role": "user", "content": "x"}], "model": "nobody", "max_tokens": 1, "stop": ["-", "a"]},
    {"messages": [7, None], "model": 3, "n": 10_000},
    {"model": "fake/http-500", "messages": [{"role": "user", "content": "x"}], "tools": 5, "stream": "yes"},
    {"messages": [{"role": "user", "content": "x" * 200_000}], "model": "tiny", "max_tokens": "many"},
]


@pytest.mark.parametrize("route", list(ROUTES))
@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_whatever_is_asked_is_answered_as_scripted(
    stage: FakeStage, http: httpx.Client, route: str, odd: Any
) -> None:
    body = odd if isinstance(odd, bytes) else json.dumps(odd).encode()
    with token_of(stage) as token:
        url = stage.base_url(token) + ROUTES[route][0]
        headers = {
            "x-fake-scenario": "empty-choices",
            "x-fake-delay": "60",
            "content-type": "application/json",
        }
        got = http.post(url, content=body, headers=headers)
        assert stage.idle(token, seconds=5)
        (seen,) = stage.exchanges(token)
    assert got.status_code == 200
    assert seen.body == body
    assert seen.arrived == seen.answer.text == said("reply 0")


def test_other_requests_are_visits(stage: FakeStage, http: httpx.Client) -> None:
    with token_of(stage) as token:
        models = http.get(stage.base_url(token) + "/models")
        http.post(stage.base_url(token) + "/chat/completion", json={})
        assert next(one["id"] for one in models.json()["data"]) == "tiny"
        assert [(one.method, one.status) for one in stage.visits(token)] == [("GET", 200), ("POST", 404)]
        assert stage.exchanges(token) == ()
        http.post(stage.base_url(token).replace(f"/key/{token}", "") + "/chat/completions", json={})
        assert stage.visits("")[-1].path == "/v1/chat/completions"


def test_no_key_is_kept_and_cookies_are(stage: FakeStage, http: httpx.Client) -> None:
    with token_of(stage) as token:
        headers = {"authorization": "Bearer secret", "x-api-key": "secret", "cookie": "a=b"}
        http.post(stage.base_url(token) + "/chat/completions", json=request("chat"), headers=headers)
        (seen,) = stage.exchanges(token)
    assert seen.headers["cookie"] == "a=b"
    assert "secret" not in repr(dict(seen.headers))


def test_the_end_of_a_token_ends_what_is_open(stage: FakeStage) -> None:
    token = stage.begin(said)
    stage.arm(token, Script(words=said, answers=(Answer(name="stall"),)))
    with (
        httpx.Client(timeout=10, verify=False) as client,  # noqa: S501
        client.stream("POST", stage.base_url(token) + "/chat/completions", json=request("chat")) as response,
    ):
        pieces = response.iter_raw()
        next(pieces)
        stage.end(token)
        with pytest.raises(httpx.HTTPError):
            next(pieces)
