"""What it costs to parse an answer with the strict models, and to hold it to them: `python bench/validate.py`.

Parsing, from the bytes of a body: the strict models beside what the openai SDK does with the same bytes, which is
json.loads and its own `construct`, without validation. Holding to, from the same parsed value: the models beside
jsonschema's validator for draft 2020-12, made once from the exported schema, which stops at the first mistake.

All four run in turn in one process, in time of the processor, and the ratios of the best rounds are printed.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import sin
from statistics import median
from typing import Any

from jsonschema import Draft202012Validator
from openai import BaseModel as SdkModel
from openai.types import Completion as SdkCompletion
from openai.types import CreateEmbeddingResponse as SdkEmbeddings
from openai.types.chat import ChatCompletion as SdkChatCompletion
from openai.types.responses import Response as SdkResponse
from pydantic import BaseModel

from chatschema import ChatCompletion, Completion, Embeddings, Kind, Response
from chatschema.judging.catalogue import CONTRACTS
from chatschema.schema_export import document

ROUNDS = 15
ROUND = 0.01  #: seconds that a round takes at least, so that the clock is no part of it

Value = dict[str, Any]
Run = Callable[[], object]

TEXT = "Oslo (59° N) has a **mild** climate, says the café's owner. " * 10
HEAD = {"id": "chatcmpl-CdKU7jAO8mYCVjDyDpc0C7u8brkU7", "created": 1763489571}
DETAILS = {
    "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
    "completion_tokens_details": {
        "reasoning_tokens": 0,
        "audio_tokens": 0,
        "accepted_prediction_tokens": 0,
        "rejected_prediction_tokens": 0,
    },
}
COUNTS = {"prompt_tokens": 9, "completion_tokens": 130, "total_tokens": 139}


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One body, and who reads it."""

    kind: Kind
    strict: type[BaseModel]
    sdk: type[SdkModel]
    value: Value


def chat(*choices: Value) -> Body:
    """An answer of OpenAI's chat."""
    value = {
        **HEAD,
        "object": "chat.completion",
        "model": "gpt-4o-mini-2024-07-18",
        "choices": [
            {"index": index, "logprobs": None, "finish_reason": "stop", **choice}
            for index, choice in enumerate(choices)
        ],
        "usage": {**COUNTS, **DETAILS},
        "service_tier": "default",
        "system_fingerprint": "fp_560af6e559",
    }
    return Body(kind=Kind.COMPLETION, strict=ChatCompletion, sdk=SdkChatCompletion, value=value)


def said(**members: Any) -> Value:
    """A choice that says something."""
    return {"message": {"role": "assistant", "content": TEXT, "refusal": None, "annotations": [], **members}}


def calling() -> Value:
    """A choice with two calls of a tool."""
    called = {"name": "write_file", "arguments": json.dumps({"path": "a.txt", "text": TEXT})}
    calls = [{"id": f"call_{index}", "type": "function", "function": called} for index in range(2)]
    return {**said(content=None, tool_calls=calls), "finish_reason": "tool_calls"}


def scored(rivals: int) -> Value:
    """A choice with the log probabilities of its tokens."""
    words = TEXT.split()
    tokens = [
        {"token": word, "logprob": -0.0015406549209728837 * len(word), "bytes": list(word.encode())}
        for word in words
    ]
    content = [{**token, "top_logprobs": tokens[:rivals]} for token in tokens]
    return {**said(), "logprobs": {"content": content, "refusal": None}}


def completion() -> Body:
    """A text completion."""
    choice = {"text": TEXT, "index": 0, "logprobs": None, "finish_reason": "stop"}
    head = {**HEAD, "object": "text_completion", "model": "gpt-3.5-turbo-instruct"}
    value = {**head, "choices": [choice], "usage": COUNTS}
    return Body(kind=Kind.TEXT, strict=Completion, sdk=SdkCompletion, value=value)


