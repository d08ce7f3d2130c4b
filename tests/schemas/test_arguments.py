"""The arguments of calls: one JSON text, whose end is known at the fragment that brings it."""

import json
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatschema import ChatStream, JsonObject, JsonValue, Level, SseEvent, check
from chatschema.chat.arguments import ArgumentsEnd, fault_of
from tests.schemas.samples import broken, calling, chunk, dump, fragment

ARGUMENTS = ("choices", 0, "message", "tool_calls", 0, "function", "arguments")
PLACE = "choices[0].delta.tool_calls[0].function.arguments"
RULE = "chat.tools.arguments"
OSLO = '{"city": "Oslo"}'
TWICE = json.dumps(OSLO)


def found(arguments: str, reason: str = "tool_calls") -> list[tuple[str, Level, str, str]]:
    body = broken(broken(calling(), *ARGUMENTS, arguments), "choices", 0, "finish_reason", reason)
    return [(one.rule, one.level, one.path, one.message) for one in check(body).violations]


WRONG = [
    (OSLO + OSLO, Level.MUST, "two JSON texts"),
    ("{}" + OSLO, Level.MUST, "two JSON texts"),
    (f"{OSLO}\n{OSLO[:5]}", Level.MUST, "two JSON texts"),
    (TWICE, Level.MUST, "twice"),
    ('"{}"', Level.MUST, "twice"),
    ("city=Oslo", Level.SHOULD, "no JSON"),
    (OSLO[:-1], Level.SHOULD, "no JSON"),
    (OSLO + "}", Level.SHOULD, "no JSON"),
    (OSLO + "</tool_call>", Level.SHOULD, "no JSON"),
    ("[" * 10_000, Level.SHOULD, "no JSON"),
    ("[" * 100_000, Level.MUST, "more objects and lists than are read"),
    ("null", Level.SHOULD, "no object"),
    ('"Oslo"', Level.SHOULD, "no object"),
    ('["Oslo"]', Level.SHOULD, "no object"),
]


@pytest.mark.parametrize(("arguments", "level", "words"), WRONG)
def test_wrong_arguments_are_named_in_json(arguments: str, level: Level, words: str) -> None:
    ((rule, seen_level, path, message),) = found(arguments)
    assert (rule, seen_level, path) == (RULE, level, "$.choices[0].message.tool_calls[0].function.arguments")
    assert words in message


@pytest.mark.parametrize(
    "arguments", ["", " ", "{}", OSLO, f"\n{OSLO}\n", '{"a": 1, "a": 2}', '{"text": "{}{}"}']
)
def test_arguments_that_are_one_text_or_none_are_right(arguments: str) -> None:
    assert found(arguments) == []


@pytest.mark.parametrize("arguments", [OSLO[:-1], '{"ci', "{", '"{'])
def test_arguments_may_be_cut_off_with_the_answer(arguments: str) -> None:
    assert found(arguments, "length") == []
    assert [level for _, level, _, _ in found(arguments)] == [Level.SHOULD]
    assert [level for _, level, _, _ in found(OSLO + arguments, "length") if arguments[0] == "{"] in (
        [],
        [Level.MUST],
    )


def test_arguments_of_the_older_call_are_held_to_the_same_and_the_input_of_a_custom_tool_to_nothing() -> None:
    message: JsonObject = {
        "role": "assistant",
        "content": None,
        "refusal": None,
        "function_call": {"name": "f", "arguments": OSLO * 2},
        "tool_calls": [{"id": "call_1", "type": "custom", "custom": {"name": "f", "input": OSLO * 2}}],
    }
    (violation,) = check(broken(calling(), "choices", 0, "message", message)).violations
    assert (violation.rule, violation.path) == (RULE, "$.choices[0].message.function_call.arguments")


def said(*pieces: str, reason: str = "tool_calls") -> list[tuple[str, Level, str, str]]:
    """What is said of a stream whose event 2 brings the first of these pieces."""
    events: list[JsonValue] = [
        chunk({"role": "assistant", "content": None}),
        chunk(fragment(id="call_1", type="function", function={"name": "weather", "arguments": ""})),
        *(chunk(fragment(function={"arguments": piece})) for piece in pieces),
        chunk({}, reason),
    ]
    return [(one.rule, one.level, one.path, one.message) for one in check(dump(events)).violations]


