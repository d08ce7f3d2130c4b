"""Tools, several models, and the three ways to play a round."""

import asyncio
import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatfake import Reply, ToolCall
from chatproof.clients import AnswerError, ChatLoop, Conversation
from chatproof.clients.messages import user
from chatproof.history.model.endpoint import break_down, look_up
from chatschema import JsonObject, check
from tests.clients.fakes import There

TOOLS = {"look_up": look_up, "break_down": break_down, "count": lambda: [1, 2]}

WAYS: dict[str, Callable[[ChatLoop, str], str]] = {
    "say": ChatLoop.say,
    "async": lambda talk, text: asyncio.run(talk.say_async(text)),
    "stream": lambda talk, text: "".join(talk.stream(text)),
}


def loop(there: There, *names: str, **more: Any) -> ChatLoop:
    options: dict[str, Any] = {"tools": TOOLS, **more}
    return ChatLoop(*(there.model(name) for name in names or ("tiny",)), **options)


def calling(*calls: tuple[str, str], text: str | None = None) -> Reply:
    made = tuple(
        ToolCall(name=name, arguments=arguments, id=f"call_{at}")
        for at, (name, arguments) in enumerate(calls)
    )
    return Reply(text=text, tool_calls=made)


def results(there: There) -> list[str]:
    return [str(one["content"]) for one in there.handle.messages if one["role"] == "tool"]


@pytest.mark.parametrize("way", WAYS)
def test_parallel_calls_are_answered_in_order_and_the_text_beside_them_is_kept(way: str) -> None:
    there = There()
    talk = loop(there)
    there.answers(
        calling(
            ("look_up", '{"query":  "a"}'),
            ("count", "{}"),
            ("look_up", '{"query": "b"}'),
            text="Let me see. ",
        ),
        "Found.",
    )
    assert WAYS[way](talk, "hi").endswith("Found.")
    asked: Any = there.handle.messages[1]
    assert asked["content"] == "Let me see. "
    assert [call["function"]["arguments"] for call in asked["tool_calls"]] == [
        '{"query":  "a"}',
        "{}",
        '{"query": "b"}',
    ]
    assert [one.get("tool_call_id") for one in there.handle.messages[2:]] == ["call_0", "call_1", "call_2"]
    assert results(there) == ["found a", "[1,2]", "found b"]
    there.answers("Well.")
    WAYS[way](talk, "and now?")
    assert there.sent[-2:] == [("assistant", "Found."), ("user", "and now?")]


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("break_down", '{"query": "x"}', "Error: RuntimeError: nothing works for x"),
        ("no_such", "{}", "Error: there is no tool 'no_such'; there are look_up, break_down, count"),
        ("look_up", "", "Error: the arguments are not what the tool takes"),
        ("look_up", "{", "Error: the arguments are not what the tool takes"),
        ("look_up", "[1]", "Error: the arguments are not what the tool takes"),
        ("look_up", '{"other": 1}', "Error: the arguments are not what the tool takes"),
    ],
)
def test_what_goes_wrong_with_a_tool_is_a_result(name: str, arguments: str, told: str) -> None:
    there = There()
    talk = loop(there)
    there.answers(calling((name, arguments)), "I see.")
    assert talk.say("hi") == "I see."
    assert results(there)[0].startswith(told)
    message: Any = there.handle.messages[1]
    call = message["tool_calls"][0]
    assert call["function"]["arguments"] == (arguments or "{}")


@pytest.mark.parametrize("way", WAYS)
def test_a_round_whose_calls_have_no_end_is_forgotten_and_its_last_tool_is_not_run(way: str) -> None:
    there, ran = There(), []

    def run(query: str) -> str:
        ran.append(query)
        return query

    talk = loop(there, tools={"run": run}, most_asks=3)
    there.answers(calling(("run", '{"query": "x"}')))
    there.handle.when_dry("repeat")
    with pytest.raises(AnswerError, match="after 3 requests"):
        WAYS[way](talk, "hi")
    assert len(there.handle.requests) == 3
    assert ran == ["x", "x"]
    assert talk.history == []


@pytest.mark.parametrize("way", WAYS)
def test_a_failure_after_a_call_leaves_no_trace(way: str) -> None:
    there = There()
    talk = loop(there)
    there.answers(calling(("look_up", '{"query": "x"}')), there.handle.plan("http-500"), "Well.")
    with pytest.raises(AnswerError):
        WAYS[way](talk, "hi")
    WAYS[way](talk, "and now?")
    assert there.sent == [("user", "and now?")]


@pytest.mark.parametrize("way", WAYS)
def test_the_next_model_gets_the_same_messages_and_is_asked_first_from_then_on(way: str) -> None:
    there = There()
    talk = loop(there, "first", "second", tools={})
    there.answers("one", there.handle.plan("http-500"), "two", "three")
    for text in ("a", "b", "c"):
        WAYS[way](talk, text)
    assert there.models == ["first", "first", "second", "second"]
    failed, stood_in = there.handle.requests[1:3]
    assert failed.messages == stood_in.messages
    assert there.sent == [
        ("user", "a"),
        ("assistant", "one"),
        ("user", "b"),
        ("assistant", "two"),
        ("user", "c"),
    ]


