"""Fragments of several calls in a stream, mixed: only their index says whose each is."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest

from chatfake.core.http import Answer, Send

__all__ = ["interleaved"]


def interleaved(answer: Answer) -> Answer:
    """The same answer; where a stream of the chat route has several calls, they take turns, the first begins."""
    by_call: dict[int, list[Send]] = defaultdict(list)
    places: set[int] = set()
    for place, index, step in _fragments(answer):
        by_call[index].append(step)
        places.add(place)
    if len(by_call) < 2:
        return answer
    mixed = iter([step for turn in zip_longest(*by_call.values()) for step in turn if step is not None])
    steps = (next(mixed) if place in places else step for place, step in enumerate(answer.steps))
    return replace(answer, steps=tuple(steps))


def _fragments(answer: Answer) -> Iterator[tuple[int, int, Send]]:
    """The steps that are one fragment of a call, each with its place and the call's index."""
    for place, step in enumerate(answer.steps):
        if isinstance(step, Send) and step.data.startswith(b"data: {") and b'"tool_calls"' in step.data:
            try:
                (fragment,) = json.loads(step.data[len(b"data: ") :])["choices"][0]["delta"]["tool_calls"]
                index = int(fragment["index"])
            except (ValueError, LookupError, TypeError):
                continue
            yield place, index, step
