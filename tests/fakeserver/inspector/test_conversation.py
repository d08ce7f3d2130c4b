"""A conversation round by round, the findings beside it, and the overview that the page lists."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from chatfake import Answer, Fake, Reply, Request, ToolCall
from chatfake.core.http import Ending
from chatfake.inspector.thread import Memory, Round, rounds
from chatfake.journal.conversations import conversations
from chatproof.openapi.bodies import BODIES
from tests.fakeserver.asking import chat, chats, error_of, histories, post

KEY = (("authorization", "Bearer k"),)


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def assistant(text: str) -> dict[str, Any]:
    return {"role": "assistant", "content": text}


def ask(fake: Fake, *messages: dict[str, Any], **members: Any) -> Answer:
    answer = post(fake, chat(messages=list(messages), **members), headers=KEY)
    answer.on_end(Ending.LOST if answer.is_cut else Ending.COMPLETE)
    return answer


def shown(fake: Fake, path: str, query: str = "key=k") -> Any:
    answer = fake.answer(Request(method="GET", path=path, query=query))
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def read(fake: Fake) -> list[Round]:
    (talk,) = conversations(fake.handle("k").requests)
    return list(rounds(talk.requests))


def test_round_brings_what_the_one_before_had_not_and_the_answer_is_remembered(fake: Fake) -> None:
    fake.handle("k").script("Hello!", "Bye.")
    ask(fake, user("hi"))
    ask(fake, user("hi"), assistant("Hello!"), user("bye"))
    first, second = read(fake)
    assert [list(one.new) for one in (first, second)] == [[user("hi")], [user("bye")]]
    assert (first.memory, second.memory) == (Memory.NONE, Memory.SAME)
    assert [one.content.choices[0].text for one in (first, second)] == ["Hello!", "Bye."]


def test_answer_that_was_changed_or_left_out_is_told(fake: Fake) -> None:
    fake.handle("k").script("Hello!", "Bye.", "So?")
    ask(fake, user("hi"))
    ask(fake, user("hi"), assistant("Good day."), user("bye"))
    ask(fake, user("hi"), assistant("Good day."), user("bye"), user("still there?"))
    _, second, third = read(fake)
    assert (second.memory, list(second.new)) == (Memory.CHANGED, [assistant("Good day."), user("bye")])
    assert (third.memory, list(third.new)) == (Memory.LEFT_OUT, [user("still there?")])


def test_calls_with_their_ids_are_remembered_and_results_are_new(fake: Fake) -> None:
    fake.handle("k").script(Reply(tool_calls=(ToolCall(name="f", arguments="{}", id="call_1"),)), "Done.")
    call = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    result = {"role": "tool", "tool_call_id": "call_1", "content": "42"}
    ask(fake, user("go"))
    ask(fake, user("go"), {"role": "assistant", "content": None, "tool_calls": [call]}, result)
    assert (read(fake)[1].memory, read(fake)[1].new) == (Memory.SAME, (result,))


def test_turn_that_failed_may_be_taken_back(fake: Fake) -> None:
    handle = fake.handle("k")
    handle.script("Hello!", handle.scenario("empty-choices"), "Back again.")
    ask(fake, user("hi"))
    ask(fake, user("hi"), assistant("Hello!"), user("there?"))
    ask(fake, user("hi"), assistant("Hello!"), user("and now?"))
    third = read(fake)[2]
    assert (third.gone, third.new, third.memory) == ((user("there?"),), (user("and now?"),), Memory.NONE)


def test_retry_brings_nothing(fake: Fake) -> None:
    fake.handle("k").script(fake.handle("k").fault("http-500"), "ok")
    ask(fake, user("hi"))
    ask(fake, user("hi"))
    second = read(fake)[1]
    assert (second.new, second.gone, second.memory) == ((), (), Memory.NONE)


def test_client_that_left_got_what_came_until_then(fake: Fake) -> None:
    fake.handle("k")
    answer = post(fake, chat(stream=True, model="fake/long-text+delay-per-chunk=1"), headers=KEY)
    fake.time.advance(3.5)
    answer.on_end(Ending.LEFT)
    (only,) = read(fake)
    assert only.content.choices[0].text
    assert len(only.content.choices[0].text.split()) < 5


@given(st.lists(histories(), min_size=1, max_size=5))
def test_what_came_and_went_adds_up_to_the_next_history(talks: list[list[dict[str, Any]]]) -> None:
    fake = Fake(lenient=True)
    fake.handle("k")
    for messages in talks:
        ask(fake, *messages)
    before: tuple[Any, ...] = ()
    for one in rounds(fake.handle("k").requests):
        remembered = one.memory is Memory.SAME
        assert len(before) - len(one.gone) + len(one.new) + remembered == len(one.entry.messages)
        before = one.entry.messages


@given(st.lists(chats(), max_size=4))
def test_bodies_are_those_of_the_openapi_document(bodies: list[dict[str, Any]]) -> None:
    fake = Fake()
    fake.handle("k")
    for body in bodies:
        post(fake, body, headers=KEY)
    overview: TypeAdapter[Any] = BODIES["fake.overview"]
    overview.validate_python(shown(fake, "/_fake/overview"), strict=False)
    for number in range(1, len(bodies) + 1):
        BODIES["fake.request"].validate_python(shown(fake, f"/_fake/requests/{number}"))
        BODIES["fake.conversation"].validate_python(shown(fake, f"/_fake/conversations/{number}"))


def test_findings_stand_at_their_requests(fake: Fake) -> None:
    handle = fake.handle("k")
    handle.script(handle.fault("http-429"), "ok", "twice")
    for _ in range(3):
        ask(fake, user("hi"))
    post(fake, chat(messages=[]), headers=KEY)
    journal = shown(fake, "/_fake/overview")["journals"][1]
    kinds = {number: [one["kind"] for one in found] for number, found in journal["findings"].items()}
    assert kinds == {"2": ["impatient"], "3": ["duplicate"], "4": ["refused"]}
    assert journal["findings"]["2"][0]["text"].startswith("retry of #1 after 0.00 s; Retry-After asked for")
    thread = shown(fake, "/_fake/conversations/1")
    assert [one["findings"] for one in thread["rounds"]] == [
        journal["findings"].get(str(number), []) for number in (1, 2, 3)
    ]


def test_overview_counts_every_key_and_lists_what_changed_since(fake: Fake) -> None:
    ask(fake, user("nobody's"))
    fake.handle("k")
    fake.handle("quiet")
    ask(fake, user("hi"))
    first = shown(fake, "/_fake/overview")
    counts = [(one["key"], one["count"], len(one.get("requests", ()))) for one in first["journals"]]
    assert counts == [("", 1, 1), ("k", 1, 1), ("quiet", 0, 0)]
    assert first["journals"][1]["requests"][0]["title"] == "hi"
    fake.time.advance(10)
    post(fake, chat(messages=[user("more")]), headers=KEY)
    later = shown(fake, "/_fake/overview", f"since={first['now'] + 5}")
    assert [(one["key"], "requests" in one) for one in later["journals"]] == [
        ("", False),
        ("k", True),
        ("quiet", False),
    ]
    assert [row["number"] for row in later["journals"][1]["requests"]] == [2]
    assert later["journals"][1]["conversations"] == [[1], [2]]


@pytest.mark.parametrize(
    ("path", "body", "title"),
    [
        ("/v1/chat/completions", chat(messages=[user("one"), assistant("x"), user("two")]), "two"),
        ("/v1/chat/completions", chat(messages=[]), "POST /chat/completions"),
        ("/v1/completions", {"model": "tiny", "prompt": "Once"}, "Once"),
        ("/v1/embeddings", {"model": "tiny", "input": ["a", "b"]}, "a"),
        ("/v1/responses", {"model": "tiny", "input": [user("one"), assistant("x"), user("two")]}, "two"),
        ("/v1/responses", {"model": "tiny", "input": 7}, "POST /responses"),
        ("/generate", {"inputs": "Go on"}, "Go on"),
        ("/v1/embeddings", {"model": "tiny", "input": [[1, 2]]}, "POST /embeddings"),
    ],
)
def test_title_is_what_was_said_last(path: str, body: Any, title: str, fake: Fake) -> None:
    post(fake, body, path, (("content-type", "application/json"),))
    (row,) = shown(fake, "/_fake/overview")["journals"][0]["requests"]
    assert row["title"] == title


@pytest.mark.parametrize("query", ["", "since=", "since=x", "since=nan"])
def test_all_is_listed_where_no_time_is_given_however_early_the_clock(query: str, fake: Fake) -> None:
    fake.time.advance(-1e9)  # before the start of any machine
    ask(fake, user("hi"))
    fake.time.advance(100)
    ask(fake, user("again"))
    (journal,) = shown(fake, "/_fake/overview", query)["journals"]
    assert [row["title"] for row in journal["requests"]] == ["hi", "again"]


def test_request_that_ended_since_is_listed_again(fake: Fake) -> None:
    fake.handle("k")
    answer = post(fake, chat(), headers=KEY)
    fake.time.advance(10)
    now = shown(fake, "/_fake/overview")["now"]
    answer.on_end(Ending.COMPLETE)
    (row,) = shown(fake, "/_fake/overview", f"since={now}")["journals"][1]["requests"]
    assert row["ending"] == "complete"


def test_overview_tells_what_is_forgotten(fake: Fake) -> None:
    fake.handle("k")
    ask(fake, user("hi"))
    fake.answer(Request(method="DELETE", path="/_fake/requests", query="key=k"))
    journal = shown(fake, "/_fake/overview")["journals"][1]
    assert (journal["count"], journal["oldest"], "requests" in journal) == (1, 2, False)


def test_request_without_a_conversation_has_none(fake: Fake) -> None:
    post(fake, {"model": "tiny", "input": "x"}, path="/v1/embeddings")
    for number in ("1", "2", "x", "99999999999999999999"):
        answer = fake.answer(Request(method="GET", path=f"/_fake/conversations/{number}"))
        assert error_of(answer)["code"] == "not_found"


@given(st.text(max_size=20))
def test_since_may_be_anything(text: str) -> None:
    fake = Fake()
    assert fake.answer(Request(method="GET", path="/_fake/overview", query=f"since={text}")).status == 200
