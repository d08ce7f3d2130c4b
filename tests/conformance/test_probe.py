"""The probe: bounded in bytes, time and number, and silent about the key."""

import gc
import gzip
import itertools
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.probe import Budget, BudgetSpentError, FailureKind, Limits, Probe, RunEndedError, Spent
from chatproof.probe.client import Client

KEY = "sk-very-secret"


class Pieces(httpx.SyncByteStream):
    """A body in pieces, with an end of one's choice."""

    def __init__(self, pieces: list[bytes], error: Exception | None = None) -> None:
        self.pieces, self.error = pieces, error

    def __iter__(self) -> Iterator[bytes]:
        yield from self.pieces
        if self.error:
            raise self.error


def answer(body: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
    return httpx.Response(200, stream=Pieces([body]), headers=headers)


def probe_of(
    handler: Callable[[httpx.Request], httpx.Response],
    *,
    max_requests: int = 100,
    body_bytes: int = 1000,
    wait: Callable[[float], None] = time.sleep,
) -> Probe:
    return Probe(
        "http://there/v1/",
        api_key=KEY,
        budget=Budget(max_requests=max_requests, max_tokens=1000),
        limits=Limits(seconds=5, body_bytes=body_bytes, list_bytes=body_bytes),
        transport=httpx.MockTransport(handler),
        wait=wait,
    )


def test_the_key_is_sent_and_never_kept() -> None:
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["authorization"])
        return answer(b'{"ok": true}')

    exchange = probe_of(handler).post("/chat/completions", {"a": 1})
    assert seen == [f"Bearer {KEY}"]
    assert KEY not in repr(exchange)
    assert exchange.object() == {"ok": True}


def test_a_redirect_is_not_followed() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert request.url.host == "there"
        return httpx.Response(307, headers={"location": "http://elsewhere/v1/models"}, stream=Pieces([]))

    assert probe_of(handler).get("/models").status == 307


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_body_past_the_limit_is_not_read(encoding: str) -> None:
    big = b"x" * 5_000_000

    def handler(_: httpx.Request) -> httpx.Response:
        body = gzip.compress(big) if encoding == "gzip" else big
        return answer(body, {"content-encoding": encoding})

    exchange = probe_of(handler).get("/models")
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TOO_LARGE
    assert exchange.received is not None
    assert exchange.received.status == 200
    assert len(exchange.received.body) <= 1000


def test_a_compressed_body_is_read_though_identity_was_asked_for() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert request.headers["accept-encoding"] == "identity"
        return answer(gzip.compress(b'{"a": 1}'), {"content-encoding": "gzip"})

    assert probe_of(handler).get("/models").object() == {"a": 1}


def test_a_body_that_is_no_gzip_is_a_broken_answer() -> None:
    def handler(_: httpx.Request) -> httpx.Response:
        return answer(b"plain", {"content-encoding": "gzip"})

    exchange = probe_of(handler).get("/models")
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.ENCODED
    assert exchange.failure.text == (
        "it says content-encoding: gzip although identity was asked for, and is no gzip"
    )


def test_a_gzip_that_is_cut_is_a_broken_answer() -> None:
    packed = gzip.compress(b'{"object": "list", "data": []}' * 9)[:30]
    exchange = probe_of(lambda _: answer(packed, {"content-encoding": "gzip"})).get("/models")
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.ENCODED
    assert exchange.failure.text.endswith("and ends before that does")


def test_what_comes_behind_the_end_of_a_gzip_is_bounded_too() -> None:
    pieces = [gzip.compress(b"{}"), *[b"x" * 100] * 10]
    headers = {"content-encoding": "gzip"}
    exchange = probe_of(lambda _: httpx.Response(200, stream=Pieces(pieces), headers=headers)).get("/models")
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TOO_LARGE


def test_of_headers_without_number_a_thousand_are_kept() -> None:
    exchange = probe_of(lambda _: answer(b"{}", {f"x-{n}": "1" for n in range(1500)})).get("/models")
    assert exchange.received is not None
    assert len(exchange.received.headers) == 1000


def test_of_an_exchange_nothing_is_left_for_the_collector() -> None:
    probe = probe_of(lambda _: answer(b"{}"))
    gc.collect()
    gc.disable()
    try:
        probe.get("/models")
        assert [one for one in gc.get_objects() if isinstance(one, httpx.Response)] == []
    finally:
        gc.enable()


@pytest.mark.parametrize("packing", ["br", "zstd"])
def test_a_packing_that_nobody_asked_for_is_told(packing: str) -> None:
    exchange = probe_of(lambda _: answer(b"{}", {"content-encoding": packing})).get("/models")
    assert exchange.failure is not None
    assert exchange.failure.text == f"it says content-encoding: {packing} although identity was asked for"


def test_what_came_before_the_connection_broke_is_kept() -> None:
    error = httpx.RemoteProtocolError("peer closed connection")
    probe = probe_of(lambda _: httpx.Response(200, stream=Pieces([b"data: 1\n\n", b"da"], error)))
    exchange = probe.get("/models")
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.BROKEN
    assert exchange.received is not None
    assert exchange.received.body == b"data: 1\n\nda"
    assert not exchange.complete


def test_an_answer_that_trickles_for_ever_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.count()
    monkeypatch.setattr("chatproof.probe.client.time.monotonic", lambda: float(next(clock)))
    exchange = probe_of(lambda _: httpx.Response(200, stream=Endless())).get("/models")
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TIMEOUT


