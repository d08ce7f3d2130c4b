"""Bytes to a server in a process of its own, and what it says; and whether it is still well."""

import contextlib
import http.client
import json
import select
import socket
import struct
import subprocess
import time
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Any
from urllib.parse import quote

#: Seconds without a byte after which a server is taken to wait for more.
QUIET = 0.005
#: Seconds for which a connection that says nothing is surely kept.
IDLE = 2.0
#: Seconds after which an answer is taken never to come.
LONGEST = 20.0
#: Bytes that are read of one connection.
MOST = 2_000_000


class Ending(Enum):
    """What the client does when it has said everything."""

    HALF_CLOSE = "half-close"
    CLOSE = "close"
    RESET = "reset"


class Served:
    """A server under test. `stderr` is where its complaints would stand."""

    def __init__(self, process: "subprocess.Popen[str]", port: int, stderr: Path) -> None:
        self._process = process
        self._stderr = stderr
        self.port = port
        self._good = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST)
        self._asked_at = 0.0

    def say(self, pieces: Sequence[bytes], ending: Ending) -> bytes:
        """Everything that comes back to these writes."""
        with contextlib.closing(
            socket.create_connection(("127.0.0.1", self.port), timeout=LONGEST)
        ) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            heard: list[bytes] = []
            with contextlib.suppress(ConnectionError, TimeoutError):
                for piece in pieces:
                    connection.sendall(piece)
                    heard += self._heard(connection, 0.0)
                heard += self._heard(connection, QUIET)
            if ending is Ending.RESET:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            elif ending is Ending.HALF_CLOSE:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_WR)
                heard += self._heard(connection, LONGEST)
            return b"".join(heard)

    def _heard(self, connection: socket.socket, quiet: float) -> list[bytes]:
        """What comes until the end, or until nothing comes for so long."""
        heard: list[bytes] = []
        end = time.monotonic() + LONGEST
        while sum(map(len, heard)) < MOST:
            if not select.select([connection], [], [], quiet)[0]:
                assert quiet < LONGEST, "the server neither answers nor closes"
                return heard
            assert time.monotonic() < end, "the answer does not end"
            try:
                data = connection.recv(1 << 16)
            except ConnectionError:
                return heard
            if not data:
                return heard
            heard.append(data)
        return heard

    def is_well(self) -> None:
        """It answers a good request, on a connection that was there before, and has complained of nothing."""
        assert self._asked("GET", "/v1/models/m")["object"] == "model"
        assert self._process.poll() is None
        assert self._stderr.stat().st_size == 0, self._stderr.read_text(errors="replace")[-3_000:]

    def forget(self) -> None:
        """Drops every script and journal: the next test meets a server like new."""
        for key in self._asked("GET", "/_fake/keys")["keys"]:
            self._asked("DELETE", f"/_fake/keys?key={quote(key, safe='')}")
        self._asked("DELETE", "/_fake/requests")

    def _asked(self, method: str, path: str) -> Any:
        if time.monotonic() - self._asked_at > IDLE:  # the server closes what is idle for longer
            self._good.close()
        self._good.request(method, path)
        answer = self._good.getresponse()
        body = answer.read()
        self._asked_at = time.monotonic()
        assert answer.status in (200, 204), body
        return json.loads(body or b"null")

    def close(self) -> None:
        """The connection that was there before."""
        self._good.close()

    @property
    def memory(self) -> int:
        """Megabytes that it ever held; 0 where the system does not say."""
        status = Path(f"/proc/{self._process.pid}/status")
        rows = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
        return next((int(row.split()[1]) // 1024 for row in rows if row.startswith("VmHWM")), 0)
