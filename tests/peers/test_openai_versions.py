"""Replies without text, as programs on version 2 and version 3 of the openai SDK get them from the live server."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chatfake import LiveServer

PROGRAM = Path(__file__).with_name("sdk_program.py")


@pytest.fixture(params=["2", "3"])
def version(request: pytest.FixtureRequest) -> str:
    """The SDK's major version."""
    found: str = request.param
    return found


def run(version: str, model: str, server: LiveServer, request: pytest.FixtureRequest) -> dict[str, Any]:
    """What the program prints under that version."""
    environment = dict(os.environ)
    if version == "2":
        environment["PYTHONPATH"] = str(request.getfixturevalue("openai_2"))
    done = subprocess.run(
        [sys.executable, str(PROGRAM), server.base_url, model],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["version"].startswith(f"{version}.")
    return found


@pytest.mark.peers
def test_a_tool_call_only_reply_reaches_a_program(
    version: str, server: LiveServer, request: pytest.FixtureRequest
) -> None:
    found = run(version, "fake/tool-call-only", server, request)
    (choice,) = found["choices"]
    assert choice["content"] is None
    assert choice["finish_reason"] == "tool_calls"
    ((name, arguments),) = choice["calls"]
    assert name == "get_weather"
    assert isinstance(json.loads(arguments)["city"], str)
    streamed = found["streamed"]
    assert streamed["content"] == ""
    assert streamed["finish_reasons"] == ["tool_calls"]
    assert (streamed["name"], streamed["arguments"]) == (name, arguments)


@pytest.mark.peers
def test_a_reply_without_choices_reaches_a_program(
    version: str, server: LiveServer, request: pytest.FixtureRequest
) -> None:
    found = run(version, "fake/empty-choices", server, request)
    assert found["choices"] == []
    assert found["streamed"]["content"] == ""
    assert found["streamed"]["finish_reasons"] == []
