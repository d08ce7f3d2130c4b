"""What it costs to judge a stream while it runs: `python bench/stream.py`.

The floor splits the body at blank lines and calls json.loads on each event; it gets the body in one piece. Judging
is the SSE decoder, the strict chunk model and the stream grammar; it gets the body in packets. Both run in turn in
one process, and the ratio of the best rounds is printed, in time of the processor: wall time says more of the machine
than of the code.

The streams are made here in the shapes in which servers were recorded.
"""

import itertools
import json
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from chatfake import Fake, Request
from chatschema import ChatStream, Level, SseDecoder

ROUNDS = 15
PACKET = 1400  # bytes: what one packet holds
TOKENS = 300

WORDS = (
    "The", " answer", " is", ":", "\n\n", "-", " **", "Oslo", "**", " (", "59", "°", "N", ")", " has", " a",
    ' "', "mild", '"', " climate", ",", " says", " the", " café", " owner", ".", " 😀", " C:\\", "temp", "\t",
)  # fmt: skip

Chunk = dict[str, Any]


def texts() -> list[str]:
    """Pieces of a reply, one a token: words, marks, line ends, some that JSON escapes and some beyond ASCII."""
    return list(itertools.islice(itertools.cycle(WORDS), TOKENS))


def openai(
    deltas: Iterable[Chunk], reason: str, scores: Callable[[str], Any] = lambda _: None
) -> Iterator[Chunk]:
    """With a service tier, `usage: null` and padding that hides the length of a token."""
    head = {
        "id": "chatcmpl-CdKU7jAO8mYCVjDyDpc0C7u8brkU7",
        "object": "chat.completion.chunk",
        "created": 1763489571,
        "model": "gpt-4o-mini-2024-07-18",
        "service_tier": "default",
        "system_fingerprint": "fp_560af6e559",
    }
    last: tuple[Chunk, str] = ({}, reason)
    first: Chunk = {"role": "assistant", "content": "", "refusal": None}
    for number, (delta, end) in enumerate(((first, None), *((delta, None) for delta in deltas), last)):
        choice = {
            "index": 0,
            "delta": delta,
            "logprobs": scores(delta.get("content", "")),
            "finish_reason": end,
        }
        yield {
            **head,
            "choices": [choice],
            "usage": None,
            "obfuscation": "xW3kP0aQz9LmT5rB"[: number * 7 % 17],
        }
    counts = {"prompt_tokens": 9, "completion_tokens": TOKENS, "total_tokens": 9 + TOKENS}
    yield {**head, "choices": [], "usage": counts, "obfuscation": ""}


def vllm(scores: Callable[[str], Any] = lambda _: None) -> Iterator[Chunk]:
    """With members of its own, most of them null."""
    head = {
        "id": "chatcmpl-84189d6dbfce6fa0",
        "object": "chat.completion.chunk",
        "created": 1795229090,
        "model": "tiny",
    }
    plain = {"index": 0, "logprobs": None, "finish_reason": None}
    first = {**plain, "delta": {"role": "assistant", "content": ""}}
    yield {**head, "choices": [first], "prompt_token_ids": None, "prompt_text": None}
    for text in texts():
        choice = {**plain, "delta": {"content": text}, "logprobs": scores(text), "token_ids": None}
        yield {**head, "choices": [choice]}
    end: Chunk = {**plain, "delta": {}, "finish_reason": "stop", "stop_reason": None, "token_ids": None}
    yield {**head, "choices": [end], "system_fingerprint": "vllm-0.32.0-5ae1606d"}


def llamacpp() -> Iterator[Chunk]:
    """The choice comes first, and the last chunk tells how long it took."""
    tail = {
        "created": 1795229061,
        "id": "chatcmpl-v9CwziEJRMEHjk9AUuaJs4a7l5Tv0BY9",
        "model": "tiny",
        "system_fingerprint": "b11434-unknown",
        "object": "chat.completion.chunk",
    }
    first = {"role": "assistant", "content": None}
    for delta in (first, *({"content": text} for text in texts())):
        yield {"choices": [{"finish_reason": None, "index": 0, "delta": delta}], **tail}
    timings = {"prompt_n": 1, "prompt_ms": 0.255, "predicted_n": TOKENS, "predicted_ms": 2.784}
    yield {"choices": [{"finish_reason": "stop", "index": 0, "delta": {}}], **tail, "timings": timings}


def llama_cpp_python() -> Iterator[Chunk]:
    """Of Python's own JSON: blanks after marks, nothing beyond ASCII."""
    head = {
        "id": "chatcmpl-e8860ba5-7320-4f4f-b9ab-a49741653f0d",
        "model": "tiny",
        "created": 1795229884,
        "object": "chat.completion.chunk",
    }
    for delta in ({"role": "assistant"}, *({"content": text} for text in texts())):
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": None}
        yield {**head, "choices": [choice]}
    yield {**head, "choices": [{"index": 0, "delta": {}, "logprobs": None, "finish_reason": "stop"}]}


