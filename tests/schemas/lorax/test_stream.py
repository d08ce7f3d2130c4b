"""LoRAX's streams: each breach at the event that causes it, and what is legal beside it."""

import json
from typing import TypeAlias

import pytest

from chatschema import JsonObject, JsonValue, Kind, Level, SseEvent, StreamJudge, Violation, check
from chatschema.judging.catalogue import STREAMS
from chatschema.lorax import GenerateResponse, GenerateStream, LoraxChatStream, LoraxTextStream
from tests.schemas.lorax.samples import (
    DONE,
    ERROR,
    chat_chunk,
    chat_last,
    dump,
    event,
    last,
    stream,
    text_chunk,
    token,
    usage,
)
from tests.schemas.samples import GONE, broken

Told: TypeAlias = list[tuple[int, str, str, str]]
Row: TypeAlias = tuple[str, Kind, list[JsonValue], Told]

NATIVE, CHAT, TEXT = Kind.LORAX_STREAM, Kind.LORAX_CHAT_STREAM, Kind.LORAX_TEXT_STREAM
LAST_EVENT, SHAPE, FRAMING = "lorax.stream.last-event", "lorax.stream.shape", "lorax.stream.framing"
ADDS_UP, ERRORS = "lorax.stream.text-adds-up", "lorax.errors.stream"


def run(kind: Kind, items: list[JsonValue]) -> tuple[StreamJudge, list[tuple[int, Violation]]]:
    """Each violation with the number of the event that caused it; the end of the bytes is one past the last."""
    judge = STREAMS[kind].open()
    found: list[tuple[int, Violation]] = []
    for number, item in enumerate(items):
        data = item if isinstance(item, str) else json.dumps(item)
        found += [(number, violation) for violation in judge.feed(SseEvent(data=data))]
    found += [(len(items), violation) for violation in judge.close()]
    return judge, found


BREACHES: list[Row] = [
    ("nothing", NATIVE, [], [(0, LAST_EVENT, "must", "$[0]")]),
    ("cut off", NATIVE, [event(), event()], [(2, LAST_EVENT, "must", "$[2]")]),
    ("[DONE] at the end", NATIVE, [*stream(), DONE], [(2, FRAMING, "must", "$[2]")]),
    ("[DONE] at the start", NATIVE, [DONE, *stream()], [(0, FRAMING, "must", "$[0]")]),
    ("[DONE] in the middle", NATIVE, [event(), DONE, last()], [(1, FRAMING, "must", "$[1]")]),
    ("[DONE] after an error", NATIVE, [ERROR, DONE], [(1, FRAMING, "must", "$[1]")]),
    ("a token after the last", NATIVE, [*stream(), event()], [(2, LAST_EVENT, "must", "$[2]")]),
    ("the last twice", NATIVE, [*stream(), last()], [(2, LAST_EVENT, "must", "$[2]")]),
    ("an error after the last", NATIVE, [*stream(), ERROR], [(2, ERRORS, "must", "$[2]")]),
    ("a token after an error", NATIVE, [event(), ERROR, event()], [(2, ERRORS, "must", "$[2]")]),
    ("the last after an error", NATIVE, [event(), ERROR, last()], [(2, ERRORS, "must", "$[2]")]),
    ("two errors", NATIVE, [ERROR, ERROR], [(1, ERRORS, "should", "$[1]")]),
    (
        "details before the last event",
        NATIVE,
        [event(details=last()["details"]), last()],
        [(0, LAST_EVENT, "must", "$[0].details")],
    ),
    ("another text", NATIVE, [event(), last("Bye")], [(1, ADDS_UP, "must", "$[1].generated_text")]),
    (
        "another count",
        NATIVE,
        [event(), last(count=3)],
        [(1, ADDS_UP, "must", "$[1].details.generated_tokens")],
    ),
    (
        "a text that lost its space",
        NATIVE,
        [event(), last("Hi")],
        [(1, ADDS_UP, "should", "$[1].generated_text")],
    ),
    ("no object", NATIVE, ["[1]", *stream()], [(0, FRAMING, "must", "$[0]")]),
    ("no JSON", NATIVE, [event(), "{", last()], [(1, FRAMING, "must", "$[1]")]),
    ("no JSON after the last", NATIVE, [*stream(), "{"], [(2, FRAMING, "must", "$[2]")]),
    ("no JSON after an error", NATIVE, [ERROR, "{"], [(1, FRAMING, "must", "$[1]")]),
    (
        "a member twice",
        NATIVE,
        ['{"a": 1, "a": 1, ' + json.dumps(event())[1:], last()],
        [(0, "http.no-junk", "should", "$[0]")],
    ),
    (
        "an error in an object",
        NATIVE,
        [{"error": {"message": "no"}, "error_type": "validation"}],
        [(0, ERRORS, "must", "$[0].error")],
    ),
    (
        "a token with another member missing",
        NATIVE,
        [broken(event(), "token", "special", GONE), last()],
        [(0, SHAPE, "must", "$[0].token.special")],
    ),
    (
        "an old server",
        NATIVE,
        [broken(event(), "token", "skipped", GONE), last()],
        [(0, "lorax.spec-complete", "should", "$[0].token.skipped")],
    ),
]

