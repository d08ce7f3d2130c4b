"""Kinds from strong signs: inputs that were taken for another kind, or for one at all, and what they are."""

import json

import pytest

from chatschema import JsonValue, Kind, Level, check
from chatschema.judging.detect import is_stream, kind_of
from tests.schemas.samples import GONE, HEAD, broken, chunk, completion, dump, models, stream

MODEL: JsonValue = {"id": "m", "object": "model", "created": 1, "owned_by": "me"}
TALK: JsonValue = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ({"object": "list", "data": []}, "an empty list"),
        ({"data": [1, 2, 3]}, "a list of numbers"),
        ({"data": ["a"]}, "a list of texts"),
        ({"object": "list", "data": [{"id": "file-1", "object": "file"}]}, "a list of file"),
        (
            {"object": "list", "data": [{"id": "batch_1", "object": "batch"}], "has_more": False},
            "a list of batch",
        ),
        ({"object": "list", "data": [{"id": "msg_1", "type": "message"}]}, "a list of message"),
        ({"created": 1, "data": [{"url": "http://x/1.png"}]}, "a list of objects"),
        ({"object": "list", "data": [{"index": 0, "relevance_score": 0.5}]}, "a list of objects"),
        ({"data": [{"type": "articles", "id": "1", "attributes": {}}]}, "a list of articles"),
        ({"object": "list", "data": [completion()]}, "a list of chat.completion"),
        ({"data": [{"type": "\x1b[31m", "id": "1"}]}, "a list of objects"),
        ([[1], [2]], "a list of lists"),
        ([True], "a list of booleans"),
    ],
)
def test_list_of_something_else_is_no_kind_and_says_what_it_is_of(value: JsonValue, what: str) -> None:
    judgement = check(value)
    assert judgement.kind is None
    assert judgement.violations[0].message.endswith(f": {what}.")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        # lists: models only where an item is one
        (models(), "models"),
        ({"data": [{"id": "m", "owned_by": "me"}]}, "models"),
        ({"data": [{"id": "m", "name": "M"}]}, None),
        ({"data": [{"name": "odd"}, MODEL]}, "models"),
        ({"object": "list", "data": [{"object": "embedding", "embedding": [0.5]}]}, "embeddings"),
        ({"data": [{"embedding": None}]}, None),
        # errors: none is everyone's member
        ({"error": None}, None),
        ({"error": None, "result": 1}, None),
        ({"error": False}, None),
        ({"error": "no", "data": []}, None),
        ({"error": "Unauthorized"}, None),
        ({"error": {"message": "no"}}, "error"),
        ({"error": {"message": "no", "title": "Oh"}, "success": {"message": "yes"}}, None),  # texts of a page
        ({"error": {"message": "no", "code": 404}, "user_id": "u"}, "error"),
        ({"jsonrpc": "2.0", "id": 1, "error": {"code": -32600, "message": "no"}}, None),
        (
            {"object": "error", "message": "no", "type": "BadRequestError", "param": None, "code": 400},
            "error",
        ),
        ({"detail": "Not Found"}, None),
        ({"detail": [{"loc": ["body"], "msg": "no", "type": "missing"}]}, None),
        ({"detail": "high", "size": "1024x1024"}, None),
        ({"code": 500, "message": "context is full", "type": "server_error"}, "error"),
        ({"message": "x", "type": "TypeError", "code": "E", "stack": "at y"}, None),  # a logged exception
        # choices: everyone's word as well
        ({"choices": ["A", "B"]}, None),
        ({"question": "?", "choices": [{"text": "A"}, {"text": "B"}], "answer": 0}, None),
        ({"id": "q1", "choices": [{"text": "A", "index": 0}]}, None),
        ({"choices": "many"}, None),
        ({"choices": [{"message": "Pick a card"}]}, None),
        ({"object": "edit", "created": 1, "choices": [{"text": "A", "index": 0}], "usage": {}}, None),
        ({"choices": [{"message": {"role": "assistant", "content": "Hi"}}]}, "chat.completion"),
        ({"choices": [{"delta": {}}]}, "chat.completion.chunk"),
        ({**HEAD, "choices": [{}]}, "chat.completion"),
        # requests: with their model, and nothing that data sets have
        ({"messages": TALK}, None),
        ({"messages": TALK, "tools": [], "parallel_tool_calls": False}, None),
        ({"model": "m", "messages": TALK}, "chat.completion.request"),
        ({"model": "m", "messages": TALK, "id": "c1", "title": "Greeting"}, None),
        ([{"filePath": "a.js", "messages": [{"ruleId": "x", "severity": 2}], "errorCount": 1}], None),
        ({"prompt": "a", "completion": "b", "model": "m"}, None),
        ({"input": "a", "text": "b"}, None),
        ({"input": "a", "reasoning": "because", "output": "b", "model": "m"}, None),
        ({"name": "f", "inputs": [{"name": "x", "type": "uint256"}], "outputs": []}, None),
        # LoRAX says "null"
        ({**completion(), "object": "text_completion", "id": ""}, "chat.completion"),
        ({**completion(), "object": "text_completion", "id": "null"}, "lorax.chat.completion"),
        ({**chunk({"content": "a"}), "object": "text_completion", "id": ""}, "chat.completion.chunk"),
        (
            {"object": "text_completion", "id": "null", "model": "m", "choices": [{"text": "a"}]},
            "completion.chunk",
        ),
        # what has a name of its own
        ({"type": "response.create", "event_id": "e1"}, None),
        ({"object": "chat.completion"}, "chat.completion"),
        ({"text": '"object": "chat.completion"'}, None),
    ],
)
def test_kind_needs_its_object_or_two_members_of_its_own(value: JsonValue, kind: str | None) -> None:
    assert kind_of(value) == kind
    assert check(json.dumps(value)).kind == kind