@pytest.mark.parametrize(
    ("pieces", "level", "path", "words"),
    [
        ((OSLO, OSLO), Level.MUST, f"$[3].{PLACE}", "two JSON texts"),
        (('{"city', '": "Oslo"}', OSLO), Level.MUST, f"$[4].{PLACE}", "two JSON texts"),
        (("{}", '{"ci', 'ty": 1}'), Level.MUST, f"$[3].{PLACE}", "two JSON texts"),
        ((OSLO + OSLO[:4], OSLO[4:]), Level.MUST, f"$[2].{PLACE}", "two JSON texts"),
        ((OSLO, '"}'), Level.MUST, f"$[3].{PLACE}", "goes on"),
        ((OSLO, "", " ", "}"), Level.MUST, f"$[5].{PLACE}", "goes on"),
        (('{"a": "}', '"}', "}"), Level.MUST, f"$[4].{PLACE}", "goes on"),
        ((TWICE[:5], TWICE[5:]), Level.MUST, "$[6]", "twice"),
        ((OSLO[:5], "}}"), Level.SHOULD, "$[6]", "no JSON"),
        (("city=", "Oslo"), Level.SHOULD, "$[6]", "no JSON"),
        ((OSLO[:5], OSLO[5:9]), Level.SHOULD, "$[6]", "no JSON"),
    ],
)
def test_wrong_arguments_are_named_in_a_stream_where_they_go_wrong(
    pieces: tuple[str, ...], level: Level, path: str, words: str
) -> None:
    ((rule, seen_level, where, message),) = said(*pieces)
    assert (rule, seen_level, where) == (RULE, level, path)
    assert words in message


@pytest.mark.parametrize(
    ("pieces", "reason"),
    [
        ((), "tool_calls"),
        (("",), "tool_calls"),
        ((OSLO, ""), "tool_calls"),
        ((OSLO, "\n"), "tool_calls"),
        (("{}",), "tool_calls"),
        (("{", "}"), "stop"),
        (('{"text": "', "{}{}", '"}'), "tool_calls"),
        (('{"text": "\\', '"}{', '"}'), "tool_calls"),
        ((OSLO[:5],), "length"),
    ],
)
def test_right_arguments_are_right_in_any_pieces(pieces: tuple[str, ...], reason: str) -> None:
    assert said(*pieces, reason=reason) == []


def test_arguments_that_go_wrong_are_told_of_once_for_each_place() -> None:
    assert len(said(*[OSLO] * 5)) == 1


def test_stream_that_breaks_off_is_not_blamed_for_half_of_its_arguments() -> None:
    judge = ChatStream()
    for delta in (
        {"role": "assistant", "content": None},
        fragment(id="call_1", type="function", function={"name": "weather", "arguments": '{"ci'}),
    ):
        assert judge.feed(SseEvent(data=json.dumps(chunk(cast("JsonObject", delta))))) == []
    assert RULE not in {violation.rule for violation in judge.close()}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(st.text(), VALUES, max_size=3),
    st.booleans(),
    st.sampled_from(["", "}", "{", " x", "\n"]),
    st.data(),
)
def test_end_of_an_object_is_found_in_any_pieces(
    value: dict[str, JsonValue], ascii_only: bool, tail: str, data: st.DataObject
) -> None:
    text = " " + json.dumps(value, ensure_ascii=ascii_only)
    whole, rest = text + tail, text + tail
    end, beyond, fed = ArgumentsEnd(), "", ""
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        piece, rest = rest[:size], rest[size:]
        harmless = end.harmless(piece)
        more = end.feed(piece)
        assert not (harmless and more)
        beyond, fed = beyond + more, fed + piece
        assert end.whole == (len(fed) >= len(text))
    assert (beyond, fed) == (tail.strip(), whole)
    assert (fault_of(whole) is None) == (not tail.strip())


@given(st.lists(st.text('{}[]"\\ x', max_size=4), max_size=8))
def test_pieces_that_are_called_harmless_are(pieces: list[str]) -> None:
    end = ArgumentsEnd()
    for piece in pieces:
        harmless = end.harmless(piece)
        assert not (end.feed(piece) and harmless)
