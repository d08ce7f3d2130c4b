"""What is large is judged beside the event loop of an async client, and what only looks like ours is left alone."""

import asyncio
import gzip
import json
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatproof.guard import EXCHANGES, Observation, report
from chatproof.guard.body_judge import BodyJudge, EventStreamJudge, JsonBodyJudge
from chatproof.guard.httpx import AsyncGuardTransport
from chatproof.guard.stream_observer import HEAVY, _ends
from chatschema import SseDecoder, Violation
from tests.guard.driving import JSON, SSE, WAYS, Answer, Way
from tests.schemas.samples import broken, chunk, completion, dump, stream

EMPTY = broken(completion(), "choices", [])
SMALL = json.dumps(EMPTY).encode()
LARGE = json.dumps({**EMPTY, "note": "x" * HEAVY}).encode()
LONG_EVENT = dump([{**chunk({"content": 1}), "note": "x" * HEAVY}]).encode()


def threads(way: Way, answer: Answer) -> set[bool]:
    """Whether each finding was told in the thread of the event loop."""
    here: list[bool] = []

    def told(finding: Observation) -> None:
        if finding.musts:
            here.append(threading.current_thread() is threading.main_thread())

    way.whole(answer, on_violation=report(told), judged=EXCHANGES)
    assert here
    return set(here)


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize(
    ("answer", "is_heavy"),
    [
        (Answer([SMALL], content_type=JSON), False),
        (Answer([LARGE], content_type=JSON), True),
        (Answer([LARGE[at : at + 1000] for at in range(0, len(LARGE), 1000)], content_type=JSON), True),
        (Answer([gzip.compress(SMALL)], content_type=JSON, coding="gzip"), True),
        (Answer([dump([chunk({"content": 1})]).encode()]), False),
        (Answer([LONG_EVENT]), True),
    ],
)
def test_what_is_large_is_judged_in_a_thread_where_there_is_an_event_loop(
    way: Way, answer: Answer, is_heavy: bool
) -> None:
    answer.request = json.dumps({"model": "m", "messages": [{"role": "user", "content": "Hi"}]}).encode()
    assert threads(way, answer) >= {not (is_heavy and way.mode == "async")}


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_large_request_is_judged_in_a_thread(way: Way) -> None:
    body = json.dumps({"model": "m", "messages": "x" * HEAVY}).encode()
    answer = Answer([json.dumps(completion()).encode()], content_type=JSON, request=body)
    assert threads(way, answer) == {way.mode == "sync"}


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (json.dumps(completion()), JSON),
        (dump(stream()), SSE),
        ('{"object": "list", "data": [1]}', JSON),
        ('data: {"price": 1}\n\n', SSE),
        ("no", JSON),
    ],
)
def test_answer_to_a_route_that_only_ends_like_ours_is_what_it_says(
    way: Way, body: str, content_type: str
) -> None:
    found: list[Observation] = []
    url = "https://api.mistral.ai/v1/fim/completions"
    way.whole(Answer([body.encode()], content_type=content_type, url=url), on_violation=report(found.append))
    assert [finding for finding in found if finding.musts] == []


PADDED = {**chunk({"content": "a"}), "note": "x" * 500}
LONG = dump([*stream()[:2], *[PADDED] * 60, *stream()[2:]]).encode()