@pytest.mark.parametrize("way", WAYS)
def test_each_model_is_asked_once_where_all_fail_and_all_are_told_of(way: str) -> None:
    there = There()
    talk = loop(there, "first", "second", tools={})
    there.answers(there.handle.plan("http-500"), there.handle.plan("tool-call-only"))
    with pytest.raises(AnswerError, match=r"first: HTTP 500.*second: "):
        WAYS[way](talk, "a")
    assert there.models == ["first", "second"]
    assert talk.history == []


def test_a_model_whose_words_were_given_out_has_no_stand_in() -> None:
    there = There()
    talk = loop(there, "first", "second")
    there.answers(there.handle.fault("stream-cut", over="some words that were said"), "never asked")
    pieces: list[str] = []
    with pytest.raises(AnswerError):
        pieces.extend(talk.stream("hi"))
    assert there.models == ["first"]
    assert talk.history == []


def test_weights_draw_the_first_model_and_without_stickiness_each_time() -> None:
    there = There()
    talk = loop(there, "first", "second", weights=(0.2, 0.8), sticky=False, random=Random(1))  # noqa: S311
    for _ in range(50):
        talk.say("hi")
    assert 0 < there.models.count("first") < 25
    with pytest.raises(ValueError, match="a weight for each"):
        loop(there, "first", weights=(1, 2))


@given(st.lists(st.integers(0, 2), max_size=4), st.integers(0, 12))
def test_a_window_keeps_calls_and_results_together(calls: list[int], limit: int) -> None:
    there = There()
    talk = loop(there, conversation=Conversation().system("Be brief."), limit=limit)
    for count in calls:
        asked = [calling(*[("look_up", '{"query": "x"}')] * count)] if count else []
        there.answers(*asked, "Found.")
        talk.say("hi")
    there.answers(calling(("look_up", '{"query": "y"}')), "Well.")
    talk.say("and now?")
    messages: list[Any] = list(there.handle.messages)
    assert check({"model": "m", "messages": messages}, "chat.completion.request").valid
    roles = [one["role"] for one in messages]
    assert roles[:2] == ["system", "user"]
    assert roles[-3:] == ["user", "assistant", "tool"]
    assert len(messages) <= 1 + limit + 3


def test_a_round_is_asked_again_with_its_tools_and_taken_when_it_is_whole() -> None:
    there = There()
    talk = loop(there)
    there.answers("one", calling(("look_up", '{"query": "x"}')), there.handle.plan("http-500"))
    talk.say("hi")
    before = talk.history
    with pytest.raises(AnswerError):
        talk.again()
    assert talk.history == before
    there.answers(calling(("look_up", '{"query": "x"}')), "two")
    assert talk.again() == "two"
    assert [one["role"] for one in talk.history] == ["user", "assistant", "tool", "assistant"]


def test_two_tasks_at_once_are_recorded_whole() -> None:
    there = There()
    talk = loop(there)

    async def both() -> None:
        await asyncio.gather(talk.say_async("a"), talk.say_async("b"))

    there.answers("one", "two")
    asyncio.run(both())
    assert [one["role"] for one in talk.history] == ["user", "assistant", "user", "assistant"]
    assert {str(one["content"]) for one in talk.history} == {"a", "b", "one", "two"}


def test_tools_are_described_by_their_annotations() -> None:
    there = There()
    loop(there).say("hi")
    request: Any = there.handle.requests[-1].json
    assert request["tools"][0]["function"] == {
        "name": "look_up",
        "description": "A tool that gives what it was asked for.",
        "parameters": {
            "type": "object",
            "properties": {"query": {"title": "Query", "type": "string"}},
            "required": ["query"],
            "additionalProperties": False,
        },
    }


# -- the conversation as a value -----------------------------------------------------------------------------------

MESSAGES = st.lists(st.text().map(user) | st.text().map(lambda text: {"role": "assistant", "content": text}))


@given(MESSAGES, st.text(), st.text())
def test_a_conversation_is_the_same_after_json(messages: list[JsonObject], prompt: str, model: str) -> None:
    talk = Conversation(model_used=model).system(prompt).add(*messages)
    assert Conversation.from_json(talk.to_json()) == talk


def test_to_add_is_to_make_another_conversation() -> None:
    first = Conversation().system("Be brief.").user("hi")
    second = first.assistant("Hello.")
    assert len(first.messages) == 2
    assert [one["role"] for one in second.messages] == ["system", "user", "assistant"]
    assert second.cleared() == Conversation().system("Be brief.")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[" * 100_000,
        '{"format": "chatproof.conversation/2", "model_used": "", "messages": []}',
        '{"format": "chatproof.conversation/1", "model_used": 1, "messages": []}',
        '{"format": "chatproof.conversation/1", "model_used": "", "messages": {}}',
        '{"format": "chatproof.conversation/1", "model_used": "", "messages": [1]}',
        '{"format": "chatproof.conversation/1", "model_used": "", "messages": [], "more": 1}',
        '{"format": "chatproof.conversation/1", "model_used": "", "messages": [{"role": "user"}]}',
        f'{{"format": "chatproof.conversation/1", "model_used": "", "messages": [{{"x": {"[" * 900}{"]" * 900}}}]}}',
    ],
)
def test_what_is_no_conversation_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Conversation.from_json(text)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_messages_are_taken_or_refused(messages: Any) -> None:
    value = {"format": "chatproof.conversation/1", "model_used": "", "messages": messages}
    try:
        talk = Conversation.from_json(json.dumps(value))
    except ValueError:
        return
    assert list(talk.messages) == messages
