import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from chatfake import Answer, Fake, Handle, Recorded, Reply, Request, ToolCall, UnknownNameError
from chatfake.journal.journal import Journal
from tests.fakeserver.asking import HELLO, chat, post


def send(fake: Fake, handle: Handle, **members: Any) -> Answer:
    return post(fake, chat(**members), headers=(("authorization", f"Bearer {handle.key}"),))


def text(answer: Answer) -> Any:
    return json.loads(answer.body)["choices"][0]["message"]["content"]


def users(*texts: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text} for text in texts]


@pytest.fixture
def handle(fake: Fake) -> Handle:
    return fake.handle()


def test_script_is_given_in_order_and_then_the_default(fake: Fake, handle: Handle) -> None:
    handle.script("one", Reply(text="two", finish_reason="length"))
    assert [text(send(fake, handle)) for _ in range(2)] == ["one", "two"]
    assert text(send(fake, handle)).startswith("turn 1 | 1 message")
    assert handle.unused == 0


def test_script_takes_scenarios_faults_and_both(fake: Fake, handle: Handle) -> None:
    handle.script(
        handle.scenario("empty-choices"),
        handle.fault("http-429"),
        handle.fault("stream-cut", over="Hello!"),
        handle.plan("refusal"),
    )
    empty, limited, cut, refused = (send(fake, handle) for _ in range(4))
    assert json.loads(empty.body)["choices"] == []
    assert limited.status == 429
    assert cut.is_cut
    assert text(refused) is None
    assert [entry.scenario for entry in handle.requests] == [
        "empty-choices",
        "http-429",
        "script+stream-cut",
        "refusal",
    ]


@pytest.mark.parametrize("name", ["empty-choice", "http-601"])
def test_unknown_names_are_answered_with_near_ones(name: str, handle: Handle) -> None:
    for choose in (handle.scenario, handle.fault, handle.plan):
        with pytest.raises(UnknownNameError, match="did you mean"):
            choose(name)


def test_a_condition_that_there_is_not_is_told_with_those_that_there_are(handle: Handle) -> None:
    with pytest.raises(TypeError, match=r"'contain' is none of adapter, contains, header"):
        handle.when(contain="weather", answer="Rain.")  # type: ignore[call-arg]


def test_refused_requests_and_chosen_scenarios_take_nothing_from_the_script(
    fake: Fake, handle: Handle
) -> None:
    handle.script("one")
    send(fake, handle, n=0)
    send(fake, handle, model="fake/text")
    send(fake, handle, model="fake/nothing")
    assert handle.unused == 1
    assert text(send(fake, handle)) == "one"


def test_journal_hides_what_holds_a_key_by_its_name(fake: Fake, handle: Handle) -> None:
    names = (
        "ocp-apim-subscription-key",
        "helicone-auth",
        "x-goog-api-key",
        "x-auth-token",
        "cf-aig-authorization",
    )
    given = (*((name, "s3cret-value") for name in names), ("x-ratelimit-limit-tokens", "7"))
    path = f"/key/{handle.key}/v1/chat/completions"
    fake.answer(
        Request(method="POST", path=path, query="api_key=s3cret-value&a=b", headers=given, body=b"{}")
    )
    assert "s3cret" not in repr(handle.last)
    assert handle.last.query == "api_key=***&a=b"
    assert handle.last.header("x-ratelimit-limit-tokens") == "7"


def test_key_in_the_path_is_the_key(fake: Fake, handle: Handle) -> None:
    handle.script("one")
    assert text(post(fake, chat(), f"/key/{handle.key}/v1/chat/completions")) == "one"
    assert handle.last.path == "/chat/completions"


def test_api_key_header_is_the_key(fake: Fake, handle: Handle) -> None:
    handle.script("one")
    assert text(post(fake, chat(), headers=(("api-key", handle.key),))) == "one"


def test_journal_keeps_bodies_and_hides_keys(fake: Fake, handle: Handle) -> None:
    send(fake, handle)
    assert handle.last.json == chat()
    assert json.loads(handle.last.body) == chat()
    assert handle.last.headers == (("authorization", "Bearer ***"),)
    assert handle.messages == HELLO
    assert handle.key not in repr(handle.last)


def test_journal_keeps_refused_requests(fake: Fake, handle: Handle) -> None:
    send(fake, handle, n=0)
    post(fake, b"{", headers=(("authorization", f"Bearer {handle.key}"),))
    assert [(entry.status, entry.scenario) for entry in handle.requests] == [(400, ""), (400, "")]
    assert handle.last.json is None
    assert handle.last.messages == ()


