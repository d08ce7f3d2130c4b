"""The shortcut of a chat stream against the long way, which is the definition, event by event."""

import json
import re
from collections.abc import Iterable
from typing import Any, get_args

import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

from chatschema import ChatStream, JsonObject, JsonValue, SseDecoder, SseEvent
from chatschema.chat.completion import FinishReason
from chatschema.judging.stream_judge import StreamJudge
from tests.schemas.replies import JSON, chunked, replies
from tests.schemas.samples import GONE, HEAD, broken, chunk, error, fragment, preamble, usage_chunk
from tests.schemas.test_properties import changed
from tests.schemas.test_recordings import exchanges, recordings


def state(judge: ChatStream) -> str:
    """All that a stream knows, so that 1, 1.0 and true differ."""
    return repr(
        (
            judge.events,
            judge.chunks,
            judge.done,
            judge.violations,
            judge.extensions,
            judge.head,
            judge.usage,
            judge.usage_position,
            judge.error,
            dict(judge.finish_reasons),
            judge.assembled(),
            judge._phase,
            judge._phases,
        )
    )


def both_ways(data: Iterable[str]) -> int:
    """Feed the same events both ways; how many took the shortcut."""
    short, long = ChatStream(), ChatStream()
    taken = 0
    for text in data:
        item = SseEvent(data=text)
        taken += short._phase.name == "OPEN" and short._shortcuts.find(text) is not None
        assert short.feed(item) == StreamJudge.feed(long, item)
        if short.events < 60:
            assert state(short) == state(long)
    assert short.close() == long.close()
    assert state(short) == state(long)
    return taken


