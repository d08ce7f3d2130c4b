"""The fake's answers before an independent judge: `chatschema` reads the same contract and shares no code with it."""

import json
from typing import Any

import pytest
from hypothesis import given

from chatfake import FAULTS, SCENARIOS, Fake
from chatschema import check
from tests.fakeserver.asking import HELLO, WEATHER, ask, ask_chunks, chat, chats, get, post
from tests.fakeserver.test_renderings import assembled
from tests.fakeserver.test_validation import INVALID

#: What is wrong on purpose: the rules that an entry breaks in JSON and in a stream. All others break none.
BREAKS: dict[str, tuple[set[str], set[str]]] = {
    "empty-choices": ({"shape.value"}, {"chat.sse.finish-once"}),
    "stream-cut": ({"shape.json"}, {"chat.sse.done", "chat.sse.finish-once"}),
    "stream-no-done": (set(), {"chat.sse.done"}),
}


def broken_rules(body: bytes) -> set[str]:
    judgement = check(body)
    assert not judgement.extensions
    return {violation.rule for violation in judgement.violations}


@pytest.mark.parametrize("stream", [False, True], ids=["json", "sse"])
@pytest.mark.parametrize("name", [*SCENARIOS, *FAULTS])
def test_entry_breaks_the_rules_it_is_made_to_break_and_no_other(name: str, stream: bool, fake: Fake) -> None:
    answer = post(fake, chat(model=f"fake/{name}", stream=stream))
    assert broken_rules(answer.body) == BREAKS.get(name, (set(), set()))[stream]


@given(chats())
def test_answer_to_any_valid_request_breaks_no_rule(body: dict[str, Any]) -> None:
    usage = {"stream_options": {"include_usage": True}}
    for asked in (body, {**body, "stream": True}, {**body, "stream": True, **usage}):
        assert broken_rules(post(Fake(), asked).body) == set()


@pytest.mark.parametrize("name", INVALID)
def test_refusal_is_a_valid_error(name: str, fake: Fake) -> None:
    judgement = check(post(fake, INVALID[name]).body)
    assert (judgement.kind, judgement.violations) == ("error", ())


def test_models_are_a_valid_list(fake: Fake) -> None:
    judgement = check(get(fake, "/v1/models").body)
    assert (judgement.kind, judgement.violations) == ("models", ())


@given(chats())
def test_reply_is_accepted_back_as_history_and_counts(body: dict[str, Any]) -> None:
    fake = Fake()
    answer = ask(fake, **body)
    message = answer["choices"][0]["message"]
    [streamed, *_] = assembled(ask_chunks(fake, **body))
    assert streamed["message"]["content"] == message["content"]
    results = [
        {"role": "tool", "tool_call_id": call["id"], "content": "sunny"}
        for call in message.get("tool_calls", [])
    ]
    longer = {**body, "messages": [*body["messages"], message, *results, *HELLO]}
    assert ask(fake, **longer)["usage"]["prompt_tokens"] > answer["usage"]["prompt_tokens"]


def test_prompt_tokens_depend_on_the_request_alone(fake: Fake) -> None:
    first = ask(fake)["usage"]
    handle = fake.handle()
    handle.script("noise " * 50)
    post(fake, chat(n=3), headers=(("authorization", f"Bearer {handle.key}"),))
    for _ in range(3):
        ask(fake, messages=[{"role": "user", "content": "another conversation"}], tools=[WEATHER])
    assert ask(fake)["usage"] == first
    assert ask_chunks(fake, stream_options={"include_usage": True})[-1]["usage"] == first


def test_history_grows_until_it_is_refused() -> None:
    fake = Fake(context_length=200)
    messages = list(HELLO)
    counts: list[int] = []
    while (answer := post(fake, chat(messages=messages))).status == 200:
        counts.append(json.loads(answer.body)["usage"]["prompt_tokens"])
        messages += [{"role": "assistant", "content": "Rome."}, *HELLO]
    assert counts == sorted(set(counts))
    assert json.loads(answer.body)["error"]["code"] == "context_length_exceeded"
