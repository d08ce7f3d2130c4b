"""In every dialect the stream says what the JSON answer says."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatfake import Fake, Reply
from chatfake.dialects import DIALECTS
from tests.fakeserver.asking import chat, chats, post
from tests.fakeserver.dialects.speaking import TEXT, USAGE, Said, assembled, chunks_in, whole
from tests.fakeserver.test_renderings import replies
from tests.portion import share

#: LoRAX streams calls as the text that the model writes, and errors under status 200: `tests/fakeserver/lorax` holds
#: its streams to its answers.
SAYING_THE_SAME = [name for name in DIALECTS if name != "lorax"]


def both(fake: Fake, dialect: str, body: Any, path: str = "/v1/chat/completions", key: str = "") -> None:
    headers = (
        ("content-type", "application/json"),
        ("x-fake-dialect", dialect),
        ("authorization", f"Bearer {key}"),
    )
    answer = post(fake, body, path, headers)
    streamed = post(fake, {**body, "stream": True}, path, headers)
    asked_for_usage = post(fake, {**body, "stream": True, **USAGE}, path, headers)
    assert answer.status == streamed.status == asked_for_usage.status
    if answer.status == 200:
        for stream in (streamed, asked_for_usage):
            agree(dialect, assembled(chunks_in(stream)), whole(json.loads(answer.body)))


def agree(dialect: str, streamed: list[Said], said: list[Said]) -> None:
    """A dialect may document that a stream says no finish_reason; all else is the same."""
    if "chat.sse.finish-once" in {deviation.rule for deviation in DIALECTS[dialect].deviations}:
        said = [
            {**one, "finish_reason": there["finish_reason"] and one["finish_reason"]}
            for one, there in zip(said, streamed, strict=True)
        ]
    assert streamed == said


@pytest.mark.parametrize("dialect", SAYING_THE_SAME)
@share(0.3)
@given(replies, st.integers(1, 40), st.booleans(), st.integers(1, 2))
def test_stream_and_json_say_the_same(dialect: str, reply: Reply, limit: int, logprobs: bool, n: int) -> None:
    fake = Fake()
    handle = fake.handle()
    handle.script(reply, reply, reply)
    both(fake, dialect, chat(max_tokens=limit, logprobs=logprobs, n=n), key=handle.key)


@pytest.mark.parametrize("dialect", SAYING_THE_SAME)
@share(0.3)
@given(chats())
def test_stream_and_json_say_the_same_to_any_request(dialect: str, body: dict[str, Any]) -> None:
    both(Fake(), dialect, body)


@pytest.mark.parametrize("dialect", SAYING_THE_SAME)
@share(0.2)
@given(st.text(max_size=20), st.integers(1, 20), st.booleans(), st.none() | st.integers(0, 3))
def test_texts_say_the_same(dialect: str, prompt: str, limit: int, echo: bool, logprobs: int | None) -> None:
    body = {**TEXT, "prompt": prompt or "x", "max_tokens": limit, "echo": echo, "logprobs": logprobs}
    both(Fake(), dialect, body, "/v1/completions")
