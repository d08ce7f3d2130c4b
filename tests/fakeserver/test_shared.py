"""Many tests, each with a key of its own, on one server that pytest-xdist's workers share: none sees another's."""

import os
import re
import subprocess
import sys
from pathlib import Path

from chatfake import LiveServer

#: `CHATPROOF_HANDLES=1000` for as many tests; each asks three times.
HANDLES = int(os.environ.get("CHATPROOF_HANDLES", "100"))
SUITE = """
import json, os, urllib.request
import pytest

def ask(method, path, body=b"", key=""):
    asked = urllib.request.Request(os.environ["FAKE_ROOT"] + path, data=body or None, method=method)
    asked.add_header("authorization", f"Bearer {key}")
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return json.loads(answer.read() or b"null")

@pytest.fixture
def key():
    made = ask("POST", "/_fake/keys")["key"]
    yield made
    ask("DELETE", f"/_fake/keys?key={made}")

@pytest.mark.parametrize("number", range(HANDLES))
def test_own_script_and_own_journal(number, key):
    ask("PUT", f"/_fake/script?key={key}", b"[{text: %d.0}, {text: %d.1}]" % (number, number))
    said = []
    for turn in range(3):
        body = {"model": "m", "messages": [{"role": "user", "content": f"{number}: {turn}"}]}
        answer = ask("POST", "/v1/chat/completions", json.dumps(body).encode(), key)
        said.append(answer["choices"][0]["message"]["content"])
    assert said[:2] == [f"{number}.0", f"{number}.1"]
    assert said[2].endswith(f"you said: {number}: 2")
    found = ask("GET", f"/_fake/requests?key={key}")
    assert [row["messages"][-1]["text"] for row in found["requests"]] == [f"{number}: {turn}" for turn in range(3)]
    assert [row["number"] for row in found["requests"]] == [1, 2, 3]
"""


def test_tests_on_one_server_never_see_each_other(tmp_path: Path) -> None:
    (tmp_path / "test_many.py").write_text(SUITE.replace("HANDLES", str(HANDLES)), encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    with LiveServer() as server:
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", "test_many.py"],
            cwd=tmp_path,
            env={**os.environ, "FAKE_ROOT": server.base_url.removesuffix("/v1")},
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        sys.stdout.write(run.stdout[-100:])
        assert re.search(rf"\b{HANDLES} passed in", run.stdout), run.stdout[-3_000:]
        assert server.fake.sessions.keys == ()
        assert server.requests == ()
