"""A chat as people have it before them: keys, Ctrl-C, readers that leave."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatfake import LiveServer
from tests.chat.terminals import PROMPT, at_terminal, command

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it has no pseudo-terminals")


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with LiveServer() as live:
        yield live


def test_a_conversation_at_a_terminal(server: LiveServer, tmp_path: Path) -> None:
    handle = server.handle()
    handle.script("Paris\x1b[2J.", "Two lines.")
    file = str(tmp_path / "history.json")
    with at_terminal(handle, "--model", "tiny", "--history-file", file) as terminal:
        terminal.expect("tiny @ 127.0.0.1:", "a new conversation", "/help", PROMPT)
        terminal.type("capital of France?\r")
        terminal.expect(r"Paris\x1b[2J.", PROMPT)
        terminal.type("one\x1b\rtwo\\\rthree\r")  # Alt-Enter, then a backslash
        terminal.expect("Two lines.", PROMPT)
        terminal.type("never said\x03")
        terminal.expect(PROMPT)
        terminal.type("/histroy\r")
        terminal.expect("is /history meant?", PROMPT)
        terminal.type("/model fake/stream-endless\r")
        terminal.expect("from now on", PROMPT)
        terminal.type("go on\r")
        terminal.expect("turn 3")
        terminal.type("\x03")
        terminal.expect("cancelled: nothing of this round is kept.", PROMPT)
        terminal.type("\x04")
        assert terminal.wait() == 0
        assert "Traceback" not in terminal.seen
    rounds = json.loads(Path(file).read_text())["transcripts"][f"{handle.base_url} default"]
    assert [one["user"] for one in rounds] == ["capital of France?", "one\ntwo\nthree"]
    assert rounds[0]["assistant"] == "Paris\x1b[2J."


def test_an_answer_comes_as_it_is_said_and_ctrl_c_ends_the_command(
    server: LiveServer, tmp_path: Path
) -> None:
    handle = server.handle()
    file = tmp_path / "history.json"
    words, variables = command(handle, "hi", "--model", "fake/stream-endless", "--history-file", str(file))
    with subprocess.Popen(words, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.read(6) == b"turn 1"
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        assert process.stderr.read() == b"chatproof: interrupted.\n"
        assert process.wait(60) == 130
    assert not file.exists()


def test_a_reader_that_leaves_is_no_fault_and_the_round_is_kept(server: LiveServer, tmp_path: Path) -> None:
    handle = server.handle()
    handle.script("one " * 5_000)
    file = tmp_path / "history.json"
    words, variables = command(handle, "hi", "--model", "tiny", "--history-file", str(file))
    with subprocess.Popen(words, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.read(3) == b"one"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0
    assert file.read_text().count("one ") == 5_000


def test_help_waits_for_no_client() -> None:
    ask = "import sys; from chatproof.cli import main; main(['chat', '--help'], standalone_mode=False); print([*sys.modules])"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True, timeout=60)
    loaded = set(done.stdout.rpartition("[")[2].replace("'", "").rstrip("]\n").split(", "))
    assert not loaded & {"httpx", "pydantic", "prompt_toolkit", "chatproof.clients"}
