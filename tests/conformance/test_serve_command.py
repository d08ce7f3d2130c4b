"""`chatproof serve`: ready, asked, ended."""

import re
import signal
import subprocess
import sys

import httpx
import pytest


def test_serve_says_when_it_is_ready_and_ends_cleanly_when_told() -> None:
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "chatproof", "serve", "--port", "0", "--models", "my-model"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+/v1", line)
            assert found, line
            listed = httpx.get(f"{found[0]}/models", trust_env=False).json()
            assert listed["data"][0]["id"] == "my-model"
            asked = {"model": "fake/empty-choices", "messages": [{"role": "user", "content": "hi"}]}
            assert (
                httpx.post(f"{found[0]}/chat/completions", json=asked, trust_env=False).json()["choices"]
                == []
            )
            server.send_signal(signal.SIGTERM)
            _, errors = server.communicate(timeout=30)
        finally:
            server.kill()
    assert (server.returncode, errors) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "told"), [(["--port", "x"], "not a valid"), (["--host", "203.0.113.1"], "203.0.113.1")]
)
def test_a_server_that_cannot_start_is_told(arguments: list[str], told: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "chatproof", "serve", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 2
    assert told in run.stderr
    assert "Traceback" not in run.stderr
