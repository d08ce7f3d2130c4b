"""Chunks that tell another story than the answer: doubled, out of order, without or with too much."""

from collections.abc import Iterator

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.faults.events import Change, on_chunks
from chatfake.faults.fault import Effect, add, measured
from chatfake.faults.response_events import CHANGES, enlarged, unchanged

_WRONG = "whose stream broke the rules"
_USAGE: JsonObject = {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10}


def _register(
    name: str,
    description: str,
    change: Change,
    outcome: str = _WRONG,
    in_response: Change = unchanged,
) -> None:
    add(name, description, outcome, on_chunks(change, CHANGES.get(name, in_response)))


def _choices(chunk: JsonObject) -> list[JsonObject]:
    found = chunk.get("choices")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _delta(choice: JsonObject) -> JsonObject:
    delta = choice.get("delta")
    return delta if isinstance(delta, dict) else {}


def _finishes(chunk: JsonObject) -> bool:
    return any(choice.get("finish_reason") for choice in _choices(chunk))


def _doubled(chunks: list[JsonObject]) -> Iterator[JsonObject]:
    middle = len(chunks) // 2
    for number, chunk in enumerate(chunks):
        yield chunk
        if number == middle:
            yield chunk


def _out_of_order(chunks: list[JsonObject]) -> list[JsonObject]:
    """Two neighbours in the middle change places; the first chunk and the last stay."""
    middle = len(chunks) // 2
    if middle < 1 or middle + 1 >= len(chunks):
        return chunks
    return [*chunks[:middle], chunks[middle + 1], chunks[middle], *chunks[middle + 2 :]]


def _changed_id(chunks: list[JsonObject]) -> Iterator[JsonObject]:
    for number, chunk in enumerate(chunks):
        yield chunk if number < len(chunks) // 2 else {**chunk, "id": f"{chunk.get('id')}-b"}


def _role_everywhere(chunks: list[JsonObject]) -> list[JsonObject]:
    for chunk in chunks:
        for choice in _choices(chunk):
            choice["delta"] = {"role": "assistant", **_delta(choice)}
    return chunks


def _no_role(chunks: list[JsonObject]) -> list[JsonObject]:
    for chunk in chunks:
        for choice in _choices(chunk):
            _delta(choice).pop("role", None)
    return chunks


def _finish_twice(chunks: list[JsonObject]) -> Iterator[JsonObject]:
    for chunk in chunks:
        yield chunk
        if _finishes(chunk):
            yield chunk


def _no_finish(chunks: list[JsonObject]) -> list[JsonObject]:
    for chunk in chunks:
        for choice in _choices(chunk):
            choice["finish_reason"] = None
    return chunks


def _after_finish(chunks: list[JsonObject]) -> Iterator[JsonObject]:
    for chunk in chunks:
        yield chunk
        if _finishes(chunk):
            late: list[JsonValue] = [
                {**choice, "delta": {"content": " and more"}, "finish_reason": None}
                for choice in _choices(chunk)
            ]
            yield {**chunk, "choices": late}


def _usage_everywhere(chunks: list[JsonObject]) -> list[JsonObject]:
    return [{**chunk, "usage": chunk.get("usage") or _USAGE} for chunk in chunks]


def _usage_unasked(chunks: list[JsonObject]) -> list[JsonObject]:
    if not chunks or (not chunks[-1].get("choices") and chunks[-1].get("usage")):
        return chunks
    return [*chunks, {**chunks[-1], "choices": [], "usage": _USAGE}]


def _empty_first(chunks: list[JsonObject]) -> Iterator[JsonObject]:
    """As Azure opens its streams: the prompt's filter results under an empty head."""
    results: JsonValue = [{"prompt_index": 0, "content_filter_results": {}}]
    yield {"choices": [], "created": 0, "id": "", "model": "", "object": "", "prompt_filter_results": results}
    yield from chunks


_register("duplicate-chunk", "one chunk comes twice", _doubled, in_response=_doubled)
_register("chunks-out-of-order", "two chunks change places", _out_of_order, in_response=_out_of_order)
_register("changed-id", "the id changes in mid-stream", _changed_id)
_register("role-every-chunk", "the role comes with every chunk", _role_everywhere)
_register("no-role", "no chunk has a role", _no_role)
_register("finish-twice", "the finish_reason comes twice", _finish_twice)
_register("finish-missing", "no chunk has a finish_reason", _no_finish)
_register("delta-after-finish", "a delta after the finish_reason", _after_finish)
_register("usage-every-chunk", "usage comes with every chunk", _usage_everywhere)
_register("usage-unasked", "a usage chunk that nobody asked for", _usage_unasked)
_register("empty-choices-first", "a first chunk without choices, as Azure sends", _empty_first)


@measured("huge-chunk", "one chunk of many megabytes", _WRONG, unit="bytes", usual=10_000_000)
def _huge_chunk(size: float) -> Effect:
    def grown(chunks: list[JsonObject]) -> list[JsonObject]:
        for chunk in chunks[len(chunks) // 2 :]:
            for choice in _choices(chunk):
                if isinstance(_delta(choice).get("content"), str):
                    choice["delta"] = {**_delta(choice), "content": "x" * int(size)}
                    return chunks
        return chunks

    return on_chunks(grown, lambda events: enlarged(events, int(size)))
