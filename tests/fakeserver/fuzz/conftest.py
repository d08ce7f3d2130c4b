"""One server a run, in a process of its own, that must end as well as it began."""

import contextlib
import re
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.fakeserver.fuzz.raw import Served

#: Megabytes: what the journals may hold, some answers of tens of megabytes on their way, and Python.
MOST_MEMORY = 1_000


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """`chatproof serve`; its expressions may be ones that `re` warns of."""
    stderr = tmp_path_factory.mktemp("served") / "stderr"
    command = [sys.executable, "-u", "-W", "ignore::FutureWarning", "-m", "chatproof", "serve", "--port", "0"]
    with (
        stderr.open("w") as complaints,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            found = re.search(r":(\d+)/v1", process.stdout.readline())
            assert found, stderr.read_text()
            with contextlib.closing(Served(process, int(found[1]), stderr)) as server:
                yield server
                server.is_well()
                memory = server.memory
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
            assert stderr.read_text() == ""
            sys.stdout.write(f"\nthe server held {memory} MB at most\n")
            assert memory < MOST_MEMORY
        finally:
            process.kill()
