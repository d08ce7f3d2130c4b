"""The stream grammar: each breach at the event that causes it, and what is legal beside it."""

import itertools
import json
import re

import pytest

from chatschema import ChatStream, JsonObject, JsonValue, Level, SseEvent, Violation
from chatschema.chat import Head, UsagePosition
from chatschema.chat.stream.grammar import CHOICE, STREAM
from chatschema.judging import judge_completion
from chatschema.judging.chunk_judge import ChoicePhase, ChoiceStep
from chatschema.judging.lifecycle import Phase, Step
from tests.schemas.samples import (
    GONE,
    HEAD,
    broken,
    calling_stream,
    chunk,
    error,
    fragment,
    preamble,
    stream,
    usage_chunk,
)

Item = JsonObject | str


def run(items: list[Item]) -> tuple[ChatStream, list[tuple[int, Violation]]]:
    """Each violation with the number of the event that caused it; the end of the bytes is one past the last."""
    judge = ChatStream()
    found: list[tuple[int, Violation]] = []
    for number, item in enumerate(items):
        data = item if isinstance(item, str) else json.dumps(item)
        found += [(number, violation) for violation in judge.feed(SseEvent(data=data))]
    found += [(len(items), violation) for violation in judge.close()]
    assert tuple(violation for _, violation in found) == judge.violations
    return judge, found


def said(items: list[Item]) -> list[tuple[int, str, str, str]]:
    return [(number, item.rule, str(item.level), item.path) for number, item in run(items)[1]]


FIRST, HEL, LO, END = stream()
NAMED = chunk(fragment(id="call_1", type="function", function={"name": "weather", "arguments": ""}))
CALLS_FIRST, _, PIECE, _, CALLS_END = calling_stream()
SPLIT_ERROR: JsonObject = {**chunk({"content": ""}, "error"), "error": {"message": "upstream", "code": 502}}

