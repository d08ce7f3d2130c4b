"""Generations as LoRAX writes them (router/src/lib.rs): the JSON answer, and the events of a stream."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.lorax.generation import Generation, Token, token_id, token_logprob


@dataclass(frozen=True, slots=True, kw_only=True)
class Generations:
    """All sequences that were generated for a request: the best one, and the others."""

    best: Generation
    others: tuple[Generation, ...] | None  #: None where one sequence was asked for
    prompt: tuple[str, ...]
    before: str  #: the prompt, where the full text is asked for
    prefill: bool  #: the prompt's tokens are asked for

    @property
    def prompt_tokens(self) -> int:
        """How many tokens the prompt has."""
        return len(self.prompt)


def answer_body(generations: Generations, *, details: bool) -> JsonObject:
    """The JSON body, the router's `GenerateResponse`."""
    body: JsonObject = {"generated_text": generations.before + generations.best.text}
    return {**body, "details": _details(generations)} if details else body


def _details(generations: Generations) -> JsonObject:
    best = generations.best
    details: JsonObject = {
        "finish_reason": best.finish_reason,
        "prompt_tokens": generations.prompt_tokens,
        "generated_tokens": len(best.tokens),
        "skipped_tokens": 0,
        "seed": best.seed,
        "prefill": _prefill(generations),
        "tokens": [_token(token) for token in best.tokens],
    }
    if generations.others is None:
        return details
    return {**details, "best_of_sequences": [_sequence(generations, other) for other in generations.others]}


def _sequence(generations: Generations, other: Generation) -> JsonObject:
    return {
        "generated_text": generations.before + other.text,
        "finish_reason": other.finish_reason,
        "generated_tokens": len(other.tokens),
        "seed": other.seed,
        "prefill": _prefill(generations),
        "tokens": [_token(token) for token in other.tokens],
    }


def _prefill(generations: Generations) -> list[JsonValue]:
    """Nothing stood before the first token that could have made it likely."""
    prompt: Sequence[str] = generations.prompt if generations.prefill else ()
    return [
        {"id": token_id(piece), "text": piece, "logprob": token_logprob(piece, place, "") if place else None}
        for place, piece in enumerate(prompt)
    ]


def _token(token: Token) -> JsonObject:
    alternatives: JsonObject = {}
    if token.alternatives is not None:
        alternatives["alternative_tokens"] = [
            {"id": token_id(text), "text": text, "logprob": logprob} for text, logprob in token.alternatives
        ]
    return {
        "id": token_id(token.text),
        "text": token.text,
        "logprob": token.logprob,
        "special": token.special,
        **alternatives,
        "skipped": False,
    }


def events(generations: Generations, *, details: bool) -> Iterator[JsonObject]:
    """One `StreamResponse` a token; the last has the text, and the details where they are asked for."""
    best = generations.best
    for token in best.tokens[:-1]:
        yield {"token": _token(token), "generated_text": None, "details": None}
    told: JsonObject = {
        "finish_reason": best.finish_reason,
        "prompt_tokens": generations.prompt_tokens,
        "generated_tokens": len(best.tokens),
        "seed": best.seed,
    }
    yield {
        "token": _token(best.tokens[-1]),
        "generated_text": generations.before + best.text,
        "details": told if details else None,
    }
