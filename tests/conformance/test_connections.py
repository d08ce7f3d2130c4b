"""What is asked of a connection, and how: kept, left, with another key or none."""

import json
import socket
from collections.abc import Generator

import pytest

from chatfake import Answer, HandlerTransport, Request
from chatproof.cases import CASES
from chatproof.judging.judge import Judge
from chatproof.judging.target import Target, open_target
from chatproof.probe import Access, Budget, FailureKind, Header, Probe, Sent
from chatproof.report import CaseResult, Outcome
from chatproof.report.curl import curl
from chatproof.selftest.endpoint.wrapping import as_json
from tests.conformance.raw_server import Talk, raw_server
from tests.conformance.test_miniatures import fake

REPLY = {
    "id": "x",
    "object": "chat.completion",
    "created": 1,
    "model": "tiny",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}],
}
CHUNK = {**REPLY, "choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": "stop"}]}


def requests_of(connection: socket.socket) -> Generator[bytes]:
    """The requests that come over a connection."""
    received = b""
    while True:
        while b"\r\n\r\n" not in received:
            more = connection.recv(65536)
            if not more:
                return
            received += more
        head, _, received = received.partition(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        while len(received) < length:
            received += connection.recv(65536)
        yield head + b"\r\n\r\n" + received[:length]
        received = received[length:]


def answer_to(request: bytes, header: bytes = b"") -> bytes:
    kind, body = b"application/json", json.dumps(REPLY).encode()
    if b"GET " in request:
        body = json.dumps({"object": "list", "data": [{"id": "tiny"}]}).encode()
    elif b'"stream": true' in request or b'"stream":true' in request:
        kind, body = b"text/event-stream", b"data: %s\n\ndata: [DONE]\n\n" % json.dumps(CHUNK).encode()
    return b"HTTP/1.1 200 OK\r\ncontent-type: %s\r\ncontent-length: %d\r\n%s\r\n%s" % (
        kind,
        len(body),
        header,
        body,
    )


def kept(connection: socket.socket) -> None:
    for request in requests_of(connection):
        connection.sendall(answer_to(request))


def closed_after_streams(connection: socket.socket) -> None:
    for request in requests_of(connection):
        connection.sendall(answer_to(request))
        if b'"stream": true' in request:
            return


def closed_as_announced(connection: socket.socket) -> None:
    connection.sendall(answer_to(next(requests_of(connection)), b"connection: close\r\n"))


def broken_the_second_time(connection: socket.socket) -> None:
    for number, request in enumerate(requests_of(connection)):
        connection.sendall(
            answer_to(request) if not number else b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"
        )
        if number:
            return


def judged(id_: str, url: str) -> CaseResult:
    opened = open_target(Target(url=url, model="tiny"))
    result = Judge(opened.endpoint, api_key=None, key_variable="KEY").judge(CASES[id_])
    opened.endpoint.probe.close()
    return result


@pytest.mark.parametrize(
    ("talk", "outcome"),
    [
        (kept, Outcome.PASSED),
        (closed_after_streams, Outcome.WARNED),
        (closed_as_announced, Outcome.UNSUPPORTED),
        (broken_the_second_time, Outcome.WARNED),
    ],
)
def test_three_requests_over_one_connection(talk: Talk, outcome: Outcome) -> None:
    with raw_server(talk) as host:
        assert judged("http.keep-alive", f"http://{host}/v1").outcome is outcome


def test_a_stream_that_is_left_closes_its_connection() -> None:
    gone: list[bool] = []

    def endless(connection: socket.socket) -> None:
        next(requests_of(connection))
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n")
        try:
            while True:
                connection.sendall(b"data: {}\n\n")
        except OSError:
            gone.append(True)
            raise

    with raw_server(endless) as host:
        probe = Probe(f"http://{host}", api_key=None, budget=Budget())
        exchange = probe.exchange(
            Sent(method="POST", url=f"http://{host}/x", headers=(), body=b"{}", events=5)
        )
        probe.close()
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.LEFT
    assert exchange.received is not None
    assert exchange.received.body.count(b"data:") >= 5


def seen_keys(access: Access, sent: Sent, api_key: str | None) -> list[tuple[str, str]]:
    seen: list[tuple[str, str]] = []

    def handler(request: Request) -> Answer:
        seen.extend(line for line in request.headers if line[0] in {"authorization", "api-key"})
        return as_json(200, {})

    probe = Probe(
        "http://fake", api_key=api_key, budget=Budget(), access=access, transport=HandlerTransport(handler)
    )
    probe.exchange(sent)
    return seen


def test_a_request_without_a_key_has_none_and_neither_has_its_curl_line() -> None:
    access = Access(headers=(Header(name="api-key", value="secret"),))
    sent = Sent(method="POST", url="http://fake/x", headers=(), body=b"{}", keyless=True)
    assert seen_keys(access, sent, "sk-mine") == []
    assert "uthorization" not in curl(sent, key_variable="KEY")
    assert "api-key" not in curl(sent, key_variable="KEY", access=access)
    other = Sent(method="POST", url="http://fake/x", headers=(("api-key", "wrong"),), body=b"{}")
    assert seen_keys(access, other, None) == [("api-key", "wrong")]


def test_the_line_for_a_large_body_says_that_it_is_cut() -> None:
    sent = Sent(method="POST", url="http://fake/x", headers=(), body=b'{"a":%s1}' % (b" " * 1_000_000))
    assert "characters cut" in curl(sent, key_variable=None)


def test_a_key_that_is_not_needed_is_no_case() -> None:
    opened = open_target(
        Target(url="http://fake/v1", model="tiny"), transport=HandlerTransport(fake().answer)
    )
    before = opened.endpoint.probe.budget.spent.requests
    result = Judge(opened.endpoint, api_key=None, key_variable="KEY").judge(CASES["http.bad-key"])
    assert result.outcome is Outcome.UNSUPPORTED
    assert opened.endpoint.probe.budget.spent.requests == before
