"""From a URL to an endpoint that can be judged: is anybody there, is the key right, which model, how asked.

Whatever stands in the way is a `CannotJudgeError` with one plain sentence: nothing was judged then.
"""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx

from chatproof.cases import Endpoint, Profile
from chatproof.cases.openai.models import listed
from chatproof.gate import Gate
from chatproof.judging.adaptation import asked_rightly
from chatproof.judging.obstacles import CannotJudgeError, refuse_redirect, refuse_silence, without_model
from chatproof.judging.preflight import (
    checked_url,
    refuse_unnamed_variable,
    refuse_unsendable,
    refuse_untrustable,
    refuse_unwritable,
)
from chatproof.judging.waiting import Patience
from chatproof.probe import Access, Budget, Exchange, Json, Limits, Pace, Probe, tokens_of
from chatproof.probe.client import Client
from chatproof.probe.medium import NETWORK, Medium

__all__ = ["CannotJudgeError", "Opened", "Target", "open_target"]

_KEYLESS = Gate()

_EVERY = 1.0
"""Seconds between two questions whether a server is still loading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a run judges, as what (`openai` or `lorax`), and within which bounds.

    `api_key` is None where the variable `key_variable` is not set. `model` None takes the first one listed.
    """

    url: str
    profile: str = "openai"
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
    url: str
    profile: str = "openai"
    model: str
    models_listed: int | None
    notes: tuple[str, ...]
    plain_prompt_tokens: int | None = None
    """What the endpoint's template makes of the plain request, by its own count."""

    def describe(self, gate: Gate = _KEYLESS) -> dict[str, Json]:
        """The result document's `target`."""
        return {
            "url": gate.line(self.url),
            "model": gate.name(self.model),
            "models_listed": self.models_listed,
            "profile": self.profile,
            "notes": [gate.line(note) for note in self.notes],
        }


def open_target(
    target: Target,
    *,
    transport: httpx.BaseTransport | None = None,
    told: Callable[[str], None] = lambda _: None,
    sleep: Callable[[float], object] = time.sleep,
) -> Opened:
    """Find out whether the target can be judged, and how it wants to be asked.

    Where it is waited for, `told` is told how that goes on, and `sleep` passes the time.

    Raises:
        CannotJudgeError: nobody answers, the key or the model is wrong, there is no chat and nothing else.
    """
    try:
        target = replace(target, url=checked_url(target.url))
        refuse_unnamed_variable(target.api_key, target.key_variable)
        refuse_unsendable(target.sent_key or "", target.key_variable)
        refuse_untrustable(target.access)
        if target.wait > 0:
            gate = target.gate
            _await(target, transport, told=lambda text: told(gate.line(text)), sleep=sleep)
        opened = (
            _open_lorax(target, transport) if target.profile == "lorax" else _open_openai(target, transport)
        )
    except CannotJudgeError as obstacle:
        raise CannotJudgeError(target.gate.line(str(obstacle))) from None
    if target.access.insecure and opened.url.startswith("https:"):
        return replace(opened, notes=("certificates not checked (--insecure)", *opened.notes))
    return opened


def _await(
    target: Target,
    transport: httpx.BaseTransport | None,
    *,
    told: Callable[[str], None],
    sleep: Callable[[float], object],
) -> None:
    """Wait until what will be asked first is answered. It counts for no limit of the run, which begins after it."""
    url, path = (_root(target.url), "/info") if target.profile == "lorax" else (target.url, "/models")
    limits = Limits(seconds=target.seconds)
    client = Client(url, api_key=target.sent_key, limits=limits, transport=transport, access=target.access)
    patience = Patience(seconds=target.wait, every=max(_EVERY, target.delay), told=told, sleep=sleep)
    with closing(client):
        patience.wait(client, url, path, target.seconds)
    if target.delay > 0:
        sleep(target.delay)


def _open_openai(target: Target, transport: httpx.BaseTransport | None) -> Opened:
    probe = _probe(target, target.url, transport)
    models = probe.get("/models")
    refuse_silence(target.url, models)
    notes: list[str] = []
    if not _is_list(models) and not target.url.endswith("/v1"):
        below = _probe(target, f"{target.url}/v1", transport, probe)
        if _is_list(found := below.get("/models")):
            probe.close()
            probe, models = below, found
            notes.append(f"{target.url} has no model list, {below.base_url} has: judged that")
        else:
            below.close()
    target.authorize(models)
    names = listed(models)
    model = target.model or next(iter(names), None)
    if model is None:
        raise without_model(probe, models)
    refuse_unwritable(model)
    endpoint, plain = asked_rightly(probe, models, model, target.authorize)
    endpoint.remember_models(models)
    if plain is None:
        notes.append("it has no chat: what needs one is not judged")
    _remember_what_works(probe, *([plain] if plain else []), models)
    return Opened(
        endpoint=endpoint,
        url=probe.base_url,
        model=model,
        models_listed=len(names) if models.status == 200 else None,
        notes=tuple(notes),
        plain_prompt_tokens=tokens_of(plain).get("prompt_tokens") if plain else None,
    )


def _remember_what_works(probe: Probe, *exchanges: Exchange) -> None:
    """The plain request, or what else was answered: it tells later on whether the endpoint is still there."""
    for exchange in exchanges:
        if exchange.complete and 200 <= exchange.status < 300:
            probe.remember_liveness(exchange)
            return


def _open_lorax(target: Target, transport: httpx.BaseTransport | None) -> Opened:
    """LoRAX's own routes are at the root; `/info` names the model, and nothing lists any."""
    root = _root(target.url)
    probe = _probe(target, root, transport)
    info = probe.get("/info")
    refuse_silence(target.url, info)
    target.authorize(info)
    refuse_redirect(info, "/info")
    model = info.object().get("model_id") if info.status == 200 else None
    if not isinstance(model, str):
        probe.close()
        raise CannotJudgeError(
            f"{root}/info names no model ({info.describe()}). Is it LoRAX? Its URL is the root, without /v1."
        )
    model = target.model or model
    refuse_unwritable(model)
    endpoint = Endpoint(probe, Profile(model=model, chat_path="/v1/chat/completions"))
    plain = endpoint.post({"inputs": "Hi", "parameters": {"max_new_tokens": 1}}, "/generate")
    target.authorize(plain)
    refuse_redirect(plain, "/generate")
    if 400 <= plain.status < 500:
        raise CannotJudgeError(f"{root}/generate refuses a plain request: {plain.describe()}.")
    _remember_what_works(probe, plain, info)
    notes = (f"{target.url} is the OpenAI part of {root}: judged that",) if root != target.url else ()
    return Opened(
        endpoint=endpoint,
        url=root,
        profile="lorax",
        model=model,
        models_listed=None,
        notes=notes,
        plain_prompt_tokens=tokens_of(plain).get("prompt_tokens"),
    )


def _root(url: str) -> str:
    return url.removesuffix("/generate").removesuffix("/v1")


def _probe(
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


def _is_list(exchange: Exchange) -> bool:
    """Is this a model list, or the door before one?"""
    if exchange.status == 200:
        return isinstance(exchange.object().get("data"), list)
    return exchange.status in {401, 403}