BREACHES: list[tuple[str, list[Item], list[tuple[int, str, str, str]]]] = [
    ("no event at all", [], [(0, "chat.sse.done", "must", "$[0]")]),
    ("done alone", ["[DONE]"], [(0, "chat.sse.finish-once", "must", "$[0]")]),
    ("no [DONE]", [FIRST, END], [(2, "chat.sse.done", "must", "$[2]")]),
    ("[DONE] twice", [FIRST, END, "[DONE]", "[DONE]"], [(3, "chat.sse.done", "must", "$[3]")]),
    ("a chunk after [DONE]", [FIRST, END, "[DONE]", usage_chunk()], [(3, "chat.sse.done", "must", "$[3]")]),
    ("no JSON", [FIRST, "{", END, "[DONE]"], [(1, "chat.sse.framing", "must", "$[1]")]),
    ("empty data", [FIRST, "", END, "[DONE]"], [(1, "chat.sse.framing", "must", "$[1]")]),
    ("JSON but no object", [FIRST, "[1]", END, "[DONE]"], [(1, "chat.sse.framing", "must", "$[1]")]),
    ("almost [DONE]", [FIRST, END, " [DONE]", "[DONE]"], [(2, "chat.sse.framing", "must", "$[2]")]),
    ("NaN", [FIRST, '{"x": NaN}', END, "[DONE]"], [(1, "chat.sse.framing", "must", "$[1]")]),
    (
        "a member twice",
        [json.dumps(FIRST)[:-1] + ', "model": "gpt-4o-2024-08-06"}', END, "[DONE]"],
        [(0, "http.no-junk", "should", "$[0]")],
    ),
    (
        "no finish_reason",
        [FIRST, "[DONE]"],
        [(1, "chat.sse.finish-once", "must", "$[1]")],
    ),
    (
        "no finish_reason for one of two",
        [FIRST, chunk({"role": "assistant"}, index=1), END, "[DONE]"],
        [(3, "chat.sse.finish-once", "must", "$[3]")],
    ),
    (
        "cut",
        [FIRST, HEL],
        [(2, "chat.sse.done", "must", "$[2]"), (2, "chat.sse.finish-once", "must", "$[2]")],
    ),
    (
        "a second finish_reason",
        [FIRST, END, END, "[DONE]"],
        [(2, "chat.sse.finish-once", "must", "$[2].choices[0].finish_reason")],
    ),
    (
        "text after the finish_reason",
        [FIRST, END, LO, "[DONE]"],
        [(2, "chat.sse.finish-once", "must", "$[2].choices[0].delta")],
    ),
    (
        "a call after the finish_reason",
        [CALLS_FIRST, END, NAMED, "[DONE]"],
        [(2, "chat.sse.finish-once", "must", "$[2].choices[0].delta")],
    ),
    (
        "no role",
        [HEL, END, "[DONE]"],
        [(0, "chat.sse.role-first", "should", "$[0].choices[0].delta")],
    ),
    (
        "no role in the second choice",
        [FIRST, chunk({"content": "x"}, "stop", 1), END, "[DONE]"],
        [(1, "chat.sse.role-first", "should", "$[1].choices[0].delta")],
    ),
    (
        "nothing but an end",
        [END, "[DONE]"],
        [(0, "chat.sse.role-first", "should", "$[0].choices[0].finish_reason")],
    ),
    (
        "another role",
        [FIRST, chunk({"role": "user"}), END, "[DONE]"],
        [(1, "chat.sse.role-first", "must", "$[1].choices[0].delta.role")],
    ),
    (
        "another id",
        [FIRST, broken(END, "id", "chatcmpl-2"), "[DONE]"],
        [(1, "chat.sse.same-head", "must", "$[1].id")],
    ),
    (
        "another created, twice",
        [FIRST, broken(LO, "created", 2), broken(END, "created", 3), "[DONE]"],
        [(1, "chat.sse.same-head", "should", "$[1].created")],
    ),
    (
        "another model",
        [FIRST, broken(END, "model", "gpt"), "[DONE]"],
        [(1, "chat.sse.same-head", "must", "$[1].model")],
    ),
    (
        "Azure's first chunk",
        [preamble(), FIRST, END, "[DONE]"],
        [(0, "chat.sse.same-head", "should", "$[0].id")],
    ),
    (
        "a message",
        [FIRST, broken(LO, "choices", 0, "message", {}), END, "[DONE]"],
        [(1, "chat.sse.delta-not-message", "must", "$[1].choices[0].message")],
    ),
    (
        "a wrong type",
        [FIRST, broken(LO, "choices", 0, "delta", "content", 3), END, "[DONE]"],
        [(1, "chat.sse.shape", "must", "$[1].choices[0].delta.content")],
    ),
    (
        "an object that is no chunk",
        [FIRST, {**HEAD, "object": "chat.completion.chunk"}, END, "[DONE]"],
        [(1, "chat.sse.shape", "must", "$[1].choices")],
    ),
    (
        "finish_reason left out",
        [FIRST, broken(LO, "choices", 0, "finish_reason", GONE), END, "[DONE]"],
        [(1, "chat.json.spec-complete", "should", "$[1].choices[0].finish_reason")],
    ),
    ("an error first", [error(), "[DONE]"], [(0, "chat.sse.error-before", "must", "$[0]")]),
    ("an error later", [FIRST, HEL, error()], [(2, "chat.sse.error", "must", "$[2]")]),
    (
        "an error inside a chunk",
        [FIRST, SPLIT_ERROR, "[DONE]"],
        [
            (1, "chat.sse.error", "must", "$[1]"),
            (1, "chat.sse.shape", "must", "$[1].choices[0].finish_reason"),
        ],
    ),
    (
        "a fragment without index",
        [
            CALLS_FIRST,
            broken(NAMED, "choices", 0, "delta", "tool_calls", 0, "index", GONE),
            CALLS_END,
            "[DONE]",
        ],
        [(1, "chat.tools.sse-fragments", "must", "$[1].choices[0].delta.tool_calls[0].index")],
    ),
    (
        "a first fragment without id",
        [CALLS_FIRST, broken(NAMED, "choices", 0, "delta", "tool_calls", 0, "id", GONE), CALLS_END, "[DONE]"],
        [(1, "chat.tools.sse-fragments", "must", "$[1].choices[0].delta.tool_calls[0].id")],
    ),
    (
        "a first fragment without name",
        [
            CALLS_FIRST,
            broken(NAMED, "choices", 0, "delta", "tool_calls", 0, "function", "name", ""),
            CALLS_END,
            "[DONE]",
        ],
        [(1, "chat.tools.sse-fragments", "must", "$[1].choices[0].delta.tool_calls[0].function.name")],
    ),
    (
        "a first fragment without type",
        [
            CALLS_FIRST,
            broken(NAMED, "choices", 0, "delta", "tool_calls", 0, "type", GONE),
            CALLS_END,
            "[DONE]",
        ],
        [(1, "chat.tools.sse-fragments", "should", "$[1].choices[0].delta.tool_calls[0].type")],
    ),
    (
        "a later fragment with another id",
        [CALLS_FIRST, NAMED, chunk(fragment(id="call_2")), CALLS_END, "[DONE]"],
        [(2, "chat.tools.sse-fragments", "must", "$[2].choices[0].delta.tool_calls[0].id")],
    ),
    (
        "a later fragment with another name",
        [CALLS_FIRST, NAMED, chunk(fragment(function={"name": "time"})), CALLS_END, "[DONE]"],
        [(2, "chat.tools.sse-fragments", "must", "$[2].choices[0].delta.tool_calls[0].function.name")],
    ),
    (
        "a later fragment with the id again",
        [CALLS_FIRST, NAMED, chunk(fragment(id="call_1")), CALLS_END, "[DONE]"],
        [(2, "chat.tools.sse-fragments", "must", "$[2].choices[0].delta.tool_calls[0].id")],
    ),
    (
        "a later fragment with the name again",
        [CALLS_FIRST, NAMED, chunk(fragment(function={"name": "weather"})), CALLS_END, "[DONE]"],
        [(2, "chat.tools.sse-fragments", "must", "$[2].choices[0].delta.tool_calls[0].function.name")],
    ),
    (
        "a later fragment with an empty id and an empty name",
        [CALLS_FIRST, NAMED, chunk(fragment(id="", function={"name": ""})), CALLS_END, "[DONE]"],
        [
            (2, "chat.tools.sse-fragments", "should", "$[2].choices[0].delta.tool_calls[0].id"),
            (2, "chat.tools.sse-fragments", "should", "$[2].choices[0].delta.tool_calls[0].function.name"),
        ],
    ),
    (
        "a second call of the same function under one index",
        [
            CALLS_FIRST,
            NAMED,
            broken(NAMED, "choices", 0, "delta", "tool_calls", 0, "id", "call_2"),
            CALLS_END,
            "[DONE]",
        ],
        [(2, "chat.tools.sse-fragments", "must", "$[2].choices[0].delta.tool_calls[0].id")],
    ),
    (
        "arguments as an object",
        [CALLS_FIRST, NAMED, chunk(fragment(function={"arguments": {}})), CALLS_END, "[DONE]"],
        [(2, "chat.tools.sse-fragments", "must", "$[2].choices[0].delta.tool_calls[0].function.arguments")],
    ),
    (
        "two calls with one id",
        [
            CALLS_FIRST,
            NAMED,
            broken(NAMED, "choices", 0, "delta", "tool_calls", 0, "index", 1),
            CALLS_END,
            "[DONE]",
        ],
        [(5, "chat.tools.shape", "must", "$[5]")],
    ),
    (
        "a finish_reason without its call",
        [FIRST, CALLS_END, "[DONE]"],
        [(3, "chat.tools.finish-reason", "must", "$[3]")],
    ),
    (
        "usage that does not add up",
        [FIRST, END, broken(usage_chunk(), "usage", "total_tokens", 1), "[DONE]"],
        [(2, "chat.json.usage", "must", "$[2].usage.total_tokens")],
    ),
]

