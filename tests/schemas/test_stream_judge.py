"""What a stream looks for once it knows enough, against a whole judgement of each part."""

import json
from collections.abc import Iterator

from hypothesis import example, given
from hypothesis import strategies as st

from chatschema import ChatStream, JsonObject, JsonValue, SseEvent, StreamJudge, Violation
from chatschema.chat.contract import COMPLETION
from chatschema.chat.stream.chunk import CHUNK
from chatschema.core.json_text import load
from chatschema.judging.contract import Contract
from tests.schemas.replies import JSON
from tests.schemas.samples import broken, calling, chunk, fragment
from tests.schemas.test_properties import changed


class Parts(StreamJudge):
    """Parts of one kind that owe nothing to each other."""

    contract: Contract = CHUNK

    def _event(self, event: SseEvent) -> Iterator[Violation]:
        yield from self._judge(self.contract, load(event.data).value)

    def _end(self) -> Iterator[Violation]:
        yield from ()

    def assembled(self) -> JsonObject | None:
        return None


class WholeParts(Parts):
    """The definition."""

    def _event(self, event: SseEvent) -> Iterator[Violation]:
        judgement = self.contract.inspect(load(event.data).value)
        self._add_extensions(judgement.extensions)
        yield from judgement.violations


WRONG: JsonObject = broken(chunk({"content": 5, "role": None, "x": 1}), "created", "now")
VALUES: list[JsonValue] = [
    chunk({}),
    WRONG,
    broken(WRONG, "created", None),
    broken(WRONG, "service_tier", 5),
    broken(chunk(fragment(index=-1, id=5)), "id", ""),
    {**chunk({}), "choices": [{"index": number, "delta": {"y": 1}} for number in range(60)]},
    {**chunk({}), "choices": [{"index": "x", "delta": number} for number in range(40)]},
    {f"x{number}": number for number in range(120)},
    {"a": 1},
    {},
    [],
    None,
]


def same(values: list[JsonValue], quick: Parts, whole: Parts) -> None:
    for value in values:
        event = SseEvent(data=json.dumps(value))
        assert quick.feed(event) == whole.feed(event)
        assert quick.extensions == whole.extensions


ENDLESS: list[JsonValue] = [{"index": "x", "delta": {}, "finish_reason": None}] * 49


@given(
    st.lists(st.sampled_from(VALUES) | JSON | changed(WRONG), max_size=6).map(lambda values: values + values)
)
@example([VALUES[5], VALUES[5], VALUES[6], VALUES[6]])
@example([VALUES[6], VALUES[5], VALUES[6], VALUES[1]])
@example([WRONG, broken(WRONG, "service_tier", 5), {**WRONG, "model": 1}])
@example(
    [
        {**chunk({}), "choices": ENDLESS},
        {**chunk({}), "choices": [*ENDLESS, *[{"index": 1, "delta": {}}] * 60]},
    ]
)
def test_parts_are_judged_as_if_each_were_looked_at_whole(values: list[JsonValue]) -> None:
    same(values, Parts(), WholeParts())


class Answers(Parts):
    contract = COMPLETION


class WholeAnswers(WholeParts):
    contract = COMPLETION


@given(st.lists(st.sampled_from([5, {}, {"type": "x"}, {"type": 5}, {"type": "function"}]), max_size=6))
@example([{}, 5, {}])
def test_parts_with_a_tag_are_judged_as_if_each_were_looked_at_whole(calls: list[JsonValue]) -> None:
    place = ("choices", 0, "message", "tool_calls")
    same([broken(calling(), *place, [call]) for call in calls], Answers(), WholeAnswers())


def test_wrong_member_is_told_beside_one_that_was_told_before() -> None:
    stream = Parts()
    assert [
        item.path for item in stream.feed(SseEvent(data=json.dumps(broken(chunk({}), "created", "now"))))
    ] == ["$[0].created"]
    both = broken(broken(chunk({}), "created", None), "model", 5)
    assert [item.path for item in stream.feed(SseEvent(data=json.dumps(both)))] == ["$[1].model"]
    assert stream.feed(SseEvent(data=json.dumps(both))) == []


def test_full_stream_keeps_its_bounds() -> None:
    judge = ChatStream()
    for number in range(300):
        judge.feed(SseEvent(data=json.dumps({**chunk({}), f"x{number}": 1, "y" * number: 1})))
        judge.feed(
            SseEvent(data=json.dumps(broken(chunk({"audio": {"y" * number: 1}}), "created", number / 7)))
        )
        judge.feed(SseEvent(data="[" * number))
    assert len(judge.extensions) <= 200
    assert len(judge.violations) == 100
    assert len(judge._seen) == 100
    assert len(judge._shapes._reported) <= 200
    judge.feed(SseEvent(data="[DONE]"))
    assert judge.done
