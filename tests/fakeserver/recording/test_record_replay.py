"""What is recorded is what came, and what is replayed is what was recorded."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import count, pairwise
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatfake import FAULTS, SCENARIOS, Fake, LiveServer, Request
from chatfake.core.http import Pause, Repeat, Reset, Send
from chatfake.recording.exchange import Arrival, Exchange, Finish, Reading
from chatfake.recording.file_format import dump_exchange, parse_exchange
from chatfake.recording.folder import read_recordings
from chatfake.recording.replay import Replay
from tests.fakeserver.asking import chat, post
from tests.fakeserver.recording.seeing import Watched, client_of, files, recording, seen, written
from tests.portion import share

NUMBERS = count()


def _is_quick(name: str) -> bool:
    """Over a socket a pause is a pause, a stream without an end has none, and httpx bears no huge head."""
    answers = [post(Fake(), chat(model=f"fake/{name}", stream=stream)) for stream in (False, True)]
    slow = any(isinstance(step, Pause | Repeat) for one in answers for step in one.steps)
    return not slow and "huge-headers" not in name and max(len(one.body) for one in answers) < 1_000_000


@pytest.fixture(scope="module")
def upstream() -> Iterator[LiveServer]:
    with LiveServer() as server:
        yield server


@pytest.fixture(scope="module")
def recorder(upstream: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    return Watched(tmp_path_factory.mktemp("recordings"), upstream.base_url)


@pytest.fixture(scope="module")
def through(recorder: Watched) -> Iterator[httpx.Client]:
    """A client of a recorder in front of the fake."""
    with LiveServer(recorder=recorder) as server, client_of(server) as client:
        yield client


def _newest(recorder: Watched) -> Exchange:
    (exchange,) = read_recordings(recorder.newest)
    return exchange


plans = st.builds(
    "+".join,
    st.tuples(st.sampled_from(sorted(SCENARIOS)), st.sampled_from(sorted(filter(_is_quick, FAULTS)))),
) | st.sampled_from(sorted(filter(_is_quick, (*SCENARIOS, *FAULTS))))


@settings(share(0.6), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(plan=plans.filter(_is_quick), stream=st.booleans())
def test_replay_is_what_was_seen_through_the_recorder(
    plan: str, stream: bool, through: httpx.Client, recorder: Watched
) -> None:
    body = chat(model=f"fake/{plan}", stream=stream, user=str(next(NUMBERS)))
    first = seen(through, body)
    exchange = _newest(recorder)
    fake = Fake(replay=Replay([exchange]))
    with httpx.Client(transport=fake.httpx_transport(), base_url="http://x") as client:
        again = seen(client, body)
    answer = post(fake, body)
    assert answer.body == exchange.arrival.data
    if Reset() in answer.steps:  # a reset takes with it what the client has not read yet
        assert (first.broken, again.broken) == ("ReadError", "ReadError")
        assert again.body.startswith(first.body)
    else:
        assert again == first
    assert fake.requests[0].scenario == "replay"


def test_replay_over_a_socket_is_the_same(through: httpx.Client, recorder: Watched) -> None:
    for plan in ("text", "stream-cut", "gzip", "http-429", "redirect", "content-length-too-short", "refuse"):
        body = chat(model=f"fake/{plan}", stream=True, user="socket")
        first = seen(through, body)
        with LiveServer(Fake(replay=Replay([_newest(recorder)]))) as server, client_of(server) as client:
            assert seen(client, body) == first, plan


def test_order_of_repeats_is_kept_and_the_last_stays(upstream: LiveServer, tmp_path: Path) -> None:
    handle = upstream.handle()
    handle.script("one", "two", upstream.fake.handle().fault("http-500"))
    said: list[str] = []
    with recording(tmp_path, upstream.base_url, said) as server:
        for _ in range(3):
            httpx.post(
                f"{server.base_url}/chat/completions",
                json=chat(),
                headers={"authorization": f"Bearer {handle.key}"},
            )
    assert [file.name[-7:] for file in files(tmp_path)] == ["-1.json", "-2.json", "-3.json"]
    fake = Fake(replay=tmp_path)
    answers = [post(fake, chat()) for _ in range(5)]
    assert [one.status for one in answers] == [200, 200, 500, 500, 500]
    assert b"one" in answers[0].body
    assert b"two" in answers[1].body
    # another key begins anew
    key = fake.handle().key
    assert b"one" in post(fake, chat(), headers=(("authorization", f"Bearer {key}"),)).body


def test_tenth_repeat_comes_after_the_second(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    for number in (10, 2, 1):
        text = dump_exchange(_exchange(f"answer {number}".encode()))
        (tmp_path / f"post-x-{number}.json").write_text(text, encoding="utf-8")
    assert [one.arrival.data for one in read_recordings(tmp_path)] == [b"answer 1", b"answer 2", b"answer 10"]


def _exchange(body: bytes, ms: float = 0.0) -> Exchange:
    reading = Reading(ms=ms, data=body)
    return Exchange(
        request=Request(method="POST", path="/v1/chat/completions", body=b"{}"),
        arrival=Arrival(
            finish=Finish.COMPLETE, ended_ms=ms + 30, status=200, head_ms=ms / 2, readings=(reading,)
        ),
    )


def test_times_are_pauses_on_the_virtual_clock() -> None:
    fake = Fake(replay=Replay([_exchange(b"late", ms=7_200_000)]))
    with httpx.Client(transport=fake.httpx_transport(), timeout=10_000) as client:
        assert client.post("http://x/v1/chat/completions", json={}).text == "late"
    assert fake.time.now == pytest.approx(7200.03)
    steps = Fake(replay=Replay([_exchange(b"late", ms=100)], speed=2)).answer(_exchange(b"").request).steps
    assert steps == (Pause(0.025), Send(b""), Pause(0.025), Send(b"late"), Pause(0.015))
    with (
        pytest.raises(httpx.ReadTimeout),
        httpx.Client(transport=fake.httpx_transport(), timeout=5) as client,
    ):
        client.post("http://x/v1/chat/completions", json={})


def test_edited_text_has_its_own_length() -> None:
    exchange = _exchange(b"edited by hand")
    exchange = replace(exchange, arrival=replace(exchange.arrival, headers=(("Content-Length", "3"),)))
    answer = Fake(replay=Replay([exchange])).answer(exchange.request)
    assert answer.header("content-length") == "14"


@given(data=st.binary(max_size=200), cuts=st.lists(st.integers(0, 200), max_size=4), raw=st.booleans())
def test_file_holds_any_bytes(data: bytes, cuts: list[int], raw: bool) -> None:
    places = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    pieces = tuple(Reading(ms=float(a), data=data[a:b]) for a, b in pairwise(places))
    exchange = _exchange(b"")
    exchange = replace(exchange, arrival=replace(exchange.arrival, readings=pieces, raw=raw))
    assert parse_exchange(json.loads(dump_exchange(exchange)), "") == exchange


def test_file_looks_as_documented(through: httpx.Client, recorder: Watched) -> None:
    seen(through, chat(model="fake/unicode", stream=True, user="shown"))
    value = written(recorder.newest)
    assert value["request"]["json"]["messages"] == [{"role": "user", "content": "And Italy?"}]
    assert ["authorization", "Bearer ***"] in value["request"]["headers"]
    assert value["response"]["ending"] == "complete"
    events = "".join("".join(one["text"]) for one in value["response"]["reads"])
    assert events.endswith("data: [DONE]\n\n")
    assert all(set(one) == {"ms", "text"} for one in value["response"]["reads"])
