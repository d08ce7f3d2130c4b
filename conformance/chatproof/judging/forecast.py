"""What a run will cost, told after the first answer: what a template adds to a prompt differs a hundredfold."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from chatproof.cases import CASES
from chatproof.findings.ids import group_of
from chatproof.probe import Budget

__all__ = ["COSTS", "PLAIN_PROMPT", "Cost", "forecast", "price_note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Requests, those of them that are answered and paid for, and tokens."""

    requests: float
    prompts: float
    tokens: float


PLAIN_PROMPT = 14
"""The prompt tokens of the plain request where `COSTS` were counted."""

COSTS = {
    "http": Cost(requests=14, prompts=9, tokens=344),
    "models": Cost(requests=2, prompts=0, tokens=0),
    "chat.json": Cost(requests=12, prompts=11, tokens=342),
    "chat.sse": Cost(requests=7, prompts=6, tokens=216),
    "history": Cost(requests=40, prompts=39, tokens=2880),
    "chat.tools": Cost(requests=8, prompts=5, tokens=735),
    "chat.errors": Cost(requests=16, prompts=0, tokens=0),
}
"""What the groups cost on the embedded fake, each with all its cases; a test counts again."""

_SPARE = 1.2
"""What is advised on top of a forecast: replies differ."""


def forecast(selected: Iterable[str], plain_prompt_tokens: int) -> tuple[int, int]:
    """The requests and tokens that these cases will cost where a plain prompt has so many tokens; roughly.

    A part of a group is taken as its share.
    """
    sizes = Counter(group_of(id_) for id_ in CASES)
    chosen = Counter(group_of(id_) for id_ in selected if id_ in CASES)
    requests, tokens = 2.0, 0.0
    for group, count in chosen.items():
        cost, share = COSTS[group], count / sizes[group]
        requests += cost.requests * share
        tokens += (cost.tokens + cost.prompts * (plain_prompt_tokens - PLAIN_PROMPT)) * share
    return math.ceil(requests), math.ceil(tokens)


def price_note(selected: Iterable[str], plain_prompt_tokens: int | None, budget: Budget) -> str | None:
    """What to tell the user where the run will pass its limits, with the options that pay for it."""
    if plain_prompt_tokens is None:
        return None
    requests, tokens = forecast(selected, plain_prompt_tokens)
    options: list[str] = []
    if tokens > budget.max_tokens:
        options.append(f"--max-tokens {_round(tokens)}")
    if requests > budget.max_requests:
        options.append(f"--max-requests {_round(requests)}")
    if not options:
        return None
    return (
        f"all of this takes about {requests} requests and {tokens:,} tokens, for a plain prompt is"
        f" {plain_prompt_tokens:,} tokens here; the limits end it before that. {' '.join(options)} pays for it"
    )


def _round(number: int) -> int:
    """A round number above, with something to spare."""
    step: int = 10 ** max(1, len(str(number)) - 2)
    return math.ceil(number * _SPARE / step) * step
