"""How an endpoint is asked: with headers of the user's own, past a certificate, patiently, and not too quickly."""

import io
import json
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx
import pytest
import trustme

from chatfake import Answer, Fake, HandlerTransport, LiveServer, Request, Send
from chatfake.serving.tls import Tls
from chatproof.gate import Gate
from chatproof.judging.target import CannotJudgeError, Target, open_target
from chatproof.probe import Access, Budget, Header, Pace, Probe, Sent, headers_of
from chatproof.report.console import Progress
from chatproof.report.curl import curl
from tests.conformance.miniatures import MINIATURES
from tests.conformance.test_check_command import check
from tests.conformance.test_plugin import run_here, run_pytest
from tests.conformance.wrapping import as_json, is_stream

TARGET = Target(url="http://there/v1", model="tiny")
SECRET, TENANT = "gateway-value-4711", "tenant-value-0815"


class Gateway(Fake):
    """A fake without [DONE] behind headers, which it quotes wherever it can."""

    def __init__(self) -> None:
        super().__init__(models=("tiny",), clock=time.time)
        self.asked: list[Request] = []
        self._handler = MINIATURES["no-done"].make(super().answer)

    def answer(self, request: Request) -> Answer:
        """Refuse without the headers; everything else has them in its head, and streams have them in a comment."""
        self.asked.append(request)
        told = f"{request.header('api-key')} {request.header('x-tenant')}".strip()
        if request.header("api-key") != SECRET:
            return as_json(401, {"error": {"message": f"no: {told}"}})
        answer = self._handler(request)
        steps = (Send(f": {told}\n\n".encode()), *answer.steps) if is_stream(answer) else answer.steps
        return replace(answer, headers=(*answer.headers, ("x-seen", told)), steps=steps)


@pytest.fixture
def gateway() -> Iterator[tuple[Gateway, str]]:
    fake = Gateway()
    with LiveServer(fake) as server:
        yield fake, server.base_url


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_headers_go_with_every_request_and_their_values_nowhere_else(
    gateway: tuple[Gateway, str], folder: Path
) -> None:
    fake, url = gateway
    run = check(
        url, "-H", "api-key: $GATEWAY", "--header", f"X-Tenant:{TENANT}", "-k", "chat.sse or http",
        "--json", "r.json", "--junit", "r.xml", GATEWAY=SECRET, OPENAI_API_KEY="sk-not-to-be-sent",
    )  # fmt: skip
    assert run.exit_code == 1, run.output
    assert fake.asked
    for request in fake.asked:
        assert (request.header("api-key"), request.header("x-tenant")) == (SECRET, TENANT)
        assert request.header("authorization") == ""
    written = run.output + (folder / "r.json").read_text() + (folder / "r.xml").read_text()
    assert SECRET not in written
    assert TENANT not in written
    cases = json.loads((folder / "r.json").read_text())["cases"]
    evidence = next(case for case in cases if case["id"] == "chat.sse.done")["evidence"][0]
    again = evidence["again"]
    assert evidence["response"].startswith(": $GATEWAY ***")
    assert """-H "api-key: $GATEWAY" -H 'X-Tenant: ***'""" in again
    assert "Authorization" not in again
    assert ET.parse(folder / "r.xml").getroot().tag == "testsuites"  # noqa: S314  our own


def test_a_header_of_a_word_that_reports_are_made_of_breaks_no_report(
    gateway: tuple[Gateway, str], folder: Path
) -> None:
    _, url = gateway
    words = ("passed", "evidence", "chat", "true", "openai", "application/json")
    headers = [part for word in words for part in ("-H", f"X-Word: {word}")]
    run = check(
        url, "-H", "api-key: $GATEWAY", *headers, "-k", "sse.done", "--json", "r.json", GATEWAY=SECRET
    )
    assert run.exit_code == 1, run.output
    result = json.loads((folder / "r.json").read_text())
    assert {case["id"]: case["outcome"] for case in result["cases"]}["chat.sse.done"] == "failed"
    assert result["target"]["profile"] == "openai"


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("nothing-of-a-kind", "a header is given that is none"),
        ("two words: s3cret", "a header is given that is none"),
        (": s3cret", "a header is given that is none"),
        ("X-A:  ", "the header X-A has no value"),
        ("X-A: $UNSET_ONE", "$UNSET_ONE is not set, which the header X-A is to have"),
        ("X-A: Bearer $UNSET_ONE", "$UNSET_ONE is not set"),
        ("X-A: s3cret\r\nX-B: s3cret", "has a control character in it"),
        ("X-A: s3cret\n", "begins or ends with white space"),
        ("X-A: s3crét", "not ASCII"),
        ("X-A: $BROKEN", "has a control character in it"),
        ("Content-Length: 53", "the header Content-Length cannot be set"),
    ],
)
def test_a_header_that_cannot_be_sent_is_one_sentence(header: str, told: str) -> None:
    run = check("-H", header, BROKEN="s3cret\x07s3cret")
    assert run.exit_code == 2
    assert told in run.stderr
    assert run.stderr.count("\n") == 1
    assert not re.search("s3cr|nothing-of|53", run.output)


