"""What a stream is held to, where the near misses do not say it."""

import json

import pytest

from chatschema import JsonObject, JsonValue, ResponseStream, SseEvent
from tests.schemas.responses.samples import (
    begun,
    broken,
    call,
    judged,
    message,
    numbered,
    opening,
    response,
    said,
    stream,
)

ERROR: JsonObject = {"type": "server_error", "code": None, "message": "out of memory", "param": None}
FAILED: JsonObject = {
    **begun(),
    "status": "failed",
    "error": {"code": "server_error", "message": "out of memory"},
}


def test_right_stream_breaks_nothing_and_ends_as_its_response() -> None:
    judge = judged(numbered(stream()))
    assert judge.violations == ()
    assert judge.done
    assert judge.assembled() == response()


def test_done_is_allowed_after_the_end_and_not_asked_for() -> None:
    assert broken([*numbered(stream()), "[DONE]"]) == []


def test_done_twice_is_a_should() -> None:
    (violation,) = broken([*numbered(stream()), "[DONE]", "[DONE]"])
    assert violation == ("should", "$[11]", "[DONE] came twice.")


def test_violation_comes_out_at_the_event_that_causes_it() -> None:
    judge = ResponseStream()
    events = numbered(stream())
    for number, event in enumerate(dumped(events)):
        found = judge.feed(event)
        if number == 0:
            assert found == []
    assert judge.close() == []
    late = ResponseStream()
    fed = [late.feed(event) for event in dumped([events[0], *events[2:]])]
    assert [[said(violation) for violation in found] for found in fed[1:3]] == [
        [
            ("must", "$[1].sequence_number", "The sequence number is not the next one."),
            ("should", "$[1]", "An item came before response.in_progress."),
        ],
        [],
    ]


def test_error_and_failed_are_an_end() -> None:
    failed: JsonObject = {"type": "response.failed", "response": FAILED}
    judge = judged(numbered([*opening(), {"type": "error", "error": ERROR}, failed]))
    assert judge.violations == ()
    assert judge.error is not None
    assert judge.assembled() == FAILED


def test_error_alone_is_an_end_of_which_open_responses_wants_more() -> None:
    flat: JsonObject = {"type": "error", "code": "x", "message": "out of memory", "param": None}
    assert broken(numbered([*opening(), flat])) == [
        ("should", "$[4]", "After the error the response did not end.")
    ]


def test_error_object_in_the_manner_of_chat_completions_is_an_error_without_a_type() -> None:
    found = broken([*numbered(opening()), {"error": ERROR}])
    assert found == [
        ("must", "$[3].type", "The member type is missing."),
        ("should", "$[4]", "After the error the response did not end."),
    ]


def test_refusal_inside_a_stream_is_a_should() -> None:
    (first, *_) = broken([{"type": "error", "sequence_number": 0, "error": ERROR}])
    assert first == ("should", "$[0]", "The request was refused inside a stream with a good status.")


def test_empty_stream_brought_no_response() -> None:
    assert broken([]) == [("must", "$[0]", "The stream brought no response.")]
    assert judged([]).assembled() is None


def test_vendors_events_are_let_in_anywhere_and_named() -> None:
    events: list[JsonValue] = [*numbered(stream())]
    ticks: list[JsonValue] = [{"type": "acme:tick", "now": 1}, *events[:5], {"type": "ping"}, *events[5:]]
    judge = judged(ticks)
    assert [said(violation) for violation in judge.violations] == [
        ("should", "$[6].type", "Nobody knows this type of event.")
    ]
    assert judge.extensions == ("$[*].now",)
    assert broken([*events, {"type": "acme:tick"}]) == [
        ("should", "$[10]", "An unknown event came after the end of the response.")
    ]


def test_stream_asked_for_from_the_middle_is_held_to_what_can_be_seen() -> None:
    middle = numbered(stream())[5:]
    assert broken(middle) == [
        ("should", "$[0].sequence_number", "The first sequence number is not 0."),
        ("should", "$[0]", "The stream begins in the middle, as if it had been asked for from there."),
    ]
    assert judged(middle).assembled() == response()