CHAT_BREACHES: list[Row] = [
    ("nothing", CHAT, [], [(0, LAST_EVENT, "must", "$[0]")]),
    ("no [DONE]", CHAT, [chat_chunk(), chat_last()], [(2, LAST_EVENT, "must", "$[2]")]),
    ("[DONE] alone", CHAT, [DONE], [(0, LAST_EVENT, "must", "$[0]")]),
    ("[DONE] too early", CHAT, [chat_chunk(), DONE], [(1, LAST_EVENT, "must", "$[1]")]),
    ("cut off", TEXT, [text_chunk()], [(1, LAST_EVENT, "must", "$[1]")]),
    ("[DONE] twice", CHAT, [chat_chunk(), chat_last(), DONE, DONE], [(3, LAST_EVENT, "must", "$[3]")]),
    (
        "a chunk after [DONE]",
        CHAT,
        [chat_chunk(), chat_last(), DONE, chat_chunk()],
        [(3, LAST_EVENT, "must", "$[3]")],
    ),
    (
        "the last after [DONE]",
        CHAT,
        [chat_chunk(), chat_last(), DONE, chat_last()],
        [(3, LAST_EVENT, "must", "$[3]")],
    ),
    (
        "an error after [DONE]",
        CHAT,
        [chat_chunk(), chat_last(), DONE, ERROR],
        [(3, LAST_EVENT, "must", "$[3]")],
    ),
    (
        "the last twice",
        CHAT,
        [chat_chunk(), chat_last(), chat_last(), DONE],
        [(2, LAST_EVENT, "must", "$[2]")],
    ),
    ("an error after the last", CHAT, [chat_chunk(), chat_last(), ERROR], [(2, ERRORS, "must", "$[2]")]),
    ("[DONE] after an error", CHAT, [chat_chunk(), ERROR, DONE], [(2, ERRORS, "must", "$[2]")]),
    ("a chunk after an error", TEXT, [ERROR, text_chunk()], [(1, ERRORS, "must", "$[1]")]),
    ("two errors", TEXT, [ERROR, ERROR], [(1, ERRORS, "should", "$[1]")]),
    (
        "another count",
        CHAT,
        [chat_chunk(), {**chat_last(), "usage": usage(3)}, DONE],
        [(1, ADDS_UP, "should", "$[1].usage.completion_tokens")],
    ),
    (
        "usage alone, as OpenAI has it",
        CHAT,
        [chat_chunk(), chat_last(), {**chat_last(), "choices": []}, DONE],
        [(2, SHAPE, "must", "$[2].choices"), (2, LAST_EVENT, "must", "$[2]")],
    ),
    (
        "role in the first delta alone, as OpenAI has it",
        CHAT,
        [
            chat_chunk(),
            broken(chat_chunk(), "choices", 0, "delta", "role", GONE),
            {**chat_last(), "usage": usage(3)},
            DONE,
        ],
        [(1, SHAPE, "should", "$[1].choices[0].delta.role")],
    ),
    (
        "no choices",
        CHAT,
        [broken(chat_chunk(), "choices", GONE), chat_chunk(), chat_last(), DONE],
        [(0, SHAPE, "must", "$[0].choices")],
    ),
]

LEGAL: list[tuple[str, Kind, list[JsonValue]]] = [
    ("a token and the end", NATIVE, [*stream()]),
    ("the end alone", NATIVE, [last("", 1)]),
    ("no details", NATIVE, [event(), last(details=None)]),
    ("the prompt before the text", NATIVE, [event(), last("Who? Hi")]),
    ("an error alone", NATIVE, [ERROR]),
    ("an error in mid-stream", NATIVE, [event(), ERROR]),
    ("a chat", CHAT, [chat_chunk(), chat_last(), DONE]),
    ("a chat whose end is its only chunk", CHAT, [{**chat_last(), "usage": usage(1)}, DONE]),
    ("a chat that fails", CHAT, [chat_chunk(), ERROR]),
    ("a completion", TEXT, [text_chunk(), text_chunk("", "stop"), DONE]),
    ("a completion that fails", TEXT, [ERROR]),
]