@settings(max_examples=20)
@given(
    st.sampled_from([LARGE, LONG_EVENT * 3, LONG, b"\n" * 40_000, b":\n\n" * 9000]), st.integers(1, 50_000)
)
def test_event_loop_waits_for_no_more_than_a_piece_that_is_small(body: bytes, size: int) -> None:
    """What is looked at in the loop's own thread is bounded in bytes, and the end of much is not looked at there."""
    here: list[int] = []
    closed: list[int] = []

    def feed(self: BodyJudge, data: bytes) -> tuple[Violation, ...]:
        if threading.current_thread() is threading.main_thread() and self.in_events:
            here.append(len(data))
        return feeds[type(self)](self, data)

    def close(self: BodyJudge) -> tuple[Violation, ...]:
        if threading.current_thread() is threading.main_thread():
            closed.append(1)
        return closes[type(self)](self)

    size = max(size, len(body) // 500)
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    content_type = SSE if body[:1] in b"d:\n" else JSON
    judges = (EventStreamJudge, JsonBodyJudge)
    feeds: dict[type, Callable[[Any, bytes], tuple[Violation, ...]]] = {one: one.feed for one in judges}
    closes: dict[type, Callable[[Any], tuple[Violation, ...]]] = {one: one.close for one in judges}
    with pytest.MonkeyPatch.context() as patch:
        for one in judges:
            patch.setattr(one, "feed", feed)
            patch.setattr(one, "close", close)
        Way("httpx", "async").stream(
            Answer(pieces, content_type=content_type), on_violation=report(lambda _: None)
        )
    assert max(here, default=0) <= HEAVY
    assert closed == []


@pytest.mark.parametrize("way", [one for one in WAYS if one.mode == "async"], ids=str)
def test_end_of_a_long_stream_that_nobody_reads_on_is_judged_beside_the_loop(way: Way) -> None:
    pieces = [LONG[at : at + 1000] for at in range(0, len(LONG), 1000)]
    here: list[bool] = []
    real = EventStreamJudge.close

    def close(self: EventStreamJudge) -> tuple[Violation, ...]:
        here.append(threading.current_thread() is threading.main_thread())
        return real(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EventStreamJudge, "close", close)
        found = way.stream(Answer([*pieces, b": x\n\n"]), stop_after=len(pieces))
    assert here == [False]
    assert found.error is None


def test_other_tasks_go_on_while_a_body_is_judged() -> None:
    """The judge waits for a task that runs in the loop: it would wait for ever if it stood in its way."""
    turn = threading.Event()
    real = JsonBodyJudge.close

    async def ask() -> None:
        judging, loop = asyncio.Event(), asyncio.get_running_loop()

        def close(self: JsonBodyJudge) -> tuple[Violation, ...]:
            loop.call_soon_threadsafe(judging.set)
            assert turn.wait(60)
            return real(self)

        patch.setattr(JsonBodyJudge, "close", close)
        transport = AsyncGuardTransport(
            httpx.MockTransport(lambda _: httpx.Response(200, content=LARGE)),
            on_violation=report(lambda _: None),
        )
        async with httpx.AsyncClient(transport=transport) as client:
            asking = asyncio.create_task(client.post("http://localhost/v1/chat/completions"))
            await judging.wait()
            turn.set()
            await asking

    with pytest.MonkeyPatch.context() as patch:
        asyncio.run(ask())


LINES = st.lists(
    st.sampled_from([b"data: 1", b"data", b": c", b"", b"id: 1", b"error: {", b"adata", b"event: x"]),
    max_size=20,
)


@given(LINES, st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_stream_is_cut_after_each_event_and_nowhere_else_in_vain(lines: list[bytes], newline: bytes) -> None:
    data = b"".join(line + newline for line in lines)
    edges = [*_ends(data)]
    assert edges == sorted(set(edges))
    decoder, passed = SseDecoder(), 0
    counts: list[int] = []
    for edge in [*edges, len(data)]:
        counts.append(len(decoder.feed(data[passed:edge])))
        passed = edge
    assert all(found <= 2 for found in counts)  # the data and the error of one event
    # the first blank line may end what another piece began; each other cut has an event before it
    assert all(counts[1:-1]) or newline == b"\r"


def test_stream_that_is_given_up_is_handed_on_without_a_look() -> None:
    observations: list[Observation] = []
    fed: list[int] = []
    body = b"data: 1\n\n" * 20_000
    real = EventStreamJudge.feed

    def feed(self: EventStreamJudge, data: bytes) -> tuple[Violation, ...]:
        fed.append(len(data))
        return real(self, data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EventStreamJudge, "feed", feed)
        found = Way("httpx", "sync").stream(Answer([body, body]), on_violation=report(observations.append))
    assert found.body == body * 2
    assert len(fed) < 5_000
    assert [one.rule for one in observations[-1].violations] == ["http.bounds"]