@pytest.mark.parametrize(
    "value",
    [
        {"object": "error", "message": "no", "type": "BadRequestError", "param": None, "code": 400},
        {"detail": "Not Found"},
    ],
)
def test_error_at_the_top_of_its_body_lacks_the_member_error(value: JsonValue) -> None:
    (violation,) = check(value, Kind.ERROR).violations
    assert (violation.rule, violation.path) == ("shape.missing", "$.error")


LINES = dump(stream()).split("\n\n")[:-1]
CHUNKS = [line.removeprefix("data: ") for line in LINES]
NO_BLANK = "There is no blank line between two events (lines 1 and 2)."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n".join(LINES) + "\n", NO_BLANK),
        ("\r\n".join(LINES) + "\r\n\r\n", NO_BLANK),
        (
            ": hello\n\n" + "\n".join(LINES) + "\n\n",
            "There is no blank line between two events (lines 1 and 2 of its data).",
        ),
        (
            "\n\n".join(f"data: {line}" for line in LINES) + "\n\n",
            "The field's name stands in the data: data: twice",
        ),
        (
            f"data: {CHUNKS[0]}{CHUNKS[1]}\n\n" + "\n\n".join(LINES[2:]) + "\n\n",
            "Two JSON texts stand in one event.",
        ),
        (f"data: {CHUNKS[0]}\ndata: {CHUNKS[1]}\n\n" + "\n\n".join(LINES[2:]) + "\n\n", NO_BLANK),
        (
            f"{LINES[0]}\n\n" + "\n".join(LINES[1:]) + "\n\n",
            "There is no blank line between two events (lines 1 and 2",
        ),
        (
            f"{LINES[0]}\n\nerror: " + '{"code": 500, "message": "no"}\n\n',
            "The error stands in a field of the name error",
        ),
        ('error: {"code": 500, "message": "no"}\n', "The error stands in a field of the name error"),
    ],
)
def test_stream_that_is_framed_wrongly_says_so_once_and_is_read_all_the_same(text: str, message: str) -> None:
    judgement = check(text)
    assert judgement.kind == "chat.completion.sse"
    (violation,) = judgement.violations
    assert violation.message.startswith(message)
    assert (violation.rule, violation.level) == ("chat.sse.framing", Level.MUST)


