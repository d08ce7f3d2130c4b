"""What a run is asked to judge, what it opened for that, and the probes with which it asks."""

from dataclasses import dataclass, field
from pathlib import Path

import httpx

from chatproof.cases import Endpoint
from chatproof.gate import Gate
from chatproof.judging.obstacles import CannotJudgeError
from chatproof.probe import Access, Budget, Exchange, Json, Limits, Pace, Probe
from chatproof.probe.medium import NETWORK, Medium

__all__ = ["Opened", "Target", "probe_of", "remember_what_works"]

_KEYLESS = Gate()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a run judges, as what, and within which bounds.

    `profiles` are names of `PROFILES`; where there are none, they are found out. `api_key` is None where the variable
    `key_variable` is not set. `model` None takes the first one listed.
    """

    url: str
    profiles: tuple[str, ...] = ("openai",)
    model: str | None = None
    api_key: str | None = field(default=None, repr=False)
    key_variable: str = "OPENAI_API_KEY"
    seconds: float = 60.0
    max_requests: int | None = None
    max_tokens: int | None = None
    max_seconds: float | None = None
    """Limits of the whole run; None takes the default of `Budget`."""
    tally: Path | None = None
    """A folder in which several processes count what they spend together."""
    workers: int = 1
    """How many those are."""
    access: Access = field(default_factory=Access)
    wait: float = 0.0
    """Seconds for which a server may still be loading."""
    delay: float = 0.0
    """Seconds between two requests, at the least."""
    medium: Medium = NETWORK
    """What its requests go through."""

    @property
    def sent_key(self) -> str | None:
        """The key, unless a header of the user's takes its place."""
        return None if self.access.key_header else self.api_key

    @property
    def gate(self) -> Gate:
        """What all that is said of the run goes through."""
        return Gate.of_key(self.api_key, self.key_variable, self.access.secrets)

    def authorize(self, exchange: Exchange) -> None:
        """Look whether the key lets in.

        Raises:
            CannotJudgeError: it does not.
        """
        if exchange.status not in {401, 403}:
            return
        seen = f"(HTTP {exchange.status})"
        if header := self.access.key_header:
            raise CannotJudgeError(f"{self.url} refuses the key in the header {header} {seen}.")
        if self.api_key:
            raise CannotJudgeError(f"{self.url} refuses the key in ${self.key_variable} {seen}.")
        raise CannotJudgeError(
            f"{self.url} wants a key {seen}, and ${self.key_variable} is not set (--api-key-env)."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An endpoint that answers: what was found out about it, and what the user should know."""

    endpoint: Endpoint
    lorax: Endpoint | None = None
    """LoRAX's own routes, which are not below the URL of OpenAI's."""
    url: str
    profiles: tuple[str, ...] = ("openai",)
    found_out: str = ""
    """What told the profiles, where none were named."""
    context: tuple[int, str] | None = None
    """The tokens that the model reads at the most, and where that is said."""
    model: str
    models_listed: int | None
    notes: tuple[str, ...]
    plain_prompt_tokens: int | None = None
    """What the endpoint's template makes of the plain request, by its own count."""

    def endpoint_of(self, profile: str) -> Endpoint:
        """What the cases of a profile ask."""
        return self.lorax if profile == "lorax" and self.lorax else self.endpoint

    def describe(self, gate: Gate = _KEYLESS) -> dict[str, Json]:
        """The result document's `target`."""
        return {
            "url": gate.line(self.url),
            "model": gate.name(self.model),
            "models_listed": self.models_listed,
            "profile": ",".join(self.profiles),
            "profiles": [*self.profiles],
            "found_out": gate.line(self.found_out),
            "context_length": [*self.context] if self.context else None,
            "notes": [gate.line(note) for note in self.notes],
        }


def probe_of(
    target: Target, url: str, transport: httpx.BaseTransport | None, first: Probe | None = None
) -> Probe:
    """A probe within the target's limits, which it shares with the first one."""
    budget = (
        first.budget
        if first
        else Budget(
            max_requests=target.max_requests,
            max_tokens=target.max_tokens,
            max_seconds=target.max_seconds,
            tally=target.tally,
            workers=target.workers,
        )
    )
    limits = Limits(seconds=target.seconds)
    return Probe(
        url,
        api_key=target.sent_key,
        budget=budget,
        limits=limits,
        transport=transport,
        access=target.access,
        pace=first.pace if first else Pace(target.delay),
        medium=target.medium,
    )


def remember_what_works(probe: Probe, *exchanges: Exchange) -> None:
    """The plain request, or what else was answered: it tells later on whether the endpoint is still there."""
    for exchange in exchanges:
        if exchange.complete and 200 <= exchange.status < 300:
            probe.remember_liveness(exchange)
            return
