"""`chatproof serve --record` and `--replay`, and the files of other recorders."""

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from chatfake import Fake, LiveServer, Request
from chatfake.recording.folder import read_recordings
from chatproof.cli import main
from tests.fakeserver.asking import chat
from tests.fakeserver.recording.seeing import KEY, files
from tests.fakeserver.serving.served import served

RECORDINGS = os.environ.get("CHATPROOF_RECORDINGS", "")


def _ask(url: str) -> httpx.Response:
    return httpx.post(
        f"{url}/chat/completions", json=chat(stream=True), headers={"authorization": f"Bearer {KEY}"}
    )


def test_recorded_on_the_command_line_is_replayed_there(tmp_path: Path) -> None:
    with LiveServer() as upstream, served("--record", str(tmp_path), "--upstream", upstream.base_url) as url:
        first = _ask(url)
    assert not any(KEY in file.read_text(encoding="utf-8") for file in files(tmp_path))
    with served("--replay", str(tmp_path), "--replay-speed", "inf") as url:
        again = _ask(url)
        assert again.headers.multi_items() == first.headers.multi_items()
        assert again.content == first.content
        assert httpx.post(f"{url}/chat/completions", json=chat()).json()["error"]["code"] == "no_recording"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--record", "x", "--replay", "y"), "choose one"),
        (("--record", "x"), "belong together"),
        (("--upstream", "http://127.0.0.1"), "belong together"),
        (("--replay-speed", "2"), "is for --replay"),
        (("--replay", "x", "--scenario", "text"), "does not go with --scenario"),
        (("--replay", "x", "--workers", "2"), "leave out --workers"),
        (("--replay", "nowhere"), "cannot read nowhere"),
        (("--replay", "."), "there are no recordings in ."),
        (("--record", "x", "--upstream", "example.com"), "no URL of an endpoint"),
        (("--record", "/dev/null/x", "--upstream", "http://127.0.0.1"), "cannot write into"),
    ],
)
def test_mistake_is_one_sentence(
    arguments: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["serve", "--port", "0", *arguments])
    assert done.exit_code == 2
    assert sentence in done.output
    assert len(done.output.splitlines()) == 1


def test_speed_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_text(json.dumps(LINE), encoding="utf-8")
    done = CliRunner().invoke(main, ["serve", "--replay", str(tmp_path), "--replay-speed", "nan"])
    assert (done.exit_code, done.output) == (2, "chatproof: a speed is more than 0, not nan\n")


def test_validate_judges_what_was_recorded(tmp_path: Path) -> None:
    with LiveServer() as upstream, served("--record", str(tmp_path), "--upstream", upstream.base_url) as url:
        for body in (chat(), chat(stream=True), chat(model="fake/null-choices"), chat(model="fake/gzip")):
            httpx.post(f"{url}/chat/completions", json=body, timeout=30)
        with pytest.raises(httpx.TransportError):
            httpx.post(f"{url}/chat/completions", json=chat(model="fake/stream-cut", stream=True))
    done = subprocess.run(
        [sys.executable, "-m", "chatproof", "validate", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout.count(" valid\n") == 3, done.stdout
    assert "choices is not a list" in done.stdout
    assert "cut off while it was recorded" in done.stdout


LINE = {
    "request": {
        "method": "POST",
        "path": "/v1/chat/completions",
        "headers": [["Host", "x"]],
        "body": json.dumps(chat(stream=True)),
    },
    "response": {
        "status": 200,
        "headers": [["Content-Type", "text/event-stream"], ["Transfer-Encoding", "chunked"]],
        "body": "data: é\n\ndata: [DONE]\n\n",
        "chunk_sizes": [10, 14],
        "seconds": 2.5,
        "first_byte_seconds": 0.5,
    },
}


def test_lines_of_other_recorders_are_replayed(tmp_path: Path) -> None:
    silent = {"request": LINE["request"], "response": {"status": None, "socket_error": "refused"}}
    lines = "\n".join(json.dumps(one) for one in (silent, LINE))
    (tmp_path / "server.jsonl").write_text(lines, encoding="utf-8")
    fake = Fake(replay=tmp_path / "server.jsonl")
    with (
        httpx.Client(transport=fake.httpx_transport()) as client,
        client.stream("POST", "http://x/v1/chat/completions", json=chat(stream=True)) as response,
    ):
        assert list(response.iter_raw()) == ["data: é\n\n".encode(), b"data: [DONE]\n\n"]
    assert fake.time.now == 2.5


@pytest.mark.skipif(
    not RECORDINGS, reason="CHATPROOF_RECORDINGS names no folder with recordings of real servers"
)
def test_recordings_of_real_servers_are_replayed_byte_for_byte() -> None:
    for file in sorted(Path(RECORDINGS).glob("*.jsonl")):
        exchanges = read_recordings(file)
        fake = Fake(replay=file)
        for exchange in exchanges:
            request = exchange.request
            answer = fake.answer(
                Request(method=request.method, path=request.path, query=request.query, body=request.body)
            )
            assert answer.status == exchange.arrival.status
            if exchange.arrival.data:
                assert answer.body.endswith(exchange.arrival.data)
