import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatfake import Fake, Reply, ToolCall
from chatfake.core.tokens import split
from tests.fakeserver.asking import HELLO, WEATHER, ask, ask_chunks, chat, post, texts

NAMED = {"type": "function", "function": {"name": "get_weather"}}
SCHEMA = {
    "type": "object",
    "properties": {"capital": {"type": "string"}, "people": {"type": "integer", "minimum": 3}},
    "required": ["capital", "people"],
    "additionalProperties": False,
}


def scripted(reply: Reply | str, **members: Any) -> Any:
    """The only choice of the answer to a scripted reply."""
    fake = Fake()
    handle = fake.handle()
    handle.script(Reply(text=reply) if isinstance(reply, str) else reply)  # a drawn text may be a plan's name
    answer = post(fake, chat(**members), headers=(("authorization", f"Bearer {handle.key}"),))
    return json.loads(answer.body)["choices"][0]


def test_default_reply_says_what_reached_the_server(fake: Fake) -> None:
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Capital of France?"},
        {"role": "assistant", "content": "Paris."},
        {"role": "user", "content": [{"type": "text", "text": "And "}, {"type": "text", "text": "Italy?"}]},
    ]
    content = ask(fake, messages=messages)["choices"][0]["message"]["content"]
    assert content == "turn 2 | 4 messages | sha256 5d53ea65 | you said: And Italy?"


def test_default_reply_is_the_same_for_a_string_and_its_parts(fake: Fake) -> None:
    parts = [{"role": "user", "content": [{"type": "text", "text": "And Italy?"}], "name": None}]
    assert ask(fake, messages=parts)["choices"] == ask(fake)["choices"]


def test_default_reply_quotes_a_long_message_in_part(fake: Fake) -> None:
    answer = ask(fake, messages=[{"role": "user", "content": "word " * 1_000}])
    assert answer["choices"][0]["message"]["content"].endswith("word …")


def test_n_gives_as_many_choices(fake: Fake) -> None:
    answer = ask(fake, n=3)
    assert [choice["index"] for choice in answer["choices"]] == [0, 1, 2]
    assert answer["usage"]["completion_tokens"] == 3 * ask(fake)["usage"]["completion_tokens"]


@given(texts, st.integers(1, 20), st.sampled_from(["max_tokens", "max_completion_tokens"]))
def test_token_limit_cuts_at_a_token(text: str, limit: int, member: str) -> None:
    choice = scripted(text, **{member: limit})
    tokens = split(text)
    assert choice["message"]["content"] == "".join(tokens[:limit])
    assert choice["finish_reason"] == ("length" if len(tokens) > limit else "stop")


def test_token_limit_cuts_arguments_and_later_calls() -> None:
    calls = (ToolCall(name="f", arguments='{"a":1}'), ToolCall(name="g"))
    choice = scripted(Reply(tool_calls=calls), max_tokens=2)
    assert [call["function"] for call in choice["message"]["tool_calls"]] == [
        {"name": "f", "arguments": '{"'}
    ]
    assert choice["finish_reason"] == "length"


def test_usage_counts_what_is_said(fake: Fake) -> None:
    usage = ask(fake, max_tokens=5)["usage"]
    assert usage["completion_tokens"] == 5
    assert usage["total_tokens"] == usage["prompt_tokens"] + 5


@pytest.mark.parametrize(
    ("stop", "left"),
    [("c", "ab"), (["x", "d", "b"], "a"), ("abcd", ""), ("x", "abcd"), ("", "abcd"), (None, "abcd")],
)
def test_stop_cuts_before_the_sequence_that_comes_first(stop: Any, left: str) -> None:
    choice = scripted("abcd", stop=stop)
    assert (choice["message"]["content"], choice["finish_reason"]) == (left, "stop")


def test_stop_past_the_token_limit_is_not_reached() -> None:
    assert scripted("one two three", stop="three", max_tokens=1)["finish_reason"] == "length"


@pytest.mark.parametrize("choice", ["auto", "none", None])
def test_tools_that_are_not_forced_are_not_called(choice: Any, fake: Fake) -> None:
    message = ask(fake, tools=[WEATHER], tool_choice=choice)["choices"][0]["message"]
    assert message["content"]
    assert "tool_calls" not in message


@pytest.mark.parametrize(("choice", "ending"), [("required", "tool_calls"), (NAMED, "stop")])
def test_tool_that_is_forced_is_called_with_arguments_that_fit(choice: Any, ending: str, fake: Fake) -> None:
    answer = ask(fake, tools=[WEATHER], tool_choice=choice)["choices"][0]
    assert (answer["message"]["content"], answer["finish_reason"]) == (None, ending)
    [call] = answer["message"]["tool_calls"]
    assert (call["type"], call["function"]["name"]) == ("function", "get_weather")
    assert json.loads(call["function"]["arguments"]) == {"city": "city", "days": 2}


