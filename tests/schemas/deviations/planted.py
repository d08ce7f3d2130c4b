"""Right bodies of every kind, and a member planted in them that the contract does not know."""

import copy
import re
from collections.abc import Iterator, Mapping
from typing import cast

from chatschema import JsonObject, JsonValue, Kind
from tests.schemas import samples
from tests.schemas.completions import samples as texts
from tests.schemas.responses import samples as responses

__all__ = ["planted"]

_PARTS = re.compile(r"\.([^.\[\]]+)|(\[\*\])")


def _answer() -> JsonObject:
    """An answer with whatever an answer can have."""
    calling = samples.calling()
    choice = cast("JsonObject", cast("list[JsonValue]", calling["choices"])[0])
    scored = cast("JsonObject", cast("list[JsonValue]", samples.scored()["choices"])[0])
    return {**calling, "choices": [{**choice, "logprobs": scored["logprobs"]}]}


def _chunk() -> JsonObject:
    head: JsonObject = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": ""}}
    chunk = samples.chunk({"role": "assistant", "content": None, "tool_calls": [{"index": 0, **head}]})
    return {**chunk, "usage": samples.completion()["usage"]}


def _response() -> JsonObject:
    tool: JsonObject = {
        "type": "function",
        "name": "weather",
        "parameters": {"type": "object"},
        "strict": True,
    }
    return {**responses.response(), "tools": [tool]}


_EMBEDDINGS: JsonObject = {
    "object": "list",
    "data": [{"object": "embedding", "index": 0, "embedding": [0.5]}],
    "model": "m",
    "usage": {"prompt_tokens": 1, "total_tokens": 1},
}
_MODEL: JsonObject = {"id": "m", "object": "model", "created": 1, "owned_by": "me"}

#: Every value is right. The first in which a path leads somewhere is taken.
_BODIES: Mapping[Kind, tuple[JsonObject, ...]] = {
    Kind.COMPLETION: (_answer(),),
    Kind.CHUNK: (_chunk(),),
    Kind.TEXT: (texts.completion(texts.piece("Hi", "stop", logprobs={"tokens": [], "token_logprobs": []})),),
    Kind.TEXT_CHUNK: (texts.chunk(texts.piece("Hi")),),
    Kind.EMBEDDINGS: (_EMBEDDINGS,),
    Kind.RESPONSE: (_response(),),
    Kind.RESPONSE_EVENT: (
        {"type": "response.completed", "sequence_number": 0, "response": _response()},
        {
            "type": "response.output_item.done",
            "sequence_number": 0,
            "output_index": 0,
            "item": responses.message(),
        },
    ),
    Kind.ERROR: (samples.error(),),
    Kind.MODELS: (samples.models(),),
    Kind.MODEL: (_MODEL,),
}


def planted(kinds: tuple[Kind, ...], sign: str) -> Iterator[tuple[Kind, JsonObject]]:
    """Bodies of these kinds with the member at `sign`."""
    steps: list[str | int] = [match[1] or 0 for match in _PARTS.finditer(sign)]
    for kind in kinds:
        for body in _BODIES.get(kind, ()):
            grown = copy.deepcopy(body)
            if _grow(grown, steps):
                yield kind, grown


def _grow(body: JsonObject, steps: list[str | int]) -> bool:
    *path, last = steps
    here: JsonValue = body
    for step in path:
        match here, step:
            case list(), int() if here:
                here = here[step]
            case dict(), str() if step.endswith("_details"):
                here = here.setdefault(step, {})
            case dict(), str():
                here = here.get(step)
            case _:
                return False
    if not isinstance(here, dict) or not isinstance(last, str) or last in here:
        return False
    here[last] = ["planted"]
    return True
