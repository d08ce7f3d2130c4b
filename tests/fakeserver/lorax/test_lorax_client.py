"""The real lorax-client against the fake on a socket. It runs in an environment of its own, which `.ci/peers` makes."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from chatfake import LiveServer

PROGRAM = Path(__file__).with_name("lorax_client_program.py")

pytestmark = pytest.mark.peers


@pytest.fixture(scope="module")
def report() -> Any:
    """What the program has to tell."""
    python = Path(os.environ.get("CHATPROOF_PEERS", "nowhere")) / "lorax-client" / "bin" / "python"
    if not python.exists():
        pytest.skip("CHATPROOF_PEERS names no folder with the environment lorax-client; `.ci/peers` makes it")
    with LiveServer() as server:
        root = server.base_url.removesuffix("/v1")
        done = subprocess.run(
            [str(python), str(PROGRAM), root], capture_output=True, text=True, check=False, timeout=120
        )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_client_reads_the_same_whole_streamed_and_asynchronously(report: Any) -> None:
    whole = report["whole"]
    assert whole["text"].endswith("you said: And Italy?")
    assert (whole["reason"], whole["tokens"][-1], whole["prefill"]) == ("eos_token", "</s>", 5)
    assert report["stream"] == {name: whole[name] for name in ("text", "reason", "tokens")}
    assert report["async"] == {"whole": whole, "stream": report["stream"]}


def test_client_reads_what_parameters_ask_for(report: Any) -> None:
    assert report["best-of"]["others"] == 1
    assert (report["stop"]["reason"], report["stop"]["text"][-8:]) == ("stop_sequence", "you said")
    assert json.loads(report["schema"]) == {"city": "city"}
    assert (report["embedding"], report["entities"], report["batch"]) == (384, 2, 2)


def test_client_raises_its_own_errors(report: Any) -> None:
    assert report["errors"] == {
        "invalid": ["ValidationError", "ValidationError"],
        # plain text, which the client reads as JSON where it streams
        "unreadable": ["UnprocessableEntityError", "JSONDecodeError"],
        "unknown-adapter": ["GenerationError", "GenerationError"],
        "overloaded": ["OverloadedError", "OverloadedError"],
        "nobody": ["IncompleteGenerationError", "IncompleteGenerationError"],
        "mid-stream": ["", "GenerationError"],
    }