TOKEN: JsonObject = {"token": "a", "logprob": -0.5, "bytes": [97]}
SCORE: JsonObject = {**TOKEN, "top_logprobs": [TOKEN, {**TOKEN, "id": 7}]}
SCORES: JsonObject = {"content": [SCORE, {**SCORE, "top_logprobs": []}], "refusal": None}
NAMED = chunk(fragment(id="call_1", type="function", function={"name": "f", "arguments": ""}))
PIECE = chunk(fragment(function={"arguments": "{"}))
TEXT = chunk({"content": "Hello"})
OPENAI: JsonObject = {
    **TEXT,
    "service_tier": "default",
    "system_fingerprint": "fp_1",
    "usage": None,
    "obfuscation": "x9",
}
MOULDS: dict[str, JsonObject] = {
    "role": chunk({"role": "assistant", "content": "", "refusal": None}),
    "text": TEXT,
    "OpenAI's": OPENAI,
    "another fingerprint": {**OPENAI, "system_fingerprint": "fp_2"},
    "role and text": chunk({"role": "assistant", "content": "x"}),
    "second choice": chunk({"content": "y"}, index=1),
    "choice first": {"choices": TEXT["choices"], **HEAD, "object": "chat.completion.chunk"},
    "vLLM's": broken(TEXT, "choices", 0, "token_ids", [1, 2]),
    "timings": {**TEXT, "timings": {"prompt_ms": 0.25, "at": [{"x": None}]}, "n": 1, "flag": True},
    "transformers'": broken(TEXT, "choices", 0, "finish_reason", GONE),
    "thoughts": chunk({"content": "", "reasoning_content": "hm", "reasoning": None, "x": "y"}),
    "thoughts of no text": chunk({"reasoning": {"a": 1}}),
    "refusal": chunk({"refusal": "no"}),
    "scores": broken(TEXT, "choices", 0, "logprobs", SCORES),
    "null scores": broken(TEXT, "choices", 0, "logprobs", {"content": None}),
    "wrong scores": broken(TEXT, "choices", 0, "logprobs", {"content": [TOKEN]}),
    "usage": {**TEXT, "usage": usage_chunk()["usage"]},
    "usage with details": {
        **TEXT,
        "usage": {
            "prompt_tokens": 1,
            "completion_tokens": 0,
            "total_tokens": 1,
            "prompt_tokens_details": {"cached_tokens": 0, "x": {}},
            "cost": 0.1,
        },
    },
    "wrong usage": {**TEXT, "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 1}},
    "call": NAMED,
    "piece of a call": PIECE,
    "piece that ends it": chunk(fragment(function={"arguments": "}"})),
    "piece that ends it and begins again": chunk(fragment(function={"arguments": '} {"a"'})),
    "piece that is whole": chunk(fragment(function={"arguments": "{}"})),
    "piece with the name": chunk(fragment(id="call_1", function={"name": "f", "arguments": "x"})),
    "piece with another name": chunk(fragment(function={"name": "g", "arguments": "x"})),
    "piece of another form": chunk(fragment(custom={"input": "x"})),
    "piece without a form": chunk(fragment(id="call_1")),
    "piece without an index": chunk({"tool_calls": [{"function": {"arguments": "x"}}]}),
    "second call": chunk(fragment(1, id="call_2", type="custom", custom={"name": "g", "input": "x"})),
    "call with a number for its id": chunk(fragment(2, id=5, function={"name": "f", "arguments": "x"})),
    "two calls": chunk({"tool_calls": [{"index": 0, "function": {"arguments": "x"}}, {"index": 1}]}),
    "no calls": chunk({"tool_calls": []}),
    "function call": chunk({"function_call": {"name": "f", "arguments": "x"}}),
    "audio": chunk({"audio": {"id": "a", "data": "x"}}),
    "two choices": {**TEXT, "choices": [{"index": 0, "delta": {"content": "x"}}, {"index": 1, "delta": {}}]},
    "another id": {**TEXT, "id": "chatcmpl-2"},
    "wrong type": {**TEXT, "service_tier": 1, "created": "now"},
    "wrong text": chunk({"content": 5}),
    "wrong role": chunk({"role": "user", "content": "x"}),
    "message": broken(TEXT, "choices", 0, "message", {"content": "x"}),
    "no delta": broken(TEXT, "choices", 0, "delta", GONE),
    "delta null": broken(TEXT, "choices", 0, "delta", None),
    "unusual index": broken(TEXT, "choices", 0, "index", -1),
    "null error": {**TEXT, "error": None},
    "error beside": {**TEXT, "error": "x"},
    "bare": {**TEXT, "choices": []},
    "end": chunk({}, "stop"),
    "end of no reason": chunk({"content": "x"}, ""),
    "end of the second choice": chunk({}, "stop", 1),
    "preamble": preamble(),
    "error": error(),
    "usage alone": usage_chunk(),
    "no chunk": {"a": 1},
}

#: JSON texts that stand where a value stood, as they would on the wire; some are no JSON.
ODD = [
    *(
        '"\\ud800"',
        '"\\ud83d\\ude00"',
        '"\ud800"',
        '"\\u0000"',
        '"\x00"',
        '"\t"',
        '"\\x"',
        '"',
        '""',
        '"\\"',
        '"é"',
    ),
    *(
        "NaN",
        "-Infinity",
        "1e999",
        "01",
        "1.0",
        "0",
        "true",
        "null",
        "-",
        "9" * 5000,
        "",
        " 1 ",
        "nul",
        '"stop"',
    ),
    *('{"a": 1, "a": 2}', '{"a\\ud800": "\\ud800"}', "[" * 90 + "]" * 90, "[" * 97 + "]" * 97, "[" * 9999),
    *(
        '"x", "content": "y"',
        '"x"}',
        '"x"}}',
        '{"error": 1}',
        '"\\u002c\\":"',
        '[1, {"a": "\\ud800"}]',
        "{}",
        "[]",
    ),
    *('"x"}}]} ', '"x"}}]}{"a": 1}', '"x",', ": 1"),
    *('"}"', '"} "', '"}x"', '"{}"', '"{}{}"', '"{]x"', '"\\"}"', '" "'),
    json.dumps(SCORES),
    json.dumps({"content": [SCORE]}),
    json.dumps({"content": [{**SCORE, "bytes": [256]}], "refusal": None}),
    '{"prompt_tokens": 2, "completion_tokens": 3, "total_tokens": 5}',
    '{"prompt_tokens": 2, "completion_tokens": 3, "total_tokens": 6}',
    '{"prompt_tokens": 2.0, "completion_tokens": 3, "total_tokens": 5}',
]
VALUES = st.one_of(
    st.text(max_size=6).map(json.dumps),
    st.text(max_size=6).map(lambda text: json.dumps(text, ensure_ascii=False)),
    JSON.map(json.dumps),
    st.sampled_from(ODD),
)


#: Members that differ from chunk to chunk.
LIVELY = {
    *(
        "content",
        "refusal",
        "reasoning",
        "reasoning_content",
        "arguments",
        "input",
        "obfuscation",
        "x",
        "token_ids",
    ),
    *(
        "timings",
        "n",
        "flag",
        "logprobs",
        "usage",
        "prompt_tokens",
        "logprob",
        "id",
        "bytes",
        "top_logprobs",
        "cost",
    ),
}


def places(value: JsonValue) -> list[tuple[str | int, ...]]:
    """The ways to all members and items of a value; to lively ones three times."""
    if not isinstance(value, dict | list):
        return []
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    found: list[tuple[str | int, ...]] = []
    for step, member in steps:
        found += [(step,)] * (3 if step in LIVELY else 1)
        found += [(step, *rest) for rest in places(member)]
    return found


@st.composite
def wires(draw: st.DrawFn, mould: JsonObject, separators: tuple[str, str]) -> str:
    """The text of a chunk like `mould`, with another value or two."""
    wire = mould
    news: list[str] = []
    for number in range(draw(st.sampled_from([0, 1, 1, 1, 2]))):
        wire = broken(wire, *draw(st.sampled_from(places(wire))), f"<{number}>")
        news.append(draw(VALUES))
    text = json.dumps(wire, separators=separators)
    for number, new in enumerate(news):
        text = text.replace(f'"<{number}>"', new)
    return text


@st.composite
def streams(draw: st.DrawFn) -> list[str]:
    """Events of a few moulds in turn, which repeat each other as those of a real stream do."""
    separators = draw(st.sampled_from([(",", ":"), (", ", ": ")]))
    some = draw(st.lists(st.sampled_from(sorted(MOULDS)), min_size=1, max_size=3, unique=True))
    start = draw(st.sampled_from([["role"], ["role", "call"], ["role", "call", "second call"], some[:1]]))
    data = [json.dumps(MOULDS[name], separators=separators) for name in (*start, *some)]
    for name in draw(st.lists(st.sampled_from(some), max_size=8)):
        data.append(draw(wires(MOULDS[name], separators)))  # noqa: PERF401 - a comprehension hides the order
    return data + draw(st.sampled_from([[], ["[DONE]"]]))


@given(streams())
@example(["[DONE]"])
def test_shortcut_and_long_way_are_one(data: list[str]) -> None:
    event(f"shortcuts taken: {min(both_ways(data), 4)}")


@given(st.data(), replies())
def test_shortcut_and_long_way_are_one_for_right_and_for_broken_replies(
    data: st.DataObject, reply: JsonObject
) -> None:
    chunks: list[JsonValue] = [*data.draw(chunked(reply))]
    right = [json.dumps(item) for item in chunks]
    both_ways([*right, "[DONE]"])
    wrong = data.draw(changed([*chunks[:3], *chunks]))
    both_ways([json.dumps(item) for item in (wrong if isinstance(wrong, list) else [wrong])])


@given(st.data(), st.sampled_from(sorted(MOULDS)))
def test_shortcut_and_long_way_are_one_for_any_change_of_the_text(data: st.DataObject, name: str) -> None:
    text = json.dumps(MOULDS[name])
    at = data.draw(st.integers(min_value=0, max_value=len(text)))
    to = data.draw(st.sampled_from([at, min(at + 1, len(text)), data.draw(st.integers(at, len(text)))]))
    new = data.draw(
        st.sampled_from(["", '"', "\\", ",", ":", "{", "}", "]", " ", "\n", "0", "\ud800", "x", "\\u0022"])
    )
    both_ways([json.dumps(MOULDS["role"]), text, text, text[:at] + new + text[to:], text, text])


@pytest.mark.parametrize("name", sorted(MOULDS))
def test_shortcut_and_long_way_are_one_for_every_odd_value_of_every_lively_member(name: str) -> None:
    mould = json.dumps(MOULDS[name])
    start = [json.dumps(MOULDS["role"]), json.dumps(NAMED), mould, mould]
    for place in dict.fromkeys(places(MOULDS[name])):
        if place[-1] in LIVELY:
            wire = json.dumps(broken(MOULDS[name], *place, "<>"))
            both_ways([*start, *(wire.replace('"<>"', odd) for odd in ODD), mould, *start[2:]])


CALLS = [
    json.dumps(mould) for name, mould in MOULDS.items() if "call" in name or "piece" in name or name == "role"
]


SECOND, FORMLESS, NAMELESS = (
    json.dumps(MOULDS[name]) for name in ("second call", "piece without a form", "piece without an index")
)


@given(st.lists(st.sampled_from(CALLS), max_size=16))
@example([SECOND, FORMLESS, SECOND, FORMLESS, NAMELESS])
@example([json.dumps(PIECE), SECOND, json.dumps(PIECE), NAMELESS])
def test_shortcut_and_long_way_are_one_for_fragments_of_calls_in_any_order(data: list[str]) -> None:
    both_ways([json.dumps(MOULDS["role"]), json.dumps(NAMED), *data])


@pytest.mark.parametrize("name", sorted(MOULDS))
def test_every_mould_goes_both_ways_with_and_without_its_neighbours(name: str) -> None:
    texts = [json.dumps(mould) for mould in MOULDS.values()]
    mould = json.dumps(MOULDS[name])
    both_ways([texts[0], mould, mould, *texts, mould, "[DONE]", mould])


REPEATED = [
    *("text", "OpenAI's", "role and text", "choice first", "vLLM's", "timings", "transformers'", "thoughts"),
    *("refusal", "scores", "usage", "usage with details", "second choice", "another id", "wrong role"),
]


@pytest.mark.parametrize("name", REPEATED)
def test_chunk_that_repeats_another_takes_the_shortcut(name: str) -> None:
    second = json.dumps(MOULDS["role"]).replace('"index": 0', '"index": 1')
    mould = json.dumps(MOULDS[name])
    other = re.sub(r'"(Hello|x9|x|y|hm|no)"(?!:)', r'"another \\"\1\\" é"', mould)
    assert other != mould
    assert both_ways([json.dumps(MOULDS["role"]), second, mould, mould, other]) == 2


@pytest.mark.parametrize("name", ["piece of a call", "piece with the name"])
def test_fragment_of_a_call_takes_the_shortcut(name: str) -> None:
    mould = json.dumps(MOULDS[name])
    other = mould.replace('"arguments": "', '"arguments": "\\u00e9')
    assert both_ways([json.dumps(MOULDS["role"]), json.dumps(NAMED), mould, mould, other]) == 2


@pytest.mark.parametrize("reason", get_args(FinishReason))
def test_chunk_after_the_end_of_its_choice_goes_the_long_way(reason: str) -> None:
    head = [json.dumps(MOULDS["role"]), json.dumps(TEXT), json.dumps(TEXT)]
    assert both_ways([*head, json.dumps(chunk({}, reason))]) == 1
    judge = ChatStream()
    for text in head:
        judge.feed(SseEvent(data=text))
    judge.feed(SseEvent(data=json.dumps(chunk({}, reason))))
    assert [item.rule for item in judge.feed(SseEvent(data=json.dumps(TEXT)))] == ["chat.sse.finish-once"]


def test_named_and_unfinished_events_and_those_after_the_end_go_the_long_way() -> None:
    judge = ChatStream()
    for text in (json.dumps(MOULDS["role"]), json.dumps(TEXT), json.dumps(TEXT)):
        assert judge.feed(SseEvent(data=text)) == []
    assert len(judge.feed(SseEvent(data=json.dumps(TEXT), event="x"))) == 1
    assert len(judge.feed(SseEvent(data=json.dumps(TEXT), complete=False))) == 1
    judge.close()
    with pytest.raises(ValueError, match="closed"):
        judge.feed(SseEvent(data=json.dumps(TEXT)))


def test_stream_that_repeats_nothing_stops_looking_for_it() -> None:
    judge = ChatStream()
    for number in range(100):
        judge.feed(SseEvent(data=json.dumps(chunk({"role": "assistant", "content": "", f"x{number}": None}))))
    assert judge._shortcuts._credit == 0
    assert len(judge._shortcuts._known) <= 16


def sse(body: str) -> list[str]:
    decoder = SseDecoder()
    return [item.data for item in (*decoder.feed(body.encode()), *decoder.close())]


def test_recorded_streams_go_both_ways() -> None:
    bodies: list[Any] = [item["body"] for item in exchanges() if item["kind"] == "sse"]
    for body in bodies[::3]:  # of all kinds, in a third of the time
        both_ways(sse(body))
    assert len(bodies) > 500


def test_streams_of_recorded_servers_go_both_ways() -> None:
    bodies: list[Any] = [item["response"].get("body") or "" for item in recordings()]
    assert sum(both_ways(sse(body)) > 0 for body in bodies if body.startswith("data:")) > 10
