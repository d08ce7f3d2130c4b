"""What a run will cost, told after the first answer: what a template adds to a prompt differs a hundredfold."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from chatproof.cases import EVERY, cases_of
from chatproof.findings.ids import group_of
from chatproof.probe import Budget

__all__ = ["COSTS", "PLAIN_PROMPT", "Cost", "forecast", "price_note"]


PLAIN_PROMPT = 14
"""The prompt tokens of the plain chat request where `COSTS` were counted."""

_INPUTS = 2
"""The same of LoRAX's plain request, which no template adds to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Requests, those of them that are answered and paid for, and tokens, where a plain prompt has `plain` of them."""

    requests: float
    prompts: float
    tokens: float
    plain: int = PLAIN_PROMPT


COSTS = {
    "http": Cost(requests=7, prompts=3, tokens=300),
    "models": Cost(requests=2, prompts=1, tokens=25),
    "chat.json": Cost(requests=18, prompts=18, tokens=480),
    "chat.sse": Cost(requests=5, prompts=4, tokens=130),
    "history": Cost(requests=47, prompts=46, tokens=6400),
    "chat.tools": Cost(requests=11, prompts=6, tokens=1250),
    "chat.format": Cost(requests=5, prompts=3, tokens=220),
    "chat.errors": Cost(requests=18, prompts=7, tokens=300),
    "chat.reasoning": Cost(requests=1, prompts=1, tokens=50),
    "chat": Cost(requests=1, prompts=1, tokens=116),
    "completions.json": Cost(requests=1, prompts=0, tokens=43),
    "completions.sse": Cost(requests=1, prompts=0, tokens=43),
    "completions": Cost(requests=4, prompts=0, tokens=151),
    "embeddings": Cost(requests=5, prompts=0, tokens=62),
    "responses.json": Cost(requests=1, prompts=1, tokens=36),
    "responses.sse": Cost(requests=1, prompts=1, tokens=36),
    "responses": Cost(requests=8, prompts=5, tokens=656),
    "property": Cost(requests=9, prompts=7, tokens=800),
    "gateway": Cost(requests=13, prompts=9, tokens=420),
    "lorax.generate": Cost(requests=11, prompts=11, tokens=223, plain=_INPUTS),
    "lorax.stream": Cost(requests=1, prompts=1, tokens=0, plain=_INPUTS),
    "lorax.errors": Cost(requests=10, prompts=1, tokens=0, plain=_INPUTS),
    "lorax": Cost(requests=11, prompts=6, tokens=150, plain=_INPUTS),
}
"""What the groups cost, each with all its cases. Those of OpenAI's protocol on llama.cpp, transformers and vLLM, which
agree within a tenth: their tokens are smaller than the embedded fake's, and they answer what it refuses. LoRAX's on the
fake, whose streams tell no prompt tokens, as its own. `chat.reasoning` asks four times where the model
thinks aloud, and else not at all. Tests count again."""

_SPARE = 1.2
"""What is advised on top of a forecast: replies differ."""


def forecast(selected: Iterable[str], plain_prompt_tokens: int) -> tuple[int, int]:
    """The requests and tokens that these cases will cost where a plain prompt has so many tokens; roughly.

    A part of a group is taken as its share.
    """
    sizes = Counter(map(group_of, cases_of(EVERY)))
    requests, tokens = 2.0, float(plain_prompt_tokens)
    for group, count in Counter(map(group_of, selected)).items():
        cost, share = COSTS[group], count / sizes[group]
        requests += cost.requests * share
        tokens += (cost.tokens + cost.prompts * (plain_prompt_tokens - cost.plain)) * share
    return math.ceil(requests), math.ceil(tokens)


def price_note(
    selected: Iterable[str], plain_prompt_tokens: int | None, budget: Budget, *, delay: float = 0.0
) -> str | None:
    """What to tell the user where the run will pass its limits, with the options that pay for it.

    `delay` is the seconds between two requests.
    """
    if plain_prompt_tokens is None:
        return None
    requests, tokens = forecast(selected, plain_prompt_tokens)
    seconds = math.ceil(requests * delay)
    needed = (
        ("--max-tokens", tokens, budget.max_tokens),
        ("--max-requests", requests, budget.max_requests),
        ("--max-seconds", seconds, budget.max_seconds),
    )
    options = [f"{option} {_round(need)}" for option, need, limit in needed if need > limit]
    if not options:
        return None
    waiting = f", and {seconds:,} s with a delay of {delay:g} s" if seconds > budget.max_seconds else ""
    return (
        f"all of this takes about {requests} requests and {tokens:,} tokens, for a plain prompt is"
        f" {plain_prompt_tokens:,} tokens here{waiting}; the limits end it before that."
        f" {' '.join(options)} pays for it"
    )


def _round(number: int) -> int:
    """A round number above, with something to spare."""
    step: int = 10 ** max(1, len(str(number)) - 2)
    return math.ceil(number * _SPARE / step) * step
