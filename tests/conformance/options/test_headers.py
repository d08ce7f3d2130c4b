"""Headers of the user's own: sent with every request, and told nowhere."""

import base64
import json
import re
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx
import pytest

from chatfake import Answer, Fake, LiveServer, Request, Send
from chatproof.gate import Gate
from chatproof.gate.escaping import without_query
from chatproof.judging.target import CannotJudgeError, Target, open_target
from chatproof.probe import Access, Budget, Header, Probe, Sent, headers_of
from chatproof.report.curl import curl
from chatproof.selftest.endpoint.miniatures import MINIATURES
from chatproof.selftest.endpoint.wrapping import as_json, is_stream
from tests.conformance.options.asked import TARGET, answered
from tests.conformance.test_check_command import check
from tests.conformance.test_plugin import run_here, run_pytest

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


def test_headers_go_with_every_request_and_their_values_nowhere_else(
    gateway: tuple[Gateway, str], folder: Path
) -> None:
    fake, url = gateway
    run = check(
        url, "-H", "api-key: $GATEWAY", "--header", f"X-Tenant:{TENANT}", "-k", "(chat.sse or http) and not bad-key",
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
    assert result["target"]["profile"] == "openai,responses"


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


def test_the_password_of_basic_credentials_is_masked_as_a_server_reads_it() -> None:
    credentials = base64.b64encode(b"bob:hunter22hunter").decode()
    access = Access(headers=headers_of(["Authorization: Basic $BASIC"], {"BASIC": credentials}))
    told = Gate(access.secrets).line("no such user: bob:hunter22hunter (password hunter22hunter)")
    assert told == "no such user: $BASIC (password $BASIC)"
    assert Access(headers=headers_of(["Authorization: Basic x"], {})).secrets.keys() == {"Basic x", "x"}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://u:p@h/v1", "http://h/v1"),
        ("u:p@h/v1", "h/v1"),
        ("http:/u:p@h", "http:/h"),
        ("http://u:p/w@h/v1", "http://h/v1"),
        ("http://u:p#w@h/v1", "http://h/v1"),
        ("http://u:p?w@h/v1?x", "http://h/v1"),
        ("http://u:80@h/v1", "http://h/v1"),
        ("http://h:80/v1/@x?a=b@c", "http://h:80/v1/@x"),
        ("http://h/v1?user=a@b", "http://h/v1"),
        ("http://[::1]:80/v1", "http://[::1]:80/v1"),
        ("h:80/v1", "h:80/v1"),
    ],
)
def test_a_name_and_password_in_a_url_are_not_shown_however_it_is_written(url: str, shown: str) -> None:
    assert without_query(url) == shown


def test_a_curl_line_can_be_run_with_the_variables_and_certificates() -> None:
    texts = ["Authorization: Bearer $TOKEN", "X-It'`s: one-1", "X-`a$b`: $OTHER"]
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
