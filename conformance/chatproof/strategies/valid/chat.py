"""Chat completions: the JSON answer in every shape that the contract knows."""

from collections.abc import Callable, Sequence
from itertools import product
from typing import TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.valid.members import (
    call_of,
    counts_of,
    logprobs_of,
    mapped,
    plans,
    something,
    texts,
)
from chatproof.strategies.valid.vendors import VENDORS, Vendor
from chatschema import JsonObject, JsonValue

__all__ = [
    "assistant_messages",
    "calling_completions",
    "chat_completions",
    "plain_completions",
    "scored_completions",
    "several_completions",
    "spoken_completions",
]

#: A way to say something: what was said, something beside it, and a number for ids.
_Say: TypeAlias = Callable[[str, str, int], JsonObject]


def _text(text: str, _beside: str, _number: int) -> JsonObject:
    return {"content": text}


def _calls(_text: str, beside: str, number: int) -> JsonObject:
    """A call of a function, then one of a custom tool, then one without arguments."""
    forms = (0, 3, 2)[: 1 + number % 3]
    return {"content": None, "tool_calls": [call_of(beside, 4 * number + form) for form in forms]}


def _calls_and_text(text: str, beside: str, number: int) -> JsonObject:
    return {**_calls(text, beside, number), "content": text}


def _refusal(_text: str, beside: str, _number: int) -> JsonObject:
    return {"content": None, "refusal": something(beside)}


def _function_call(_text: str, beside: str, number: int) -> JsonObject:
    called = call_of(beside, 4 * number)["function"]  # every fourth number and its next are functions
    return {"content": None, "function_call": called}


def _audio(_text: str, beside: str, number: int) -> JsonObject:
    sound: JsonObject = {
        "id": f"audio_{number}",
        "data": "UklGRg==",
        "transcript": beside,
        "expires_at": number,
    }
    return {"content": None, "audio": sound}


def _cited(text: str, beside: str, _number: int) -> JsonObject:
    url: JsonObject = {
        "url": "https://example.org/",
        "title": beside,
        "start_index": 0,
        "end_index": len(text),
    }
    return {"content": text, "annotations": [{"type": "url_citation", "url_citation": url}]}


def _thought(text: str, beside: str, number: int) -> JsonObject:
    return {"content": text, ("reasoning", "reasoning_content")[number % 2]: something(beside)}


#: Everything that a message can be, with the reasons to end that go with it. `stop` beside calls is OpenAI's own
#: for a forced call (52 of 459), and Google's and NVIDIA's for any.
_SHAPES: tuple[tuple[_Say, tuple[str, ...]], ...] = (
    (_text, ("stop", "length", "content_filter")),
    (_calls, ("tool_calls", "stop")),
    (_calls_and_text, ("tool_calls", "length")),
    (_refusal, ("stop",)),
    (_function_call, ("function_call", "stop")),
    (_audio, ("stop",)),
    (_cited, ("stop",)),
    (_thought, ("stop", "length")),
)
_Ending: TypeAlias = tuple[_Say, str]
_ENDINGS: tuple[_Ending, ...] = tuple((say, reason) for say, reasons in _SHAPES for reason in reasons)
_CALLING: tuple[_Ending, ...] = tuple(ending for ending in _ENDINGS if ending[0] in (_calls, _calls_and_text))
_PAIRS: tuple[tuple[_Ending, ...], ...] = tuple(product(_ENDINGS, repeat=2))
_THREE: tuple[_Ending, ...] = (_ENDINGS[0], _CALLING[0], _ENDINGS[1])

#: Forms of usage and of log probabilities (None: null; otherwise the number of rivals), as one draw.
_MANNERS = tuple(product(VENDORS, ("none", "cached", "all", "null"), (None, 0, 2)))
_PLAIN = ((VENDORS[0], "none", None), (VENDORS[0], "all", None))
_SCORED = tuple((vendor, "none", rivals) for vendor in (VENDORS[0], VENDORS[2]) for rivals in (1, 2))

_Manner: TypeAlias = tuple[Vendor, str, int | None]

_TEXTS = texts()
_SOMETHING = mapped(_TEXTS, something)