def embeddings() -> Body:
    """Two embeddings of 1,536 numbers."""
    data = [
        {"object": "embedding", "index": index, "embedding": [sin(1.0 + number) for number in range(1536)]}
        for index in range(2)
    ]
    usage = {"prompt_tokens": 2, "total_tokens": 2}
    value = {"object": "list", "data": data, "model": "text-embedding-3-small", "usage": usage}
    return Body(kind=Kind.EMBEDDINGS, strict=Embeddings, sdk=SdkEmbeddings, value=value)


def response() -> Body:
    """The contract's own example of a response, with a longer text."""
    value: Value = json.loads(json.dumps(CONTRACTS[Kind.RESPONSE].examples[0]))
    value["output"][0]["content"][0]["text"] = TEXT
    return Body(kind=Kind.RESPONSE, strict=Response, sdk=SdkResponse, value=value)


BODIES: dict[str, Callable[[], Body]] = {
    "chat, text": lambda: chat(said()),
    "chat, 8 choices": lambda: chat(*[said()] * 8),
    "chat, tool calls": lambda: chat(calling()),
    "chat, logprobs of 5 rivals": lambda: chat(scored(5)),
    "chat, unknown members": lambda: chat(said(reasoning_content=TEXT, provider={"name": "x", "cost": 0.1})),
    "completion": completion,
    "embeddings": embeddings,
    "response": response,
}


def by_sdk(model: type[SdkModel], body: bytes) -> SdkModel:
    """What the SDK makes of the body of an answer (`_models.construct_type`)."""
    return model.construct(**json.loads(body))


def seconds(run: Run, times: int) -> float:
    """One round of so many runs: what one of them took."""
    start = time.process_time()
    for _ in range(times):
        run()
    return (time.process_time() - start) / times


def rounds(runs: list[Run]) -> list[tuple[float, float]]:
    """Best and median of each, in microseconds; they run in turn, so that all meet the same machine."""
    times = [max(1, round(ROUND / max(seconds(run, 3), 1e-6))) for run in runs]
    found = [[seconds(run, n) * 1e6 for run, n in zip(runs, times, strict=True)] for _ in range(ROUNDS)]
    return [(min(one), median(one)) for one in zip(*found, strict=True)]


def main() -> None:
    """Run all four on each body, and print the ratios."""
    print(f"{'':28}{'':8}    parse a body{'':18}    hold a value to it")
    print(
        f"{'':28}{'bytes':>8}{'SDK':>12}{'models':>12}{'ratio':>10}{'models':>12}{'jsonschema':>14}{'times':>8}"
    )
    ratios: list[tuple[float, float]] = []
    for name, make in BODIES.items():
        body = make()
        data = json.dumps(body.value, ensure_ascii=False).encode()
        adapter = CONTRACTS[body.kind].adapter
        schema: Any = Draft202012Validator(document(CONTRACTS[body.kind]))
        assert schema.is_valid(body.value)
        runs: list[Run] = [
            partial(by_sdk, body.sdk, data),
            partial(body.strict.model_validate_json, data),
            partial(adapter.validate_python, body.value),
            partial(schema.is_valid, body.value),
        ]
        (sdk, sdk_), (parsed, parsed_), (held, held_), (walked, walked_) = rounds(runs)
        ratios.append((parsed / sdk, walked / held))
        best = f"{sdk:12.1f}{parsed:12.1f}{parsed / sdk:10.2f}{held:12.1f}{walked:14.1f}{walked / held:8.0f}"
        middle = f"{sdk_:12.1f}{parsed_:12.1f}{parsed_ / sdk_:10.2f}{held_:12.1f}{walked_:14.1f}{walked_ / held_:8.0f}"
        print(f"{name:28}{len(data):8}{best}\n{'  median':28}{'':8}{middle}")
    print(f"us; best of {ROUNDS} rounds, and their median")
    print(f"parsing costs at most {max(a for a, _ in ratios):.2f} of what the SDK's own construction does,")
    print(f"and jsonschema at least {min(b for _, b in ratios):.0f} times what the models do")


if __name__ == "__main__":
    main()
