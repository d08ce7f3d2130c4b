"""Completions of a text: the JSON answer in every shape that the contract knows."""

from collections.abc import Sequence
from itertools import product

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.valid.members import among, counts_of, something, texts
from chatproof.strategies.valid.vendors import VENDORS, Vendor
from chatschema import JsonObject, JsonValue

__all__ = [
    "plain_text_completions",
    "scored_text_completions",
    "several_text_completions",
    "text_completions",
    "text_logprobs",
]

_REASONS = ("stop", "length", "content_filter")
#: What log probabilities there are: none, all, those of an echoed prompt, those of old servers, those of llama.cpp.
_SCORES = ("none", "all", "echoed", "without rivals", "as in a chat")
#: What the usage is: OpenAI leaves a count of 0 out.
_COSTS = ("none", "cached", "all", "null", "nothing generated", "absent")
_MANNERS = tuple(product(VENDORS, _COSTS, _SCORES, _REASONS, (1, 1, 2, 3)))
_PLAIN = tuple(product(VENDORS[:1], ("none", "all"), ("none", "all"), _REASONS, (1,)))
_SCORED = tuple(product(VENDORS[:3], ("none",), ("all",), _REASONS, (1,)))
_SEVERAL = tuple(product(VENDORS[:1], ("none",), ("none", "all"), _REASONS, (2, 3)))

_Manner = tuple[Vendor, str, str, str, int]


def text_completions() -> SearchStrategy[JsonObject]:
    """Any `text_completion` that breaks no must: one to three choices, log probabilities and usage in all their
    forms, unknown members and left-out ones as ten servers have them.

    `{"id": "cmpl-0", "object": "text_completion", "created": 1700000000, "model": "gpt-3.5-turbo-instruct",
    "choices": [{"text": "", "index": 0, "logprobs": null, "finish_reason": "stop"}], "usage": {…}}`
    """
    return _completions(_MANNERS, texts())


def plain_text_completions() -> SearchStrategy[JsonObject]:
    """One choice as OpenAI sends it: nothing is left out, and no should is broken either. The text is not empty."""
    return _completions(_PLAIN, texts().map(something))


def scored_text_completions() -> SearchStrategy[JsonObject]:
    """One choice of at least two tokens with log probabilities, all four lists of them."""
    return _completions(_SCORED, texts().map(lambda text: f"{text}!?"))


def several_text_completions() -> SearchStrategy[JsonObject]:
    """Two or three choices with index 0, 1 and 2, none of them empty, as OpenAI sends them."""
    return _completions(_SEVERAL, texts().map(something))


def text_logprobs(text: str, form: str = "all") -> JsonValue:
    """One entry for each character of `text`, the character as its token; null where the form is `none`."""
    tokens: list[JsonValue] = [*text]
    scores: list[JsonValue] = [-(place % 7) / 8 for place in range(len(text))]
    first: list[JsonValue] = [None, *scores[1:]][: len(text)]
    rivals: list[JsonValue] = [
        {token: score, "\ufffd": -9999.0} for token, score in zip(text, scores, strict=True)
    ]
    offsets: list[JsonValue] = [place for place, _ in enumerate(text)]
    match form:
        case "none":
            return None
        case "as in a chat":
            return {"content": []}
        case "without rivals":
            return {"tokens": tokens, "token_logprobs": [*scores], "top_logprobs": None}
        case "echoed":
            return {
                "tokens": tokens,
                "token_logprobs": first,
                "top_logprobs": [*[None], *rivals[1:]][: len(text)],
                "text_offset": offsets,
            }
        case _:
            return {
                "text_offset": offsets,
                "token_logprobs": [*scores],
                "tokens": tokens,
                "top_logprobs": rivals,
            }


def _completions(manners: Sequence[_Manner], words: SearchStrategy[str]) -> SearchStrategy[JsonObject]:
    return st.builds(_completion, among(manners), words, st.integers(0, 10**9))


def _completion(manner: _Manner, text: str, number: int) -> JsonObject:
    vendor, cost, scores, reason, count = manner
    choices: list[JsonValue] = []
    for index in range(count):
        said = text + str(index) * (index > 0)
        choice: JsonObject = {
            "text": said,
            "index": index,
            "logprobs": text_logprobs(said, scores),
            "finish_reason": reason,
        }
        choices.append(vendor.of(choice, "choice"))
    body: JsonObject = {
        "id": f"cmpl-{number:x}",
        "object": "text_completion",
        "created": 1_700_000_000 + number,
        "model": "gpt-3.5-turbo-instruct",
        "choices": choices,
    }
    if cost != "absent":
        body["usage"] = vendor.of(_cost(number, cost), "usage")
    return vendor.of(body, "body")


def _cost(number: int, form: str) -> JsonObject:
    if form == "nothing generated":
        return {"prompt_tokens": number, "total_tokens": number}
    return counts_of(number, form)
