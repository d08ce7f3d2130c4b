"""What one body costs to judge, which comes on standard input; `hostile_bodies` asks this of each."""

import asyncio
import json
import resource
import sys
import time
import tracemalloc
from collections.abc import AsyncIterator

import httpx

from chatproof.guard import EXCHANGES, report
from chatproof.guard.httpx import AsyncGuardTransport
from chatproof.guard.routes import LORAX
from chatproof.guard.stream_observer import HEAVY
from chatschema import check

ROUNDS = 3

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


def judged(data: bytes) -> dict[str, float | str]:
    """Judge a body here."""
    check('{"error": {"message": "no"}}')
    check("data: {}\n\n")
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


if __name__ == "__main__":
    print(json.dumps(judged(sys.stdin.buffer.read())))
