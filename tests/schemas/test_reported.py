"""What public reports about servers show: answers rebuilt from them, and what nobody means to send."""

import json
import math
from collections.abc import Iterable

import pytest

from chatschema import JsonObject, JsonValue, Level, check
from tests.schemas.completions import samples as texts
from tests.schemas.responses import samples as responses
from tests.schemas.samples import HEAD, broken, chunk, completion, dump, fragment, models, stream

Found = tuple[str, str, str]
PLACE = "choices[0].delta.tool_calls[0]"


def found(body: JsonValue | bytes, kind: str | None = None) -> list[Found]:
    return [(one.rule, one.level.value, one.path) for one in check(body, kind).violations]


def calling(*pieces: JsonObject, last: JsonObject | None = None, **head: JsonValue) -> str:
    """A stream of one call: its head, then what more is said of it."""
    first: JsonObject = {"id": "call_1", "type": "function", **head}
    end = broken(chunk({}, "tool_calls"), "choices", 0, "delta", last or {})
    return dump(
        [
            chunk({"role": "assistant", "content": ""}),
            *(chunk({"tool_calls": [{"index": 0, **part}]}) for part in (first, *pieces)),
            end,
        ]
    )


LS = '{"command":"ls"}'


def said(text: str) -> JsonObject:
    return {"function": {"arguments": text}}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (  # the whole arguments come again after their fragments
            calling(said(LS), said(LS), function={"name": "shell", "arguments": ""}),
            [("chat.tools.arguments", "must", f"$[3].{PLACE}.function.arguments")],
        ),
        (  # later fragments have an empty id and an empty name
            calling(
                {"id": "", "type": "function", "function": {"name": "", "arguments": ':"Oslo"}'}},
                function={"name": "get_weather", "arguments": '{"city"'},
            ),
            [
                ("chat.tools.sse-fragments", "should", f"$[2].{PLACE}.id"),
                ("chat.tools.sse-fragments", "should", f"$[2].{PLACE}.function.name"),
            ],
        ),
        (  # legal: an empty fragment beside the finish_reason
            calling(
                last=fragment(function={"arguments": ""}),
                function={"name": "search", "arguments": '{"q":"x"}'},
            ),
            [],
        ),
        (broken(responses.response(), "id", ""), [("shape.value", "must", "$.id")]),
        (broken(responses.response(), "created_at", 1764380000.25), []),
    ],
    ids=[
        "arguments sent twice",
        "empty id and name later",
        "empty fragment at the end",
        "no id",
        "time with fraction",
    ],
)
def test_reported_answer_is_judged_as_the_report_has_it(body: JsonValue, expected: list[Found]) -> None:
    assert found(body) == expected


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (1764000000000, "milliseconds"),
        (1764000000000000, "microseconds"),
        (10**18, "nanoseconds"),
        (10**30, "every calendar"),
        (0, "is 0"),
        (-1, "before 1970"),
    ],
)
@pytest.mark.parametrize(
    ("body", "member", "rule"),
    [
        (completion(), "created", "chat.json.created"),
        (chunk({"role": "assistant", "content": ""}), "created", "chat.json.created"),
        (texts.completion(), "created", "completions.created"),
        (responses.response(), "created_at", "responses.json.created"),
    ],
    ids=["chat", "chunk", "completion", "response"],
)
def test_time_that_nobody_means_is_a_should(
    body: JsonObject, member: str, rule: str, time: int, words: str
) -> None:
    ((seen_rule, level, path, message),) = [
        (one.rule, one.level, one.path, one.message) for one in check({**body, member: time}).violations
    ]
    assert (seen_rule, level, path) == (rule, Level.SHOULD, f"$.{member}")
    assert words in message


@pytest.mark.parametrize("time", [1, 1764000000, 1764000000.0, 99_999_999_999])
def test_time_in_seconds_is_right(time: float) -> None:
    assert found({**completion(), "created": time}) == []


@pytest.mark.parametrize("time", [math.nan, math.inf, -math.inf, True, "1764000000", None])
def test_time_that_is_no_number_is_refused_by_its_shape(time: JsonValue) -> None:
    assert ("must", "$.created") in {
        (level, path) for _, level, path in found({**completion(), "created": time})
    }


