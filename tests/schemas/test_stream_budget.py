"""A stream is judged as far as its bytes pay for what is in it, and a text as far as it is more than brackets."""

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import count, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatschema import ChatStream, JsonObject, JsonValue, Kind, Level, SseDecoder, SseEvent, Violation, check
from chatschema.core import json_text
from chatschema.core.json_text import LEAST_EACH, MOST_HOLDERS, TextPattern, holders_in, objects
from chatschema.core.violation import MOST
from chatschema.judging import framing
from chatschema.judging.bounds import Budget
from chatschema.judging.catalogue import STREAMS
from chatschema.judging.contract import bounded
from chatschema.judging.stream_judge import StreamJudge
from chatschema.responses.stream.text_track import TextTrack
from tests.schemas.samples import broken, calling, chunk, completion, dump, stream

TEXT = st.text('[]{}"\\a,: é', max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def walked(value: JsonValue) -> int:
    match value:
        case dict():
            return 1 + sum(map(walked, value.values()))
        case list():
            return 1 + sum(map(walked, value))
        case _:
            return 0


@given(VALUES, st.booleans())
def test_holders_are_counted_without_parsing(value: JsonValue, ascii_: bool) -> None:
    assert holders_in(json.dumps(value, ensure_ascii=ascii_)) == walked(value)


def test_text_is_read_up_to_a_list_to_sixteen_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    real = json_text.FLAWLESS

    class Parser:
        def raw_decode(self, text: str) -> object:
            parsed.append(text)
            return real.raw_decode(text)

    monkeypatch.setattr(json_text, "FLAWLESS", Parser())
    few = f"[{','.join(['[]'] * (MOST_HOLDERS - 1))}]"
    wide = f"[{','.join(['[1234]'] * MOST_HOLDERS * 2)}]"
    assert len(few) > MOST_HOLDERS
    assert len(wide) // LEAST_EACH < MOST_HOLDERS * 2
    for text, is_read in ((few, True), (few.replace("[],", "[],[],", 1), False), (wide, False)):
        del parsed[:]
        judgement = check(text, Kind.MODELS)
        assert not judgement.valid
        assert bool(parsed) is is_read
    brackets = json.dumps({**completion(), "note": "[{" * 90_000 + '"' * 10})
    assert check(brackets).kind is Kind.COMPLETION


@pytest.mark.parametrize("coded", [False, True])
def test_arguments_of_brackets_are_a_must(coded: bool) -> None:
    text = f"[{','.join(['[]'] * MOST_HOLDERS)}]"
    call = {
        "id": "a",
        "type": "function",
        "function": {"name": "f", "arguments": json.dumps(text) if coded else text},
    }
    (violation,) = check(broken(calling(), "choices", 0, "message", "tool_calls", [call])).violations
    assert (violation.rule, violation.level) == ("chat.tools.arguments", Level.MUST)
    assert "more objects and lists" in violation.message


def test_event_of_brackets_is_not_cut_into_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framing, "_DECODER", None)
    judgement = check(f"data: {{}}\n\ndata: {'[]' * MOST_HOLDERS}[]\n\n", Kind.STREAM)
    assert [one.path for one in judgement.violations if "more than" in one.message] == ["$[1]"]


def test_long_list_ends_for_the_rules_where_it_is_wrong() -> None:
    one: JsonObject = {}
    few: list[JsonValue] = [one, 1, one]
    many: list[JsonValue] = [*[one] * 5_000, 1, one]
    assert [place for place, _ in objects({"x": few}, "x")] == ["$.x[0]", "$.x[2]"]
    assert len([*objects({"x": many}, "x")]) == 5_000


def about(kind: str, **members: JsonValue) -> str:
    return json.dumps({"type": f"response.{kind}", **members})


CALL: JsonValue = {"type": "function_call", "call_id": "c", "name": "f", "arguments": ""}
CREATED: JsonObject = {
    "id": "r",
    "object": "response",
    "created_at": 1,
    "model": "m",
    "status": "in_progress",
}
#: What a stream is made of that goes on for ever with it -> its kind, and an event by its number.
ENDLESS: Mapping[str, tuple[Kind, Callable[[int], str]]] = {
    "no data": (Kind.STREAM, lambda _: ""),
    "no object": (Kind.STREAM, lambda _: "1"),
    "nothing in it": (Kind.STREAM, lambda _: "{}"),
    "done": (Kind.STREAM, lambda _: "[DONE]"),
    "several in one": (Kind.STREAM, lambda _: "{}" * 9_000),
    "choices": (Kind.STREAM, lambda _: json.dumps({"choices": [{}] * 13})),
    "fragments": (Kind.STREAM, lambda _: json.dumps({"choices": [{"delta": {"tool_calls": [{}] * 900}}]})),
    "unknown lists": (Kind.STREAM, lambda _: json.dumps({**chunk({}), "x": [[]] * 900})),
    "a member twice": (Kind.STREAM, lambda number: f'{{"a{number}":1,"a{number}":2}}'),
    "texts": (Kind.TEXT_STREAM, lambda _: json.dumps({"choices": [{"text": ""}] * 40})),
    "types": (Kind.RESPONSE_STREAM, lambda number: about(f"x{number}")),
    "calls": (Kind.RESPONSE_STREAM, lambda _: about("created", response={**CREATED, "output": [CALL] * 20})),
    "tokens": (Kind.LORAX_STREAM, lambda _: '{"token":{}}'),
}


