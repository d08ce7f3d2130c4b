"""Why a run cannot be made: the sentence is the truth, and says what to do."""

import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from chatfake import Answer, HandlerTransport, Request, Send
from chatproof.judging.target import CannotJudgeError, Target, open_target
from chatproof.selftest.endpoint.wrapping import CRASH, as_html, as_json, is_chat
from tests.conformance.raw_server import raw_server, tls_of

TARGET = Target(url="http://there/v1", seconds=0.3)
LIST = as_json(200, {"object": "list", "data": [{"id": "embed-1", "object": "model"}]})
NOT_FOUND = as_json(404, {"detail": "Not Found"})


def obstacle(handler: Callable[[Request], Answer], target: Target = TARGET) -> str:
    with pytest.raises(CannotJudgeError) as told:
        open_target(target, transport=HandlerTransport(handler))
    return str(told.value)


def obstacle_at(url: str, seconds: float = 0.3) -> str:
    with pytest.raises(CannotJudgeError) as told:
        open_target(replace(TARGET, url=url, seconds=seconds))
    return str(told.value)


def redirect(location: str) -> Callable[[Request], Answer]:
    return lambda _: Answer(status=308, headers=(("location", location), ("content-length", "0")), steps=())


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("https://there/v1/models", "Use https://there/v1 as the URL."),
        ("/api/v1/models/", "Use http://there/api/v1 as the URL."),
        ("https://login.there/?next=models", "Is the URL right?"),
    ],
)
def test_a_redirect_is_told_with_where_it_points(location: str, told: str) -> None:
    sentence = obstacle(redirect(location))
    assert sentence.startswith("http://there/v1/models points to http")
    assert "which is not followed, for the key would go with it" in sentence
    assert sentence.endswith(told)


@pytest.mark.parametrize("location", ["http://[x", "//[", "http://a]b/?secret"])
def test_a_redirect_to_what_is_no_url_is_told(location: str) -> None:
    sentence = obstacle(redirect(location))
    assert sentence.startswith("http://there/v1/models points to what is no URL: ")
    assert "secret" not in sentence


def test_a_redirect_of_chat_alone_is_told() -> None:
    sentence = obstacle(lambda r: redirect("/v2/chat/completions")(r) if is_chat(r) else LIST)
    assert sentence.endswith("Use http://there/v2 as the URL.")


@pytest.mark.parametrize(
    ("handler", "told"),
    [
        (lambda _: as_html(200), "http://there/v1 is a web page: at http://there/v1/models there is HTTP 200"),
        (lambda _: as_html(404), "http://there/v1 is no API: at http://there/v1/models there is HTTP 404"),
        (lambda _: NOT_FOUND, "http://there/v1 is no API: at http://there/v1/models there is HTTP 404, applica"),
        (lambda r: as_json(400, {}) if is_chat(r) else NOT_FOUND, "but there is a chat route. Name a model with"),
        (lambda _: as_json(400, {}), "application/json, {}). Does it want a header (-H), or a model by its name"),
        (lambda _: CRASH, 'refuses to list its models (HTTP 500, application/json, {"error"'),
        (lambda _: CRASH, "Is what it stands before up?"),
    ],
    ids=["a web page", "a page that says 404", "404", "chat without a list", "a gateway", "broken", "its advice"],
)  # fmt: skip
def test_a_url_that_is_no_api_is_told_with_what_is_there(
    handler: Callable[[Request], Answer], told: str
) -> None:
    assert told in obstacle(handler)


def test_a_plain_request_that_is_not_answered_in_time_ends_the_run() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            raise httpx.ReadTimeout("slow")
        return httpx.Response(200, stream=httpx.ByteStream(b'{"data": [{"id": "tiny"}]}'))

    with pytest.raises(
        CannotJudgeError, match=r"does not answer a plain chat request to 'tiny': no whole .* \(--timeout\)"
    ):
        open_target(TARGET, transport=httpx.MockTransport(handler))


def sends(data: bytes) -> Callable[[socket.socket], None]:
    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(data)

    return talk


@pytest.mark.parametrize("data", [b"", b"\x15\x03\x01\x00\x02\x02\x16"], ids=["closed", "an alert"])
def test_http_on_a_port_of_tls_is_asked_whether_it_is_https(data: bytes) -> None:
    with raw_server(sends(data)) as address:
        sentence = obstacle_at(f"http://{address}/v1")
    assert "somebody listens, but the connection broke" in sentence
    assert "Is it https://?" in sentence
    assert "Is the server up?" not in sentence


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (b"content-length: 2\r\ncontent-length: 3", "conflicting Content-Length headers"),
        (b"location: http://[::1", "its location is no URL"),
    ],
)
def test_what_speaks_http_badly_is_not_taken_for_tls(head: bytes, told: str) -> None:
    with raw_server(sends(b"HTTP/1.1 302 Found\r\n" + head + b"\r\n\r\n{}")) as address:
        sentence = obstacle_at(f"http://{address}/v1")
    assert told in sentence
    assert "https://" not in sentence


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"HTTP/1.1 200 OK\r\nx: a\0b\r\n\r\n{}", "has a control character in it"),
        (b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n", "switches to another protocol"),
        (b"HTTP/1.1 200 OK\r\ncontent-encoding: br\r\ncontent-length: 2\r\n\r\n{}", "says content-encoding: br"),
        (b"220 mail.example.com ESMTP\r\n\r\n", "what came is no HTTP"),
        (b"HTTP/1.1 200 OK\r\nx: " + b"a" * 200_000, "its head is longer than any"),
    ],
    ids=["NUL in a header", "101", "br", "SMTP", "a long head"],
)  # fmt: skip
def test_what_is_no_answer_is_told_in_words(data: bytes, told: str) -> None:
    with raw_server(sends(data)) as address:
        assert told in obstacle_at(f"http://{address}/v1")


def test_https_on_a_port_that_holds_the_handshake_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatproof.probe.deadline.CONNECT_SECONDS", 0.2)

    def held(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.recv(1)

    with raw_server(held) as address:
        sentence = obstacle_at(f"https://{address}/v1", seconds=60)
    assert "the TLS handshake did not end in 0.2 s: is it http://? Nothing was judged." in sentence


def test_https_on_a_port_of_http_is_told() -> None:
    with raw_server(sends(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as address:
        assert "does not speak TLS (is it http:// instead of https://?)" in obstacle_at(
            f"https://{address}/v1"
        )


def test_an_untrusted_certificate_is_told_and_the_environment_may_trust_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, context = tls_of(tmp_path)

    def talk(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            sends(b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n")(secured)

    with raw_server(talk) as address:
        sentence = obstacle_at(f"https://{address}/v1", seconds=5)
        assert "answers, but the TLS certificate is not trusted" in sentence
        assert "SSL_CERT_FILE" in sentence
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        assert "wants a key (HTTP 401)" in obstacle_at(f"https://{address}/v1", seconds=5)


def test_a_number_that_cannot_be_read_is_told() -> None:
    body = b'{"data": ' + b"1" * 10**6 + b"}"
    headers = (("content-type", "application/json"),)
    sentence = obstacle(lambda _: Answer(status=200, headers=headers, steps=(Send(body),)))
    assert "which has a number of 1,000,000 digits" in sentence
