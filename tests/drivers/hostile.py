"""Clients that do to their process what no client should."""

import ctypes
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from chatproof.history.model.endpoint import Endpoint
from tests.drivers.clients import Sync


class Does(Sync):
    """It does what it is told to; all else is said as usual."""

    def say(self, text: str) -> Any:
        action = getattr(self, text.split(" ", 1)[0], None)
        return super().say(text) if action is None else action()

    def exits(self) -> None:
        os._exit(3)

    def leaves(self) -> None:
        sys.exit("enough")

    def crashes(self) -> None:
        ctypes.string_at(0)

    def hangs(self) -> None:
        time.sleep(600)

    def shuts(self) -> str:
        sys.stdout.close()
        os.close(1)
        return "shut"

    def closes(self) -> str:
        os.closerange(3, 256)
        return "closed"

    def doubles(self) -> str:
        os.fork()
        return "doubled"

    def moves(self) -> str:
        os.chdir("/")
        os.environ["CHATPROOF_LEFT"] = "behind"
        return "moved"

    def where(self) -> str:
        return f"{Path.cwd()} {os.environ.get('CHATPROOF_LEFT')} {Path.home()}"

    def looks(self) -> str:
        return f"{os.environ.get('XDG_DATA_HOME')} {os.environ['NO_PROXY']} {os.environ['HOME']}"

    def floods(self) -> str:
        for _ in range(100):
            sys.stdout.write("x" * 1_000_000)
        print("\nthe last line")  # noqa: T201
        return "flooded"

    def stays(self) -> str:
        threading.Thread(target=time.sleep, args=(600,)).start()
        return str(subprocess.Popen(["sleep", "600"]).pid)

    def raises(self) -> None:
        raise _UnreadableError

    def nests(self) -> Any:
        class Shy:
            def __repr__(self) -> str:
                raise ValueError("no")

        return Shy()


class Slow(Sync):
    """It waits for what never comes; the end of the test ends that."""

    def say(self, text: str) -> Any:
        threading.Event().wait(5)


class _UnreadableError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")


class NoSay:
    """It has no method `say`."""

    def __init__(self, endpoint: Endpoint) -> None:
        del endpoint


def exits_at_once(endpoint: Endpoint) -> Any:
    """A factory that ends the process."""
    os._exit(5)