def chat_completions() -> SearchStrategy[JsonObject]:
    """Any `chat.completion` that breaks no must: text, calls of tools (function, custom, several), a refusal, a
    `function_call`, audio, citations or reasoning; one to three choices; log probabilities, usage and its details
    in all their forms; unknown members and left-out ones as ten servers have them.

    `{"id": "chatcmpl-0", "object": "chat.completion", "created": 1700000000, "model": "gpt-4o-2024-08-06",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "", "refusal": null}, "logprobs": null,
    "finish_reason": "stop"}], "usage": {…}}`
    """
    return _completions(_MANNERS, [*((ending,) for ending in _ENDINGS), *_PAIRS, _THREE])


def plain_completions() -> SearchStrategy[JsonObject]:
    """One choice of text as OpenAI sends it: nothing is left out, and no should is broken either.

    `message.content` is any text of up to 16 characters.
    """
    return _completions(_PLAIN, [(ending,) for ending in _ENDINGS[:3]])


def spoken_completions() -> SearchStrategy[JsonObject]:
    """Those of `plain_completions` whose text has at least one character."""
    return _completions(_PLAIN, [(ending,) for ending in _ENDINGS[:3]], words=_SOMETHING)


def calling_completions() -> SearchStrategy[JsonObject]:
    """One choice that calls one to three tools as OpenAI sends it; the first is a function call with an id.

    `choices[0].message.tool_calls[0]` is `{"id": "call_0", "type": "function", "function": {…}}`.
    """
    return _completions(_PLAIN, [(ending,) for ending in _CALLING])


def several_completions() -> SearchStrategy[JsonObject]:
    """Two choices of any shape with index 0 and 1, as OpenAI sends them."""
    return _completions(_PLAIN, _PAIRS)


def scored_completions() -> SearchStrategy[JsonObject]:
    """One choice of at least one character, with its log probabilities and one or two rivals a position."""
    return _completions(_SCORED, [(_ENDINGS[0],)], words=_SOMETHING)


def assistant_messages() -> SearchStrategy[JsonObject]:
    """The message of a choice, in all shapes: `{"role": "assistant", "content": "Hi", "refusal": null}`."""

    def message(plan: tuple[_Ending, str, int], text: str) -> JsonObject:
        (say, _), _, number = plan
        return _message(say(text, text[::-1], number))

    return st.builds(message, plans(_ENDINGS, ("",)), texts())


def _completions(
    manners: Sequence[_Manner],
    forms: Sequence[tuple[_Ending, ...]],
    *,
    words: SearchStrategy[str] = _TEXTS,
) -> SearchStrategy[JsonObject]:
    return st.builds(_completion, plans(manners, forms), words)


def _completion(plan: tuple[_Manner, tuple[_Ending, ...], int], text: str) -> JsonObject:
    (vendor, details, rivals), endings, number = plan
    beside = text[::-1]
    choices: list[JsonValue] = []
    for index, (say, reason) in enumerate(endings):
        said = say(text + str(index) * (index > 0), beside, number + index)
        choice: JsonObject = {
            "index": index,
            "message": vendor.of(_message(said), "message"),
            "logprobs": _scores(said, rivals),
            "finish_reason": reason,
        }
        choices.append(vendor.of(choice, "choice"))
    body: JsonObject = {
        "id": f"chatcmpl-{number:x}",
        "object": "chat.completion",
        "created": 1_700_000_000 + number,
        "model": "gpt-4o-2024-08-06",
        "choices": choices,
        "usage": vendor.of(counts_of(number, details), "usage"),
    }
    return vendor.of(body, "body")


def _message(said: JsonObject) -> JsonObject:
    return {"role": "assistant", "content": None, "refusal": None, **said}


def _scores(said: JsonObject, rivals: int | None) -> JsonValue:
    content, refusal = said.get("content"), said.get("refusal")
    if rivals is None:
        return None
    return {
        "content": logprobs_of(content, rivals) if isinstance(content, str) else None,
        "refusal": logprobs_of(refusal, rivals) if isinstance(refusal, str) else None,
    }
