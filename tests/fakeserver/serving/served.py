"""`chatproof serve` in a process of its own, for the tests that need one."""

import contextlib
import re
import signal
import subprocess
import sys
from collections.abc import Generator


@contextlib.contextmanager
def served(*arguments: str) -> Generator[str]:
    """The base URL of a server; it must end by itself, cleanly and in silence, when it is told to."""
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "chatproof", "serve", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            found = re.search(r"https?://127\.0\.0\.1:\d+/v1", line)
            if not found:
                server.kill()
                raise AssertionError(line + server.communicate()[1])
            yield found[0]
            server.send_signal(signal.SIGTERM)
            _, errors = server.communicate(timeout=30)
            assert (server.returncode, errors) == (0, "")
        finally:
            server.kill()