def test_items_may_come_side_by_side() -> None:
    first, second, *rest = stream()
    item, part, one, two, text, part_done, item_done, end = rest
    added: JsonObject = {**call(), "arguments": "", "status": "in_progress"}
    place: JsonObject = {"output_index": 1, "item_id": "fc_1"}
    pieces: list[JsonObject] = [
        {"type": "response.function_call_arguments.delta", **place, "delta": '{"city": "Oslo"}'},
        {
            "type": "response.function_call_arguments.done",
            **place,
            "arguments": '{"city": "Oslo"}',
            "name": "weather",
        },
    ]
    both: JsonObject = {**end, "response": response(message(), call())}
    opens: JsonObject = {"type": "response.output_item.added", "output_index": 1, "item": added}
    closes: JsonObject = {"type": "response.output_item.done", "output_index": 1, "item": call()}
    spoken = (part, pieces[0], one, pieces[1], two, text, part_done)
    assert broken(numbered([first, second, item, opens, *spoken, closes, item_done, both])) == []


def test_calls_may_come_whole_and_careful_clients_would_rather_have_pieces() -> None:
    added: JsonObject = {"type": "response.output_item.added", "output_index": 0, "item": call()}
    done: JsonObject = {"type": "response.output_item.done", "output_index": 0, "item": call()}
    end: JsonObject = {"type": "response.completed", "response": response(call())}
    assert broken(numbered([*opening()[:2], added, done, end])) == [
        ("should", "$[3].item.arguments", "A text of item 0 did not come in pieces.")
    ]


def test_the_event_that_a_call_lacks_is_named() -> None:
    opened: JsonObject = {**call(), "arguments": "", "status": "in_progress"}
    added: JsonObject = {"type": "response.output_item.added", "output_index": 0, "item": opened}
    piece: JsonObject = {"output_index": 0, "item_id": "fc_1", "delta": '{"city": "Oslo"}'}
    delta: JsonObject = {"type": "response.function_call_arguments.delta", **piece}
    done: JsonObject = {"type": "response.output_item.done", "output_index": 0, "item": call()}
    end: JsonObject = {"type": "response.completed", "response": response(call())}
    (found,) = judged([*numbered([*opening()[:2], added, delta, done, end])]).violations
    assert (found.level, found.path) == ("must", "$[4].item")
    assert found.expected == "response.function_call_arguments.done before it"


def test_sealed_members_may_be_sealed_anew() -> None:
    sealed: JsonObject = {"id": "rs_1", "type": "reasoning", "summary": [], "encrypted_content": "a"}
    added: JsonObject = {"type": "response.output_item.added", "output_index": 0, "item": sealed}
    done: JsonObject = {"type": "response.output_item.done", "output_index": 0, "item": sealed}
    end: JsonObject = {
        "type": "response.completed",
        "response": response({**sealed, "encrypted_content": "b"}),
    }
    assert broken(numbered([*opening()[:2], added, done, end])) == []


def test_other_members_that_change_until_the_end_are_a_should() -> None:
    *events, end = stream()
    changed: JsonObject = {**end, "response": response({**message(), "status": "incomplete"})}
    assert broken(numbered([*events, changed])) == [
        (
            "should",
            "$[9].response.output[0]",
            "At the end of the response item 0 is another than in the stream.",
        )
    ]


def test_text_that_is_not_repeated_is_lost() -> None:
    *events, done, end = stream()
    empty: JsonObject = {**message(), "content": []}
    found = broken(numbered([*events, {**done, "item": empty}, {**end, "response": response(empty)}]))
    assert found == [("must", "$[8].item", "The text of item 0 is not the one that came before.")]


def test_text_that_only_the_end_has_is_invented() -> None:
    *events, end = stream()
    more: JsonObject = {"type": "output_text", "text": "!", "annotations": []}
    content = message()["content"]
    both: JsonObject = {**message(), "content": [*(content if isinstance(content, list) else ()), more]}
    assert broken(numbered([*events, {**end, "response": response(both)}])) == [
        (
            "must",
            "$[9].response.output[0].content[1].text",
            "The text of item 0 is not the one that came before.",
        )
    ]


def test_second_item_of_the_same_id_is_told_apart_by_index_alone() -> None:
    twin: JsonObject = {
        "type": "response.output_item.added",
        "output_index": 1,
        "item": {**call(), "id": "msg_1"},
    }
    (first, *_) = broken(numbered([*opening(), twin]))
    assert first == ("must", "$[3].item.id", "The event opens item 1 under the id of another one.")