def test_model_without_a_name_is_a_should() -> None:
    assert found({**completion(), "model": ""}) == [("chat.json.model", "should", "$.model")]
    assert found(dump([{**one, "model": ""} for one in stream()])) == [
        ("chat.json.model", "should", "$[0].model")
    ]


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ({"prompt_tokens": 0, "completion_tokens": 3, "total_tokens": 3}, ["chat.json.usage-plausible"]),
        (
            {
                "prompt_tokens": 9,
                "completion_tokens": 3,
                "total_tokens": 12,
                "prompt_tokens_details": {"cached_tokens": 10},
                "completion_tokens_details": {"reasoning_tokens": 4},
            },
            ["chat.json.usage-details"] * 2,
        ),
        (
            {
                "prompt_tokens": 9,
                "completion_tokens": 3,
                "total_tokens": 12,
                "prompt_tokens_details": {"cached_tokens": 9},
                "completion_tokens_details": {"reasoning_tokens": 3},
            },
            [],
        ),
        ({"prompt_tokens": 9, "completion_tokens": 0, "total_tokens": 9, "prompt_tokens_details": None}, []),
    ],
)
def test_counts_that_nobody_means_are_shoulds(usage: JsonObject, expected: list[str]) -> None:
    assert [rule for rule, _, _ in found({**completion(), "usage": usage})] == expected
    chunks: list[JsonValue] = [*stream(), {**chunk({}), "choices": [], "usage": usage}]
    assert [rule for rule, _, _ in found(dump(chunks))] == expected


def pieces(*contents: str) -> list[Found]:
    return found(
        dump(
            [
                chunk({"role": "assistant", "content": ""}),
                *(chunk({"content": one}) for one in contents),
                chunk({}, "stop"),
            ]
        )
    )


@pytest.mark.parametrize(
    "contents",
    [
        ("The ", "The end", "The end."),
        ("H", "He", "Hel", "Hell", "Hello"),
        ("The end", "The end", "The end i", "The end is"),
    ],
)
def test_pieces_that_repeat_all_before_them_are_a_should(contents: tuple[str, ...]) -> None:
    assert [(rule, level) for rule, level, _ in pieces(*contents)] == [("chat.sse.not-cumulative", "should")]


@pytest.mark.parametrize(
    "contents",
    [
        ("The", "The end"),
        ("The ", "The end", ".", "The end. Or"),
        ("-", "--", "---", "----"),
        ("ha", "haha", "hahaha"),
        ("The end",) * 4,
        (" ", "  ", "   x"),
        (),
    ],
)
def test_pieces_that_only_look_alike_are_right(contents: tuple[str, ...]) -> None:
    assert pieces(*contents) == []


def test_broken_characters_are_named_where_they_come_also_after_many_right_pieces() -> None:
    expected = [("chat.sse.no-broken-characters", "should", "$[10].choices[0].delta.content")]
    assert pieces(*["word "] * 9, "caf\ufffd", "\ufffd") == expected
    assert found(broken(completion(), "choices", 0, "message", "content", "caf\ufffd")) == []


@pytest.mark.parametrize("text", ["\ud83d", "a\ude00b", "\ud83d \ude00"])
def test_half_of_a_surrogate_pair_is_a_must(text: str) -> None:
    place = "choices[0].message.content"
    assert found(broken(completion(), "choices", 0, "message", "content", text)) == [
        ("shape.value", "must", f"$.{place}")
    ]
    assert pieces("word ", "more ", "and ", text) == [
        ("chat.sse.shape", "must", "$[4].choices[0].delta.content")
    ]
    assert pieces("\U0001f600") == []


@pytest.mark.parametrize("logprobs", [{}, {"tokens": ["Hi"], "token_logprobs": [-0.5]}, {"refusal": None}])
def test_log_probabilities_of_a_chat_have_a_list_or_null_for_their_content(logprobs: JsonValue) -> None:
    expected = [("shape.missing", "must", "$.choices[0].logprobs.content")]
    assert found(broken(completion(), "choices", 0, "logprobs", logprobs)) == expected
    rights: list[JsonValue] = [{"content": None}, {"content": []}, {"content": [], "refusal": None}, None]
    for right in rights:
        assert found(broken(completion(), "choices", 0, "logprobs", right)) == []


CALL = '{"name": "get_weather", "arguments": {}}'


