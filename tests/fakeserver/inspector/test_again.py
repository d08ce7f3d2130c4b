"""What is copied from the page does what it says: the command sends the request again, the rule answers it again."""

import shlex
import shutil
import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatfake import FAULTS, SCENARIOS, Fake, LiveServer, Reply, ToolCall
from chatfake.inspector.curl import curl_of
from chatfake.inspector.script_rule import script_rule_of
from chatfake.inspector.timeline import play_answer
from chatfake.journal.journal import Recorded
from tests.fakeserver.asking import WEATHER, chat, chats, post, texts

KEY = (("authorization", "Bearer k"),)


def recorded(fake: Fake, body: Any, **members: Any) -> Recorded:
    fake.handle("k")
    post(fake, body, headers=(*KEY, *members.get("headers", ())))
    return fake.handle("k").requests[-1]


def again(rule: str, body: Any) -> Any:
    fake = Fake()
    fake.script(rule)
    return post(fake, body)


@given(chats(), st.booleans())
def test_rule_gives_the_same_bytes_for_the_same_request(body: dict[str, Any], stream: bool) -> None:
    entry = recorded(Fake(), {**body, "stream": stream})
    rule = script_rule_of(entry)
    assert rule is not None
    assert again(rule, {**body, "stream": stream, "model": body["model"]}).body == _body(entry)


@given(texts, st.none() | st.sampled_from([("f", '{"a": 1}'), ("g", "{broken"), ("h\x85", "\u2028 \ufeff ")]))
def test_rule_says_again_what_a_script_said(text: str, call: tuple[str, str] | None) -> None:
    fake = Fake()
    calls = (ToolCall(name=call[0], arguments=call[1], id="call_1"),) if call else ()
    fake.handle("k").script(Reply(text=text, tool_calls=calls))
    entry = recorded(fake, chat(messages=[{"role": "user", "content": text}]))
    rule = script_rule_of(entry)
    assert rule is not None
    content = play_answer(again(rule, chat(messages=[{"role": "user", "content": text}]))).content
    assert entry.answer is not None
    assert content.choices == play_answer(entry.answer).content.choices


@pytest.mark.parametrize("name", ["tool-call-only", "stream-cut", "unicode+delay-first-byte=0.5"])
def test_rule_of_a_plan_names_the_plan(name: str, fake: Fake) -> None:
    handle = fake.handle("k")
    handle.script(handle.fault("stream-cut") if name == "stream-cut" else "x")
    headers = (("x-fake-scenario", name),)
    rule = script_rule_of(recorded(fake, chat(tools=[WEATHER]), headers=headers))
    assert rule is not None
    assert rule.endswith(f'answer: {{"plan": "{name}"}}\n')


@pytest.mark.parametrize("name", [*SCENARIOS, *FAULTS])
def test_every_plan_has_a_rule(name: str, fake: Fake) -> None:
    rule = script_rule_of(recorded(fake, chat(model=f"fake/{name}", tools=[WEATHER])))
    assert rule is not None
    fake.script(rule)


def test_request_that_was_refused_and_one_of_another_route_have_no_rule(fake: Fake) -> None:
    assert script_rule_of(recorded(fake, chat(messages=[]))) is None
    post(fake, {"model": "tiny", "input": "x"}, path="/v1/embeddings", headers=KEY)
    assert script_rule_of(fake.handle("k").requests[-1]) is None


def _body(entry: Recorded) -> bytes:
    assert entry.answer is not None
    return entry.answer.body


@given(st.binary(max_size=40) | texts.map(str.encode), texts)
def test_command_carries_the_body_as_it_was(body: bytes, value: str) -> None:
    entry = recorded(Fake(), body, headers=(("x-odd", value), ("content-type", "application/json")))
    command = curl_of(entry, "k", "http://127.0.0.1:1")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        assert command is None
        return
    if "\0" in text:
        assert command is None
        return
    assert command is not None
    words = shlex.split(command.replace("\\\n", " "))
    assert words[:2] == ["curl", "http://127.0.0.1:1/v1/chat/completions"]
    assert "Authorization: Bearer k" in words
    assert f"x-odd: {value}" in words
    if text:
        assert words[words.index("--data-binary") + 1] == text


def test_command_hides_what_the_journal_hides(fake: Fake) -> None:
    post(fake, chat(), headers=(("authorization", "Bearer sk-secret"), ("cookie", "a=b")))
    command = curl_of(fake.requests[-1], "", "http://127.0.0.1:1")
    assert command is not None
    assert '"Authorization: Bearer $OPENAI_API_KEY"' in command
    assert "***" not in command


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl on this machine")
def test_command_run_by_a_shell_is_the_same_request() -> None:
    body = chat(messages=[{"role": "user", "content": 'it\'s $HOME `x` \\ "q"\n!'}])
    with LiveServer() as server:
        handle = server.handle("k")
        post(server.fake, body, headers=(*KEY, ("content-type", "application/json")))
        command = curl_of(handle.requests[0], "k", server.base_url.removesuffix("/v1"))
        assert command is not None
        subprocess.run(["sh", "-c", command], check=True, capture_output=True, timeout=30)
        first, second = handle.requests
        assert (second.method, second.path, second.body) == (first.method, first.path, first.body)
