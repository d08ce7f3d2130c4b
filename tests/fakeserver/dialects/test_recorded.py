"""The fake's members are what the provider's recorded answers have.

Each recorded request is given to the fake, which says what was said in the recording; then both answers are compared.
"""

import os
from collections import Counter
from functools import cache
from typing import Any

import pytest

from chatfake.dialects import DIALECTS
from tests.fakeserver.dialects.recorded import PROVIDERS, Exchange, answered, exchanges, form, paths

pytestmark = pytest.mark.skipif(
    not os.environ.get("CHATPROOF_CORPUS"), reason="CHATPROOF_CORPUS names no corpus of recorded exchanges"
)
COVERED = [name for name in PROVIDERS if name in DIALECTS]
SORTS = ("json of text", "json of calls", "stream of text", "stream of calls")
#: At least so many recorded answers of each sort have the very form of the fake's.
ENOUGH = 2
#: Of which sorts there are fewer, and why.
FEWER = {
    ("azure", "stream of calls"): "the four recorded have a service tier and latencies, as no older ones",
    ("ollama", "stream of text"): "what was recorded is older than the source: an empty piece before the end",
    ("together", "json of calls"): "one was recorded",
    ("together", "stream of calls"): "none was recorded here",
}

#: Chunks that no recorded stream begins (0) or ends (-1) with, and why.
OTHER_ENDS = {
    ("azure", "stream of calls", -1): "the four recorded end with latencies",
    ("together", "stream of calls", 0): "none was recorded here",
    ("together", "stream of calls", -1): "none was recorded here",
}

Replay = tuple[Exchange, int, Any]


@cache
def replays(dialect: str) -> tuple[Replay, ...]:
    return tuple((one, *answered(dialect, one)) for one in exchanges(dialect))


def of_sort(dialect: str, sort: str) -> list[Replay]:
    return [replay for replay in replays(dialect) if replay[0].sort == sort]


def looks_the_same(replay: Replay) -> bool:
    one, _, answer = replay
    return form(answer, one.in_order) == form(one.answer, one.in_order)


@pytest.mark.parametrize("dialect", COVERED)
def test_recorded_requests_are_taken_as_the_provider_took_them(dialect: str) -> None:
    refused = {one.id: answer for one, status, answer in replays(dialect) if status != 200}
    assert refused == {}
    assert len(replays(dialect)) >= ENOUGH


@pytest.mark.parametrize("dialect", COVERED)
@pytest.mark.parametrize("sort", SORTS)
def test_members_are_those_of_recorded_answers_in_their_order(dialect: str, sort: str) -> None:
    same = sum(looks_the_same(replay) for replay in of_sort(dialect, sort))
    assert (same < ENOUGH) is ((dialect, sort) in FEWER), f"{same} of {len(of_sort(dialect, sort))}"


@pytest.mark.parametrize("dialect", COVERED)
@pytest.mark.parametrize("stream", [False, True])
def test_fake_has_no_member_and_no_null_of_its_own(dialect: str, stream: bool) -> None:
    pairs = [
        (one.answer, answer)
        for one, status, answer in replays(dialect)
        if status == 200 and isinstance(one.answer, list) is stream
    ]
    recorded = {found for answer, _ in pairs for found in paths(answer)}
    own = Counter(found for _, answer in pairs for found in set(paths(answer)) - recorded)
    assert own == Counter()


@pytest.mark.parametrize("dialect", COVERED)
@pytest.mark.parametrize("sort", ["stream of text", "stream of calls"])
@pytest.mark.parametrize("place", [0, -1])
def test_stream_begins_and_ends_as_recorded_ones_do(dialect: str, sort: str, place: int) -> None:
    found = [(one.answer, answer) for one, status, answer in of_sort(dialect, sort) if status == 200]
    same = sum(form(recorded[place]) == form(answer[place]) for recorded, answer in found)
    assert (same < ENOUGH) is ((dialect, sort, place) in OTHER_ENDS), f"{same} of {len(found)}"