@pytest.mark.parametrize(
    "text",
    [
        f"<tool_call>{CALL}</tool_call>",
        f"I look.\n<tool_call>\n{CALL}",
        f"[TOOL_CALLS][{CALL}]",
        "<function=f>{}</function>",
    ],
)
def test_call_in_the_text_is_a_should(text: str) -> None:
    expected = ("chat.tools.as-text", "should")
    assert [one[:2] for one in found(broken(completion(), "choices", 0, "message", "content", text))] == [
        expected
    ]
    assert [one[:2] for one in pieces(*text)] == [expected]


@pytest.mark.parametrize(
    "text", ["Write `<tool_call>{` first.", "<tool_call> is a mark.", CALL, "<function>", "a [TOOL_CALLS] b"]
)
def test_talk_of_calls_is_text(text: str) -> None:
    assert found(broken(completion(), "choices", 0, "message", "content", text)) == []


def test_lines_that_are_no_field_are_a_should_and_told_of_once() -> None:
    body = dump(stream())
    assert found(f"{body}ping\nwarning: slow\n\n") == [("chat.sse.framing", "should", "$")]
    assert found(f": ping\n{body}id: 1\nretry: soon\n\n") == []


def test_vector_of_zeros_and_a_model_twice_are_shoulds() -> None:
    def vector(one: JsonValue) -> JsonObject:
        item: JsonObject = {"object": "embedding", "index": 0, "embedding": one}
        return {
            "object": "list",
            "data": [item],
            "model": "m",
            "usage": {"prompt_tokens": 1, "total_tokens": 1},
        }

    zeros: list[JsonValue] = [[0, 0.0], "AAAAAAAAAAA="]
    rights: list[JsonValue] = [[0, 0.5], "AAAAAAAAAD8="]
    assert [found(vector(each)) for each in zeros] == [
        [("embeddings.zeros", "should", "$.data[0].embedding")]
    ] * 2
    assert [found(vector(each)) for each in rights] == [[], []]
    one: JsonObject = {"id": "m", "object": "model", "created": 1, "owned_by": "me"}
    assert found({**models(), "data": [one, one]}) == [("models.ids", "should", "$.data[1].id")]
    assert found({**models(), "data": [one, {**one, "id": "n"}]}) == []


def test_text_in_a_part_of_type_text_is_a_must() -> None:
    right = responses.response()
    assert found(right) == []
    part = ("output", 0, "content", 0, "type")
    expected = [("responses.output-text", "must", "$.output[0].content[0].type")]
    assert found(broken(right, *part, "text")) == expected
    assert found(broken(right, *part, "summary")) == [
        ("responses.unknown-type", "should", "$.output[0].content[0].type")
    ]


ANSWERS = ["chat.completion", "completion", "embeddings", "models", "response"]


@pytest.mark.parametrize("kind", ANSWERS)
def test_error_in_place_of_an_answer_is_one_message(kind: str) -> None:
    bodies: list[JsonObject] = [
        {"error": {"message": "overloaded"}},
        {"object": "error", "message": "no"},
        {"error": "no"},
    ]
    for body in bodies:
        (violation,) = check(body, kind).violations
        assert (violation.rule, violation.level, violation.path) == ("shape.error", Level.MUST, "$")
        # whoever checks a body need not know its status
        assert violation.message.startswith(
            "An error object in place of the answer: with HTTP 200, SDKs hand back one without "
        )


@pytest.mark.parametrize("kind", ANSWERS)
def test_body_that_is_something_else_is_one_message(kind: str) -> None:
    bodies: Iterable[JsonObject] = (
        {},
        {"__type__": "X", "__data__": completion()},
        {"id": "1", "result": []},
    )
    for body in bodies:
        ((rule, level, path),) = found(body, kind)
        assert (rule, level, path) == ("shape.kind", "must", "$")
    (violation,) = check({"__type__": "X", "__data__": {}}, "chat.completion").violations
    assert violation.message == "This is no chat completion: an object with __type__, __data__."


@pytest.mark.parametrize(
    "body", [{"choices": []}, {**HEAD}, {"object": "chat.completion"}, {"choices": None, "error": {}}]
)
def test_answer_that_lacks_much_is_still_told_what(body: JsonObject) -> None:
    judgement = check(json.dumps(body), "chat.completion")
    assert len(judgement.violations) > 1
    assert not {"shape.error", "shape.kind"} & {violation.rule for violation in judgement.violations}