LEGAL: list[tuple[str, list[Item]]] = [
    ("OpenAI's plain stream", [*stream(), "[DONE]"]),
    ("OpenAI's calls", [*calling_stream(), "[DONE]"]),
    ("usage alone and last", [*stream(), usage_chunk(), "[DONE]"]),
    ("role on every chunk", [FIRST, chunk({"role": "assistant", "content": "x"}), END, "[DONE]"]),
    ("an empty delta after the end", [FIRST, END, chunk({}), "[DONE]"]),
    ("empty text after the end", [FIRST, END, chunk({"role": "assistant", "content": ""}), "[DONE]"]),
    ("an empty chunk before the role", [chunk({}), FIRST, END, "[DONE]"]),
    ("text beside the finish_reason", [FIRST, chunk({"content": "x"}, "stop"), "[DONE]"]),
    ("the whole reply at once", [chunk({"role": "assistant", "content": "x"}, "stop"), "[DONE]"]),
    ("the type said again", [CALLS_FIRST, NAMED, chunk(fragment(type="function")), CALLS_END, "[DONE]"]),
    ("a null id later", [CALLS_FIRST, NAMED, chunk(fragment(id=None)), CALLS_END, "[DONE]"]),
    ("created written as a float", [FIRST, broken(END, "created", 1764000000.0), "[DONE]"]),
]


