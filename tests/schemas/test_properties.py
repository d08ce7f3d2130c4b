"""What holds for any reply, any chunking and any bytes."""

import json

from hypothesis import given
from hypothesis import strategies as st

from chatschema import (
    ChatCompletion,
    ChatCompletionChunk,
    ChatStream,
    JsonObject,
    JsonValue,
    Kind,
    SseDecoder,
    check,
)
from chatschema.judging import judge_completion
from chatschema.judging.catalogue import STREAMS
from tests.schemas.replies import JSON, TEXT, chunked, replies
from tests.schemas.samples import dump

NAMES = TEXT | st.sampled_from(
    ["model_dump", "model_fields", "copy", "json", "__dict__", "a.b", "<function>"]
)
EXTRAS = st.dictionaries(NAMES, JSON, max_size=3)


def same(one: JsonValue, other: JsonValue) -> bool:
    """Equal as JSON: `1` is `1.0`, and neither is `true`."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and one == other


@given(st.data(), replies(), EXTRAS)
def test_parse_and_dump_gives_the_same_json(
    data: st.DataObject, reply: JsonObject, extras: JsonObject
) -> None:
    value = {**extras, **reply}
    parsed = ChatCompletion.model_validate(value)
    assert same(parsed.model_dump(exclude_unset=True), value)
    for item in data.draw(chunked(reply)):
        mixed = {**extras, **item}
        assert same(ChatCompletionChunk.model_validate(mixed).model_dump(exclude_unset=True), mixed)


@given(replies(), EXTRAS)
def test_any_right_reply_is_valid_and_unknown_members_are_extensions(
    reply: JsonObject, extras: JsonObject
) -> None:
    known = {"usage", "service_tier", "system_fingerprint"} | reply.keys()
    unknown = {name: value for name, value in extras.items() if name not in known}
    judgement = judge_completion({**unknown, **reply})
    assert judgement.valid
    choices = reply["choices"]
    assert isinstance(choices, list)
    thoughts = sum("reasoning_content" in json.dumps(choice) for choice in choices)
    assert len(judgement.extensions) == len(unknown) + thoughts


@given(st.data(), replies())
def test_any_chunking_assembles_to_the_reply(data: st.DataObject, reply: JsonObject) -> None:
    wire = dump(data.draw(chunked(reply))).encode()
    decoder, stream = SseDecoder(), ChatStream()
    size = data.draw(st.integers(min_value=1, max_value=len(wire)))
    for start in range(0, len(wire), size):
        for event in decoder.feed(wire[start : start + size]):
            assert stream.feed(event) == []
    assert decoder.close() == []
    assert stream.close() == []
    completion = stream.assembled()
    assert completion is not None
    assert same(completion, reply)


@given(st.data(), replies())
def test_stream_dump_is_judged_as_its_reply(data: st.DataObject, reply: JsonObject) -> None:
    judgement = check(dump(data.draw(chunked(reply))))
    assert judgement.kind == "chat.completion.sse"
    assert judgement.violations == ()
    assert judgement.value == ChatCompletion.model_validate(reply)


@st.composite
def changed(draw: st.DrawFn, value: JsonValue) -> JsonValue:
    """`value` with any JSON in the place of some part of it."""
    if isinstance(value, dict) and value and draw(st.integers(min_value=0, max_value=9)):
        name = draw(st.sampled_from(sorted(value)))
        return {**value, name: draw(changed(value[name]))}
    if isinstance(value, list) and value and draw(st.integers(min_value=0, max_value=9)):
        index = draw(st.integers(min_value=0, max_value=len(value) - 1))
        return [*value[:index], draw(changed(value[index])), *value[index + 1 :]]
    return draw(JSON)


@given(st.data(), replies())
def test_any_change_of_an_answer_or_a_stream_never_raises(data: st.DataObject, reply: JsonObject) -> None:
    judge_completion(data.draw(changed(reply)))
    chunks: list[JsonValue] = [*data.draw(chunked(reply))]
    broken = data.draw(changed(chunks))
    check(dump(broken if isinstance(broken, list) else [broken]), Kind.STREAM)


@given(st.binary(max_size=200) | st.text(max_size=200), st.sampled_from([None, *Kind]))
def test_any_bytes_and_any_text_are_judged_without_a_traceback(data: bytes | str, kind: Kind | None) -> None:
    judgement = check(data, kind)
    assert judgement.kind == kind or kind is None
    assert judgement.valid == (not any(item.level == "must" for item in judgement.violations))


@given(JSON | replies(), st.sampled_from([None, *Kind]))
def test_any_json_is_judged_alike_as_text_bytes_and_value(value: JsonValue, kind: Kind | None) -> None:
    text = json.dumps(value)
    if isinstance(value, str) or kind in STREAMS:
        return
    assert check(text, kind) == check(text.encode(), kind) == check(value, kind)