def test_open_item_of_a_response_that_was_cut_off_is_a_should() -> None:
    cut: JsonObject = {**response(status="incomplete"), "incomplete_details": {"reason": "max_output_tokens"}}
    found = broken(numbered([*stream()[:-2], {"type": "response.incomplete", "response": cut}]))
    assert found == [("should", "$[8].response.output[0]", "Nothing has closed item 0.")]


def test_stream_that_breaks_off_is_put_together() -> None:
    cut = judged(numbered(stream()[:6])).assembled()
    assert cut is not None
    assert cut["status"] == "in_progress"
    said_so_far: JsonObject = {"type": "output_text", "text": "Hello!", "annotations": []}
    assert cut["output"] == [{**message(), "status": "in_progress", "content": [said_so_far]}]


def test_call_that_breaks_off_is_put_together() -> None:
    item: JsonObject = {"id": "ctc_1", "type": "custom_tool_call", "call_id": "c", "name": "sql", "input": ""}
    events: list[JsonObject] = [
        *opening()[:2],
        {"type": "response.output_item.added", "output_index": 0, "item": item},
        {
            "type": "response.custom_tool_call_input.delta",
            "output_index": 0,
            "item_id": "ctc_1",
            "delta": "SEL",
        },
    ]
    cut = judged(numbered(events)).assembled()
    assert cut is not None
    assert cut["output"] == [{**item, "input": "SEL"}]


def test_summary_that_breaks_off_is_put_together() -> None:
    item: JsonObject = {"id": "rs_1", "type": "reasoning", "summary": []}
    place: JsonObject = {"output_index": 0, "item_id": "rs_1", "summary_index": 0}
    events: list[JsonObject] = [
        *opening()[:2],
        {"type": "response.output_item.added", "output_index": 0, "item": item},
        {
            "type": "response.reasoning_summary_part.added",
            **place,
            "part": {"type": "summary_text", "text": ""},
        },
        {"type": "response.reasoning_summary_text.delta", **place, "delta": "So"},
    ]
    cut = judged(numbered(events)).assembled()
    assert cut is not None
    assert cut["output"] == [{**item, "summary": [{"type": "summary_text", "text": "So"}]}]


SHELL: JsonObject = {"id": "sh_1", "type": "shell_call", "call_id": "c", "action": {"commands": []}}


@pytest.mark.parametrize(
    ("kind", "index"),
    [
        ("response.output_item.added", "output_index"),
        ("response.content_part.added", "content_index"),
        ("response.shell_call_command.delta", "command_index"),
        ("response.shell_call_command.done", "command_index"),
    ],
)
def test_endless_lists_are_cut(kind: str, index: str) -> None:
    judge = ResponseStream()
    opened: JsonObject = {"type": "response.output_item.added", "output_index": 0, "item": SHELL}
    place: JsonObject = {"output_index": 0, "item_id": "sh_1", "content_index": 0, "part": {"type": "acme:x"}}
    for event in dumped([*opening()[:2], opened]):
        judge.feed(event)
    for number in range(1100):
        item: JsonObject = {**SHELL, "id": f"sh_{number}"}
        said_now: JsonObject = {"type": kind, "delta": "", "command": "", "item": item}
        for event in dumped([{**place, **said_now, index: number}]):
            judge.feed(event)
    (*_, last) = judge.violations
    assert last.message.startswith("There is more to")


@pytest.mark.parametrize("index", [10**400, 1e300, -1, "0", None, [], 0.5])
@pytest.mark.parametrize("name", ["output_index", "content_index", "sequence_number"])
def test_index_of_any_kind_is_judged_in_a_few_words(name: str, index: JsonValue) -> None:
    for number in range(2, 10):
        events: list[JsonObject] = numbered(stream())
        events[number][name] = index
        assert all(len(violation.message) < 200 for violation in judged([*events]).violations)


def test_sound_belongs_to_no_item() -> None:
    events = stream()
    sound: JsonObject = {"type": "response.audio.delta", "delta": "UklGRg=="}
    assert broken(numbered([*events[:3], sound, *events[3:]])) == []


def dumped(events: list[JsonObject]) -> list[SseEvent]:
    return [SseEvent(data=json.dumps(event), event=str(event["type"])) for event in events]
