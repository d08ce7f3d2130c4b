"""A conversation is the same in both protocols: what is said to it, what it costs, and everything that chooses."""

import json
from typing import Any

import pytest
from hypothesis import given

from chatfake import Fake, Request
from chatfake.responses.messages import messages_of
from tests.fakeserver.asking import ask as ask_chat
from tests.fakeserver.asking import chat, post
from tests.fakeserver.asking import histories as chat_histories
from tests.fakeserver.responses.asking import (
    CALL,
    HELLO,
    PATH,
    RESULT,
    RUN,
    WEATHER,
    ask,
    asked,
    respond,
    text_of,
)


def as_items(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Messages of a chat as a client of this API would send them."""
    items: list[dict[str, Any]] = []
    for message in messages:
        content = message.get("content")
        if isinstance(content, list):
            content = [{"type": "input_text", "text": part["text"]} for part in content]
        if message["role"] == "tool":
            items.append(
                {"type": "function_call_output", "call_id": message["tool_call_id"], "output": content}
            )
            continue
        if content is not None:
            items.append({"role": message["role"], "content": content})
        items += [
            {"type": "function_call", "call_id": call["id"], **call["function"]}
            for call in message.get("tool_calls", ())
        ]
    return items


@given(chat_histories())
def test_same_conversation_is_answered_the_same_and_costs_the_same(messages: list[dict[str, Any]]) -> None:
    fake = Fake()
    in_chat = ask_chat(fake, messages=messages)
    here = ask(fake, input=as_items(messages))
    assert text_of(here) == in_chat["choices"][0]["message"]["content"]
    assert here["usage"]["input_tokens"] == in_chat["usage"]["prompt_tokens"]
    assert here["usage"]["output_tokens"] == in_chat["usage"]["completion_tokens"]


def test_instructions_are_the_first_message(fake: Fake) -> None:
    told = ask(fake, instructions="Be brief.")
    item = {"role": "system", "content": "Be brief."}
    assert text_of(told) == text_of(ask(fake, input=[item, *HELLO]))
    assert text_of(told).startswith("turn 1 | 2 messages")


def test_text_and_calls_and_results_are_the_messages_of_a_chat() -> None:
    items: list[Any] = [
        {"role": "user", "content": [{"type": "input_text", "text": "Look"}, {"type": "input_image", "image_url": "x"}]},
        {"type": "reasoning", "summary": [], "encrypted_content": "gAAA"},
        {"role": "assistant", "content": [{"type": "output_text", "text": "Let me see."}]},
        CALL,
        {"type": "custom_tool_call", "call_id": "call_2", "name": "run", "input": "ls"},
        RESULT,
        {"type": "custom_tool_call_output", "call_id": "call_2", "output": [{"type": "input_text", "text": "ok"}]},
        {"type": "web_search_call", "id": "ws_1", "status": "completed"},
        {"type": "shell_call_output", "call_id": "call_3", "output": [{"stdout": "x"}]},
        {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]},
    ]  # fmt: skip
    assert messages_of({"input": items}) == (
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "Look"},
                {"type": "image_url", "image_url": {"url": "x"}},
            ],
        },
        {
            "role": "assistant",
            "content": [{"type": "text", "text": "Let me see."}],
            "reasoning": {"encrypted_content": "gAAA"},
            "tool_calls": [
                {
                    "id": "call_1",
                    "type": "function",
                    "function": {"name": "get_weather", "arguments": '{"city":"Rome"}'},
                },
                {"id": "call_2", "type": "function", "function": {"name": "run", "arguments": "ls"}},
            ],
        },
        {"role": "tool", "tool_call_id": "call_1", "content": "sunny"},
        {"role": "tool", "tool_call_id": "call_2", "content": [{"type": "text", "text": "ok"}]},
        {"role": "tool", "tool_call_id": "call_3", "content": '[{"stdout":"x"}]'},
        {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]},
    )


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/scenario/refusal/v1/responses", ()),
        ("/scenario/refusal/responses", ()),
        ("/key/sk-1/scenario/refusal/v1/responses", ()),
        ("/v1/responses", (("x-fake-scenario", "refusal"),)),
    ],
)
def test_scenario_is_chosen_by_path_or_header(
    path: str, headers: tuple[tuple[str, str], ...], fake: Fake
) -> None:
    answer = json.loads(post(fake, asked(), path, headers).body)
    assert answer["output"][0]["content"][0]["type"] == "refusal"


def test_script_answers_in_order_by_turn_and_by_rule(fake: Fake) -> None:
    handle = fake.handle()
    headers = (("authorization", f"Bearer {handle.key}"),)

    def said(**members: Any) -> Any:
        return json.loads(post(fake, asked(**members), PATH, headers).body)

    handle.when(contains="weather", tool="run", answer=handle.scenario("tool-call-only"))
    handle.by_turn({2: handle.scenario("unicode")})
    handle.script("Hello!", "Bye.")
    called = said(input="the weather", tools=[RUN])["output"][0]
    assert (called["type"], called["name"]) == ("custom_tool_call", "run")
    assert [text_of(said()), text_of(said())] == ["Hello!", "Bye."]
    assert "Grüße" in text_of(said(input=[*HELLO, {"role": "assistant", "content": "Rome"}, *HELLO]))
    handle.answer_with(lambda chat: f"{len(chat.messages)} messages, {len(chat.tools)} tools")
    assert text_of(said(tools=[WEATHER, RUN, {"type": "web_search"}])) == "1 messages, 2 tools"


def test_journal_has_the_history_and_the_conversation(fake: Fake) -> None:
    handle = fake.handle()
    headers = (("authorization", f"Bearer {handle.key}"),)
    handle.script("Rome.", handle.scenario("tool-call-only"), "Sunny.")
    items: list[Any] = [{"role": "user", "content": "Italy?"}]
    for follow in ("And its weather?", ""):
        answer = json.loads(post(fake, asked(input=items, instructions="Be brief."), PATH, headers).body)
        items += [*answer["output"], *([{"role": "user", "content": follow}] if follow else [])]
    items.append({**RESULT, "call_id": items[-1]["call_id"]})
    post(fake, asked(input=items, instructions="Be brief.", stream=True), PATH, headers)
    handle.assert_sent_history(
        [
            ("system", "Be brief."),
            ("user", "Italy?"),
            ("assistant", "Rome."),
            ("user", "And its weather?"),
            ("assistant", '→ get_weather({"city":"Paris"})'),
            ("tool", "sunny"),
        ]
    )
    (conversation,) = handle.conversations()
    assert len(conversation.requests) == 3
    assert handle.verdict().requests == 3


def test_client_that_forgets_what_was_said_is_found_out(fake: Fake) -> None:
    handle = fake.handle()
    post(fake, asked(), PATH, (("authorization", f"Bearer {handle.key}"),))
    with pytest.raises(AssertionError, match="lacked a message"):
        handle.assert_sent_history([("user", "Hello"), *[("user", "And Italy?")]])


def test_fault_befalls_so_many_attempts(fake: Fake) -> None:
    headers = [(("x-stainless-retry-count", str(attempt)),) for attempt in range(3)]
    found = [post(fake, asked(model="fake/http-503*2"), PATH, one).status for one in headers]
    assert found == [503, 503, 200]


def test_redirect_leads_to_this_route(fake: Fake) -> None:
    for path in (PATH, "/v1/chat/completions"):
        body = asked(model="fake/redirect") if path == PATH else chat(model="fake/redirect")
        answer = post(fake, body, path)
        assert answer.header("location") == f"/scenario/text{path}"
        sent = {**body, "model": "tiny"}
        assert post(fake, sent, answer.header("location")).status == 200


def test_dialects_answer_with_their_own_headers_and_the_same_body(fake: Fake) -> None:
    plain = respond(fake)
    named = post(fake, asked(), PATH, (("x-fake-dialect", "openai"),))
    assert (named.body, named.headers) == (plain.body, plain.headers)


def test_options_say_what_can_be_asked(fake: Fake) -> None:
    answer = fake.answer(Request(method="OPTIONS", path=PATH))
    assert (answer.status, answer.header("allow")) == (204, "POST, OPTIONS, GET, HEAD, DELETE")
