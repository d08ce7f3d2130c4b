"""`chatproof serve`: ready, asked, ended."""

import json
import ssl
from pathlib import Path

import httpx
import pytest
import trustme
from click.testing import CliRunner

from chatproof.cli import main
from tests.fakeserver.serving.served import served

ASKED = {"model": "tiny", "messages": [{"role": "user", "content": "hi"}]}


def post(url: str, **members: object) -> httpx.Response:
    return httpx.post(f"{url}/chat/completions", json={**ASKED, **members}, trust_env=False)


def test_serve_says_when_it_is_ready_and_ends_cleanly_when_told() -> None:
    with served("--models", "my-model") as url:
        assert httpx.get(f"{url}/models", trust_env=False).json()["data"][0]["id"] == "my-model"
        assert post(url, model="fake/empty-choices").json()["choices"] == []
        assert post(url).status_code == 404


def test_several_workers_give_the_same_bytes_and_have_no_journal() -> None:
    with served("--workers", "3") as url:
        assert len({post(url).content for _ in range(12)}) == 1
        root = url.removesuffix("/v1")
        for path in ("requests", "wait", "events"):
            refused = httpx.get(f"{root}/_fake/{path}", trust_env=False)
            assert (refused.status_code, refused.json()["error"]["code"]) == (501, "needs_one_worker")


def test_script_scenario_and_length_are_those_of_the_command_line(tmp_path: Path) -> None:
    script = tmp_path / "script.yaml"
    script.write_text("turns: {2: {text: from the script}}")
    with served("--script", str(script), "--scenario", "refusal", "--context-length", "60") as url:
        assert post(url).json()["choices"][0]["message"]["refusal"]
        two = post(url, messages=ASKED["messages"] * 2)  # type: ignore[operator]  # it is a list
        assert two.json()["choices"][0]["message"]["content"] == "from the script"
        long = post(url, messages=ASKED["messages"] * 20)  # type: ignore[operator]  # it is a list
        assert long.json()["error"]["code"] == "context_length_exceeded"


def test_lenient_answers_what_is_refused_else() -> None:
    with served("--lenient") as url:
        assert post(url, temperature="hot", n=True).status_code == 200
        assert post(url, messages=[]).status_code == 200


def test_certificate_makes_it_speak_https(tmp_path: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    cert, key, trusted = (str(tmp_path / name) for name in ("cert.pem", "key.pem", "ca.pem"))
    issued.cert_chain_pems[0].write_to_path(cert)
    issued.private_key_pem.write_to_path(key)
    authority.cert_pem.write_to_path(trusted)
    with served("--tls-cert", cert, "--tls-key", key) as url:
        assert url.startswith("https://")
        with httpx.Client(verify=ssl.create_default_context(cafile=trusted), trust_env=False) as client:
            answer = client.post(f"{url}/chat/completions", json=ASKED)
            assert answer.json()["object"] == "chat.completion"
            with pytest.raises(httpx.TransportError):
                client.post(f"{url}/chat/completions", json={**ASKED, "model": "fake/reset-in-body"})


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--port", "x"], "not a valid"),
        (["--host", "203.0.113.1"], "203.0.113.1"),
        (["--dialect", "klingon"], "there are openai"),
        (["--latency", "soon"], "constant:S"),
        (["--scenario", "empty-choice"], "did you mean empty-choices"),
        (["--script", "nowhere.yaml"], "cannot read nowhere.yaml"),
        (["--script", "bad.yaml"], "bad.yaml, line 1: 'answer' is none of"),
        (["--script", "queue.yaml", "--workers", "2"], "use turns and rules"),
        (["--tls-cert", "bad.yaml"], "belong together"),
        (["--tls-cert", "bad.yaml", "--tls-key", "bad.yaml"], "are no certificate and its key"),
    ],
)
def test_a_server_that_cannot_start_is_told(
    arguments: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.yaml").write_text("answer: [text]")
    (tmp_path / "queue.yaml").write_text(json.dumps(["Hello!"]))
    run = CliRunner().invoke(main, ["serve", *arguments], catch_exceptions=False)
    assert run.exit_code == 2
    assert told in run.stderr
