"""Parts of an answer that several shapes have in common: texts, calls of tools, token counts, log probabilities.

Drawing is what a property test spends its time on. Rule 1: it costs by the number of draws, so each strategy makes
one or two and derives the rest: ids from a number, tokens from the text that they spell. Rule 2: `mapped`, and not
`.map`. All mapped strategies have one label, so Hypothesis takes one inside another for two of a kind, and spends as
much again on exchanging them (0.6 and 1.0 ms an answer).
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatschema import JsonObject, JsonValue

__all__ = [
    "NAMES",
    "among",
    "call_of",
    "counts_of",
    "logprobs",
    "logprobs_of",
    "mapped",
    "plans",
    "something",
    "texts",
    "tool_calls",
    "usages",
]

T = TypeVar("T")
U = TypeVar("U")

#: Names of functions and tools, within OpenAI's pattern `^[a-zA-Z0-9_-]{1,64}$`.
NAMES = ("get_weather", "f", "search-web", "Plan_2", "x" * 64)

#: Hypothesis draws from a wider range with a bias to what is small, and to its ends.
_EVENLY = 2**24

_WHOLE = st.characters(exclude_categories=["Cs"], exclude_characters="\ufffd")

_DETAILS = ("none", "cached", "all", "null")


def mapped(strategy: SearchStrategy[T], change: Callable[[T], U]) -> SearchStrategy[U]:
    """`strategy.map(change)`, by rule 2."""
    return st.builds(change, strategy)


def among(items: Sequence[T]) -> SearchStrategy[T]:
    """One of the items; it shrinks to the first.

    `sampled_from` hashes every item each time that something is made of it, which tells with hundreds of them.
    """
    return mapped(st.integers(0, len(items) - 1), items.__getitem__)


def plans(first: Sequence[T], second: Sequence[U]) -> SearchStrategy[tuple[T, U, int]]:
    """One of each, and a number, all in a single draw; it shrinks to the first of both and 0."""
    one, both = len(first), len(first) * len(second)
    numbers = _EVENLY // both

    def plan(n: int) -> tuple[T, U, int]:
        return first[n % one], second[n // one % len(second)], n // both

    return mapped(st.integers(0, numbers * both - 1), plan)


def texts() -> SearchStrategy[str]:
    """Any text of up to 16 characters that UTF-8 can hold, such as `"Grüß dich"`.

    Hypothesis brings the nasty ones itself. Lone surrogates are left out, for no program can print them, and U+FFFD,
    which stands for a character that was lost.
    """
    return st.text(_WHOLE, max_size=16)


def something(text: str) -> str:
    """The text, or another one where it is empty: for members that an empty text would undo."""
    return text or "something"


def call_of(text: str, number: int) -> JsonObject:
    """A call of a tool that has `text` in what it says, and an id of its own for each `number`.

    Three of four are function calls with JSON arguments, one of them with the empty text for no arguments; the fourth
    is the call of a custom tool.
    """
    name, call_id = NAMES[number % len(NAMES)], f"call_{number}"
    if number % 4 == 3:
        return {"id": call_id, "type": "custom", "custom": {"name": name, "input": text}}
    arguments = json.dumps({"text": text}, ensure_ascii=number % 2 == 1)
    said = "" if number % 4 == 2 else arguments
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": said}}


def tool_calls() -> SearchStrategy[list[JsonValue]]:
    """One to three calls of one message, function and custom, each with an id of its own.

    `[{"id": "call_0", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}]`
    """

    def calls(text: str, number: int, count: int) -> list[JsonValue]:
        return [call_of(text, number + each) for each in range(count)]

    return st.builds(calls, texts(), st.integers(0, 999), st.integers(1, 3))


def counts_of(number: int, details: str = "none") -> JsonObject:
    """Token counts that add up: `number` + 1 read, and some seventh of that written.

    `details`: none, cached (OpenAI's oldest), all (its newest), null (vLLM's).
    """
    prompt, completion = number + 1, number // 7 % 1000
    usage: JsonObject = {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }
    match details:
        case "none":
            return usage
        case "null":
            return {**usage, "prompt_tokens_details": None, "completion_tokens_details": None}
        case "cached":
            return {**usage, "prompt_tokens_details": {"cached_tokens": prompt // 2}}
        case _:
            spent: JsonObject = {
                "reasoning_tokens": completion // 2,
                "audio_tokens": 0,
                "accepted_prediction_tokens": completion // 4,
                "rejected_prediction_tokens": 0,
            }
            read: JsonObject = {"cached_tokens": prompt // 2, "audio_tokens": None}
            return {**usage, "prompt_tokens_details": read, "completion_tokens_details": spent}


def usages() -> SearchStrategy[JsonObject]:
    """Token counts up to a million prompt and 999 completion tokens, with details in all their forms.

    `{"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}`. The total is always the sum, and no detail
    is more than its total.
    """
    return st.builds(counts_of, st.integers(0, 10**6), st.sampled_from(_DETAILS))


def logprobs_of(text: str, rivals: int) -> JsonValue:
    """One entry for each character of `text`, the character as its token, with up to 2 rivals a position.

    The tokens joined are the text; `bytes` are those of the token; no logprob is above 0; rivals are sorted.
    """
    return [*_entries(text, rivals)]


def logprobs() -> SearchStrategy[JsonObject]:
    """Log probabilities of a text of up to 16 characters, or of a refusal.

    `{"content": [{"token": "H", "logprob": -0.25, "bytes": [72], "top_logprobs": []}], "refusal": null}`
    """

    def told(text: str, rivals: int, told: str) -> JsonObject:
        return {"content": None, "refusal": None, told: logprobs_of(text, rivals)}

    return st.builds(told, texts(), st.integers(0, 2), st.sampled_from(("content", "refusal")))


def _entries(text: str, rivals: int) -> Iterator[JsonObject]:
    for place, token in enumerate(text):
        entry: JsonObject = {"token": token, "logprob": -(place % 7) / 8, "bytes": [*token.encode()]}
        # a token that is half of a character has no bytes in some servers' answers
        second: JsonObject = {"token": "\ufffd", "logprob": -9999.0, "bytes": None}
        top: list[JsonValue] = [*[dict(entry), second][:rivals]]
        yield {**entry, "top_logprobs": top}
