"""The recorder between a client and an endpoint."""

import asyncio
import json
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
import trustme

from chatfake import Fake, LiveServer, Recorder, RecordingError, Request, UpstreamError
from chatfake.recording.matching import match_key
from chatfake.recording.nearest import differences
from chatfake.recording.upstream import Upstream, upstream_of
from chatfake.serving.tls import Tls
from tests.fakeserver.asking import chat, error_of, post
from tests.fakeserver.recording.seeing import KEY, client_of, endpoint, files, recording, seen, written

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi"


def test_headers_of_the_hop_stay_there(tmp_path: Path) -> None:
    answer = (
        b"HTTP/1.1 200 Fine\r\nX-Case: As-It-Came\r\nKeep-Alive: timeout=5\r\nConnection: keep-alive, X-Hop\r\n"
        b"X-Hop: 1\r\nX-Case: twice\r\nContent-Length: 2\r\n\r\nhi"
    )
    with (
        endpoint(answer) as (url, asked),
        recording(tmp_path, url, []) as server,
        client_of(server) as client,
    ):
        headers = {"connection": "keep-alive, x-mine", "x-mine": "1", "te": "trailers", "x-kept": "yes"}
        found = seen(client, chat(), headers=headers)
    assert found.headers == (("X-Case", "As-It-Came"), ("X-Case", "twice"), ("Content-Length", "2"))
    head = asked[0].lower()
    assert b"x-kept: yes" in head
    assert b"connection: close" in head
    assert not any(name in head for name in (b"x-mine", b"te:", b"keep-alive"))
    assert f"authorization: bearer {KEY}".encode() in head
    (file,) = files(tmp_path)
    assert written(file)["response"]["reason"] == "Fine"
    assert ["Keep-Alive", "timeout=5"] in written(file)["response"]["headers"]


def test_path_of_the_url_takes_the_place_of_v1() -> None:
    deep = upstream_of("https://example.com/api/v1/")
    assert deep.target("/v1/models/a%2Fb", "limit=1") == "/api/v1/models/a%2Fb?limit=1"
    bare = upstream_of("http://[::1]:8000")
    assert (bare.target("/v1/models", ""), bare.target("/", ""), bare.authority) == (
        "/v1/models",
        "/",
        "[::1]:8000",
    )


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "ftp://example.com",
        "http://",
        "http://u:p@example.com",
        "http://x:99999/",
        "http://x/?a",
    ],
)
def test_bad_url_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(UpstreamError) as found:
        upstream_of(url)
    assert "u:p" not in str(found.value)


def test_unwritable_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordingError, match="cannot write into"):
        Recorder(tmp_path / "file", "http://127.0.0.1:1")


