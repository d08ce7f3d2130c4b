"""How a body ends: read to its end, left early, broken off, cancelled; and that it is closed once."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, Self

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.guard import ContractError, Observation, report
from chatproof.guard.httpx import AsyncGuardTransport, GuardTransport
from tests.guard.driving import JSON, WAYS, Answer, Way, behind
from tests.schemas.samples import broken, chunk, completion, stream

EVENTS = [f"data: {json.dumps(item)}\n\n".encode() for item in stream()]
DONE = b"data: [DONE]\n\n"
ENDLESS = [*EVENTS[:-1]]
EMPTY = json.dumps(broken(completion(), "choices", [])).encode()
#: It tells of a call and has none, which can only be known at its end.
HOLLOW = [EVENTS[0], f"data: {json.dumps(chunk({}, 'tool_calls'))}\n\n".encode(), DONE]

ways = pytest.mark.parametrize("way", WAYS, ids=str)


@given(st.sampled_from(WAYS), st.integers(0, len(EVENTS)))
def test_caller_that_leaves_early_hears_nothing_of_a_missing_end(way: Way, count: int) -> None:
    answer = Answer([*EVENTS[:-1], b"data: {}\n\n"])
    found: list[Observation] = []
    reading = way.stream(answer, stop_after=min(count, 3), on_violation=report(found.append))
    assert (reading.error, found) == (None, [])
    assert answer.closes == 1
    assert answer.given == min(count, 3)


@ways
def test_json_that_is_left_early_is_not_judged(way: Way) -> None:
    answer = Answer([EMPTY[:9], EMPTY[9:]], content_type=JSON)
    reading = way.stream(answer, stop_after=1)
    assert reading.error is None
    assert answer.closes == 1


@ways
@pytest.mark.parametrize("pieces", [[*HOLLOW], [b"".join(HOLLOW)]])
def test_caller_that_leaves_at_done_hears_what_the_whole_answer_breaks(way: Way, pieces: list[bytes]) -> None:
    answer = Answer([*pieces, b""])
    reading = way.stream(answer, stop_after=len(pieces))
    assert reading.body == b"".join(HOLLOW)
    assert isinstance(reading.error, ContractError)
    assert [item.rule for item in reading.error.violations] == ["chat.tools.finish-reason"]
    assert answer.closes == 1


@ways
def test_error_of_the_caller_is_not_replaced_by_one_of_the_guard(way: Way) -> None:
    class CallersError(Exception):
        pass

    answer = Answer([*HOLLOW, b""])
    found: list[Observation] = []

    def react(observation: Observation) -> None:
        found.append(observation)
        raise ContractError(observation)

    client = way.client(way.guarded(behind(way.module, answer), on_violation=react))

    def sync() -> None:
        with client.stream("POST", answer.url) as response:
            parts = response.iter_raw()
            for _ in HOLLOW:
                next(parts)
            raise CallersError

    async def not_sync() -> None:
        async with client.stream("POST", answer.url) as response:
            parts = response.aiter_raw()
            for _ in HOLLOW:
                await anext(parts)
            raise CallersError

    with pytest.raises(CallersError):
        sync() if way.mode == "sync" else asyncio.run(not_sync())
    assert [item.rule for observation in found for item in observation.violations] == [
        "chat.tools.finish-reason"
    ]
    assert answer.closes == 1


@ways
def test_error_that_the_caller_deals_with_already_hides_none_of_the_guard(way: Way) -> None:
    error: BaseException | None = None
    try:
        int("none")
    except ValueError:
        error = way.stream(Answer([*HOLLOW, b""]), stop_after=len(HOLLOW)).error
    assert isinstance(error, ContractError)


@ways
@pytest.mark.parametrize("count", [0, 1, 3])
def test_broken_connection_is_told_by_its_own_error_alone(way: Way, count: int) -> None:
    lost = way.module.RemoteProtocolError("peer closed connection")
    for content_type in ("text/event-stream", JSON):
        answer = Answer(EVENTS[:count], content_type=content_type, error=lost)
        found: list[Observation] = []
        reading = way.stream(answer, on_violation=report(found.append))
        assert reading.error is lost
        assert reading.pieces == EVENTS[:count]
        assert (found, answer.closes) == ([], 1)


@ways
def test_clean_end_without_done_is_raised_after_the_last_byte(way: Way) -> None:
    answer = Answer(EVENTS)
    reading = way.stream(answer)
    assert reading.pieces == EVENTS
    assert isinstance(reading.error, ContractError)
    assert [item.rule for item in reading.error.violations] == ["chat.sse.done"]
    assert answer.closes == 1


@ways
def test_after_a_violation_that_is_only_reported_the_stream_goes_on_and_is_judged_on(way: Way) -> None:
    odd = b'data: {"choices": 5}\n\n'
    later = f"data: {json.dumps(broken(chunk({'content': 'x'}), 'model', 'other'))}\n\n".encode()
    answer = Answer([EVENTS[0], odd, EVENTS[1], later, EVENTS[-1], DONE])
    found: list[Observation] = []
    reading = way.stream(answer, on_violation=report(found.append))
    assert reading.body == b"".join(answer.pieces)
    assert [{item.path.partition(".")[0] for item in observation.violations} for observation in found] == [
        {"$[1]"},
        {"$[3]"},
    ]


@ways
def test_error_of_a_reaction_stops_the_judging_and_reaches_the_caller(way: Way) -> None:
    def react(_finding: Observation) -> None:
        raise KeyError("mine")

    reading = way.stream(Answer([*EVENTS, b'data: {"choices": 5}\n\n', DONE]), on_violation=react)
    assert isinstance(reading.error, KeyError)
    assert reading.pieces == EVENTS
    whole = way.whole(Answer([EMPTY], content_type=JSON), on_violation=react)
    assert isinstance(whole.error, KeyError)


@pytest.mark.parametrize("way", [way for way in WAYS if way.mode == "async"], ids=str)
def test_cancelled_task_is_cancelled_and_its_stream_closed_once(way: Way) -> None:
    answer = Answer([*ENDLESS])
    found: list[Observation] = []
    module = way.module
    finished: list[str] = []

    class Waiting(module.AsyncByteStream):  # type: ignore[misc,name-defined]  # the library is a value here
        async def __aiter__(self) -> AsyncIterator[bytes]:
            try:
                for piece in answer.pieces:
                    yield piece
                await asyncio.Event().wait()
            finally:
                finished.append("parts")

        async def aclose(self) -> None:
            answer.closes += 1

    class Transport(module.AsyncBaseTransport):  # type: ignore[misc,name-defined]  # as above
        async def handle_async_request(self, request: Any) -> Any:
            return module.Response(200, headers=answer.headers, stream=Waiting())

    async def read() -> None:
        client = way.client(way.guarded(Transport(), on_violation=report(found.append)))
        async with client, client.stream("POST", answer.url) as response:
            async for _ in response.aiter_raw():
                got.set()

    async def main() -> None:
        task = asyncio.ensure_future(read())
        await got.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    got = asyncio.Event()
    asyncio.run(main())
    assert (found, answer.closes, finished) == ([], 1, ["parts"])


def test_transport_is_opened_and_closed_with_its_client() -> None:
    seen: list[str] = []

    class Inner(httpx.BaseTransport):
        def __enter__(self) -> Self:
            seen.append("enter")
            return self

        def __exit__(self, *_: object) -> None:
            seen.append("exit")

        def close(self) -> None:
            seen.append("close")

    with httpx.Client(transport=GuardTransport(Inner())):
        pass
    GuardTransport(Inner()).close()
    assert seen == ["enter", "exit", "close"]


def test_async_transport_is_opened_and_closed_with_its_client() -> None:
    seen: list[str] = []

    class Inner(httpx.AsyncBaseTransport):
        async def __aenter__(self) -> Self:
            seen.append("enter")
            return self

        async def __aexit__(self, *_: object) -> None:
            seen.append("exit")

        async def aclose(self) -> None:
            seen.append("close")

    async def main() -> None:
        async with httpx.AsyncClient(transport=AsyncGuardTransport(Inner())):
            pass
        await AsyncGuardTransport(Inner()).aclose()

    asyncio.run(main())
    assert seen == ["enter", "exit", "close"]
