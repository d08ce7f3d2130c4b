"""Cases about long histories: they reach the model whole, or are refused; and what is kept of them in a cache."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from chatproof.cases.answer import dict_in, dicts_in
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.openai.history.asked import answer_in, count_differs, counted, rounds, said, told
from chatproof.cases.registry import case
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError
from chatproof.probe import Exchange

__all__ = ["obstacle"]

_FIRST = 300
"""Prompt tokens of the first long history, which tells how slow longer ones will be."""

_MOST = 2250
"""Prompt tokens of the longest that may be answered: past the window of 2048 into which servers cut what is longer."""

_MOST_TOLD = 8192
"""A context that the endpoint tells of, and that is passed on purpose: the refusal costs nothing."""

_TRIES = 4
"""Long histories, those that are refused among them."""

_MOST_ROUNDS = 400

_NEAR = 0.4
"""How much of what was refused has to be taken: what is between is not looked at."""

_SHARE = 0.4
"""The part of what is left, of the time for an answer or of the run's tokens, that one history may take."""

_SHORT, _LONGER = 2, 6


@dataclass(frozen=True, slots=True)
class _Scale:
    """How long a history of so many rounds is, by two that are short: all rounds but the first are the same."""

    base: int
    slope: Fraction

    def tokens(self, count: int) -> int:
        """The tokens of so many rounds."""
        return int(self.base + (count - _SHORT) * self.slope)

    def rounds(self, tokens: int) -> int:
        """The rounds that have about so many tokens."""
        return min(_MOST_ROUNDS, _SHORT + int((tokens - self.base) / self.slope))

    def is_cut(self, count: int, seen: int) -> bool:
        """Are two rounds missing, or more?"""
        return seen <= self.tokens(count) - 2 * self.slope


@case(
    "history.no-silent-truncation",
    Level.MUST,
    breaks="The beginning of a long conversation is cut off, and nobody is told: the model forgets who it is to be.",
    reference="OpenAI, vLLM, llama.cpp: 400 (context_length_exceeded) for a prompt that does not fit",
)
def no_silent_truncation(endpoint: Endpoint) -> Iterator[Finding]:
    """As a history grows prompt_tokens grow in step, until it is refused with 4xx."""
    short, before = counted(endpoint, told(_SHORT))
    fits, reached = counted(endpoint, told(_LONGER))
    if fits <= short:
        yield count_differs(f"more than {short} with {_LONGER} rounds", fits, reached, before)
        return
    scale, context = _Scale(short, Fraction(fits - short, _LONGER - _SHORT)), _context(endpoint)
    too_long, reason = 0, ""
    for _ in range(_TRIES):
        tokens = _next(fits, too_long, context)
        if not tokens or (reason := obstacle(endpoint, reached, fits, tokens)):
            break
        count = scale.rounds(tokens)
        found = endpoint.post(endpoint.body(told(count), limit=1))
        if 400 <= found.status < 500:
            too_long = tokens
            continue
        seen = answer_in(found).required_prompt_tokens()
        if scale.is_cut(count, seen):
            yield count_differs(f"about {scale.tokens(count)} with {count} rounds", seen, found, reached)
            return
        fits, reached = seen, found
    if not too_long:
        room = f"its context is told as {context}" if context else "it does not tell its context"
        raise InconclusiveError(
            f"all of {fits} tokens are counted, and longer histories were not asked for: {reason or room}",
            reached,
        )


def _next(fits: int, too_long: int, context: int) -> int:
    """How long the next history is to be, in tokens; 0 where there is nothing more to look for."""
    if too_long:
        between = min(_MOST, (fits + too_long) // 2)
        return between if fits < _NEAR * too_long else 0
    if fits < _FIRST - _FIRST // 10:
        return _FIRST
    most = context * 11 // 10 if 0 < context <= _MOST_TOLD else _MOST
    return most if fits < most - most // 20 else 0


def obstacle(endpoint: Endpoint, reached: Exchange, fits: int, tokens: int) -> str:
    """Why so long a history is not asked for; empty where it may be."""
    probe = endpoint.probe
    seconds = reached.seconds * tokens / fits
    if seconds > _SHARE * probe.limits.seconds:
        return f"{tokens} tokens would take about {seconds:.0f} s here (--timeout)"
    if tokens > _SHARE * (probe.budget.max_tokens - probe.budget.spent.tokens):
        return f"{tokens} tokens more are too many for the run's limit (--max-tokens)"
    return ""


_TOLD = ("n_ctx", "max_model_len", "context_length", "context_window", "max_context_length", "n_ctx_train")


def _context(endpoint: Endpoint) -> int:
    """The context length of the model as the list of models has it; 0 where it does not tell."""
    entries = dicts_in(endpoint.models().object(), "data")
    for entry in entries:
        if entry.get("id") == endpoint.profile.model:
            for name in _TOLD:
                for holder in (entry, dict_in(entry, "meta")):
                    found = holder.get(name)
                    if isinstance(found, int) and found > 1:
                        return found
    return 0


@case(
    "history.cached-tokens",
    Level.MAY,
    breaks="Bills and budgets go by tokens that were never sent.",
    reference="openai-openapi: usage.prompt_tokens_details.cached_tokens are a part of prompt_tokens",
)
def cached_tokens(endpoint: Endpoint) -> Iterator[Finding]:
    """`cached_tokens` are never more than prompt_tokens, for a prefix that was sent before too."""
    exchanges = [*(said(endpoint, rounds(n)) for n in range(1, 5)), said(endpoint, rounds(2), nth=2)]
    answers = [answer_in(exchange) for exchange in exchanges]
    path = "$.usage.prompt_tokens_details.cached_tokens"
    reported = False
    for answer in answers:
        cached = dict_in(answer.counts, "prompt_tokens_details").get("cached_tokens")
        if not isinstance(cached, int) or isinstance(cached, bool):
            continue
        reported = True
        prompt = answer.required_prompt_tokens()
        if not 0 <= cached <= prompt:
            yield answer.unlike(f"from 0 to {prompt}, the prompt's tokens", cached, path)
            return
    if not reported:
        raise UnsupportedError("no cached_tokens in usage", answers[-1].exchange)