def judged(judge: StreamJudge, events: Iterator[str], size: int) -> list[Violation]:
    """Feeds so many bytes."""
    fresh: list[Violation] = []
    while size > 0:
        data = next(events)
        size -= len(data) + 8
        fresh = judge.feed(SseEvent(data=data)) or fresh
    return fresh


@pytest.mark.parametrize("name", ENDLESS)
def test_stream_of_little_is_given_up_and_that_is_a_must(name: str) -> None:
    kind, make = ENDLESS[name]
    judge = STREAMS[kind].open()
    last = judged(judge, map(make, count()), 1_000_000)[-1]
    assert judge.given_up
    assert judge.events < 25_000
    assert (last.rule, last.level, last.path) == ("http.bounds", Level.MUST, f"$[{judge.events - 1}]")
    assert judge.violations[-1] == last
    events, told = judge.events, judge.violations
    assert judge.feed(SseEvent(data="[DONE]")) == []
    assert judge.close() == []
    assert (judge.events, judge.violations) == (events, told)
    body = "".join(f"data: {make(number)}\n\n" for number in range(events + 9))
    judgement = check(body, kind)
    assert [one.rule for one in judgement.violations if one.message == last.message] == ["http.bounds"]
    assert not judgement.valid


def test_stream_of_chunks_pays_for_itself_however_long_it_is() -> None:
    head = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    parts: list[JsonValue] = [{"index": 0, "delta": {"content": "a"}, "finish_reason": None}]
    data = json.dumps({**head, "choices": parts}, separators=(",", ":"))  # 138 bytes
    budget = Budget()
    for _ in range(100_000):
        budget.pay_event(data)
        budget.pay_holders(data)
        budget.pay_violation()
    assert not budget.spent


def test_musts_are_told_though_a_hundred_shoulds_came_before() -> None:
    should = Violation(rule="a", level=Level.SHOULD, path="$", message="A.", expected="", seen="")
    must = Violation(rule="b", level=Level.MUST, path="$", message="B.", expected="", seen="")
    found = bounded([should] * MOST + [must])
    assert (len(found), found[0]) == (MOST, must)
    assert bounded([should, must] * MOST)[:2] == (should, must)


def test_full_list_of_shoulds_does_not_hide_a_must() -> None:
    head = {"id": "c", "object": "text_completion", "created": 1764000000, "model": "m"}
    shoulds = {**head, "choices": [{"index": index, "text": "a"} for index in range(60)]}
    must = {**head, "choices": [{"index": 0, "text": 1, "finish_reason": None, "logprobs": None}]}
    judge = STREAMS[Kind.TEXT_STREAM].open()
    for event in (shoulds, must, must):
        judge.feed(SseEvent(data=json.dumps(event)))
    levels = [one.level for one in judge.violations]
    assert levels == [Level.SHOULD] * MOST + [Level.MUST]
    judgement = check(f"data: {json.dumps(shoulds)}\n\ndata: {json.dumps(must)}\n\n")
    assert not judgement.valid
    assert len(judgement.violations) == MOST


def test_item_that_is_closed_again_and_again_is_compared_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    real = TextTrack.agrees

    def agrees(self: TextTrack, whole: str, piece: str, path: str) -> Iterator[Violation]:
        compared.append(path)
        return real(self, whole, piece, path)

    monkeypatch.setattr(TextTrack, "agrees", agrees)
    judge = STREAMS[Kind.RESPONSE_STREAM].open()
    judge.feed(SseEvent(data=about("created", sequence_number=0, response=CREATED)))
    for index in range(100):
        judge.feed(
            SseEvent(
                data=about("output_text.delta", output_index=0, content_index=index, delta="", item_id="i")
            )
        )
    for _ in range(100):
        judge.feed(SseEvent(data=about("output_item.done", output_index=0, item={"type": "message"})))
    assert len(compared) <= 400
    assert any("closes item 0 again" in one.message for one in judge.violations)


def test_chunks_that_are_nearly_the_same_are_not_read_sixteen_times(monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[str] = []
    real = TextPattern.read

    def read(self: TextPattern, text: str) -> list[JsonValue] | None:
        reads.append(text)
        return real(self, text)

    monkeypatch.setattr(TextPattern, "read", read)
    judge = ChatStream()
    for event in SseDecoder().feed(dump(stream()[:1], "").encode()):
        judge.feed(event)
    events = 2_000
    for number in range(events):
        judge.feed(SseEvent(data=json.dumps({"y": 1, **chunk({"content": "a"}), f"z{number % 16}": 1})))
    assert judge.events == events + 1
    assert len(reads) < events


def test_calls_of_a_request_are_looked_up_and_not_searched_for() -> None:
    compared = 0

    class Id(str):
        __slots__ = ()

        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return str(self) == str(other)

        __hash__ = str.__hash__

    items: list[JsonValue] = []
    for number in range(300):
        items += [
            {"type": "function_call", "call_id": Id(number), "name": "f", "arguments": ""},
            {"type": "function_call_output", "call_id": Id(number), "output": ""},
        ]
    assert check({"model": "m", "input": items}, Kind.RESPONSE_REQUEST).valid
    assert compared < 300 * 20


def test_stray_bytes_cost_an_exception_only_while_they_are_told() -> None:
    decoder = SseDecoder()
    decoder.feed(b"".join(repeat(b"\xff\n", 1000)))
    assert len(decoder.bad_bytes) == 16
    assert decoder.strays == 1000