def test_named_tool_is_the_one_that_is_called(fake: Fake) -> None:
    other = {"type": "function", "function": {"name": "other"}}
    answer = ask(fake, tools=[other, WEATHER], tool_choice=NAMED)
    assert answer["choices"][0]["message"]["tool_calls"][0]["function"]["name"] == "get_weather"


def test_tool_call_ids_differ_between_choices_calls_and_requests(fake: Fake) -> None:
    ids = [
        call["id"]
        for seed in (1, 2)
        for choice in ask(fake, tools=[WEATHER], tool_choice="required", n=2, seed=seed)["choices"]
        for call in choice["message"]["tool_calls"]
    ]
    assert len(set(ids)) == 4


def test_parallel_tool_calls_off_leaves_one_call() -> None:
    reply = Reply(tool_calls=(ToolCall(name="f"), ToolCall(name="g")))
    assert len(scripted(reply, tools=[WEATHER])["message"]["tool_calls"]) == 2
    assert len(scripted(reply, tools=[WEATHER], parallel_tool_calls=False)["message"]["tool_calls"]) == 1


def test_tool_call_scenario_ends_when_the_result_has_come(fake: Fake) -> None:
    asked = ask(fake, model="fake/tool-call-only", tools=[WEATHER])["choices"][0]["message"]
    result = {"role": "tool", "tool_call_id": asked["tool_calls"][0]["id"], "content": "sunny"}
    asked.pop("annotations")
    after = ask(fake, model="fake/tool-call-only", tools=[WEATHER], messages=[*HELLO, asked, result])
    assert after["choices"][0]["message"]["content"].endswith("the tool said: sunny")


def test_json_schema_reply_fits(fake: Fake) -> None:
    form = {"type": "json_schema", "json_schema": {"name": "country", "strict": True, "schema": SCHEMA}}
    content = ask(fake, response_format=form)["choices"][0]["message"]["content"]
    jsonschema.validate(json.loads(content), SCHEMA)


def test_json_object_reply_is_an_object(fake: Fake) -> None:
    messages = [{"role": "user", "content": "Answer in JSON."}]
    answer = ask(fake, messages=messages, response_format={"type": "json_object"})
    assert list(json.loads(answer["choices"][0]["message"]["content"])) == ["reply"]


@given(texts, st.integers(0, 20))
def test_logprobs_have_one_entry_a_token(text: str, tops: int) -> None:
    choice = scripted(text, logprobs=True, top_logprobs=tops)
    entries = choice["logprobs"]["content"]
    assert "".join(entry["token"] for entry in entries) == choice["message"]["content"]
    for entry in entries:
        assert bytes(entry["bytes"]).decode() == entry["token"]
        assert entry["logprob"] <= 0
        found = [top["logprob"] for top in entry["top_logprobs"]]
        assert found == sorted(found, reverse=True)
        assert len(found) == len({top["token"] for top in entry["top_logprobs"]}) == tops


def test_logprobs_are_null_unless_asked(fake: Fake) -> None:
    assert ask(fake)["choices"][0]["logprobs"] is None
    assert ask(fake, logprobs=False)["choices"][0]["logprobs"] is None


def test_logprobs_of_a_refusal_stand_beside_it(fake: Fake) -> None:
    logprobs = ask(fake, model="fake/refusal", logprobs=True)["choices"][0]["logprobs"]
    assert logprobs["content"] is None
    assert (
        "".join(entry["token"] for entry in logprobs["refusal"]) == "I'm sorry, but I can't help with that."
    )


@pytest.mark.parametrize("stream", [None, False])
def test_stream_off_gives_json(stream: Any, fake: Fake) -> None:
    assert ask(fake, stream=stream)["object"] == "chat.completion"


def test_usage_is_streamed_last_where_it_is_asked(fake: Fake) -> None:
    *chunks, last = ask_chunks(fake, stream_options={"include_usage": True})
    assert {chunk["usage"] for chunk in chunks} == {None}
    assert last["choices"] == []
    assert last["usage"] == ask(fake)["usage"]
    assert not any("usage" in chunk for chunk in ask_chunks(fake))


def test_choices_are_streamed_in_turn(fake: Fake) -> None:
    indexes = [chunk["choices"][0]["index"] for chunk in ask_chunks(fake, n=2)]
    assert indexes == [0, 1] * (len(indexes) // 2)