@pytest.mark.parametrize(
    ("kind", "items", "told"),
    [row[1:] for row in (*BREACHES, *CHAT_BREACHES)],
    ids=[f"{row[1]}: {row[0]}" for row in (*BREACHES, *CHAT_BREACHES)],
)
def test_breach_is_known_at_the_event_that_causes_it(kind: Kind, items: list[JsonValue], told: Told) -> None:
    judge, found = run(kind, items)
    assert [(number, item.rule, str(item.level), item.path) for number, item in found] == told
    assert tuple(violation for _, violation in found) == judge.violations


@pytest.mark.parametrize(("kind", "items"), [row[1:] for row in LEGAL], ids=[row[0] for row in LEGAL])
def test_legal_stream_breaks_nothing(kind: Kind, items: list[JsonValue]) -> None:
    assert run(kind, items)[1] == []


def test_named_event_and_missing_blank_line_are_shoulds() -> None:
    judge = GenerateStream()
    named = judge.feed(SseEvent(data=json.dumps(event()), event="token"))
    cut = judge.feed(SseEvent(data=json.dumps(last()), complete=False))
    assert [(item.rule, item.level) for item in (*named, *cut)] == [(FRAMING, Level.SHOULD)] * 2
    assert judge.close() == []


def test_native_stream_says_when_it_is_done_and_what_it_came_to() -> None:
    judge = GenerateStream()
    judge.feed(SseEvent(data=json.dumps(event())))
    assert (judge.done, judge.tokens, judge.assembled()) == (False, 1, None)
    judge.feed(SseEvent(data=json.dumps(last())))
    assert (judge.done, judge.tokens, judge.last) == (True, 2, last())
    whole = judge.assembled()
    assert isinstance(whole, dict)
    parsed = GenerateResponse.model_validate(whole)
    assert parsed.generated_text == " Hi"
    assert parsed.details is not None
    assert [piece.text for piece in parsed.details.tokens] == [" Hi", "</s>"]
    assert check(whole).violations == ()


def test_assembled_answer_of_a_stream_without_details_has_none() -> None:
    judge, _ = run(NATIVE, [event(), last(details=None)])
    assert judge.assembled() == {"generated_text": " Hi"}


def test_assembled_answer_counts_skipped_tokens_where_the_server_says_them() -> None:
    said: list[JsonValue] = [event(), {**event(), "token": token(skipped=True)}, last(" Hi Hi", 3)]
    new = run(NATIVE, said)[0].assembled()
    old = run(NATIVE, [broken(event(), "token", "skipped", GONE), last()])[0].assembled()
    assert new is not None
    assert old is not None
    assert isinstance(new["details"], dict)
    assert new["details"]["skipped_tokens"] == 1
    assert isinstance(old["details"], dict)
    assert "skipped_tokens" not in old["details"]


def test_failed_stream_keeps_its_first_error_and_has_no_answer() -> None:
    judge, _ = run(NATIVE, [event(), ERROR, {**ERROR, "error": "again"}])
    assert isinstance(judge, GenerateStream)
    assert (judge.error, judge.assembled(), judge.done) == (ERROR, None, False)


def test_chat_stream_says_when_it_is_done_and_what_it_came_to() -> None:
    judge, _ = run(CHAT, [chat_chunk("Hel"), chat_chunk("lo"), {**chat_last(), "usage": usage(3)}, DONE])
    assert isinstance(judge, LoraxChatStream)
    assert (judge.done, judge.tokens, judge.finish_reason, judge.usage) == (True, 3, "stop", usage(3))
    whole: JsonObject | None = judge.assembled()
    assert whole is not None
    assert whole["choices"] == [
        {"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}
    ]
    assert check(whole).kind == "lorax.chat.completion"
    assert check(whole).valid


def test_text_stream_says_what_it_came_to() -> None:
    judge, _ = run(TEXT, [text_chunk(), text_chunk("", "stop"), DONE])
    assert isinstance(judge, LoraxTextStream)
    assert judge.assembled() == {**text_chunk(" Hi", "stop"), "usage": usage()}


def test_stream_without_a_chunk_has_no_answer() -> None:
    assert run(CHAT, [ERROR])[0].assembled() is None


def test_bytes_of_both_spellings_and_with_keep_alives_are_one_stream() -> None:
    # with a space since 0.12; a comment after 15 s of silence
    spaced = dump(stream()).encode()
    for wire in (
        spaced,
        spaced.replace(b"data: ", b"data:"),
        b":\n\n" + spaced.replace(b"\n\n", b"\n\n:\n\n"),
    ):
        assert check(wire).kind == NATIVE
        assert check(wire).violations == ()


def test_extension_of_an_event_is_listed_once() -> None:
    # TGI counts its events, and LoRAX does not
    judge, found = run(NATIVE, [event(index=0), event(index=1), last(" Hi Hi", 3, index=2)])
    assert (found, judge.extensions) == ([], ("$[*].index",))