def test_requests_without_a_handle_are_anyones(fake: Fake, handle: Handle) -> None:
    post(fake, chat())
    assert len(fake.requests) == 1
    assert handle.requests == ()
    with pytest.raises(LookupError):
        _ = handle.last


def test_clear_forgets_script_and_journal(fake: Fake, handle: Handle) -> None:
    handle.script("one", "two")
    send(fake, handle)
    handle.clear()
    assert (handle.requests, handle.unused, handle.messages) == ((), 0, ())


def test_forgotten_key_is_anyones(fake: Fake, handle: Handle) -> None:
    handle.script("one")
    fake.forget(handle.key)
    assert text(send(fake, handle)) != "one"
    assert len(fake.requests) == 1


def test_handle_of_the_same_key_is_the_same(fake: Fake, handle: Handle) -> None:
    handle.script("one")
    assert text(send(fake, fake.handle(handle.key))) == "one"
    assert fake.handle().key != handle.key


@given(st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=20))
def test_handles_never_see_each_other(steps: list[tuple[int, bool]]) -> None:
    fake = Fake()
    handles = [fake.handle() for _ in range(3)]
    scripts: list[list[str]] = [[], [], []]
    sent = [0, 0, 0]
    for number, (who, scripts_more) in enumerate(steps):
        if scripts_more:
            handles[who].script(f"reply {number}")
            scripts[who].append(f"reply {number}")
        else:
            got = text(send(fake, handles[who], user=str(number)))
            sent[who] += 1
            assert got == scripts[who].pop(0) if scripts[who] else got.startswith("turn")
        assert [len(handle.requests) for handle in handles] == sent
        assert [handle.unused for handle in handles] == [len(script) for script in scripts]


def entry(size: int) -> Recorded:
    return Recorded(
        method="POST",
        path="/",
        query="",
        headers=(),
        body=b"x" * size,
        json=None,
        status=200,
        scenario="",
        outcome="",
    )


@given(st.lists(st.integers(0, 40)), st.integers(1, 5), st.integers(1, 60))
def test_journal_is_bounded_and_keeps_the_newest(sizes: list[int], most: int, memory: int) -> None:
    journal = Journal(most, memory)
    for size in sizes:
        journal.add(entry(size))
    kept = [len(one.body) for one in journal.entries]
    assert kept == sizes[len(sizes) - len(kept) :]
    assert len(kept) <= most
    assert len(kept) == min(1, len(sizes)) or sum(kept) <= memory


def failure(handle: Handle, *expected: tuple[str, str]) -> str:
    with pytest.raises(AssertionError) as caught:
        handle.assert_sent_history(expected)
    return str(caught.value)


def test_sent_history_passes_when_it_is_as_expected(fake: Fake, handle: Handle) -> None:
    calls = Reply(tool_calls=(ToolCall(name="f", arguments='{"a":1}'),))
    handle.script(calls)
    message = json.loads(send(fake, handle).body)["choices"][0]["message"]
    parts = [{"type": "text", "text": "sun"}, {"type": "text", "text": "ny"}]
    result = {"role": "tool", "tool_call_id": message["tool_calls"][0]["id"], "content": parts}
    send(fake, handle, messages=[*HELLO, message, result])
    handle.assert_sent_history([("user", "And Italy?"), ("assistant", '→ f({"a":1})'), ("tool", "sunny")])


def test_sent_history_failure_reads_like_the_conversation(
    fake: Fake, handle: Handle, snapshot: SnapshotAssertion
) -> None:
    answered = {"role": "assistant", "content": "Hello!"}
    handle.script("Hello!", handle.scenario("empty-choices"), "Back again.")
    send(fake, handle, messages=users("hi"))
    send(fake, handle, messages=[*users("hi"), answered, *users("are you there?")])
    send(fake, handle, messages=[*users("hi"), answered, *users("are you there?", "and now?")])
    expected = [("user", "hi"), ("assistant", "Hello!"), ("user", "and now?")]
    assert failure(handle, *expected) == snapshot(name="extra")
    assert failure(handle, *expected[:1], ("user", "are you there?"), *expected[1:]) == snapshot(name="order")
    missing = [*expected[:2], ("user", "are you there?"), ("assistant", "Yes\nI am."), expected[2]]
    assert failure(handle, *missing) == snapshot(name="missing")


def test_sent_history_failure_says_when_nothing_was_sent(handle: Handle) -> None:
    assert failure(handle) == "no chat request has reached the fake"
