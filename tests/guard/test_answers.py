"""What comes through a guard is what was sent, and what is said of it is what `check` says."""

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.gate import Gate
from chatproof.guard import ContractError, Observation, report
from chatschema import Kind, Violation, check
from tests.guard.driving import JSON, SSE, WAYS, Answer, Way
from tests.schemas.replies import JSON as VALUES
from tests.schemas.replies import chunked, replies
from tests.schemas.samples import broken, completion, dump, error, stream

GOOD = json.dumps(completion()).encode()
EMPTY = json.dumps(broken(completion(), "choices", [])).encode()
EVENTS = dump(stream()).encode()
UNDONE = dump(stream(), end="").encode()

ways = pytest.mark.parametrize("way", WAYS, ids=str)


def said(violations: tuple[Violation, ...]) -> set[tuple[str, str, str]]:
    return {(item.rule, item.path, item.message) for item in violations}


def told(found: list[Observation]) -> set[tuple[str, str, str]]:
    return said(tuple(violation for observation in found for violation in observation.violations))


@st.composite
def bodies(draw: st.DrawFn) -> tuple[bytes, str]:
    """A body and its content type: right, nearly right, or nothing of the kind."""
    reply = draw(replies())
    if draw(st.booleans()):
        body, kind = json.dumps(draw(st.just(reply) | VALUES)).encode(), JSON
    else:
        chunks = draw(chunked(reply))
        if draw(st.booleans()):
            chunks.insert(
                draw(st.integers(0, len(chunks))), draw(st.sampled_from([{}, error(), {"choices": 5}]))
            )
        body, kind = (
            dump(chunks, draw(st.sampled_from(["data: [DONE]\n\n", "", ": x\n\n", "data: {\n\n"]))).encode(),
            SSE,
        )
    at = draw(st.integers(0, len(body)))
    changed = body[:at] + draw(st.binary(max_size=2)) + body[at:]
    return draw(st.sampled_from([(body, kind), (body, kind), (changed, kind), (body, "text/plain")]))


@st.composite
def pieces(draw: st.DrawFn, body: bytes) -> list[bytes]:
    cuts = sorted(draw(st.lists(st.integers(0, len(body)), max_size=6)))
    return [body[a:b] for a, b in pairwise([0, *cuts, len(body)])]


@given(st.data(), st.sampled_from(WAYS), bodies() | st.just((b'{"\\u007f": null}', JSON)))
def test_every_body_comes_through_in_its_own_pieces_and_is_judged_as_check_judges_it(
    data: st.DataObject, way: Way, body: tuple[bytes, str]
) -> None:
    answer = Answer(data.draw(pieces(body[0])), content_type=body[1])
    found: list[Observation] = []
    reading = way.stream(answer, on_violation=report(found.append))
    assert reading.error is None
    assert reading.pieces == [piece for piece in answer.pieces if piece]
    assert answer.closes == 1
    streams = body[1] == SSE or body[0].lstrip(b"\r\n").startswith((b"data:", b": x"))
    expected = check(body[0], Kind.STREAM if streams else Kind.COMPLETION)
    assert told(found) == said(tuple(map(Gate().violation, expected.violations)))
    assert {observation.kind for observation in found} <= {expected.kind}


@given(st.data(), st.sampled_from(WAYS), bodies())
def test_what_a_must_breaks_is_raised_and_nothing_that_breaks_it_is_handed_on(
    data: st.DataObject, way: Way, body: tuple[bytes, str]
) -> None:
    answer = Answer(data.draw(pieces(body[0])), content_type=body[1])
    found: list[Observation] = []
    way.stream(answer, on_violation=report(found.append))
    broke = next((observation for observation in found if observation.musts), None)
    again = Answer(answer.pieces, content_type=body[1])
    reading = way.stream(again)
    assert body[0].startswith(reading.body)
    assert again.closes == 1
    if broke is None:
        assert reading.error is None
        assert reading.body == body[0]
    else:
        assert isinstance(reading.error, ContractError)
        assert reading.error.observation == broke