def test_endpoint_that_is_not_there_is_502_and_no_recording(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    said: list[str] = []
    with recording(tmp_path, url, said) as server, client_of(server) as client:
        found = seen(client, chat())
    assert found.status == 502
    assert json.loads(found.body)["error"]["code"] == "upstream_unreachable"
    assert files(tmp_path) == []
    assert "cannot reach the endpoint" in said[0]


def test_silent_endpoint_is_504_and_no_recording(tmp_path: Path) -> None:
    said: list[str] = []
    with (
        LiveServer() as upstream,
        recording(tmp_path, upstream.base_url, said, read_seconds=0.05) as server,
        client_of(server) as client,
    ):
        found = seen(client, chat(), headers={"x-fake-delay": "60"})
    assert (found.status, files(tmp_path)) == (504, [])
    assert "nothing came for 0.05 seconds" in said[0]


def test_stream_that_stalls_is_recorded_as_that(tmp_path: Path) -> None:
    with (
        LiveServer() as upstream,
        recording(tmp_path, upstream.base_url, [], read_seconds=0.2) as server,
        client_of(server) as client,
    ):
        found = seen(client, chat(model="fake/stall", stream=True))
    assert found.broken == "RemoteProtocolError"
    assert found.body.startswith(b"data: ")
    (file,) = files(tmp_path)
    assert written(file)["response"]["ending"] == "timed-out"
    answer = post(Fake(replay=tmp_path), chat(model="fake/stall", stream=True))
    assert found.body[:100] in answer.body
    assert answer.is_cut


def test_client_that_leaves_is_recorded_as_that(tmp_path: Path) -> None:
    with LiveServer() as upstream:
        with recording(tmp_path, upstream.base_url, []) as server, client_of(server) as client:
            body = chat(model="fake/stream-endless", stream=True)
            with client.stream("POST", "/v1/chat/completions", json=body) as response:
                next(response.iter_raw())
        assert upstream.fake.sessions.anyone.journal.wait(lambda entries: entries[-1].ending is not None, 10)
    (file,) = files(tmp_path)
    assert written(file)["response"]["ending"] == "left"


def test_answer_past_the_limit_is_passed_on_and_not_written(tmp_path: Path) -> None:
    said: list[str] = []
    with (
        LiveServer() as upstream,
        recording(tmp_path, upstream.base_url, said, answer=100) as server,
        client_of(server) as client,
    ):
        found = seen(client, chat())
        assert seen(client, chat(user="x" * 100), headers={"content-encoding": "none"}).status == 200
    assert json.loads(found.body)["object"] == "chat.completion"
    assert files(tmp_path) == []
    assert "longer than 100 bytes" in said[0]


def test_request_past_the_limit_is_refused(tmp_path: Path) -> None:
    with recording(tmp_path, "http://127.0.0.1:1", [], request=1_000) as server, client_of(server) as client:
        assert seen(client, chat(user="x" * 2_000)).status == 413


def test_bytes_behind_the_answer_are_kept(tmp_path: Path) -> None:
    with (
        endpoint(OK + b"garbage") as (url, _),
        recording(tmp_path, url, []) as server,
        client_of(server) as client,
    ):
        assert seen(client, chat()).body == b"hi"
    (file,) = files(tmp_path)
    assert post(Fake(replay=file), chat()).body == OK + b"garbage"


def test_answer_that_is_no_http_comes_through_and_is_kept(tmp_path: Path) -> None:
    junk = b"\x00\xffnot HTTP at all\r\n\r\n"
    with endpoint(junk) as (url, _), recording(tmp_path, url, []) as server, client_of(server) as client:
        assert seen(client, chat()).broken == "RemoteProtocolError"
    (file,) = files(tmp_path)
    assert post(Fake(replay=file), chat()).body == junk


def test_redirects_are_passed_on_and_1xx_is_passed_over(tmp_path: Path) -> None:
    moved = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.0 302 Found\r\nLocation: /elsewhere\r\n\r\nthere"
    with endpoint(moved) as (url, _), recording(tmp_path, url, []) as server, client_of(server) as client:
        found = seen(client, chat())
    assert (found.status, found.headers, found.body) == (302, (("Location", "/elsewhere"),), b"there")


def test_answers_that_interleave_stay_apart(tmp_path: Path) -> None:
    with (
        LiveServer() as upstream,
        recording(tmp_path, upstream.base_url, []) as server,
        client_of(server) as client,
    ):
        bodies = [
            chat(stream=True, model=f"fake/{name}", user=str(i))
            for i in range(8)
            for name in ("unicode", "text")
        ]
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda body: seen(client, body), bodies))
    fake = Fake(replay=tmp_path)
    assert [post(fake, body).body for body in bodies] == [one.body for one in found]


def test_recorder_is_no_fake(tmp_path: Path) -> None:
    with recording(tmp_path, "http://127.0.0.1:1", []) as server, client_of(server) as client:
        assert client.get("/_fake/requests").json()["error"]["code"] == "recording"
    assert files(tmp_path) == []


