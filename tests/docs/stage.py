"""Where a block is run: a folder with the files that the pages speak of, and an installed chatproof.

Where CHATPROOF_DOCS_PYTHON names an interpreter, the blocks are run by it, on the port that the pages state. `.ci/run`
does so with an environment that has chatproof's own dependencies alone.
"""

import contextlib
import functools
import gzip
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path

from chatproof import __version__
from tests.validate.bodies import COMPLETION, STREAM

STATED_PORT = 8080
PROGRAMS = Path(__file__).parents[1] / "drivers" / "programs"
BARE = os.environ.get("CHATPROOF_DOCS_PYTHON")
PYTHON = BARE or sys.executable
READER = (Path(__file__).parent / "reader.py.txt").read_text(encoding="utf-8")
#: A few examples show that a page's tests run; a busy machine is no finding.
CONFTEST = """from hypothesis import settings

settings.register_profile("docs", max_examples=10, deadline=None)
settings.load_profile("docs")
"""
#: What a reader has already, under these names.
READERS_OWN = ("MyBot", "Bot", "my_program", "my_validator", "response", "body")


@functools.cache
def has(package: str) -> bool:
    """Whether the interpreter of the blocks has it, or the machine, where it is a program."""
    if shutil.which(package):
        return True
    asked = f"import importlib.util as u, sys; sys.exit(u.find_spec({package.replace('-', '_')!r}) is None)"
    return subprocess.run([PYTHON, "-c", asked], check=False, timeout=60).returncode == 0


def _port() -> int:
    if BARE:
        return STATED_PORT
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def write_files(folder: Path) -> None:
    """Cassettes, logs, bodies and a bot, as the pages name them."""
    (folder / "tests" / "cassettes").mkdir(parents=True)
    (folder / "logs").mkdir()
    (folder / "fixtures").mkdir()
    (folder / "tests" / "cassettes" / "chat.json").write_bytes(COMPLETION)
    (folder / "tests" / "cassettes" / "stream.sse").write_bytes(STREAM)
    (folder / "fixtures" / "chat.json").write_bytes(COMPLETION)
    for name in ("recorded.jsonl.gz", "logs/day.jsonl.gz"):
        (folder / name).write_bytes(gzip.compress(COMPLETION + b"\n"))
    (folder / "answer.json").write_bytes(COMPLETION)
    (folder / "chatproof-baseline.json").write_text('{"format": "chatproof.baseline/1", "known": []}')
    (folder / "reader.py").write_text(READER)
    (folder / "examples").symlink_to(Path(__file__).parents[2] / "examples")
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "bot.py").write_text(READER)
    for name, manner in (("ask.py", "right"), ("loop.py", "input")):
        (folder / name).write_text(
            f"import runpy, sys\nsys.argv[1:1] = [{manner!r}]\n"
            f"runpy.run_path({str(PROGRAMS / name)!r}, run_name='__main__')\n"
        )
    (folder / "bai.toml").write_text('window = {messages = 10}\nsystem = "none"\n')
    asked = {"model": "any", "messages": [{"role": "user", "content": "hi"}]}
    (folder / "my_bot.py").write_text(
        "import httpx, os\n"
        f"answer = httpx.post(os.environ['OPENAI_BASE_URL'] + '/chat/completions', json={json.dumps(asked)})\n"
        "answer.raise_for_status()\n"
    )


@dataclass
class Stage:
    """One folder, and one port that stands for the stated one."""

    folder: Path
    upstream: str = ""
    port: int = field(default_factory=_port)

    def _here(self, text: str) -> str:
        text = text.replace("https://api.example.com/v1", self.upstream or "https://api.example.com/v1")
        return text.replace(f":{STATED_PORT}", f":{self.port}")

    def _environment(self, **more: str) -> dict[str, str]:
        path = os.pathsep.join([str(Path(PYTHON).parent), os.environ["PATH"]])
        # compiled files are kept, or each program would compile everything anew
        left_out = {"PYTHONDONTWRITEBYTECODE", *(["PYTHONPATH"] if BARE else [])}
        kept = {name: value for name, value in os.environ.items() if name not in left_out}
        return {
            **kept,
            "PATH": path,
            "CI": "true",
            "XDG_DATA_HOME": str(self.folder / "data"),
            "MY_KEY": "sk-my-key",
            **more,
        }

    @contextlib.contextmanager
    def serving(self, command: str = "chatproof serve") -> Generator[None]:
        """`chatproof serve`, on the stage's port, until the block is over."""
        if not BARE:
            command = command.replace("chatproof serve", f"chatproof serve --port {self.port}", 1)
        with subprocess.Popen(
            ["bash", "-c", f"exec {self._here(command)}"],
            cwd=self.folder,
            env=self._environment(),
            stdout=subprocess.PIPE,
            text=True,
        ) as server:
            try:
                assert server.stdout
                assert str(self.port) in server.stdout.readline(), command
                yield
            finally:
                server.terminate()

    def run(self, command: list[str], **environment: str) -> tuple[int, str]:
        """The exit code, and all that was printed, with the stated port in it."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self._environment(**environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=300,
        )
        printed = done.stdout.replace(f":{self.port}", f":{STATED_PORT}").replace(__version__, "0.1.0")
        return done.returncode, printed

    def shell(self, command: str) -> tuple[int, str]:
        """The same of a command line."""
        return self.run(["bash", "-c", self._here(command)])

    def python(self, name: str, *texts: str, pytest: bool = False) -> tuple[int, str]:
        """The same of the texts, one after another in one program, which prints a line of NUL before each."""
        own = [name for name in READERS_OWN if any(name in text for text in texts)]
        given = f"from reader import {', '.join(own)}\n" if own else ""
        mark = "" if pytest else "print('\\0')\n"
        program = given + "".join(mark + self._here(text) for text in texts)
        (self.folder / name).write_text(program, encoding="utf-8")
        runner = ["-m", "pytest", "-q", "-p", "no:cacheprovider"] if pytest else []
        held = re.search(r"window=Messages\((\d+)\)", program)
        is_known_to_fail = "xfail = " in program
        return self.run(
            [PYTHON, *runner, name],
            FORGETS="" if is_known_to_fail else "yes",
            MESSAGES=held[1] if held else "4",
        )

    def record(self) -> int:
        """Record what the pages' upstream says into `recordings/`; the exit code of who asked."""
        record = "chatproof serve --record recordings/ --upstream https://api.example.com/v1"
        with self.serving(record):
            return self.shell("OPENAI_BASE_URL=http://127.0.0.1:8080/v1 python my_bot.py")[0]
