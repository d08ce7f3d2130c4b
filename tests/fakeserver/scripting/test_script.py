"""What a key answers with: rules, turns, functions, queues, and failures that end."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import openai
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chatfake import (
    FAULTS,
    SCENARIOS,
    AmbiguousTextError,
    Answer,
    Fake,
    Handle,
    LiveServer,
    Reply,
    Request,
    UnknownNameError,
)
from chatfake.scripting.plan import MOST_PARTS, fails, is_plan, parse_plan
from chatfake.scripting.script_file import ScriptError, read_script
from tests.fakeserver.asking import WEATHER, chat, histories, post


def users(*texts: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text} for text in texts]


def send(fake: Fake, handle: Handle, *texts: str, **members: Any) -> Answer:
    headers = (("authorization", f"Bearer {handle.key}"), *members.pop("headers", ()))
    return post(fake, chat(messages=users(*texts), **members), headers=headers)


def said(answer: Answer) -> Any:
    return json.loads(answer.body)["choices"][0]["message"]["content"]


@pytest.fixture
def handle(fake: Fake) -> Handle:
    return fake.handle()


def test_turns_answer_by_user_messages_and_a_retry_gets_the_same(fake: Fake, handle: Handle) -> None:
    handle.by_turn({1: "one", 2: handle.fault("http-500"), 3: handle.scenario("tool-call-only")})
    for _ in range(2):
        assert said(send(fake, handle, "a")) == "one"
        assert send(fake, handle, "a", "b").status == 500
        assert said(send(fake, handle, "a", "b", "c")) is None
    assert said(send(fake, handle, "a", "b", "c", "d")).startswith("turn 4")


@pytest.mark.parametrize(
    ("conditions", "yes", "no"),
    [
        ({"text": "hi"}, {"texts": ["hi"]}, {"texts": ["hi there"]}),
        ({"contains": "eat"}, {"texts": ["weather"]}, {"texts": ["rain"]}),
        ({"matches": r"^\d+$"}, {"texts": ["42"]}, {"texts": ["42a"]}),
        ({"turn": 2}, {"texts": ["a", "b"]}, {"texts": ["a"]}),
        ({"model": "m"}, {"texts": ["a"], "model": "m"}, {"texts": ["a"], "model": "n"}),
        ({"adapter": "org/lora"}, {"texts": ["a"], "model": "org/lora"}, {"texts": ["a"]}),
        ({"tool": "get_weather"}, {"texts": ["a"], "tools": [WEATHER]}, {"texts": ["a"]}),
        ({"header": {"X-Case": "1"}}, {"texts": ["a"], "headers": (("x-case", "1"),)}, {"texts": ["a"]}),
        ({"test": lambda chat: chat.n == 2}, {"texts": ["a"], "n": 2}, {"texts": ["a"]}),
        ({"contains": "a", "turn": 2}, {"texts": ["a", "ab"]}, {"texts": ["ab"]}),
    ],
)
def test_rule_speaks_when_all_its_conditions_hold_and_only_then(
    conditions: Any, yes: dict[str, Any], no: dict[str, Any], fake: Fake, handle: Handle
) -> None:
    handle.when(**conditions, answer="the rule")
    handle.script("the queue")
    assert said(send(fake, handle, *yes.pop("texts"), **yes)) == "the rule"
    assert said(send(fake, handle, *no.pop("texts"), **no)) == "the queue"


def test_role_is_that_of_the_last_message(fake: Fake, handle: Handle) -> None:
    handle.when(role="assistant", answer="carried on")
    key = (("authorization", f"Bearer {handle.key}"),)
    last = [*users("a"), {"role": "assistant", "content": "b"}]
    assert said(post(fake, chat(messages=last), headers=key)) == "carried on"
    assert said(send(fake, handle, "a")) != "carried on"


def test_first_rule_that_holds_wins_then_turns_then_function_then_queue(fake: Fake, handle: Handle) -> None:
    handle.script("queue")
    handle.answer_with(lambda chat: f"function {chat.turn}" if chat.turn == 3 else None)
    handle.by_turn({2: "turn"})
    handle.when(contains="x", answer="rule one")
    handle.when(contains="x", answer="rule two")
    asked = [["x", "x"], ["a", "b"], ["a", "b", "c"], ["a"]]
    assert [said(send(fake, handle, *texts)) for texts in asked] == [
        "rule one",
        "turn",
        "function 3",
        "queue",
    ]


@pytest.mark.parametrize(
    ("dry", "then"), [("default", "turn 1"), ("repeat", "last"), ("error", "has no answer left")]
)
def test_dry_queue_says_what_it_was_told_to(dry: Any, then: str, fake: Fake, handle: Handle) -> None:
    handle.script("first", "last")
    handle.when_dry(dry)
    assert [said(send(fake, handle, "a")) for _ in range(2)] == ["first", "last"]
    for _ in range(2):
        assert then in send(fake, handle, "a").body.decode()


def test_failing_answer_fails_so_many_times_and_works_then(fake: Fake, handle: Handle) -> None:
    handle.script(handle.fails(2, "http-500", over="well"), "next")
    answers = [send(fake, handle, "a") for _ in range(4)]
    assert [answer.status for answer in answers] == [500, 500, 200, 200]
    assert [said(answer) for answer in answers[2:]] == ["well", "next"]


def test_failing_rule_counts_attempts_of_the_same_request(fake: Fake, handle: Handle) -> None:
    handle.when(contains="a", answer=parse_plan("http-429*2"))
    assert [send(fake, handle, "a").status for _ in range(3)] == [429, 429, 200]
    assert send(fake, handle, "other a").status == 429


@given(st.integers(0, 5), st.integers(1, 5))
def test_named_failure_asks_the_retry_count_of_the_request_alone(attempt: int, times: int) -> None:
    fake = Fake()
    header = (("x-stainless-retry-count", str(attempt)),)
    statuses = {post(fake, chat(model=f"fake/http-500*{times}"), headers=header).status for _ in range(3)}
    assert statuses == {500 if attempt < times else 200}


def test_sdk_that_retries_gets_its_answer_from_a_server_without_memory() -> None:
    with LiveServer() as server:
        for key in ("nobody", server.handle().key):
            client = openai.OpenAI(base_url=server.base_url, api_key=key, max_retries=2)
            reply = client.chat.completions.create(
                model="fake/http-500*1", messages=[{"role": "user", "content": "a"}]
            )
            assert reply.choices[0].message.content


def test_what_is_usually_answered_fails_so_many_times_too(fake: Fake, handle: Handle) -> None:
    handle.usually(handle.plan("http-500*2"))
    assert [send(fake, handle, "a").status for _ in range(3)] == [500, 500, 200]
    assert send(fake, handle, "b").status == 500


@pytest.mark.parametrize(
    "name", ["http-500*0", "http-500*x", "http-500*101", "http-500*0001000", "text*2", "http-500*"]
)
def test_failure_without_a_sensible_count_is_no_plan(name: str) -> None:
    with pytest.raises(UnknownNameError):
        parse_plan(name)


@pytest.mark.parametrize("times", [0, -1, 101])
def test_failing_takes_a_sensible_count(times: int) -> None:
    with pytest.raises(ValueError, match="1 to 100"):
        fails(times, parse_plan("http-500"))


def test_plan_is_written_as_it_was_read() -> None:
    for name in ("unicode+http-500*2", "http-429*3", "text", "unicode+stream-cut"):
        assert parse_plan(name).name == name


@given(histories())
def test_script_is_a_function_of_the_request_alone(history: list[dict[str, Any]]) -> None:
    fake = Fake()
    handle = fake.handle()
    handle.by_turn({1: handle.scenario("unicode"), 2: handle.fault("http-500")})
    handle.when(contains="a", answer="said")
    handle.when(matches="[0-9]", answer=handle.scenario("refusal"))
    body = json.dumps(chat(messages=history)).encode()
    request = Request(method="POST", path=f"/key/{handle.key}/v1/chat/completions", body=body)
    assert fake.answer(request) == fake.answer(request)


#: Every way to lay one answer with a handle.
CALLS: dict[str, Callable[[Handle, Any], None]] = {
    "script": lambda handle, answer: handle.script(answer),
    "usually": lambda handle, answer: handle.usually(answer),
    "by_turn": lambda handle, answer: handle.by_turn({1: answer}),
    "when": lambda handle, answer: handle.when(answer=answer),
    "answer_with": lambda handle, answer: handle.answer_with(lambda _: answer),
    "fault": lambda handle, answer: handle.script(handle.fault("delay-first-byte=1", over=answer)),
    "fails": lambda handle, answer: handle.script(handle.fails(1, "delay-first-byte", over=answer)),
}
#: And with a file.
PLACES: dict[str, Callable[[Any], Any]] = {
    "a list": lambda answer: [answer],
    "answers": lambda answer: {"answers": [answer]},
    "turns": lambda answer: {"turns": {1: answer}},
    "rules": lambda answer: {"rules": [{"answer": answer}]},
}
names = st.sampled_from([*SCENARIOS, *FAULTS, "http-503", "http-500*2", "delay-first-byte=2", "stall*100"])
plans = st.lists(names, min_size=1, max_size=MOST_PARTS).map("+".join)
texts = st.text(max_size=40) | st.builds(
    "{}{}".format, plans, st.sampled_from([" ", "+", "*", "!", "*0", "\n"])
)


@pytest.mark.parametrize("call", CALLS)
@given(texts.filter(lambda text: not is_plan(text)))
def test_text_is_said_through_every_call(call: str, text: str) -> None:
    fake = Fake()
    handle = fake.handle()
    CALLS[call](handle, text)
    assert said(send(fake, handle, "a")) == text


@pytest.mark.parametrize("call", CALLS)
@given(plans)
def test_name_of_a_plan_is_refused_as_a_text_and_said_as_a_reply(call: str, name: str) -> None:
    fake = Fake()
    handle = fake.handle()
    with pytest.raises(AmbiguousTextError) as caught:
        _lay_and_ask(fake, handle, call, name)
    word = "scenario" if name in SCENARIOS else "plan"
    assert f"handle.{word}({name!r})" in str(caught.value)
    assert f"Reply(text={name!r})" in str(caught.value)
    assert getattr(handle, word)(name)
    handle.clear()
    CALLS[call](handle, Reply(text=name))
    assert said(send(fake, handle, "a")) == name


def _lay_and_ask(fake: Fake, handle: Handle, call: str, answer: str) -> None:
    CALLS[call](handle, answer)
    send(fake, handle, "a")  # what a function returns is seen when it is asked


@pytest.mark.parametrize("place", PLACES)
@given(texts.filter(lambda text: not is_plan(text)))
def test_text_in_a_file_is_said(place: str, text: str) -> None:
    for answer in (text, {"text": text}):
        fake = Fake()
        fake.script(yaml.safe_dump(PLACES[place](answer)))
        assert said(post(fake, chat(messages=users("a")))) == text


@pytest.mark.parametrize("place", PLACES)
@given(plans)
def test_name_of_a_plan_in_a_file_is_refused_as_a_text_and_said_by_its_key(place: str, name: str) -> None:
    word = "scenario" if name in SCENARIOS else "plan"
    with pytest.raises(ScriptError, match=r"script, line \d+: ") as caught:
        read_script(yaml.safe_dump(PLACES[place](name)))
    assert f"write {{{word}: {name}}} for that, or {{text: {name}}} for the text" in str(caught.value)
    fake = Fake()
    fake.script(yaml.safe_dump(PLACES[place]({"text": name})))
    assert said(post(fake, chat(messages=users("a")))) == name


@pytest.mark.parametrize("place", PLACES)
@given(st.sampled_from(["scenario", "plan"]), names)
def test_plan_in_a_file_is_chosen_by_its_key(place: str, key: str, name: str) -> None:
    fake = Fake()
    fake.script(yaml.safe_dump(PLACES[place]({key: name})))
    post(fake, chat(messages=users("a")))
    assert fake.requests[0].scenario == parse_plan(name).name


FILE = """
turns: {1: {scenario: text}, 2: {scenario: tool-call-only}}
rules:
  - when: {contains: weather, turn: 3}
    answer: {tool_calls: [{name: get_weather, arguments: {city: Paris}}]}
  - when: {header: {X-Case: broken}}
    answer: {text: half, faults: [stream-cut]}
