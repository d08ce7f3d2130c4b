"""A program on lorax-client, run by the tests in its own environment: asks the server at its first argument, and
writes what came back as one JSON object.
"""

import asyncio
import importlib
import json
import sys
from collections.abc import Callable
from typing import Any

# by name, for the tests' own environment does not have it
lorax: Any = importlib.import_module("lorax")

URL = sys.argv[1]
PROMPT = "And Italy?"
CLIENT = lorax.Client(URL)


def said(answer: Any) -> dict[str, Any]:
    details = answer.details
    return {
        "text": answer.generated_text,
        "reason": details.finish_reason.value,
        "tokens": [token.text for token in details.tokens],
        "prefill": len(details.prefill),
        "others": len(details.best_of_sequences or ()),
    }


def streamed(pieces: list[Any]) -> dict[str, Any]:
    last = pieces[-1]
    tokens = [piece.token.text for piece in pieces]
    return {"text": last.generated_text, "reason": last.details.finish_reason.value, "tokens": tokens}


def failure(call: Callable[[], Any]) -> str:
    try:
        call()
    except Exception as error:  # noqa: BLE001 - its own errors and others have nothing in common
        return type(error).__name__
    return ""


async def asynchronously() -> dict[str, Any]:
    client = lorax.AsyncClient(URL)
    whole = await client.generate(PROMPT, adapter_id="some/adapter", decoder_input_details=True)
    pieces = [piece async for piece in client.generate_stream(PROMPT, adapter_id="some/adapter")]
    return {"whole": said(whole), "stream": streamed(pieces)}


def failing(**members: Any) -> list[str]:
    """What is raised where JSON is asked for, and where a stream is."""
    return [
        failure(lambda: CLIENT.generate(PROMPT, **members)),
        failure(lambda: list(CLIENT.generate_stream(PROMPT, **members))),
    ]


MERGED = lorax.MergedAdapters(
    ids=["a", "b"], weights=[0.5, 0.5], merge_strategy="ties", density=0.5, majority_sign_method="total"
)
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}
print(  # noqa: T201 - the report
    json.dumps(
        {
            "whole": said(CLIENT.generate(PROMPT, adapter_id="some/adapter", decoder_input_details=True)),
            "stream": streamed(list(CLIENT.generate_stream(PROMPT, adapter_id="some/adapter"))),
            "async": asyncio.run(asynchronously()),
            "best-of": said(CLIENT.generate(PROMPT, best_of=2, do_sample=True)),
            "stop": said(CLIENT.generate(PROMPT, stop_sequences=["said"], merged_adapters=MERGED)),
            "schema": CLIENT.generate(
                PROMPT, response_format={"type": "json_object", "schema": SCHEMA}
            ).generated_text,
            "embedding": len(CLIENT.embed(PROMPT).embeddings),
            "entities": len(CLIENT.classify(PROMPT).entities),
            "batch": len(CLIENT.classify_batch([PROMPT, "x"])),
            "errors": {
                "invalid": failing(max_new_tokens=0),
                "unreadable": failing(max_new_tokens=-5),
                "unknown-adapter": failing(adapter_id="fake/unknown-adapter"),
                "overloaded": failing(adapter_id="fake/http-429"),
                "nobody": failing(adapter_id="fake/empty-choices"),
                "mid-stream": failing(adapter_id="fake/stream-error"),
            },
        }
    )
)
