"""JSON and events are two renderings of one response, so they must agree."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatfake import SCENARIOS, Fake, Reply, ToolCall
from chatfake.generation.logprobs import ALTERNATIVES
from tests.fakeserver.asking import post, texts
from tests.fakeserver.responses.asking import (
    PATH,
    RUN,
    WEATHER,
    ask,
    ask_events,
    asked,
    events_of,
    requests,
    respond,
    text_of,
)
from tests.portion import share

#: Shapes of which JSON has another form than a stream.
UNLIKE = ("delta-in-json", "message-in-stream", "wrong-index")
replies = st.builds(
    Reply,
    text=st.none() | texts,
    refusal=st.none() | texts,
    tool_calls=st.lists(
        st.builds(ToolCall, name=st.sampled_from(["get_weather", "run"]), arguments=texts), max_size=3
    ).map(tuple),
    finish_reason=st.sampled_from(["", "stop", "length", "content_filter"]),
)


def assembled(events: list[Any]) -> list[Any]:
    """The output as a client that reads pieces alone puts it together; ids and heads are from the beginning."""
    items: list[Any] = []
    for event in events:
        kind = event["type"].removeprefix("response.")
        if kind == "output_item.added":
            items.append(json.loads(json.dumps(event["item"])))
            assert event["output_index"] == len(items) - 1
        if "item_id" not in event:
            continue
        item = items[event["output_index"]]
        assert item["id"] == event["item_id"]
        if kind in ("content_part.added", "reasoning_summary_part.added"):
            shelf = "summary" if "summary_index" in event else "content"
            item[shelf].append(json.loads(json.dumps(event["part"])))
        elif kind.endswith("annotation.added"):
            item["content"][event["content_index"]]["annotations"].append(event["annotation"])
        elif kind.endswith(".delta"):
            _append(item, event)
    return items


def _append(item: Any, event: Any) -> None:
    shelf = "summary" if "summary_index" in event else "content" if "content_index" in event else ""
    if not shelf:
        name = "arguments" if item["type"] == "function_call" else "input"
        item[name] += event["delta"]
        return
    part = item[shelf][event[f"{shelf}_index"]]
    part["refusal" if part["type"] == "refusal" else "text"] += event["delta"]
    if part["type"] == "output_text":
        part["logprobs"] += event["logprobs"]


def plain(items: list[Any]) -> list[Any]:
    """Without what is derived from the request, which says `stream` in one of them, and without the status."""
    derived = ("id", "status", "encrypted_content", "call_id")
    return [{name: item[name] for name in item if name not in derived} for item in items]


@share(0.4)
@given(requests())
def test_pieces_make_the_items_and_the_items_make_the_output(body: dict[str, Any]) -> None:
    answer = json.loads(post(Fake(), body, PATH).body)
    events = events_of(post(Fake(), {**body, "stream": True}, PATH))
    done = [event["item"] for event in events if event["type"] == "response.output_item.done"]
    last = events[-1]["response"]
    assert last["output"] == done
    assert plain(assembled(events)) == plain(done) == plain(answer["output"])
    assert [item["status"] for item in done if "status" in item] == [
        item["status"] for item in answer["output"] if "status" in item
    ]


@share(0.4)
@given(requests())
def test_last_event_has_what_json_has_but_for_the_billing(body: dict[str, Any]) -> None:
    derived = ("id", "created_at", "completed_at", "output")
    answer = json.loads(post(Fake(), body, PATH).body)
    last = events_of(post(Fake(), {**body, "stream": True}, PATH))[-1]["response"]
    assert answer.pop("billing") == {"payer": "developer"}
    assert list(last) == list(answer)
    assert {name: last[name] for name in last if name not in derived} == {
        name: answer[name] for name in answer if name not in derived
    }


@share(0.4)
@given(replies, st.sampled_from([None, 16]))
def test_any_reply_is_the_same_in_both(reply: Reply, most: int | None) -> None:
    fake = Fake()
    handle = fake.handle()
    handle.answer_with(lambda _: reply)
    headers = (("authorization", f"Bearer {handle.key}"),)
    body = asked(tools=[WEATHER, RUN], max_output_tokens=most)
    answer = json.loads(post(fake, body, PATH, headers).body)
    events = events_of(post(fake, {**body, "stream": True}, PATH, headers))
    assert plain(assembled(events)) == plain(answer["output"])
    assert answer["usage"] == events[-1]["response"]["usage"]
    assert answer["status"] == events[-1]["type"].removeprefix("response.")


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name not in UNLIKE])
def test_scenario_is_the_same_in_both(name: str, fake: Fake) -> None:
    answer = ask(fake, model=f"fake/{name}")
    last = ask_events(fake, model=f"fake/{name}")[-1]["response"]
    assert plain(last.get("output") or []) == plain(answer.get("output") or [])
    assert ("output" in last, last.get("output") is None) == (
        "output" in answer,
        answer.get("output") is None,
    )


@share(0.4)
@given(requests())
def test_events_are_numbered_and_framed_and_end_without_done(body: dict[str, Any]) -> None:
    answer = post(Fake(), {**body, "stream": True}, PATH)
    events = events_of(answer)
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    assert [event["type"] for event in events[:2]] == ["response.created", "response.in_progress"]
    assert events[-1]["type"] in ("response.completed", "response.incomplete", "response.failed")
    assert b"[DONE]" not in answer.body


@share(0.4)
@given(requests())
def test_same_request_gets_the_same_bytes_from_any_copy(body: dict[str, Any]) -> None:
    for stream in (False, True):
        one, other = (post(Fake(), {**body, "stream": stream}, PATH) for _ in range(2))
        assert (one.body, one.headers) == (other.body, other.headers)


@given(texts.filter(bool), st.booleans())
def test_pieces_are_padded_to_hide_their_length(text: str, asked_for: bool) -> None:
    fake = Fake()
    wanted = {} if asked_for else {"stream_options": {"include_obfuscation": False}}
    events = ask_events(fake, model="fake/echo", input=text, **wanted)
    for event in events:
        assert ("obfuscation" in event) == (asked_for and "delta" in event)
        if "obfuscation" in event:
            assert (len(event["obfuscation"]) + len(event["delta"])) % 16 == 0


def test_logprobs_come_where_they_are_included(fake: Fake) -> None:
    members: dict[str, Any] = {"include": ["message.output_text.logprobs"], "top_logprobs": 3}
    (part,) = ask(fake, **members)["output"][0]["content"]
    assert "".join(entry["token"] for entry in part["logprobs"]) == part["text"]
    for entry in part["logprobs"]:
        first, *others = entry["top_logprobs"]
        assert (first["token"], first["logprob"]) == (entry["token"], entry["logprob"])
        assert len(others) == 2
        assert {other["token"] for other in others} <= {*ALTERNATIVES}
    assert ask(fake, top_logprobs=3)["output"][0]["content"][0]["logprobs"] == []


@pytest.mark.parametrize("most", [16, 17, 30])
def test_limit_cuts_the_text_and_says_so(most: int, fake: Fake) -> None:
    answer = ask(fake, model="fake/long-text", max_output_tokens=most)
    assert (answer["status"], answer["incomplete_details"]) == (
        "incomplete",
        {"reason": "max_output_tokens"},
    )
    assert answer["usage"]["output_tokens"] == most
    assert answer["output"][0]["status"] == "incomplete"
    assert answer["completed_at"] is None


def test_limit_cuts_the_last_call_that_there_is_room_for(fake: Fake) -> None:
    handle = fake.handle()
    calls = [
        ToolCall(name="get_weather", arguments='{"city":"a"}'),
        ToolCall(name="run", arguments="word " * 20),
    ]
    handle.script(Reply(text="Wait.", tool_calls=(*calls, calls[0])))
    body = asked(tools=[WEATHER, RUN], max_output_tokens=16)
    answer = json.loads(post(fake, body, PATH, (("authorization", f"Bearer {handle.key}"),)).body)
    assert [item["status"] for item in answer["output"]] == ["completed", "completed", "incomplete"]
    assert answer["output"][2]["input"].startswith("word word")
    assert answer["status"] == "incomplete"


def test_thought_costs_tokens_and_is_sealed_where_that_is_included(fake: Fake) -> None:
    for name in ("reasoning", "reasoning-member"):
        answer = ask(fake, model=f"fake/{name}")
        thought, message = answer["output"]
        assert (thought["type"], message["type"]) == ("reasoning", "message")
        assert "encrypted_content" not in thought
        details = answer["usage"]["output_tokens_details"]
        assert 0 < details["reasoning_tokens"] < answer["usage"]["output_tokens"]
        sealed = ask(fake, model=f"fake/{name}", include=["reasoning.encrypted_content"])["output"][0]
        assert len(sealed["encrypted_content"]) > 100


def test_custom_tool_is_called_with_a_text(fake: Fake) -> None:
    handle = fake.handle()
    headers = (("authorization", f"Bearer {handle.key}"),)
    for arguments, text in (
        ('{"input":"ls -l"}', "ls -l"),
        ('"ls"', "ls"),
        ("print(1)", "print(1)"),
        ("{}", "{}"),
    ):
        handle.script(Reply(tool_calls=(ToolCall(name="run", arguments=arguments),)))
        (item,) = json.loads(post(fake, asked(tools=[RUN]), PATH, headers).body)["output"]
        assert (item["type"], item["name"], item["input"]) == ("custom_tool_call", "run", text)


def test_custom_tool_with_a_regular_expression_is_called_with_a_match(fake: Fake) -> None:
    grammar = {"type": "grammar", "syntax": "regex", "definition": "^[0-9]{4}-[0-9]{2}$"}
    tools = [{"type": "custom", "name": "month", "format": grammar}]
    (item,) = ask(fake, tools=tools, tool_choice="required")["output"]
    year, month = item["input"].split("-")
    assert (len(year), len(month)) == (4, 2)


@pytest.mark.parametrize(
    ("choice", "called"),
    [
        ("required", "get_weather"),
        ({"type": "function", "name": "get_weather"}, "get_weather"),
        ({"type": "custom", "name": "run"}, "run"),
        (
            {"type": "allowed_tools", "mode": "required", "tools": [{"type": "custom", "name": "run"}]},
            "run",
        ),
        ("none", ""),
        ("auto", ""),
        ({"type": "web_search"}, ""),
    ],
)
def test_choice_among_tools_is_obeyed(choice: Any, called: str, fake: Fake) -> None:
    tools = [WEATHER, RUN, {"type": "web_search"}]
    (item,) = ask(fake, tools=tools, tool_choice=choice)["output"]
    assert item.get("name", "") == called


def test_structured_text_fits_its_schema(fake: Fake) -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer", "minimum": 7}}, "required": ["n"]}
    form = {"type": "json_schema", "name": "n", "schema": schema}
    answer = ask(fake, text={"format": form})
    assert json.loads(text_of(answer))["n"] >= 7
    assert answer["text"] == {
        "format": {"type": "json_schema", "description": None, "name": "n", "schema": schema, "strict": True},
        "verbosity": "medium",
    }
    plainly = ask(fake, input="as JSON", text={"format": {"type": "json_object"}})
    assert isinstance(json.loads(text_of(plainly)), dict)


def test_one_call_at_a_time_where_no_more_are_allowed(fake: Fake) -> None:
    both = {"model": "fake/parallel-tool-calls", "tools": [WEATHER, RUN]}
    assert len(ask(fake, **both)["output"]) == 2
    assert len(ask(fake, **both, parallel_tool_calls=False)["output"]) == 1


def test_clock_and_ids_can_be_real() -> None:
    numbers = iter(range(9))
    fake = Fake(clock=lambda: 1_800_000_000.5, new_id=lambda: str(next(numbers)))
    one, other = (json.loads(respond(fake).body) for _ in range(2))
    assert one["created_at"] == 1_800_000_000
    assert one["id"] != other["id"]
