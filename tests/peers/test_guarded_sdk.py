"""A guard under version 2 of the openai SDK, which uses httpx, against the live server."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chatfake import LiveServer

PROGRAM = Path(__file__).with_name("guarded_program.py")
MODELS = ["text", "tool-call-only", "empty-choices", "stream-no-done", "stream-cut"]


@pytest.mark.peers
def test_program_on_version_2_gets_right_answers_and_contract_errors(
    openai_2: Path, server: LiveServer
) -> None:
    done = subprocess.run(
        [sys.executable, str(PROGRAM), server.base_url, *(f"fake/{name}" for name in MODELS)],
        env=os.environ | {"PYTHONPATH": str(openai_2)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found.pop("version").startswith("2.")
    # JSON sync and async, then streamed sync and async
    assert found["fake/text"][:2] == found["fake/tool-call-only"][:2] == [1, 1]
    assert found["fake/text"][2] == found["fake/text"][3] > 1
    assert found["fake/tool-call-only"][2] == found["fake/tool-call-only"][3] > 1
    assert found["fake/empty-choices"] == [["shape.value"]] * 2 + [["chat.sse.finish-once"]] * 2
    assert found["fake/stream-no-done"] == [1, 1, ["chat.sse.done"], ["chat.sse.done"]]
    for one in found["fake/stream-cut"][2:]:
        assert "Error" in one[0]
    # this version takes whatever is raised before an answer for a broken connection, and names it as the cause
    assert found["wrong request"] == [["APIConnectionError", ["shape.value"]]] * 4
