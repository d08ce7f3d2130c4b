"""Random requests: cheap, harmless, of a bounded number, the same with the same seed."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.cases import InconclusiveError, Profile
from chatproof.cases.drawing import Hunt, invalid_requests, valid_requests
from chatproof.findings.finding import Finding
from chatproof.probe import EndKind, Exchange, Json, Received, RunEnd, RunEndedError, Sent
from chatproof.strategies import Miss
from chatschema import check
from tests.portion import share

PROFILE = Profile(model="tiny")


def exchange(status: int = 200) -> Exchange:
    return Exchange(
        sent=Sent(method="POST", url="http://x", headers=(), body=b""),
        received=Received(status=status, headers=(), body=b"{}"),
    )


@share(0.5)
@given(valid_requests(PROFILE))
def test_valid_requests_are_valid_and_cheap(request: dict[str, Json]) -> None:
    assert check(request, "chat.completion.request").valid
    assert (request["model"], request["max_tokens"]) == ("tiny", 17)
    assert request.get("n") in {None, 1, 2}
    text = json.dumps(request)
    assert not any(word in text for word in ("://", '"store"', "web_search", "input_audio", "custom"))


@share(0.5)
@given(st.integers(0, 3).flatmap(lambda seed: invalid_requests(PROFILE, seed)))
def test_invalid_requests_are_invalid_and_cheap(miss: Miss) -> None:
    data = miss.data
    assert not check(data, "chat.completion.request").valid
    text = data if isinstance(data, bytes) else json.dumps(data).encode()
    assert b"://" not in text
    assert len(text) < 10_000
    if isinstance(data, dict) and isinstance(data.get("n"), int):
        assert int(str(data["n"])) <= 2


def requests_of(
    fails: Callable[[int], bool], examples: int = 50, seed: int = 0
) -> tuple[list[Json | bytes], list[Finding]]:
    asked: list[Json | bytes] = []

    def ask(body: Json | bytes) -> Exchange:
        asked.append(body)
        return exchange(500 if fails(int(str(body))) else 200)

    def flaws(one: Exchange) -> list[Finding]:
        return [Finding(expected="200", seen="500", exchange=one)] if one.status == 500 else []

    hunt = Hunt(ask, flaws)
    return asked, [*hunt.run(st.integers(0, 10**6), lambda number: number, examples=examples, seed=seed)]


def test_a_failure_is_told_once_and_costs_a_bounded_number_of_requests() -> None:
    asked, found = requests_of(lambda number: number > 100)
    assert len(found) == 1
    first = next(place for place, number in enumerate(asked) if int(str(number)) > 100)
    assert len(asked) <= first + 1 + 8


def test_the_same_seed_draws_the_same_and_another_one_others() -> None:
    assert requests_of(lambda _: False, 6) == requests_of(lambda _: False, 6)
    assert requests_of(lambda _: False, 6) != requests_of(lambda _: False, 6, seed=1)
    assert len(requests_of(lambda _: False, 6)[0]) <= 6


def test_the_end_of_the_run_ends_the_hunt_and_keeps_what_was_found() -> None:
    end = RunEndedError(RunEnd(kind=EndKind.REQUESTS, reason="the limit is reached"))
    calls: list[Json | bytes] = []

    def ask(body: Json | bytes) -> Exchange:
        calls.append(body)
        if len(calls) > 5:
            raise end
        return exchange(500 if int(str(body)) > 1000 else 200)

    def flaws(one: Exchange) -> list[Finding]:
        return [Finding(expected="200", seen="500", exchange=one)] if one.status == 500 else []

    hunt = Hunt(ask, flaws)
    found: list[Finding] = []
    with pytest.raises(RunEndedError):
        found.extend(hunt.run(st.integers(1, 10**6), lambda number: number, examples=5, seed=0))
    assert len(found) == 1
    assert len(calls) == 6


def test_what_cannot_be_judged_is_no_failure() -> None:
    def flaws(one: Exchange) -> list[Finding]:
        raise InconclusiveError("too large", one)

    hunt = Hunt(lambda _: exchange(), flaws)
    assert [*hunt.run(st.integers(), lambda number: number, examples=3, seed=0)] == []
    assert hunt.answered == 0
