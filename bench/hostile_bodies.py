"""What a hostile body of a megabyte costs to judge: `python -m bench.hostile_bodies [NAME …]`.

Each body is judged in a process of its own, which imports everything and judges a small body first. Seconds are of the
processor, the best of three; `traced` is the most that Python held at a time beside the body, `resident` by how much
the process grew. `hold` is the longest that an `AsyncGuardTransport` kept the other tasks of its event loop waiting, in
milliseconds of the processor: the body comes as a whole, in pieces as a socket gives them, and in ones that are just
too small for a thread; of each the best of three.
"""

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import time
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
from bench.hostile_json import JSON_BODIES
from bench.hostile_streams import STREAM_BODIES

from chatproof.guard import EXCHANGES, report
from chatproof.guard.httpx import AsyncGuardTransport
from chatproof.guard.routes import LORAX
from chatproof.guard.stream_observer import HEAVY
from chatschema import check

ROUNDS = 3
BODIES = {**JSON_BODIES, **STREAM_BODIES}

#: Bytes of a piece: all, what a socket gives, and less than is judged in a thread.
PIECES = (2_000_000, 65_536, HEAVY, 1_400)

#: How a kind begins -> the route that answers it; a chat's where nothing is known.
ROUTES = {
    "completion": "/v1/completions",
    "embeddings": "/v1/embeddings",
    "response": "/v1/responses",
    "lorax.generate.sse": "/generate_stream",
    "lorax.generate": "/generate",
    "lorax.classify": "/classify",
    "models": "/v1/models",
}


class Pieces(httpx.AsyncByteStream):
    """A body that comes in pieces."""

    def __init__(self, data: bytes, size: int) -> None:
        self._data, self._size = data, size

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._data), self._size):
            await asyncio.sleep(0)
            yield self._data[start : start + self._size]


async def longest_hold(data: bytes, kind: str, size: int) -> float:
    """Seconds of the processor between two turns of another task while a guarded client reads the body."""
    asks = kind.endswith(".request")
    path = next((path for start, path in ROUTES.items() if kind.startswith(start)), "/v1/chat/completions")
    head = {"content-type": "text/event-stream" if kind.endswith(".sse") else "application/json"}
    guarded = AsyncGuardTransport(
        httpx.MockTransport(
            lambda _: httpx.Response(200, headers=head, stream=Pieces(b"{}" if asks else data, size))
        ),
        on_violation=report(lambda _: None),
        judged=EXCHANGES,
        routes=LORAX,
    )
    longest, done = 0.0, False

    async def tick() -> None:
        nonlocal longest
        while not done:
            before = time.process_time()
            await asyncio.sleep(0)
            longest = max(longest, time.process_time() - before)

    async with httpx.AsyncClient(transport=guarded, base_url="http://localhost") as client:
        ticker = asyncio.create_task(tick())
        await asyncio.sleep(0)
        method = "GET" if kind == "models" else "POST"
        async with client.stream(method, path, content=data if asks else b"{}") as response:
            async for _ in response.aiter_raw():
                pass
        await asyncio.sleep(0)
        done = True
        await ticker
    return longest


def judged(name: str) -> dict[str, float | str]:
    """Judge one body here."""
    check('{"error": {"message": "no"}}')
    check("data: {}\n\n")
    data = BODIES[name].encode(errors="surrogateescape")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds: list[float] = []
    kind = ""
    for _ in range(ROUNDS):
        start = time.process_time()
        kind = str(check(data).kind)
        seconds.append(time.process_time() - start)
    resident = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    asyncio.run(longest_hold(b"{}", kind, 1))
    holds = [min(asyncio.run(longest_hold(data, kind, size)) for _ in range(ROUNDS)) for size in PIECES]
    tracemalloc.start()
    check(data)
    return {
        "kind": kind,
        "first": seconds[0],
        "seconds": min(seconds),
        "traced": tracemalloc.get_traced_memory()[1] / 1024**2,
        "resident": resident,
        "hold": max(holds) * 1000,
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="a body; all of them by default")
    names: list[str] = parser.parse_args().names or [*BODIES]
    print(
        f"{'body':46} {'kind':24} {'s':>6} {'first':>6} {'traced MB':>10} {'resident MB':>12} {'hold ms':>8}"
    )
    for name in names:
        child = subprocess.run(
            [sys.executable, "-m", "bench.hostile_bodies"],
            env={**os.environ, "HOSTILE_BODY": name},
            cwd=Path(__file__).parents[1],
            stdout=subprocess.PIPE,
            check=True,
        )
        found = json.loads(child.stdout)
        row = f"{name:46} {found['kind']:24} {found['seconds']:6.2f} {found['first']:6.2f}"
        row += f" {found['traced']:10.0f} {found['resident']:12.0f} {found['hold']:8.0f}"
        print(row, flush=True)


if __name__ == "__main__":
    if name := os.environ.get("HOSTILE_BODY"):
        print(json.dumps(judged(name)))
    else:
        try:
            try:
                main()
            finally:
                sys.stdout.flush()
        except BrokenPipeError:  # whoever reads no further, as `head` does, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