answers: [Hello!, {scenario: refusal}, {plan: http-500*1}]
dry: error
keys:
  sk-one: [mine]
"""


def test_file_says_by_key_what_python_says(fake: Fake) -> None:
    fake.script(FILE)
    assert said(post(fake, chat(messages=users("a")))).startswith("turn 1")
    called = json.loads(post(fake, chat(messages=users("a", "b", "the weather"))).body)["choices"][0][
        "message"
    ]
    assert called["tool_calls"][0]["function"] == {"name": "get_weather", "arguments": '{"city":"Paris"}'}
    assert post(fake, chat(messages=users("a")), headers=(("x-case", "broken"),)).is_cut
    four = users("a", "b", "c", "d")
    assert said(post(fake, chat(messages=four))) == "Hello!"
    assert json.loads(post(fake, chat(messages=four)).body)["choices"][0]["message"]["refusal"]
    assert [post(fake, chat(messages=four)).status for _ in range(3)] == [500, 200, 500]
    mine = (("authorization", "Bearer sk-one"),)
    assert said(post(fake, chat(messages=users("a")), headers=mine)) == "mine"


def test_file_may_be_json(fake: Fake) -> None:
    fake.script(json.dumps({"turns": {"1": "from JSON"}}))
    assert said(post(fake, chat(messages=users("a")))) == "from JSON"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("turns: [1]", "line 1: turns is no mapping"),
        (
            "\nanswers:\n  - plan: empty-choice",
            "line 3: no scenario or fault is called 'empty-choice'; did you mean",
        ),
        ("rules:\n  - when: {contain: x}", "line 2: a rule needs an answer"),
        (
            "rules:\n  - when: {contain: x}\n    answer: a",
            "line 2: 'contain' is none of adapter, contains",
        ),
        ("turns: &a {1: a}\nrules: *a", "line 2: aliases are not understood"),
        ("answers: [", "line 1: "),
        ("dry: sometimes", "line 1: dry is one of default, repeat, error"),
        ("rules:\n  - {when: {matches: '('}, answer: a}", "line 2: this is no regular expression"),
        ("turns:\n  0: a", "line 2: a turn is a whole number from 1"),
        ("turns:\n  1: a\n  1: a", "line 3: '1' stands here twice"),
        ("- {text: hi, txt: ho}", "line 1: 'txt' is none of"),
        ("turns: {1: a}\nanswer: [a]", "line 2: 'answer' is none of answers"),
        ("- scenario: xyzzy", "line 1: no scenario or fault is called 'xyzzy'; GET /v1/models lists them"),
        ("- {tool_calls: [{name: f, arguments: {day: 2020-01-01}}]}", "line 1: this is no JSON"),
        ("- {tool_calls: [{arguments: {}}]}", "line 1: a tool call needs a name"),
        ("[" * 40 + "]" * 40, "nested too deep"),
        (b"- \xff\xfe", "UTF-8"),
        ("word", "this is no mapping"),
        (
            "- Hello!\n- empty-choices",
            "line 2: 'empty-choices' is the name of a scenario; write {scenario: empty-",
        ),
        ("turns: {1: http-500*2}", "write {plan: http-500*2} for that, or {text: http-500*2} for the text"),
        ("- {scenario: text, plan: text}", "line 1: an answer has a scenario or a plan, not both"),
        ("- scenario: empty-choice", "line 1: no scenario or fault is called 'empty-choice'; did you mean"),
        ("- Hello!\n- null", "line 2: 'null' is no text in YAML; put it in quotes"),
        ("- 3", "line 1: '3' is no text in YAML"),
    ],
)
def test_mistake_in_a_file_is_named_with_its_line(text: Any, sentence: str) -> None:
    with pytest.raises(ScriptError) as caught:
        read_script(text, "script.yaml")
    assert str(caught.value).startswith("script.yaml")
    assert sentence in str(caught.value)


@given(st.one_of(st.binary(max_size=60), st.text("{}[]:,-&* \nabturnsle1\"'#|>?!%@`", max_size=60)))
def test_any_file_is_read_or_refused_in_one_sentence(text: Any) -> None:
    try:
        found = read_script(text)
    except ScriptError:
        return
    assert set(found) >= {""} or not found


def test_virtual_time_of_a_transport_is_that_of_the_journal(fake: Fake) -> None:
    handle = fake.handle()
    with httpx.Client(transport=fake.httpx_transport(), base_url=handle.base_url) as client:
        client.post("/chat/completions", json=chat(), headers={"authorization": f"Bearer {handle.key}"})
        fake.time.advance(3600)
        client.post("/chat/completions", json=chat(), headers={"authorization": f"Bearer {handle.key}"})
    first, second = handle.requests
    assert second.arrived - first.arrived > 3600
