"""What repeats a request runs as it is, and holds no key."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from chatfake import Answer, Fake, LiveServer, Request
from chatproof.cli import main
from chatproof.probe import Access, Sent, headers_of
from chatproof.report.python import python
from chatproof.selftest.endpoint.miniatures import MINIATURES

KEY = "sk-again-6Yd2Rk9Pq3"
JSON = (("content-type", "application/json"),)


class Kept(Fake):
    """The fake, which keeps what it was asked, and always answers a first message in another way."""

    def __init__(self) -> None:
        super().__init__(models=("tiny",))
        self.asked: list[Request] = []
        self._make = MINIATURES["bom"].make(super().answer)

    def answer(self, request: Request) -> Answer:
        self.asked.append(request)
        return self._make(request)


def run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


BODIES = {
    "json": json.dumps({"model": "tiny", "messages": [{"role": "user", "content": "Grüße 👋 \ud800 'a' \"b\""}]}, separators=(",", ":")).encode(),
    "no json": b'{"model": "x", "messages": [',
    "no text": b"\xff\x00'\"",
    "spaced": b'{ "model": "tiny" }',
    "not a number": b'{"a":NaN}',
    "twice": b'{"a":1,"a":2}',
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_the_program_makes_the_same_request(name: str) -> None:
    fake = Kept()
    with LiveServer(fake) as server:
        sent = Sent(method="POST", url=f"{server.base_url}/chat/completions", headers=JSON, body=BODIES[name])
        access = Access(
            headers=headers_of(["X-Two: Basic $OTHER", "api-key: $OTHER"], {"OTHER": "secret-value-9"})
        )
        program = python(sent, sent, variable_of=lambda _: "MY_KEY", access_of=lambda _: access)
        assert "secret-value-9" not in program
        done = run(program, MY_KEY=KEY, OTHER="secret-value-9")
    assert done.returncode == 0, done.stderr
    assert [request.body for request in fake.asked] == [BODIES[name]] * 2
    headers = dict(fake.asked[0].headers)
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["x-two"] == "Basic secret-value-9"
    assert headers["api-key"] == "secret-value-9"
    assert headers["content-type"] == "application/json"


def test_what_nobody_would_paste_is_left_out() -> None:
    sent = Sent(method="POST", url="http://there/v1", headers=(), body=b"x" * 30_000)
    assert python(sent, variable_of=lambda _: None, access_of=lambda _: Access()) == ""
    assert python(variable_of=lambda _: None, access_of=lambda _: Access()) == ""


def test_a_request_without_a_key_needs_no_variable() -> None:
    sent = Sent(method="GET", url="http://there/v1/models", headers=(), body=b"")
    program = python(sent, variable_of=lambda _: None, access_of=lambda _: Access())
    assert "environ" not in program
    assert program.startswith("import httpx\n")


def test_reports_tell_how_to_ask_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MY_KEY", KEY)
    fake = Kept()
    with LiveServer(fake) as server:
        options = ["--api-key-env", "MY_KEY", "-k", "no-junk", "--json", "r.json", "--junit", "r.xml"]
        result = CliRunner().invoke(main, ["check", server.base_url, *options])
        assert "  again     curl -sSi " in result.output
        assert "The requests stand in --json and --junit as Python, too." in result.output
        cases = json.loads(Path("r.json").read_text(encoding="utf-8"))["cases"]
        [evidence] = [one for case in cases for one in case["evidence"]]
        assert evidence["again"].startswith("curl -sSi ")
        fake.asked.clear()
        url = server.base_url
        done = run(evidence["python"], MY_KEY=KEY)
    assert done.returncode == 0, done.stderr
    assert dict(fake.asked[0].headers)["authorization"] == f"Bearer {KEY}"
    assert done.stdout.splitlines()[0] == f"POST {url}/chat/completions 200 application/json"
    xml = Path("r.xml").read_text(encoding="utf-8")
    assert "as Python:\nimport json\nimport os\n" in xml
    assert KEY not in xml + result.output + json.dumps(cases)