def busy(
    status: int, times: int, headers: dict[str, str] | None = None
) -> Callable[[httpx.Request], httpx.Response]:
    """An endpoint that is busy so many times, then answers."""
    left = iter([status] * times)
    return lambda _: httpx.Response(next(left, 200), stream=Pieces([b"{}"]), headers=headers)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
@pytest.mark.parametrize(
    ("headers", "waits"),
    [({}, [1.0, 4.0]), ({"retry-after": "7"}, [7.0, 7.0]), ({"retry-after": "9000"}, [20.0, 20.0])],
)
def test_a_busy_endpoint_is_asked_again(status: int, headers: dict[str, str], waits: list[float]) -> None:
    waited: list[float] = []
    probe = probe_of(busy(status, 2, headers), wait=waited.append)
    assert probe.get("/models").status == 200
    assert waited == waits
    assert probe.budget.spent.requests == 3


def test_an_endpoint_that_limits_the_rate_is_not_judged_by_it() -> None:
    with pytest.raises(RunEndedError, match="429 three times in a row"):
        probe_of(busy(429, 3), wait=lambda _: None).get("/models")


@pytest.mark.parametrize(
    ("url", "trusts"),
    [("http://localhost:8000/v1", False), ("http://127.0.0.1/v1", False), ("https://there/v1", True)],
)
def test_proxies_of_the_environment_are_for_other_machines(
    url: str, trusts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    probe = Probe(url, api_key=None, budget=Budget(max_requests=9, max_tokens=9), limits=Limits(seconds=1))
    client = probe._client
    assert isinstance(client, Client)
    assert client._http._trust_env is trusts
    probe.close()


def test_processes_count_together_in_a_folder(tmp_path: Path) -> None:
    one, two = (Budget(max_requests=3, max_tokens=10, tally=tmp_path) for _ in range(2))
    one.take()
    two.take()
    one.take()
    with pytest.raises(BudgetSpentError, match="3 requests"):
        two.take()
    assert (one.spent.requests, two.spent.requests) == (2, 1)
    three = Budget(max_requests=9, max_tokens=10, tally=tmp_path / "b")
    (tmp_path / "b").mkdir()
    three.add(prompt_tokens=10**12)
    with pytest.raises(BudgetSpentError, match="10 tokens"):
        Budget(max_requests=9, max_tokens=10, tally=tmp_path / "b").take()


def test_what_an_endpoint_claims_fills_neither_memory_nor_disk(tmp_path: Path) -> None:
    budget = Budget(max_requests=9, max_tokens=10**15, tally=tmp_path)
    budget.add(prompt_tokens=2**62)
    assert (tmp_path / "tokens").stat().st_size <= 1_000_000
    with pytest.raises(BudgetSpentError, match="tokens"):
        budget.take()


class Endless(httpx.SyncByteStream):
    """A body without an end."""

    def __iter__(self) -> Iterator[bytes]:
        return itertools.repeat(b".")


@pytest.mark.parametrize(
    ("error", "kind", "text"),
    [
        (httpx.ConnectError("[Errno 111] Connection refused"), FailureKind.UNREACHABLE, "connection refused"),
        (httpx.ReadTimeout("timed out"), FailureKind.TIMEOUT, "no whole answer in 5 s"),
        (httpx.ReadError("reset"), FailureKind.BROKEN, "the connection broke: reset"),
    ],
)
def test_a_failure_says_what_went_wrong(error: Exception, kind: FailureKind, text: str) -> None:
    def handler(_: httpx.Request) -> httpx.Response:
        raise error

    exchange = probe_of(handler).get("/models")
    assert exchange.received is None
    assert exchange.failure is not None
    assert (exchange.failure.kind, exchange.failure.text) == (kind, text)
    assert exchange.describe() == text


def test_requests_and_tokens_are_bounded() -> None:
    usage = {"usage": {"prompt_tokens": 600, "completion_tokens": 500}}
    probe = probe_of(lambda _: answer(json.dumps(usage).encode()))
    probe.get("/models")
    assert probe.budget.spent.tokens == 1100
    with pytest.raises(RunEndedError, match="1000 tokens"):
        probe.get("/models")
    few = probe_of(lambda _: answer(b"{}"), max_requests=1)
    few.get("/models")
    with pytest.raises(RunEndedError, match="limit of 1 request is"):
        few.get("/models")


def test_the_last_usage_of_a_stream_counts() -> None:
    events = [{"usage": None}, {"usage": {"prompt_tokens": 3}}, {"usage": {"prompt_tokens": 5}}]
    body = "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"
    headers = {"content-type": "text/event-stream"}
    probe = probe_of(lambda _: answer(body.encode(), headers))
    probe.get("/models")
    assert probe.budget.spent.prompt_tokens == 5


@given(st.binary(max_size=200), st.sampled_from(["application/json", "text/event-stream", ""]))
def test_any_body_is_an_exchange(body: bytes, content_type: str) -> None:
    headers = {"content-type": content_type}
    exchange = probe_of(lambda _: answer(body, headers)).get("/models")
    assert exchange.complete
    assert isinstance(exchange.object(), dict)
    assert "\n" not in exchange.describe()


counts = st.integers(0, 1000)
costs = st.builds(Spent, requests=counts, prompt_tokens=counts, completion_tokens=counts)


@given(costs, costs)
def test_costs_add_up(one: Spent, two: Spent) -> None:
    assert one + two == two + one
    assert one + two - two == one
    assert (one + two).tokens == one.tokens + two.tokens