def test_events_that_nothing_parts_have_their_own_numbers() -> None:
    text = "\n".join([LINES[0], f"data: {json.dumps(chunk({'content': 1}))}", *LINES[1:]]) + "\n"
    assert [violation.path for violation in check(text).violations] == [
        "$[0]",
        "$[1].choices[0].delta.content",
    ]


def test_named_events_that_nothing_parts_keep_their_names() -> None:
    events = [{"type": "response.created", "sequence_number": 0, "response": {"object": "response"}}] * 2
    text = "\n".join(f"event: response.created\ndata: {json.dumps(event)}" for event in events)
    judgement = check(text)
    assert judgement.kind == "response.sse"
    assert judgement.violations[0].message.startswith("There is no blank line between two events")
    assert not any("name" in violation.message for violation in judgement.violations)


@pytest.mark.parametrize(
    "error",
    [
        {"object": "error", "message": "no", "type": "BadRequestError", "code": 400},
        {"message": "no", "type": "server_error", "code": 500},
        {"detail": "no"},
    ],
)
def test_error_at_the_top_of_an_event_lacks_the_member_error(error: JsonValue) -> None:
    judgement = check(dump([error], ""))
    assert judgement.kind == "chat.completion.sse"
    assert [(one.rule, one.path) for one in judgement.violations] == [
        ("chat.sse.shape", "$[0].error"),
        ("chat.sse.error-before", "$[0]"),
    ]


@pytest.mark.parametrize(
    ("name", "value", "level"), [("created", 2, "should"), ("created", None, "must"), ("id", "x", "must")]
)
def test_created_that_moves_is_a_should_and_every_other_head_a_must(
    name: str, value: JsonValue, level: str
) -> None:
    first, *rest = stream()
    moved = [first, *({**one, name: value} for one in rest)]
    found = [one for one in check(dump(moved)).violations if one.rule == "chat.sse.same-head"]
    assert [(one.path, one.level) for one in found] == [(f"$[1].{name}", level)]


@pytest.mark.parametrize("lacking", [0, 1])
@pytest.mark.parametrize("name", ["id", "created", "model"])
def test_head_that_is_absent_in_a_chunk_does_not_change(name: str, lacking: int) -> None:
    chunks = [broken(one, name, GONE) if number == lacking else one for number, one in enumerate(stream())]
    rules = {one.rule for one in check(dump(chunks)).violations}
    assert rules == {"chat.sse.shape"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("data: {}\n\n", True),
        ("data:{}", True),
        ("data: [DONE]\n\n", True),
        (": hi\n\nevent: x\rdata: {}\r\r", True),
        ("data: data: {}\n\n", True),
        ('data: {\r\ndata:  "a": 1\r\ndata: }\r\n\r\n', True),
        ('data: {"a": 1}{"b": 2}\n\n', True),
        ('data: {"a": "' + "x" * 300_000, True),
        ("data: [1] and more\n", True),
        ("data: 2026-11-29\nauthor: me\n", False),
        ("data:\n  - a\n  - b\n", False),
        ("id: 7\nname: {x}\n", False),
        ("event: party\ndata: {unknown}\n", False),
        ("data: {\nauthor: me\n}\n", False),
        ("retry: 3\n", False),
        ("error: {x}\n", False),
        ('{"data": {}}', False),
    ],
)
def test_stream_has_a_line_that_brings_json_or_the_end(text: str, found: bool) -> None:
    assert is_stream(text.encode()) is found


@pytest.mark.parametrize(
    "text",
    [
        'event: message_start\ndata: {"type": "message_start", "index": 0}\n\n',
        'data: {"jsonrpc": "2.0", "method": "x", "params": {}}\n\n',
        'data: {"price": 1}\n\ndata: {"price": 2}\n\n',
    ],
)
def test_stream_of_another_protocol_is_no_kind(text: str) -> None:
    judgement = check(text)
    assert judgement.kind is None
    assert judgement.violations[0].message == "The events are those of no stream that the contract knows."
