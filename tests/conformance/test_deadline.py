"""One deadline for an exchange: whatever an endpoint does with the time, the exchange ends, and says how."""

import itertools
import queue
import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from chatproof.probe import Budget, FailureKind, Limits, Probe
from tests.conformance.raw_server import Talk, raw_server, tls_of, until_refused

OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


def probe_of(url: str, seconds: float = 0.3) -> Probe:
    return Probe(
        url, api_key=None, budget=Budget(max_requests=9, max_tokens=9), limits=Limits(seconds=seconds)
    )


def sends(*first: bytes, then: bytes = b"", pause: float = 0.01) -> Talk:
    """An endpoint that sends something, and then the same again and again; nothing more where that is empty."""

    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"".join(first))
        if then:
            until_refused(connection, itertools.repeat(then), pause)
        connection.recv(1)

    return talk


@pytest.mark.parametrize(
    "talk",
    [
        sends(then=b"HTTP/1.1 100 Continue\r\n\r\n"),
        sends(then=b"HTTP/1.1 102 Processing\r\n\r\n" * 100, pause=0),
        sends(OK, then=b"x-more: 1\r\n"),
        sends(b"HTTP/1.1 200 OK\r\nx-long: ", then=b"a"),
        sends(OK, b"transfer-encoding: chunked\r\n\r\n1;ext=", then=b"a"),
        sends(OK, b"content-length: 100\r\n\r\n"),
        sends(OK, b"\r\n", then=b" "),
        sends(OK, b"connection: close\r\n\r\n{}"),
        sends(),
    ],
    ids=[
        "1xx slowly", "1xx as fast as it can", "header lines", "header bytes", "chunk extensions",
        "a head and no body", "a body in bytes", "a whole body and no end", "nothing",
    ],
)  # fmt: skip
def test_an_exchange_ends_at_its_deadline(talk: Talk) -> None:
    with raw_server(talk) as address:
        exchange = probe_of(f"http://{address}/v1").get("/models")
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TIMEOUT
    assert exchange.failure.text == "no whole answer in 0.3 s"
    assert exchange.seconds < 5


@pytest.mark.parametrize(
    "talk", [sends(), sends(b"\x16\x03\x03\x40\x00\x02", then=b"\x00")], ids=["silent", "dribbled"]
)
def test_a_handshake_that_does_not_end_has_a_limit_of_its_own(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatproof.probe.deadline.CONNECT_SECONDS", 0.2)
    with raw_server(talk) as address:
        exchange = probe_of(f"https://{address}/v1", seconds=60).get("/models")
    assert exchange.failure is not None
    assert exchange.failure.text.startswith("the connection was made, the TLS handshake did not end in 0.2 s")
    assert exchange.failure.text.endswith("is it http://?")


def test_an_answer_over_tls_ends_at_its_deadline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate, context = tls_of(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    def talk(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            sends(OK, then=b"x-more: 1\r\n")(secured)

    with raw_server(talk) as address:
        exchange = probe_of(f"https://{address}/v1").get("/models")
    assert exchange.failure is not None
    assert exchange.failure.text == "no whole answer in 0.3 s"


def test_cookies_of_an_endpoint_are_not_sent_back() -> None:
    seen: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        seen.append(connection.recv(65536))
        connection.sendall(OK + b"set-cookie: a=b; Path=/\r\ncontent-length: 2\r\n\r\n{}")

    with raw_server(talk) as address:
        probe = probe_of(f"http://{address}/v1")
        assert [probe.get("/models").status for _ in range(2)] == [200, 200]
    assert len(seen) == 2
    assert b"cookie" not in b"".join(seen).lower()


def test_a_search_for_a_host_that_does_not_end_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatproof.probe.deadline.CONNECT_SECONDS", 0.2)
    answered, asked_late = threading.Event(), threading.Event()

    def held(*_: object, **__: object) -> list[object]:
        answered.wait(30)
        asked_late.set()
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", held)
    try:
        exchange = probe_of("http://nowhere.example/v1", seconds=60).get("/models")
    finally:
        answered.set()
    assert exchange.failure is not None
    assert (exchange.failure.kind, exchange.failure.text) == (FailureKind.TIMEOUT, "no connection in 0.2 s")
    assert asked_late.wait(30)


def test_a_connection_that_comes_too_late_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatproof.probe.deadline.CONNECT_SECONDS", 0.2)
    resolve, found, received = socket.getaddrinfo, threading.Event(), queue.Queue[bytes]()

    def late(*arguments: Any, **named: Any) -> object:
        found.wait(30)
        return resolve(*arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", late)
    with raw_server(lambda connection: received.put(connection.recv(65536))) as address:
        exchange = probe_of(f"http://{address}/v1", seconds=60).get("/models")
        found.set()
        assert received.get(timeout=30) == b""
    assert exchange.received is None


def test_a_run_that_is_ended_does_not_wait_for_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    at_work, free = threading.Event(), threading.Event()

    def held(*_: object, **__: object) -> list[object]:
        at_work.set()
        free.wait(30)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", held)
    probe = probe_of("http://nowhere.example/v1", seconds=60)

    def stop() -> None:
        at_work.wait(30)
        probe.stop()

    stopper = threading.Thread(target=stop)
    stopper.start()
    try:
        assert probe.get("/models").received is None
        assert not free.is_set()
    finally:
        free.set()
        stopper.join()