def transformers() -> Iterator[Chunk]:
    """Without finish_reason until the end: a should in every chunk."""
    tail = {
        "created": 1795229240,
        "model": "/srv/models/tiny-hf-v1@main",
        "object": "chat.completion.chunk",
        "system_fingerprint": "",
    }
    for delta in ({"role": "assistant"}, *({"content": text} for text in texts())):
        yield {
            "id": "fd462429-8d43-414f-ba43-a00127d4f0bf",
            "choices": [{"delta": delta, "index": 0}],
            **tail,
        }
    end: Chunk = {"delta": {}, "index": 0, "finish_reason": "stop"}
    yield {"id": "fd462429-8d43-414f-ba43-a00127d4f0bf", "choices": [end], **tail}


def arguments() -> Iterator[Chunk]:
    """The deltas of two tool calls."""
    for index in range(2):
        opening = {"name": "write_file", "arguments": ""}
        yield {
            "tool_calls": [{"index": index, "id": f"call_{index}", "type": "function", "function": opening}]
        }
        for text in texts()[: TOKENS // 2]:
            yield {"tool_calls": [{"index": index, "function": {"arguments": json.dumps(text)[1:-1]}}]}


def scored(rivals: int) -> Callable[[str], Any]:
    """The log probabilities of one token with so many rivals."""

    def entry(text: str, number: int) -> Chunk:
        return {
            "token": text,
            "logprob": -0.0015406549209728837 * (number + len(text)),
            "bytes": [*text.encode()],
        }

    def scores(text: str) -> Any:
        others = [entry(WORDS[number], number) for number in range(rivals)]
        return {"content": [{**entry(text, 0), "top_logprobs": others}]} if text else None

    return scores


def dump(chunks: Iterable[Chunk], separators: tuple[str, str] = (",", ":")) -> bytes:
    """The chunks as an event stream."""
    ascii_only = separators == (", ", ": ")
    parts = [json.dumps(chunk, separators=separators, ensure_ascii=ascii_only) for chunk in chunks]
    return "".join(f"data: {part}\n\n" for part in (*parts, "[DONE]")).encode()


def fake() -> bytes:
    """A streamed reply of the project's own server."""
    messages = [{"role": "user", "content": "word " * 1500}]
    asked = {"model": "tiny", "stream": True, "messages": messages}
    return (
        Fake()
        .answer(Request(method="POST", path="/v1/chat/completions", body=json.dumps(asked).encode()))
        .body
    )


def plain() -> list[Chunk]:
    """The deltas of a reply in text."""
    return [{"content": text} for text in texts()]


STREAMS: dict[str, Callable[[], bytes]] = {
    "text, chatfake": fake,
    "text, OpenAI": lambda: dump(openai(plain(), "stop")),
    "text, vLLM": lambda: dump(vllm()),
    "text, llama.cpp": lambda: dump(llamacpp()),
    "text, llama-cpp-python": lambda: dump(llama_cpp_python(), (", ", ": ")),
    "text, transformers": lambda: dump(transformers()),
    "text of 20 tokens, OpenAI": lambda: dump(openai(plain()[:20], "stop")),
    "tool calls, OpenAI": lambda: dump(openai(arguments(), "tool_calls")),
    "logprobs of 2 rivals, vLLM": lambda: dump(vllm(scored(2))),
    "logprobs of 5 rivals, OpenAI": lambda: dump(openai(plain(), "stop", scored(5))),
}


def floor(data: bytes) -> int:
    """Split, and parse each event as JSON."""
    events = [event[6:] for event in data.split(b"\n\n") if event]
    return sum(bool(json.loads(event)) for event in events if event != b"[DONE]")


def judge(data: bytes) -> int:
    """Decode, validate each chunk, follow the grammar."""
    decoder, stream = SseDecoder(), ChatStream()
    for start in range(0, len(data), PACKET):
        for event in decoder.feed(data[start : start + PACKET]):
            stream.feed(event)
    for event in decoder.close():
        stream.feed(event)
    stream.close()
    assert all(violation.level is not Level.MUST for violation in stream.violations)
    return stream.events


def seconds(run: Callable[[bytes], int], data: bytes) -> float:
    """One round."""
    start = time.process_time()
    run(data)
    return time.process_time() - start


def main() -> None:
    """Run both in turn on each stream, and print the ratios."""
    print(
        f"{'':30}{'events':>8}{'bytes':>9}{'floor':>9}{'judge':>9}{'ratio':>8}    (us an event, best of {ROUNDS})"
    )
    total_floor = total_judge = 0.0
    for name, make in STREAMS.items():
        data = make()
        events = judge(data)
        rounds = [(seconds(floor, data), seconds(judge, data)) for _ in range(ROUNDS)]
        fast, judged = min(a for a, _ in rounds), min(b for _, b in rounds)
        total_floor, total_judge = total_floor + fast, total_judge + judged
        per = 1e6 / events
        print(f"{name:30}{events:8}{len(data):9}{fast * per:9.1f}{judged * per:9.1f}{judged / fast:8.1f}")
    print(f"{'all of them':30}{'':8}{'':9}{'':9}{'':9}{total_judge / total_floor:8.1f}")


if __name__ == "__main__":
    main()