@pytest.mark.parametrize(
    ("items", "expected"), [row[1:] for row in BREACHES], ids=[row[0] for row in BREACHES]
)
def test_breach_is_known_at_the_event_that_causes_it(
    items: list[Item], expected: list[tuple[int, str, str, str]]
) -> None:
    assert said(items) == expected


@pytest.mark.parametrize("items", [row[1] for row in LEGAL], ids=[row[0] for row in LEGAL])
def test_legal_stream_breaks_nothing_and_assembles(items: list[Item]) -> None:
    judge, found = run(items)
    assert found == []
    completion = judge.assembled()
    assert completion is not None
    assert judge_completion(completion).valid


def test_tables_are_total() -> None:
    steps = {Step.PART, Step.BARE, Step.ERROR, Step.JUNK, Step.DONE, Step.END}
    phases = {Phase.START, Phase.OPEN, Phase.FAILED, Phase.DONE, Phase.ENDED}
    assert set(STREAM) == set(itertools.product(phases, steps))
    assert set(CHOICE) == set(itertools.product(ChoicePhase, set(ChoiceStep) - {ChoiceStep.AGAIN}))


def test_every_breach_of_the_tables_is_seen_failing() -> None:
    seen = {
        re.sub(r"[Cc]hoice \d+", "the choice", violation.message)
        for _, items, _ in BREACHES
        for _, violation in run(items)[1]
    }
    breaches = [breach for _, breach in (*STREAM.values(), *CHOICE.values()) if breach is not None]
    assert {re.sub("The choice", "the choice", breach.message) for breach in breaches} <= seen


def test_named_event_and_missing_blank_line_are_shoulds() -> None:
    judge = ChatStream()
    named = judge.feed(SseEvent(data=json.dumps(FIRST), event="message"))
    assert [(item.rule, item.level) for item in named] == [("chat.sse.framing", Level.SHOULD)]
    judge.feed(SseEvent(data=json.dumps(END)))
    last = judge.feed(SseEvent(data="[DONE]", complete=False))
    assert [(item.rule, item.level) for item in last] == [("chat.sse.framing", Level.SHOULD)]
    assert judge.done
    assert judge.close() == []


def test_stream_says_where_usage_came() -> None:
    assert run([*stream(), "[DONE]"])[0].usage_position is None
    judge, _ = run([*stream(), usage_chunk(), "[DONE]"])
    assert judge.usage_position == UsagePosition(first=4, last=4, count=1, alone=1)
    assert judge.usage == usage_chunk()["usage"]
    everywhere = [{**item, "usage": usage_chunk()["usage"]} for item in stream()]
    position = run([*everywhere, "[DONE]"])[0].usage_position
    assert position == UsagePosition(first=0, last=3, count=4, alone=0)


def test_stream_tells_its_head_chunks_and_ends() -> None:
    judge, _ = run([FIRST, chunk({"role": "assistant"}, "length", 1), END, "[DONE]"])
    assert judge.head == Head(id=HEAD["id"], created=HEAD["created"], model=HEAD["model"])
    assert judge.chunks == 3
    assert judge.finish_reasons == {0: "stop", 1: "length"}


def test_stream_after_an_error_gives_what_came_before() -> None:
    judge, _ = run([FIRST, HEL, error()])
    assert judge.error == error()
    completion = judge.assembled()
    assert completion is not None
    assert completion["choices"][0]["message"]["content"] == "Hel"  # type: ignore[index,call-overload]  # as asserted


def test_stream_without_a_choice_has_no_completion() -> None:
    assert run([usage_chunk(), "[DONE]"])[0].assembled() is None


def message_of(items: list[Item]) -> object:
    completion = run([*items, "[DONE]"])[0].assembled()
    return completion["choices"][0]["message"]  # type: ignore[index,call-overload]  # None fails as well