def test_certificate_of_the_endpoint_is_verified(tmp_path: Path) -> None:
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost", "127.0.0.1")
    certificate.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    certificate.cert_chain_pems[0].write_to_path(str(tmp_path / "cert.pem"))
    tls = Tls(cert=str(tmp_path / "cert.pem"), key=str(tmp_path / "key.pem"))

    def trusting() -> ssl.SSLContext:
        context = ssl.create_default_context()
        authority.configure_trust(context)
        return context

    with LiveServer(tls=tls) as upstream:
        with recording(tmp_path / "out", upstream.base_url, []) as server, client_of(server) as client:
            refused = seen(client, chat())
        known = Upstream(scheme="https", host="127.0.0.1", port=upstream.port, path="/v1", tls=trusting)
        with LiveServer(recorder=Recorder(tmp_path / "out", known)) as server, client_of(server) as client:
            taken = seen(client, chat())
    assert (refused.status, taken.status) == (502, 200)
    assert b"certificate" in refused.body
    assert len(files(tmp_path / "out")) == 1


def test_missing_recording_names_the_nearest(tmp_path: Path, snapshot: object) -> None:
    history = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "Hello!"}]
    with (
        LiveServer() as upstream,
        recording(tmp_path, upstream.base_url, []) as server,
        client_of(server) as client,
    ):
        for words in ("And Italy?", "And a long question that begins like this one and ends in Rome?"):
            seen(client, chat(messages=[*history, {"role": "user", "content": words}]))
        client.get("/v1/models")
    fake = Fake(replay=tmp_path)
    asked = (
        chat(messages=[*history, {"role": "user", "content": "And Spain?"}]),
        chat(temperature=1, messages=history),
        chat(
            messages=[
                *history,
                {
                    "role": "user",
                    "content": "And a long question that begins like this one and ends in Oslo?",
                },
            ]
        ),
    )
    answers = [post(fake, body) for body in asked]
    assert {answer.status for answer in answers} == {404}
    assert {error_of(answer)["code"] for answer in answers} == {"no_recording"}
    assert [error_of(answer)["message"] for answer in answers] == snapshot


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("{", "no JSON"),
        ("[]", "the file is no object"),
        ("{}", "chatfake_recording is not 1"),
        ('{"chatfake_recording": 1, "request": {}}', "request.method is not a string"),
    ],
)
def test_corrupted_file_is_named_with_its_cause(text: str, cause: str, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(RecordingError) as found:
        Fake(replay=tmp_path)
    assert "bad.json: " in str(found.value)
    assert cause in str(found.value)


def test_folder_without_recordings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="there are no recordings in"):
        Fake(replay=tmp_path)
    with pytest.raises(RecordingError, match="cannot read"):
        Fake(replay=tmp_path / "nowhere")


def test_async_client_gets_a_stream_while_it_flows(tmp_path: Path) -> None:
    async def first(url: str) -> bytes:
        async with httpx.AsyncClient() as client:
            body = chat(model="fake/stall", stream=True)
            async with client.stream("POST", f"{url}/chat/completions", json=body) as response:
                async for piece in response.aiter_raw():
                    return piece
        return b""

    with LiveServer() as upstream, recording(tmp_path, upstream.base_url, []) as server:
        assert asyncio.run(first(server.base_url)).startswith(b"data: ")


def test_junk_without_end_is_not_kept_and_not_read_for_ever(tmp_path: Path) -> None:
    said: list[str] = []
    with (
        endpoint(b"\x00junk" * 2_000) as (url, _),
        recording(tmp_path, url, said, answer=1_000) as server,
        client_of(server) as client,
    ):
        assert seen(client, chat()).broken
    assert files(tmp_path) == []
    assert "longer than 1000 bytes" in said[0]


def test_tunnel_is_refused(tmp_path: Path) -> None:
    with (
        recording(tmp_path, "http://127.0.0.1:1", []) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=10) as client,
    ):
        client.sendall(b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.recv(65_536).startswith(b"HTTP/1.1 405 ")


def test_true_is_not_1_in_what_differs() -> None:
    recorded, asked = (
        match_key(Request(method="POST", path="/x", body=body)) for body in (b'{"a":[1.0]}', b'{"a":[true]}')
    )
    assert list(differences(recorded, asked)) == ["a[0]: 1 recorded, true asked"]
    assert list(differences(recorded, recorded)) == []