def test_an_empty_header_is_told() -> None:
    run = check("-H", "")
    assert (run.exit_code, "--header is empty" in run.stderr) == (2, True)


def test_plain_pytest_has_the_same_headers(gateway: tuple[Gateway, str], tmp_path: Path) -> None:
    fake, url = gateway
    run = run_pytest(
        "--pyargs", "chatproof", "--chatproof-url", url, "--chatproof-header", "api-key: $GATEWAY",
        "--chatproof-header", f"X-Tenant: {TENANT}", "-k", "sse.done or models.list", "-n", "2",
        cwd=tmp_path, GATEWAY=SECRET,
    )  # fmt: skip
    assert run.returncode == 1, run.stdout
    assert "FAILED  chat.sse.done  must" in run.stdout
    assert {(one.header("api-key"), one.header("x-tenant")) for one in fake.asked} == {(SECRET, TENANT)}
    assert SECRET not in run.stdout + run.stderr
    assert TENANT not in run.stdout + run.stderr


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("X-A: $UNSET_ONE", "$UNSET_ONE is not set"),
        ("X-A: s3cr\u00e9t", "not ASCII"),
        ("", "--chatproof-header is empty"),
    ],
)
def test_plain_pytest_refuses_the_same_headers(
    header: str, told: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del folder
    code, said = run_here("--chatproof-header", header)
    assert code == 2
    assert told in said + "".join(capsys.readouterr())
    assert "s3cr" not in said


def answered(status: int, value: object = None) -> httpx.Response:
    """An answer that is still to be read, as one from the network is."""
    return httpx.Response(status, stream=httpx.ByteStream(json.dumps(value).encode()))


def sent_by(target: Target) -> list[httpx.Headers]:
    """The heads of what opening the target sends."""
    seen: list[httpx.Headers] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        return answered(401)

    with pytest.raises(CannotJudgeError) as told:
        open_target(target, transport=httpx.MockTransport(handler))
    seen.append(httpx.Headers({"told": str(told.value)}))
    return seen


@pytest.mark.parametrize("name", ["Authorization", "api-key", "API-KEY"])
def test_a_header_with_a_key_takes_the_place_of_the_key(name: str) -> None:
    access = Access(headers=headers_of([f"{name}: Basic dTpwYXNzd29yZA=="], {}))
    *heads, told = sent_by(replace(TARGET, api_key="sk-other", access=access))
    assert [head[name] for head in heads] == ["Basic dTpwYXNzd29yZA=="]
    assert "sk-other" not in str([head.raw for head in heads])
    assert told["told"] == f"http://there/v1 refuses the key in the header {name} (HTTP 401)."


def test_another_header_leaves_the_key_and_may_come_twice() -> None:
    access = Access(headers=headers_of(["X-A: 1", "X-A: 2", "User-Agent: mine"], {}))
    head, _ = sent_by(replace(TARGET, api_key="sk-secret", access=access))
    assert head["authorization"] == "Bearer sk-secret"
    assert head.get_list("x-a") == ["1", "2"]
    assert head.get_list("user-agent") == ["mine"]


def test_a_request_about_a_header_keeps_its_own() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return answered(200, request.headers.get_list("content-type"))

    access = Access(headers=(Header(name="Content-Type", value="text/plain"),))
    probe = Probe(
        "http://there", api_key=None, budget=Budget(), transport=httpx.MockTransport(handler), access=access
    )
    assert probe.post("/", {}).json() == ["application/json"]
    assert probe.send("POST", "/", b"").json() == ["text/plain"]


def test_what_a_server_quotes_of_a_header_is_masked_too() -> None:
    texts = [
        "Authorization: Bearer $TOKEN",
        "Proxy-Authorization: Digest abcdefghij",
        "Cookie: a=session-1234; b=c",
    ]
    access = Access(headers=headers_of(texts, {"TOKEN": "token-of-mine"}))
    line = Gate.of_key(None, "KEY", access.secrets).line(
        "token-of-mine; abcdefghij; session-1234; application"
    )
    assert line == "$TOKEN; ***; ***; application"
    assert "token-of-mine" not in repr(access)


def test_a_curl_line_can_be_run_with_the_variables_and_certificates() -> None:
    texts = ["Authorization: Bearer $TOKEN", "X-It'`s: one", "X-`a$b`: $OTHER"]
    access = Access(headers=headers_of(texts, {"TOKEN": "a", "OTHER": "b"}), cacert="my ca.pem")
    sent = Sent(method="GET", url="https://there/v1/models", headers=(), body=b"")
    line = curl(sent, key_variable=None, access=access)
    shell = ["/bin/sh", "-c", f"printf '%s\\n' {line}"]
    words = subprocess.run(
        shell, env={"TOKEN": "one", "OTHER": "two"}, capture_output=True, text=True, check=True
    )
    assert words.stdout.splitlines() == [
        "curl", "-sSi", "--cacert", "my ca.pem", "https://there/v1/models",
        "-H", "Authorization: Bearer one", "-H", "X-It'`s: ***", "-H", "X-`a$b`: two",
    ]  # fmt: skip
    assert "--insecure" in curl(sent, key_variable=None, access=Access(insecure=True))
    assert "-H" not in curl(
        replace(sent, headers=(("authorization", "Bearer wrong"),)),
        key_variable=None,
        access=Access(headers=access.headers[:1]),
    ).replace("-H 'Authorization: Bearer wrong'", "")


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A fake behind a certificate that nobody trusts, and the file that names who signed it."""
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    own = authority.issue_cert("127.0.0.1")
    own.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    with LiveServer(tls=Tls(cert=str(folder / "server.pem"), key=str(folder / "server.pem"))) as server:
        yield server.base_url, folder / "ca.pem"


def test_a_certificate_is_trusted_by_its_authority_or_not_looked_at(
    secured: tuple[str, Path], folder: Path
) -> None:
    url, authority = secured
    refused = check(url)
    assert refused.exit_code == 2
    assert "the TLS certificate is not trusted" in refused.stderr
    assert "--cacert FILE" in refused.stderr
    assert "--insecure" in refused.stderr
    trusted = check(url, "--cacert", str(authority), "-k", "models.list")
    assert trusted.exit_code == 0, trusted.output
    assert "certificates not checked" not in trusted.output
    unchecked = check(url, "--insecure", "-k", "models.list", "--json", "r.json")
    assert unchecked.exit_code == 0, unchecked.output
    assert "note: certificates not checked" in "\n".join(unchecked.output.splitlines()[:2])
    assert json.loads((folder / "r.json").read_text())["target"]["notes"][0].startswith("certificates not")


def test_plain_pytest_has_the_same_certificates(secured: tuple[str, Path], folder: Path) -> None:
    url, authority = secured
    case = ("--chatproof-url", url, "-k", "models.list")
    assert run_here(*case, "--chatproof-cacert", str(authority))[0] == 0
    code, _ = run_here(*case, "--chatproof-insecure", "--chatproof-json", "r.json")
    assert code == 0
    assert json.loads((folder / "r.json").read_text())["target"]["notes"][0].startswith("certificates not")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (None, "no-such.pem (--cacert) cannot be read: No such file or directory"),
        ("", "no-such.pem (--cacert) holds no certificate in PEM"),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "holds no certificate in PEM"),
    ],
)
def test_a_file_without_certificates_is_told(written: str | None, told: str, folder: Path) -> None:
    if written is not None:
        (folder / "no-such.pem").write_text(written)
    run = check("https://127.0.0.1:9/v1", "--cacert", "no-such.pem")
    assert run.exit_code == 2
    assert told in run.stderr
    assert run.stderr.count("\n") == 1


def test_both_ways_to_take_a_certificate_are_one_too_many(secured: tuple[str, Path]) -> None:
    url, authority = secured
    run = check(url, "--cacert", str(authority), "--insecure")
    assert (run.exit_code, "--cacert and --insecure exclude each other" in run.stderr) == (2, True)


REFUSED = httpx.ConnectError("[Errno 111] Connection refused")
CLOSED = httpx.RemoteProtocolError("Server disconnected without sending a response.")


class Loading(httpx.BaseTransport):
    """Gives one answer after the other, then says that a key is wanted."""

    def __init__(self, *answers: int | Exception) -> None:
        self.left = list(answers)
        self.asked: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The next answer."""
        self.asked.append(request.url.path)
        answer = self.left.pop(0) if self.left else 401
        if isinstance(answer, Exception):
            raise answer
        return answered(answer)


def waited(transport: Loading, target: Target) -> tuple[str, list[float], list[str]]:
    """How opening ends, the pauses, and what was told."""
    pauses: list[float] = []
    told: list[str] = []
    with pytest.raises(CannotJudgeError) as ended:
        open_target(target, transport=transport, told=told.append, sleep=pauses.append)
    return str(ended.value), pauses, told


@pytest.mark.parametrize(("profile", "path"), [("openai", "/v1/models"), ("lorax", "/info")])
def test_a_server_that_is_loading_is_waited_for(profile: str, path: str) -> None:
    transport = Loading(REFUSED, CLOSED, 502, 503, 504)
    ended, pauses, told = waited(transport, replace(TARGET, profile=profile, wait=60))
    assert "wants a key (HTTP 401)" in ended
    assert pauses == [1.0] * 5
    assert transport.asked == [path] * 7
    assert told[0] == "waiting for http://there: connection refused, 0 of 60 s".replace(
        "there:", "there/v1:" if profile == "openai" else "there:"
    )
    assert told[3].endswith("HTTP 503, 3 of 60 s")
    assert told[-1] == ""


def test_waiting_keeps_the_delay_too() -> None:
    _, pauses, _ = waited(Loading(503, 503), replace(TARGET, wait=60, delay=1.5))
    assert pauses == [1.5] * 3


def test_waiting_costs_nothing_of_the_run() -> None:
    fake, refused = Fake(models=("tiny",), clock=time.time), [as_json(503, {})] * 30
    opened = open_target(
        replace(TARGET, wait=60, max_requests=3),
        transport=HandlerTransport(lambda request: refused.pop() if refused else fake.answer(request)),
        sleep=lambda _: None,
    )
    assert refused == []
    assert opened.endpoint.probe.budget.spent.requests == 2


def test_a_server_that_does_not_come_is_told_after_the_wait() -> None:
    ended, pauses, _ = waited(Loading(*[REFUSED] * 9), replace(TARGET, wait=2.5))
    assert [round(pause, 1) for pause in pauses] == [1.0, 1.0, 0.5]
    assert ended == (
        "http://there/v1 was waited for 2.5 s (--wait), and is not ready: connection refused. Nothing was judged."
    )


@pytest.mark.parametrize(
    "answer",
    [httpx.ConnectError("[Errno -2] Name or service not known"), 500, 404, httpx.ReadTimeout("slow")],
)
def test_what_is_no_loading_is_not_waited_for(answer: int | Exception) -> None:
    _, pauses, told = waited(Loading(*[answer] * 9), replace(TARGET, model=None, wait=60))
    assert (pauses, told) == ([], [])


def test_without_the_option_nothing_is_waited_for() -> None:
    ended, pauses, _ = waited(Loading(REFUSED), TARGET)
    assert ended.startswith("Nobody answers at")
    assert pauses == []


def test_waiting_is_seen_and_ends_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatproof.judging.target._EVERY", 0.02)
    run = check("http://127.0.0.1:9/v1", "--wait", "0.05")
    assert run.exit_code == 2
    first, last = run.stderr.splitlines()[0], run.stderr.splitlines()[-1]
    assert first == "chatproof: waiting for http://127.0.0.1:9/v1: connection refused, 0 of 0.05 s"
    assert last.startswith("chatproof: http://127.0.0.1:9/v1 was waited for 0.05 s (--wait)")


def test_plain_pytest_waits_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del folder
    code, said = run_here("--chatproof-url", "http://127.0.0.1:9/v1", "--chatproof-wait", "0.01")
    assert code == 2
    assert "was waited for 0.01 s" in said
    assert "chatproof: waiting for http://127.0.0.1:9/v1" in capsys.readouterr().err


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        """Somebody watches."""
        return True


def test_progress_is_one_line_on_a_terminal_and_few_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for stream, lines, has in ((Terminal(), 0, "\r"), (io.StringIO(), 3, "chatproof: 10 s")):
        show = Progress(stream)
        for second in range(25):
            show(f"{second} s")
        show("")
        assert stream.getvalue().count("\n") == lines
        assert has in stream.getvalue()


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
