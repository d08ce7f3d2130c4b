"""What a hostile body of a megabyte costs to judge: `python bench/hostile_bodies.py [NAME …]`.

Each body is judged in a process of its own, which imports everything and judges a small body first. Seconds are of the
processor, the best of three; `traced` is the most that Python held at a time beside the body, `resident` by how much
the process grew.
"""

import json
import os
import resource
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Mapping

from chatschema import check

SIZE = 1_000_000
ROUNDS = 3

CHUNK = (
    '{"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", '
    '"choices": [{"index": 0, "delta": %s, "finish_reason": null}]}'
)
ANSWER = (
    '{"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [{"index": 0, "logprobs": null, '
    '"finish_reason": "stop", "message": {"role": "assistant", "content": "a", "refusal": null}}]%s}'
)


def filled(before: str, item: str, after: str, between: str = ",") -> str:
    """As many items as make a megabyte."""
    return before + between.join([item] * ((SIZE - len(before)) // (len(item) + len(between)))) + after


def events(item: str) -> str:
    """A stream of nothing but one event."""
    return filled("", f"data: {item}", "\n\n", between="\n\n")


def numbered(before: str, item: str, after: str) -> str:
    """Items of which no two are the same."""
    count = SIZE // (len(item) + 4)
    return before + ",".join(item % number for number in range(count)) + after


CALLS = '{"tool_calls": [%s]}'
BODIES: Mapping[str, str] = {
    "a text of a megabyte": ANSWER % f', "note": "{"x" * SIZE}"',
    "models: 330,000 x {}": filled('{"object": "list", "data": [{"object": "model"},', "{}", "]}"),
    "models: 500,000 x 1": filled('{"object": "list", "data": [{"object": "model"},', "1", "]}"),
    "models that lack two members": filled(
        '{"object": "list", "data": [', '{"object":"model","id":"m"}', "]}"
    ),
    "choices: 330,000 x {}": filled('{"object": "chat.completion", "choices": [', "{}", "]}"),
    "choices: 500,000 x 1": filled('{"object": "chat.completion", "choices": [', "1", "]}"),
    "logprobs: 330,000 x {}": filled(
        '{"object": "chat.completion", "choices": [{"logprobs": {"content": [', "{}", "]}}]}"
    ),
    "tool calls: 330,000 x {}": filled(
        '{"object": "chat.completion", "choices": [{"message": {"role": "assistant", "tool_calls": [',
        "{}",
        "]}}]}",
    ),
    "a vector of 500,000 x 1": filled(
        '{"object": "list", "model": "m", "data": [{"object": "embedding", "index": 0, "embedding": [',
        "1",
        "]}]}",
    ),
    'a vector of 250,000 x "x"': filled(
        '{"object": "list", "model": "m", "data": [{"object": "embedding", "index": 0, "embedding": [',
        '"x"',
        "]}]}",
    ),
    "output: 330,000 x {}": filled('{"object": "response", "output": [', "{}", "]}"),
    "messages: 330,000 x {}": filled('{"model": "m", "messages": [{"role": "user"},', "{}", "]}"),
    "members that nobody knows": numbered(ANSWER[:1], '"m%d": 1', f", {(ANSWER % '')[1:]}"),
    "members that stand twice": filled(ANSWER[:1], '"m": 1, "m": 1', f", {(ANSWER % '')[1:]}"),
    "objects with members twice": filled('{"object": "list", "data": [', '{"m":1,"m":1}', "]}"),
    "nested lists": filled('{"object": "list", "data": [', "[[[[[[[[]]]]]]]]", "]}"),
    "100,000 brackets": "[" * SIZE,
    "no JSON": ANSWER % f', "note": "{"x" * SIZE}',
    "events: {}": events("{}"),
    "events: 1": events("1"),
    "events: no JSON": events("{x"),
    "events: chunks": events(CHUNK % '{"content": "a"}'),
    "events: chunks without delta": events(CHUNK % "null"),
    "events: chunks with a wrong text": events(CHUNK % '{"content": 1}'),
    "events: chunks with unknown members": "\n\n".join(
        "data: " + CHUNK % f'{{"content": "a", "m{number}": 1}}' for number in range(SIZE // 150)
    ),
    "events: [DONE]": events("[DONE]"),
    "events: errors": events('{"error": {"message": "no", "type": "x", "param": null, "code": null}}'),
    "events: one call each": "\n\n".join(
        "data: "
        + CHUNK
        % CALLS
        % f'{{"index": {number}, "id": "c{number}", "function": {{"name": "f", "arguments": ""}}}}'
        for number in range(SIZE // 230)
    ),
    "events: 7,000 calls in one": "data: "
    + CHUNK
    % CALLS
    % ",".join(
        f'{{"index": {number}, "id": "c{number}", "type": "function", "function": {{"name": "f", "arguments": ""}}}}'
        for number in range(SIZE // 100)
    )
    + "\n\n",
    "events: fragments of no call": events(
        CHUNK % '{"tool_calls": [{"index": 0, "function": {"arguments": "a"}}]}'
    ),
    "events: 330,000 choices in one": filled(
        'data: {"object": "chat.completion.chunk", "choices": [', "{}", "]}\n\n"
    ),
    "events that nothing parts": filled("", f"data: {CHUNK % '{}'}", "\n", between="\n"),
    "events in one line": filled("data: ", "{}", "\n\n", between=""),
    "data: that stand twice": filled("data: {}\n\ndata: ", "data: {}", "\n\n", between=" "),
    "events of responses: {}": "event: response.created\ndata: "
    '{"type": "response.created", "sequence_number": 0, "response": {}}\n\n'
    + events('{"type":"response.output_text.delta"}'),
    "comments": "data: {}\n\n" + filled("", ": x", "\n\n", between="\n"),
    "lines of nothing": "data: {}\n\n" + "\n" * SIZE,
    "lines of data": filled("data: {\n", "data:", "\n\n", between="\n"),
    "fields of the name error": filled("", 'error: {"code": 500}', "\n\n", between="\n\n"),
    "LoRAX: events without a token": "data: "
    '{"token": {"id": 1, "text": "a", "logprob": 0, "special": false}, "generated_text": null, "details": null}\n\n'
    + events('{"token":{}}'),
}


def judged(name: str) -> dict[str, float | str]:
    """Judge one body here."""
    check('{"error": {"message": "no"}}')
    check("data: {}\n\n")
    data = BODIES[name].encode()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds: list[float] = []
    kind = ""
    for _ in range(ROUNDS):
        start = time.process_time()
        kind = str(check(data).kind)
        seconds.append(time.process_time() - start)
    resident = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    tracemalloc.start()
    check(data)
    return {
        "kind": kind,
        "first": seconds[0],
        "seconds": min(seconds),
        "traced": tracemalloc.get_traced_memory()[1] / 1024**2,
        "resident": resident,
    }


def main() -> None:
    print(f"{'body':36} {'kind':24} {'s':>6} {'first':>6} {'traced MB':>10} {'resident MB':>12}")
    for name in BODIES if len(sys.argv) == 1 else sys.argv[1:]:
        child = subprocess.run(
            [sys.executable, __file__],
            env={**os.environ, "HOSTILE_BODY": name},
            capture_output=True,
            check=True,
        )
        found = json.loads(child.stdout)
        row = f"{name:36} {found['kind']:24} {found['seconds']:6.2f} {found['first']:6.2f}"
        print(f"{row} {found['traced']:10.0f} {found['resident']:12.0f}", flush=True)


if __name__ == "__main__":
    if name := os.environ.get("HOSTILE_BODY"):
        print(json.dumps(judged(name)))
    else:
        main()