@ways
@pytest.mark.parametrize("size", [1, 7, 100, 10_000])
def test_event_that_breaks_something_is_not_handed_on_and_those_before_it_are(way: Way, size: int) -> None:
    before = "".join(f"data: {json.dumps(item)}\n\n" for item in stream()[:2]).encode()
    body = before + b'data: {"choices": 5}\n\n' + EVENTS
    answer = Answer([body[at : at + size] for at in range(0, len(body), size)])
    reading = way.stream(answer)
    assert isinstance(reading.error, ContractError)
    assert {item.path.partition(".")[0] for item in reading.error.violations} == {"$[2]"}
    assert reading.body.startswith(before)
    assert b"\n\n" not in reading.body[len(before) :]
    assert answer.closes == 1


@ways
def test_packed_event_that_breaks_something_is_not_handed_on(way: Way) -> None:
    answer = Answer([EVENTS, b'data: {"choices": 5}\n\n'])
    assert way.stream(answer).pieces == [EVENTS]


@ways
@pytest.mark.parametrize(
    ("body", "content_type", "rule"),
    [(EMPTY, JSON, "shape.value"), (UNDONE, SSE, "chat.sse.done"), (UNDONE, "text/plain", "chat.sse.done")],
)
def test_answer_that_is_read_whole_raises_when_it_is_looked_at(
    way: Way, body: bytes, content_type: str, rule: str
) -> None:
    answer = Answer([body], content_type=content_type)
    reading = way.whole(answer)
    assert isinstance(reading.error, ContractError)
    assert [item.rule for item in reading.error.violations] == [rule]
    looks: list[Callable[[], object]] = [
        lambda: reading.response.text,
        reading.response.json,
        lambda: reading.response.content,
    ]
    for look in looks:
        with pytest.raises(ContractError) as caught:
            look()
        assert caught.value is reading.error
    assert reading.response.read() == body  # the bytes by themselves are handed out
    assert answer.closes == 1


@ways
def test_right_answer_is_as_it_would_be_without_a_guard(way: Way) -> None:
    reading = way.whole(Answer([GOOD], content_type=JSON))
    assert reading.error is None
    assert reading.response.json() == completion()
    assert reading.response.headers["x-kept"] == "yes"
    assert reading.response.headers.raw[0] == (b"Content-Type", b"application/json")
    assert reading.response.status_code == 200
    assert reading.response.elapsed is not None


@ways
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer([b"<html>"], status=502, content_type="text/html"), "error"),
        (Answer([b'{"error": "no"}'], status=400, content_type=JSON), "error"),
        (Answer([EVENTS], status=500), "error"),
        (
            Answer([EMPTY], content_type=JSON, url="https://a/openai/deployments/x/chat/completions"),
            "chat.completion",
        ),
        (Answer([b"{}"], content_type=JSON, url="https://a/v1/completions"), "completion"),
        (Answer([b"{}"], content_type=JSON, url="https://a/v1/embeddings"), "embeddings"),
        (Answer([b"{}"], content_type=JSON, url="https://a/v1/responses"), "response"),
        (Answer([b"data: {}\n\n"], url="https://a/v1/responses"), "response.sse"),
        (Answer([b"data: {}\n\n"], url="https://a/v1/completions"), "completion.sse"),
        (Answer([b"{}"], content_type=JSON, url="https://a/v1/models", method="GET"), "models"),
        (Answer([b"{}"], content_type=JSON, url="https://a/v1/models/x/y", method="GET"), "model"),
        (Answer([b"{}"], content_type=JSON, url="https://a/generate"), "lorax.generate"),
        (Answer([b"data:{}\n\n"], url="https://a/generate_stream"), "lorax.generate.sse"),
    ],
)
def test_route_and_status_say_what_an_answer_has_to_be(way: Way, answer: Answer, kind: str) -> None:
    reading = way.stream(replace(answer))
    assert isinstance(reading.error, ContractError)
    assert reading.error.kind == kind


@ways
@pytest.mark.parametrize(
    "answer",
    [
        Answer([b"<html>"], url="https://a/v1/files"),
        Answer([b"<html>"], url="https://a/health", method="GET"),
        Answer([b"<html>"], url="https://a/v1/chat/completions", method="GET"),
        Answer([b"<html>"], url="https://a/", method="POST"),
        Answer([b"<html>"], status=304),
        Answer([b""], status=307),
    ],
)
def test_what_is_none_of_ours_passes_untouched(way: Way, answer: Answer) -> None:
    found: list[Observation] = []
    reading = way.stream(replace(answer), on_violation=report(found.append))
    assert reading.error is None
    assert found == []
    assert type(reading.response) is way.module.Response