def test_fragments_without_index_are_joined_by_id() -> None:
    def loose(**members: JsonValue) -> JsonObject:
        return chunk({"tool_calls": [members]})

    items: list[Item] = [
        CALLS_FIRST,
        loose(id="a", type="function", function={"name": "f", "arguments": "{"}),
        loose(function={"arguments": "}"}),
        loose(id="b", type="custom", custom={"name": "g", "input": "x"}),
        CALLS_END,
    ]
    calls: list[JsonObject] = [
        {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}},
        {"id": "b", "type": "custom", "custom": {"name": "g", "input": "x"}},
    ]
    assert message_of(items) == {"role": "assistant", "content": None, "refusal": None, "tool_calls": calls}


def test_fragment_without_index_goes_on_with_the_latest_call() -> None:
    second = chunk(fragment(1, id="call_2", type="function", function={"name": "time", "arguments": ""}))
    piece = chunk({"tool_calls": [{"function": {"arguments": "x"}}]})
    message = message_of([CALLS_FIRST, NAMED, second, piece, PIECE, piece, CALLS_END])
    calls = message["tool_calls"]  # type: ignore[index]  # as above
    assert [call["function"]["arguments"] for call in calls] == ['{"city": x', "x"]


def test_function_call_and_audio_are_joined() -> None:
    items: list[Item] = [
        chunk({"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": ""}}),
        chunk({"function_call": {"arguments": "{"}}),
        chunk({"function_call": {"arguments": "}"}}),
        chunk({"audio": {"id": "a", "transcript": "Hel", "data": "AA"}}),
        chunk({"audio": {"transcript": "lo", "data": "BB", "expires_at": 1}}),
        END,
    ]
    assert message_of(items) == {
        "role": "assistant",
        "content": None,
        "refusal": None,
        "function_call": {"name": "f", "arguments": "{}"},
        "audio": {"id": "a", "transcript": "Hello", "data": "AABB", "expires_at": 1},
    }


def test_late_name_and_empty_text_beside_a_call_are_mended() -> None:
    late = broken(NAMED, "choices", 0, "delta", "tool_calls", 0, "id", GONE)
    items: list[Item] = [FIRST, late, chunk(fragment(id="call_9")), CALLS_END]
    assert message_of(items) == {
        "role": "assistant",
        "content": None,
        "refusal": None,
        "tool_calls": [
            {"id": "call_9", "type": "function", "function": {"name": "weather", "arguments": ""}}
        ],
    }


def test_fingerprint_and_tier_are_the_last_that_were_said() -> None:
    items: list[Item] = [{**FIRST, "service_tier": "auto"}, {**END, "service_tier": "default"}, "[DONE]"]
    completion = run(
        [{**item, "system_fingerprint": "fp"} if isinstance(item, dict) else item for item in items]
    )[0]
    answer = completion.assembled()
    assert answer is not None
    assert (answer["service_tier"], answer["system_fingerprint"]) == ("default", "fp")


def test_reply_without_any_delta_of_text_is_the_empty_text() -> None:
    assert message_of([CALLS_FIRST, END]) == {"role": "assistant", "content": "", "refusal": None}


def test_stream_lists_extensions_once() -> None:
    items: list[Item] = [broken(item, "choices", 0, "delta", "reasoning", "hm") for item in (FIRST, HEL)]
    assert run([*items, END, "[DONE]"])[0].extensions == ("$[*].choices[0].delta.reasoning",)


def test_closed_stream_takes_nothing_more() -> None:
    judge = ChatStream()
    judge.close()
    assert judge.close() == []
    with pytest.raises(ValueError, match="closed"):
        judge.feed(SseEvent(data="[DONE]"))


def test_hostile_stream_is_held_within_bounds() -> None:
    many = [chunk({"role": "assistant", "content": "x"}, index=index) for index in range(200)]
    calls = [
        chunk(fragment(number, id=f"{number}", type="function", function={"name": "f"}))
        for number in range(1100)
    ]
    judge, found = run([*many, *calls, *["0" * number + "1" for number in range(1, 9)]])
    assert len(found) == 100
    assert len({item.message for _, item in found}) == 100
    said = " ".join(item.message for _, item in found)
    assert "more than 128 choices" in said
    assert "too many tools" in said
    completion = judge.assembled()
    assert completion is not None
    choices = completion["choices"]
    assert isinstance(choices, list)
    assert len(choices) == 128
