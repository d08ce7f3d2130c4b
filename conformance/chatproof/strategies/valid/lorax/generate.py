"""LoRAX's native routes: whole answers, their events, and the streams that are made of them."""

from dataclasses import replace
from itertools import product

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.valid.lorax.items import lorax_errors
from chatproof.strategies.valid.lorax.tokens import PLAIN, Manner, Speech, manners, speeches
from chatproof.strategies.valid.members import among
from chatproof.strategies.valid.sse import Framing, framed_by
from chatschema import JsonObject, JsonValue

__all__ = [
    "LORAX_FRAMINGS",
    "best_of_responses",
    "detailed_responses",
    "generate_events",
    "generate_responses",
    "generate_roots",
    "generate_sse",
    "generate_streams",
    "plain_generate_streams",
]

_PROMPT = "Who? "

#: As the router writes since 0.12 (with a space), as it wrote before that, and with keep-alives between events.
LORAX_FRAMINGS: SearchStrategy[Framing] = among(
    [
        Framing(space=space, before=before, ascii_only=False)
        for before, space in product(((), (":", ""), (":", "", ":", "")), (" ", ""))
    ]
)


def generate_responses() -> SearchStrategy[JsonObject]:
    """Any answer of `/generate`: with details or without, with the prompt before the text or its tokens in the
    details, with alternatives, with more than one sequence, by a new server or an old one.

    `{"generated_text": " Hi"}`, `{"generated_text": " Hi", "details": {"finish_reason": "length", …}}`
    """
    return st.builds(_any_answer, speeches(), manners())


def detailed_responses() -> SearchStrategy[JsonObject]:
    """Answers of the newest server with details, and nothing that was not asked for.

    `{"generated_text": " Hi", "details": {"finish_reason": "eos_token", "prompt_tokens": 1, "generated_tokens": 2,
    "skipped_tokens": 0, "seed": null, "prefill": [], "tokens": [{…}, {…}]}}`
    """
    return st.builds(_answer, speeches(), st.just(PLAIN))


def best_of_responses() -> SearchStrategy[JsonObject]:
    """Those whose details have the sequences that were not the best: one or two, under `best_of_sequences`."""
    return st.builds(_best_of, speeches(), speeches(), st.just(PLAIN))


def generate_roots() -> SearchStrategy[list[JsonValue]]:
    """The answer of `POST /`: any of `generate_responses` in a list of one, `[{"generated_text": " Hi"}]`."""

    def root(answer: JsonObject) -> list[JsonValue]:
        return [answer]

    return st.builds(root, generate_responses())


def generate_streams() -> SearchStrategy[list[JsonObject]]:
    """The events of any native stream: one a token, the last with the text, and with details where those were asked
    for. One in five fails: its last event is an error, and may be its only one.
    """
    return st.builds(_any_stream, speeches(), manners(), lorax_errors())


def plain_generate_streams() -> SearchStrategy[list[JsonObject]]:
    """Streams of the newest server that do not fail, with details; at least two events."""

    def stream(speech: Speech) -> list[JsonObject]:
        return _events(replace(speech, least=2), PLAIN)

    return st.builds(stream, speeches())


def generate_events() -> SearchStrategy[JsonObject]:
    """One event with a token, the last one or another.

    `{"token": {"id": 0, "text": " Hi", "logprob": -0.25, "special": false, "skipped": false},
    "generated_text": null, "details": null}`
    """

    def event(speech: Speech, manner: Manner) -> JsonObject:
        events = _events(speech, manner)
        return events[speech.number % len(events)]

    return st.builds(event, speeches(), manners())


def generate_sse() -> SearchStrategy[bytes]:
    """The bytes of any of `generate_streams`: no `[DONE]`, and keep-alives (`:`) perhaps.

    Each event is `data: {"token": {…}, "generated_text": null, "details": null}` and a blank line.
    """
    return st.builds(framed_by, LORAX_FRAMINGS, generate_streams())


def _details(speech: Speech, manner: Manner) -> JsonObject:
    tokens = manner.tokens(speech)
    return {
        "finish_reason": speech.ending,
        "prompt_tokens": speech.prompt_tokens,
        "generated_tokens": len(tokens),
        **manner.skipped(tokens),
        "seed": speech.seed,
        "prefill": [],
        "tokens": tokens,
    }


def _answer(speech: Speech, manner: Manner) -> JsonObject:
    return {"generated_text": speech.text, "details": _details(speech, manner)}


def _any_answer(speech: Speech, manner: Manner) -> JsonObject:
    match speech.number % 7:
        case 0:
            return {"generated_text": speech.text}
        case 1:
            return {**_answer(speech, manner), "generated_text": _PROMPT + speech.text}
        case 2:
            prefill: list[JsonValue] = [
                {"id": each, "text": "Who", "logprob": -2.5 if each else None}
                for each in range(speech.prompt_tokens)
            ]
            return {
                "generated_text": speech.text,
                "details": {**_details(speech, manner), "prefill": prefill},
            }
        case 3:
            return _best_of(speech, speech, manner)
        case _:
            return _answer(speech, manner)


def _best_of(speech: Speech, other: Speech, manner: Manner) -> JsonObject:
    tokens = manner.tokens(other, logprob=-1.0)
    sequence: JsonObject = {
        "generated_text": other.text,
        "finish_reason": other.ending,
        "generated_tokens": len(tokens),
        "seed": other.seed,
        "prefill": [],
        "tokens": tokens,
    }
    sequences: list[JsonValue] = [sequence] * (1 + other.number % 2)
    return {
        "generated_text": speech.text,
        "details": {**_details(speech, manner), "best_of_sequences": sequences},
    }


def _events(speech: Speech, manner: Manner) -> list[JsonObject]:
    tokens = manner.tokens(speech)
    details: JsonObject = {
        "finish_reason": speech.ending,
        "prompt_tokens": speech.prompt_tokens,
        "generated_tokens": len(tokens),
        "seed": speech.seed,
    }
    events: list[JsonObject] = [{"token": token, "generated_text": None, "details": None} for token in tokens]
    events[-1] |= {"generated_text": speech.text, "details": details}
    return events


def _any_stream(speech: Speech, manner: Manner, error: JsonObject) -> list[JsonObject]:
    events = _events(speech, manner)
    match speech.number % 10:
        case 0 | 1:
            return [*events[: speech.number // 10 % len(events)], error]
        case 2:
            return [*events[:-1], {**events[-1], "details": None}]
        case 3:
            return [*events[:-1], {**events[-1], "generated_text": _PROMPT + speech.text}]
        case _:
            return events
