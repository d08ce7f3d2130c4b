"""The verdict on the client, read off the journal."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatfake import Fake, Handle, LiveServer, Recorded
from chatfake.core.http import Answer, Ending
from chatfake.journal.client_verdict import verdict_on
from chatfake.journal.conversations import conversations
from tests.fakeserver.asking import chat, post

OK, BUSY = Answer(status=200), Answer(status=429, headers=(("retry-after", "2"),))
DATED = Answer(
    status=429,
    headers=(("date", "Sat, 21 Nov 2026 07:00:00 GMT"), ("retry-after", "Sat, 21 Nov 2026 07:00:05 GMT")),
)


def entry(number: int, body: bytes, arrived: float, took: float | None = 0.1, **members: Any) -> Recorded:
    answer: Answer = members.pop("answer", OK)
    base: dict[str, Any] = {
        "method": "POST", "path": "/chat/completions", "query": "", "headers": (), "body": body, "json": None,
        "scenario": "text", "outcome": "", "ending": None if took is None else Ending.COMPLETE,
    }  # fmt: skip
    fields: dict[str, Any] = {**base, "status": answer.status, **members}
    return Recorded(
        **fields,
        number=number,
        arrived=arrived,
        finished=None if took is None else arrived + took,
        answer=answer,
    )


def test_retry_after_a_failure_is_counted_and_timed() -> None:
    verdict = verdict_on([entry(1, b"a", 0, answer=BUSY), entry(2, b"a", 2.2), entry(3, b"b", 3)])
    (retry,) = verdict.retries
    assert (retry.after, retry.number, retry.asked_to_wait, retry.obeyed) == (1, 2, 2.0, True)
    assert retry.waited == pytest.approx(2.1)
    assert not verdict.impatient
    assert not verdict.gave_up


@pytest.mark.parametrize(("answer", "seconds"), [(BUSY, 2.0), (DATED, 5.0)])
def test_retry_that_comes_too_soon_is_named(answer: Answer, seconds: float) -> None:
    verdict = verdict_on([entry(1, b"a", 0, answer=answer), entry(2, b"a", 1)])
    assert [retry.number for retry in verdict.impatient] == [2]
    assert verdict.retries[0].asked_to_wait == seconds
    assert str(verdict) == "requests: 2\n  retries: 1\n  of them sooner than Retry-After allowed: 1"


def test_failure_that_is_not_tried_again_is_given_up() -> None:
    assert verdict_on([entry(1, b"a", 0, answer=Answer(status=500))]).gave_up == (1,)
    assert verdict_on([entry(1, b"a", 0, answer=Answer(status=400))]).gave_up == ()
    assert verdict_on([entry(1, b"a", 0, ending=Ending.LOST)]).gave_up == (1,)


def test_same_request_after_a_whole_answer_or_before_its_end_is_a_duplicate() -> None:
    assert verdict_on([entry(1, b"a", 0), entry(2, b"a", 1)]).duplicates == (2,)
    assert verdict_on([entry(1, b"a", 0, took=5), entry(2, b"a", 1)]).duplicates == (2,)
    assert verdict_on([entry(1, b"a", 0, took=None), entry(2, b"a", 1)]).duplicates == (2,)
    assert verdict_on([entry(1, b"a", 0), entry(2, b"b", 1)]).duplicates == ()


def test_what_was_left_is_under_way_or_was_refused_is_named() -> None:
    verdict = verdict_on(
        [
            entry(1, b"a", 0, ending=Ending.LEFT),
            entry(2, b"b", 0, took=None),
            entry(3, b"c", 0, scenario="", answer=Answer(status=400)),
        ]
    )
    assert (verdict.abandoned, verdict.under_way, verdict.refused) == ((1,), (2,), (3,))


@given(
    st.lists(
        st.tuples(st.sampled_from([b"a", b"b"]), st.sampled_from([200, 400, 429, 500]), st.floats(0, 3)),
        max_size=12,
    )
)
def test_every_request_is_a_first_a_retry_or_a_duplicate(rows: list[tuple[bytes, int, float]]) -> None:
    entries, now = [], 0.0
    for number, (body, status, gap) in enumerate(rows, start=1):
        now += gap + 0.2
        entries.append(entry(number, body, now, answer=Answer(status=status)))
    verdict = verdict_on(entries)
    firsts = len({one.body for one in entries})
    assert firsts + len(verdict.retries) + len(verdict.duplicates) == verdict.requests == len(entries)


def test_client_that_leaves_a_live_stream_is_seen() -> None:
    with LiveServer() as server:
        handle = server.handle()
        body = chat(stream=True, model="fake/stream-endless")  # a long one fits into what sockets hold
        headers = {"authorization": f"Bearer {handle.key}"}
        with httpx.stream(
            "POST", f"{server.base_url}/chat/completions", json=body, headers=headers
        ) as response:
            next(response.iter_raw())
        handle.wait_for(1, ended=True)
        assert handle.verdict().abandoned == (1,)


def test_client_that_stays_is_seen_to_stay() -> None:
    with LiveServer() as server:
        handle = server.handle()
        for stream in (False, True):
            httpx.post(
                f"{server.base_url}/chat/completions",
                json=chat(stream=stream),
                headers={"authorization": f"Bearer {handle.key}"},
            )
        assert [one.ending for one in handle.wait_for(2, ended=True)] == [Ending.COMPLETE] * 2


def users(*texts: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text} for text in texts]


def ask(fake: Fake, handle: Handle, *texts: str) -> None:
    post(fake, chat(messages=users(*texts)), headers=(("authorization", f"Bearer {handle.key}"),))


def test_conversations_are_told_apart_by_their_histories(fake: Fake) -> None:
    handle = fake.handle()
    for texts in (["a"], ["x"], ["a", "b"], ["x", "y"], ["b", "c"]):  # the last one lost its first turn
        ask(fake, handle, *texts)
    found = handle.conversations()
    assert [[one.number for one in talk.requests] for talk in found] == [[1, 3, 5], [2, 4]]
    assert found[0].lines == (("user", "b"), ("user", "c"))


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=4), max_size=8))
def test_every_chat_request_is_in_one_conversation(talks: list[list[str]]) -> None:
    fake = Fake()
    handle = fake.handle()
    for texts in talks:
        ask(fake, handle, *texts)
    numbers = [one.number for talk in conversations(handle.requests) for one in talk.requests]
    assert sorted(numbers) == list(range(1, len(talks) + 1))


def test_waiting_in_vain_says_how_many_came(fake: Fake) -> None:
    handle = fake.handle()
    ask(fake, handle, "a")
    assert len(handle.wait_for(1)) == 1
    with pytest.raises(TimeoutError, match="1 of 2 requests came"):
        handle.wait_for(2, timeout=0.01)
    with pytest.raises(
        AssertionError, match="1 requests came, not 2\n  1  POST /chat/completions  200  text"
    ):
        handle.assert_request_count(2)


def test_journal_remembers_the_answer(fake: Fake) -> None:
    handle = fake.handle()
    ask(fake, handle, "a")
    answer = handle.last.answer
    assert answer is not None
    assert json.loads(answer.body)["object"] == "chat.completion"
