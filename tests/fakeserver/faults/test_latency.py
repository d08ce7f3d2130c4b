"""Time that passes: models, delays, stalls, in process on a clock that is only counted."""

import math
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatfake import FAULTS, Fake
from chatfake.core.http import Answer, Cut, Pause, Reset, Send
from chatfake.faults.latency import LatencyError, latency_of
from tests.fakeserver.asking import chat, post

PIECES = Answer(status=200, steps=tuple(Send(b"x") for _ in range(200)))


def waits(written: str, seed: str = "a") -> list[float]:
    steps = latency_of(written).apply(PIECES, seed).steps
    return [step.seconds for step in steps if isinstance(step, Pause)]


def test_constant_waits_the_same_before_each_piece() -> None:
    assert waits("constant:0.5") == [0.5] * 200
    assert waits("first=constant:2,next=constant:0.1") == [2.0, *[0.1] * 199]
    assert waits("first=constant:2") == [2.0]


@pytest.mark.parametrize(
    ("written", "low", "high", "mean"),
    [
        ("uniform:1:3", 1, 3, 2),
        ("normal:2:0.3", 0.5, 3.5, 2),
        ("lognormal:1:0.2", 0.3, 3, 1),
    ],
)
def test_chance_stays_around_what_was_asked(written: str, low: float, high: float, mean: float) -> None:
    drawn = waits(written)
    assert all(low <= wait <= high for wait in drawn)
    assert math.isclose(sum(drawn) / len(drawn), mean, rel_tol=0.1)
    assert len(set(drawn)) > 100


@given(st.text(max_size=8), st.sampled_from(["uniform:0:1", "normal:1:1", "lognormal:0.1:2"]))
def test_same_seed_waits_the_same(seed: str, written: str) -> None:
    assert waits(written, seed) == waits(written, seed)


@pytest.mark.parametrize("name", FAULTS)
def test_latency_stays_whatever_fault_befalls_the_answer(name: str) -> None:
    plain = post(Fake(), chat(model=f"fake/{name}", stream=True))
    late = post(Fake(latency="constant:0.5"), chat(model=f"fake/{name}", stream=True))
    waited = [step for step in late.steps if isinstance(step, Pause)]
    refused = plain.status != 200 or plain.steps in ((Cut(),), (Reset(),)) or name == "reset-in-head"
    assert refused or sum(step.seconds for step in waited) >= 0.5
    assert b"".join(one.data for one in late.steps if isinstance(one, Send)) == plain.body


@pytest.mark.parametrize("frame", ["stream-crlf", "one-byte-packets", "stream-comments", "role-every-chunk"])
@pytest.mark.parametrize("loss", ["stream-cut", "reset-in-body", "half-close", "stall", "stream-endless"])
def test_loss_stays_whatever_frame_is_laid_over_it(loss: str, frame: str) -> None:
    last = post(Fake(), chat(model=f"fake/{loss}+{frame}", stream=True)).steps[-1]
    assert type(last) is type(post(Fake(), chat(model=f"fake/{loss}", stream=True)).steps[-1])
    assert not isinstance(last, Send)


def test_trace_begins_again_at_its_end(tmp_path: Path) -> None:
    trace = tmp_path / "trace.txt"
    trace.write_text("0.1\n0.2\n0.3\n")
    assert waits(f"first=constant:9,next=trace:{trace}")[:6] == [9, 0.1, 0.2, 0.3, 0.1, 0.2]


@pytest.mark.parametrize(
    "written", ["", "soon", "constant", "constant:-1", "uniform:1", "normal:a:b", "last=constant:1", "trace:/nowhere/x", "constant:inf", "constant:nan"]
)  # fmt: skip
def test_what_is_no_model_is_refused_in_a_sentence(written: str) -> None:
    with pytest.raises(LatencyError):
        latency_of(written)


def test_empty_trace_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t").write_text("")
    with pytest.raises(LatencyError, match="is empty"):
        latency_of(f"trace:{tmp_path / 't'}")


def test_same_request_takes_the_same_time() -> None:
    answers = [post(Fake(latency="uniform:0:1"), chat(stream=True)) for _ in range(2)]
    assert answers[0] == answers[1]
    assert sum(isinstance(step, Pause) for step in answers[0].steps) > 5


def test_header_asks_for_a_delay_or_a_model_and_nonsense_is_passed_over(fake: Fake) -> None:
    assert post(fake, chat(), headers=(("x-fake-delay", "2.5"),)).steps[0] == Pause(2.5)
    assert post(fake, chat(), headers=(("x-fake-latency", "constant:1"),)).steps[0] == Pause(1)
    for header in (("x-fake-delay", "soon"), ("x-fake-delay", "-1"), ("x-fake-latency", "x"), ("x-fake-latency", "trace:/etc/passwd")):  # fmt: skip
        assert post(fake, chat(), headers=(header,)) == post(fake, chat())


@pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
def test_an_hour_passes_in_process_and_takes_no_time(library: Any, fake: Fake) -> None:
    transport = fake.httpx_transport() if library is httpx else fake.httpx2_transport()
    with library.Client(transport=transport, timeout=None, base_url="http://x/v1") as client:
        answer = client.post("/chat/completions", json=chat(model="fake/delay-first-byte=3600"))
        assert answer.status_code == 200
        assert fake.time.now == 3600
        with pytest.raises(library.ReadTimeout):
            client.post("/chat/completions", json=chat(model="fake/stall", stream=True))


@pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
def test_wait_beyond_the_clients_patience_is_its_read_timeout(library: Any, fake: Fake) -> None:
    transport = fake.httpx_transport() if library is httpx else fake.httpx2_transport()
    with library.Client(transport=transport, timeout=5, base_url="http://x/v1") as client:
        with pytest.raises(library.ReadTimeout):
            client.post("/chat/completions", json=chat(model="fake/delay-first-byte=6"))
        assert fake.time.now == 5
        client.post("/chat/completions", json=chat(model="fake/delay-first-byte=4"))
        assert fake.time.now == 9
