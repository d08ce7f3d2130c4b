"""Requests are not made too quickly."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from chatfake import Answer, Fake, LiveServer, Request
from chatproof.probe import Budget, Pace, Probe
from chatproof.selftest.endpoint.wrapping import as_json
from tests.conformance.options.asked import answered
from tests.conformance.test_check_command import check
from tests.conformance.test_plugin import run_here


def test_each_request_has_its_turn_so_long_after_the_one_before() -> None:
    now = [100.0]
    pace = Pace(0.5, clock=lambda: now[0])
    turns = [pace.turn(), pace.turn(), pace.turn()]
    assert turns == [0.0, 0.5, 1.0]
    now[0] += 1.2
    assert pace.turn() == pytest.approx(0.3)
    now[0] += 60
    assert pace.turn() == 0.0
    assert [Pace().turn() for _ in range(2)] == [0.0, 0.0]


def in_threads(ask: Callable[[], object], number: int) -> None:
    threads = [threading.Thread(target=ask) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_probe_keeps_the_pace_across_threads() -> None:
    pauses: list[float] = []
    probe = Probe(
        "http://there",
        api_key=None,
        budget=Budget(),
        transport=httpx.MockTransport(lambda _: answered(200)),
        wait=pauses.append,
        pace=Pace(10, clock=lambda: 0.0),
    )
    in_threads(lambda: probe.get("/models"), 8)
    assert sorted(pauses) == [10.0 * n for n in range(1, 8)]


def test_a_pace_does_not_outlast_the_run() -> None:
    pauses: list[float] = []
    probe = Probe(
        "http://there",
        api_key=None,
        budget=Budget(max_seconds=5),
        transport=httpx.MockTransport(lambda _: answered(200)),
        wait=pauses.append,
        pace=Pace(3600),
    )
    probe.get("/models")
    probe.get("/models")
    assert 0 < pauses[0] <= 5


class AtV1(Fake):
    """A fake whose base URL alone answers: the probe of the root hands its pace on to the one that is judged with."""

    def answer(self, request: Request) -> Answer:
        """404 at the root."""
        return super().answer(request) if request.path.startswith("/v1/") else as_json(404, {})


@pytest.mark.parametrize("plain", [False, True])
def test_the_delay_holds_for_the_whole_run(
    plain: bool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del folder
    paces: list[float] = []
    turn = Pace.turn

    def noted(pace: Pace) -> float:
        paces.append(turn(pace))
        return 0.0

    monkeypatch.setattr(Pace, "turn", noted)
    with LiveServer(AtV1(models=("tiny",), clock=time.time)) as server:
        root = server.base_url.removesuffix("/v1")
        if plain:
            case = ("--chatproof-url", root, "--chatproof-delay", "1000", "-k", "models.list")
            assert run_here(*case)[0] == 0
        else:
            assert check(root, "--delay", "1000", "-k", "models.list").exit_code == 0
    assert len(paces) >= 3
    assert all(1000 * n - 60 < pause <= 1000 * n for n, pause in enumerate(paces))
