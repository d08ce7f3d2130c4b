"""What it costs to judge a stream while it runs: `python bench/stream.py`.

The floor splits the body at blank lines and calls json.loads on each event. Judging is the SSE decoder, the
strict chunk model and the stream grammar. Both run in turn in one process, and the ratio of the best rounds is
printed: wall time alone says more of the machine than of the code.
"""

import json
import time
from collections.abc import Callable

from chatfake import Fake, Request
from chatschema import ChatStream, SseDecoder

ROUNDS = 7
PIECE = 1400  # bytes: what one packet holds


def body() -> bytes:
    """A streamed reply of the fake, of a few hundred chunks."""
    asked = {
        "model": "tiny",
        "stream": True,
        "messages": [{"role": "user", "content": "word " * 1500}],
    }
    request = Request(method="POST", path="/v1/chat/completions", body=json.dumps(asked).encode())
    return Fake().answer(request).body


def floor(data: bytes) -> int:
    """Split, and parse each event as JSON."""
    events = [event[6:] for event in data.split(b"\n\n") if event]
    return sum(bool(json.loads(event)) for event in events if event != b"[DONE]")


def judge(data: bytes) -> int:
    """Decode, validate each chunk, follow the grammar."""
    decoder, stream = SseDecoder(), ChatStream()
    for start in range(0, len(data), PIECE):
        for event in decoder.feed(data[start : start + PIECE]):
            stream.feed(event)
    for event in decoder.close():
        stream.feed(event)
    stream.close()
    assert not stream.violations
    return stream.events


def seconds(run: Callable[[bytes], int], data: bytes) -> float:
    """One round."""
    start = time.perf_counter()
    run(data)
    return time.perf_counter() - start


def main() -> None:
    """Run both in turn, and print the ratio."""
    data = body()
    events = judge(data)
    rounds = [(seconds(floor, data), seconds(judge, data)) for _ in range(ROUNDS)]
    fast, judged = min(a for a, _ in rounds), min(b for _, b in rounds)
    per_event = 1e6 / events
    print(f"{events} events, best of {ROUNDS} rounds")
    print(f"floor  {fast * per_event:6.1f} us an event   bytes.split and json.loads")
    print(f"judge  {judged * per_event:6.1f} us an event   SSE decoder, strict chunk, grammar")
    print(f"ratio  {judged / fast:6.1f}")


if __name__ == "__main__":
    main()
