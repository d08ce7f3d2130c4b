"""What is large is judged beside the event loop of an async client, and what only looks like ours is left alone."""

import gzip
import json
import threading

import pytest

from chatproof.guard import EXCHANGES, Observation, report
from chatproof.guard.stream_observer import HEAVY
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
