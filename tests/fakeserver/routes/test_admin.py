"""What a Python handle does, over HTTP."""

import json
import threading
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatfake import Answer, Fake, LiveServer, Request
from tests.fakeserver.asking import chat, error_of, post


def call(fake: Fake, method: str, path: str, body: bytes = b"", query: str = "") -> Answer:
    return fake.answer(Request(method=method, path=path, body=body, query=query))


def body_of(answer: Answer) -> Any:
    assert answer.status in (200, 201), answer.body
    return json.loads(answer.body)


def test_key_made_over_http_has_a_script_and_a_journal_of_its_own(fake: Fake) -> None:
    key = body_of(call(fake, "POST", "/_fake/keys"))["key"]
    assert call(fake, "PUT", "/_fake/script", b"[{text: mine}]", f"key={key}").status == 204
    headers = (("authorization", f"Bearer {key}"),)
    assert b"mine" in post(fake, chat(), headers=headers).body
    assert b"mine" not in post(fake, chat()).body
    rows = body_of(call(fake, "GET", "/_fake/requests", query=f"key={key}"))
    assert [row["scenario"] for row in rows["requests"]] == ["script"]
    assert body_of(call(fake, "GET", "/_fake/keys")) == {"keys": [key]}
    assert call(fake, "DELETE", "/_fake/keys", query=f"key={key}").status == 204
    assert error_of(call(fake, "GET", "/_fake/requests", query=f"key={key}"))["code"] == "not_found"


def test_script_put_again_takes_the_place_of_the_old_one(fake: Fake) -> None:
    for text in (b"[{text: old}, {text: older}]", b"turns: {1: {text: new}}"):
        assert call(fake, "PUT", "/_fake/script", text, "key=k").status == 204
    headers = (("authorization", "Bearer k"),)
    assert b"new" in post(fake, chat(), headers=headers).body


def test_bad_script_changes_nothing_and_is_named(fake: Fake) -> None:
    call(fake, "PUT", "/_fake/script", b"[{text: good}]", "key=k")
    error = error_of(call(fake, "PUT", "/_fake/script", b"[{plan: nonsense}]", "key=k"))
    assert error["code"] == "invalid_script"
    assert "line 1" in error["message"]
    named = error_of(call(fake, "PUT", "/_fake/script", b"- Hello!\n- http-500", "key=k"))
    assert named["code"] == "invalid_script"
    assert "line 2: 'http-500' is the name of a plan; write {plan: http-500}" in named["message"]
    assert b"good" in post(fake, chat(), headers=(("authorization", "Bearer k"),)).body


def test_one_request_is_shown_whole_and_without_its_key(fake: Fake) -> None:
    post(fake, chat(stream=True), headers=(("authorization", "Bearer sk-secret"),))
    shown = call(fake, "GET", "/_fake/requests/1")
    whole = body_of(shown)
    assert b"sk-secret" not in shown.body
    assert whole["json"] == chat(stream=True)
    assert whole["answer"]["steps"][-1]["send"] == "data: [DONE]\n\n"
    assert error_of(call(fake, "GET", "/_fake/requests/2"))["code"] == "not_found"


def test_after_leaves_out_what_is_known_and_delete_forgets(fake: Fake) -> None:
    for _ in range(3):
        post(fake, chat())
    numbers = [
        row["number"] for row in body_of(call(fake, "GET", "/_fake/requests", query="after=1"))["requests"]
    ]
    assert numbers == [2, 3]
    assert call(fake, "DELETE", "/_fake/requests").status == 204
    assert body_of(call(fake, "GET", "/_fake/requests"))["requests"] == []


def test_verdict_and_conversations_are_those_of_python(fake: Fake) -> None:
    handle = fake.handle("k")
    for _ in range(2):
        post(fake, chat(), headers=(("authorization", "Bearer k"),))
    verdict = body_of(call(fake, "GET", "/_fake/verdict", query="key=k"))
    assert verdict["requests"] == 2
    assert verdict["text"] == str(handle.verdict())
    (talk,) = body_of(call(fake, "GET", "/_fake/conversations", query="key=k"))["conversations"]
    assert talk == {"requests": [1, 2], "messages": [{"role": "user", "text": "And Italy?"}]}


def test_admin_requests_are_in_no_journal(fake: Fake) -> None:
    for path in ("/_fake/requests", "/_fake/verdict", "/_fake/keys", "/_fake/conversations"):
        call(fake, "GET", path)
    assert fake.requests == ()


@given(
    st.sampled_from(
        ["requests", "requests/1", "requests/x", "script", "verdict", "conversations", "keys", "nope"]
    ),
    st.sampled_from(["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH"]),
    st.binary(max_size=30) | st.just(b"&" * 300),
    st.text(max_size=20) | st.just("&a=b" * 200),
)
def test_no_admin_request_is_a_fault_of_the_server(path: str, method: str, body: bytes, query: str) -> None:
    fake = Fake()
    post(fake, chat())
    assert call(fake, method, f"/_fake/{path}", body, query).status < 500


def test_waiting_ends_when_the_request_comes_or_its_time_is_over() -> None:
    with LiveServer() as server:
        root = server.base_url.removesuffix("/v1")
        late = httpx.get(f"{root}/_fake/wait?count=1&timeout=0.05")
        assert (late.status_code, late.json()["error"]["code"]) == (408, "timeout")
        assert httpx.get(f"{root}/_fake/wait?key=nobody").status_code == 404
        assert httpx.get(f"{root}/_fake/wait?count=x").status_code == 400
        found: list[int] = []
        waiter = threading.Thread(
            target=lambda: found.append(httpx.get(f"{root}/_fake/wait?count=1&timeout=20").json()["count"])
        )
        waiter.start()
        httpx.post(f"{server.base_url}/chat/completions", json=chat())
        waiter.join(20)
        assert found == [1]


def test_feed_tells_of_each_change() -> None:
    with (
        LiveServer() as server,
        httpx.stream("GET", server.base_url.removesuffix("/v1") + "/_fake/events") as feed,
    ):
        lines = (line for line in feed.iter_lines() if line.startswith("data:"))
        assert next(lines) == 'data: {"changes":0}'
        httpx.post(f"{server.base_url}/chat/completions", json=chat())
        assert json.loads(next(lines).removeprefix("data: "))["changes"] >= 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_unknown_admin_path_is_no_route(method: str, fake: Fake) -> None:
    assert call(fake, method, "/_fake/nothing").status == 404
