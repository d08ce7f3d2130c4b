"""From a URL to an endpoint that can be judged: is anybody there, is the key right, which model, how asked.

Whatever stands in the way is a `CannotJudgeError` with one plain sentence: nothing was judged then.
"""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import httpx

from chatproof.cases.openai.models import listed
from chatproof.judging.adaptation import asked_as_responses, asked_rightly
from chatproof.judging.context_length import context_length
from chatproof.judging.lorax_target import is_lorax, open_lorax, root_of
from chatproof.judging.obstacles import CannotJudgeError, refuse_silence, without_model
from chatproof.judging.opening import Opened, Target, probe_of, remember_what_works
from chatproof.judging.preflight import (
    checked_url,
    refuse_unnamed_variable,
    refuse_unsendable,
    refuse_untrustable,
    refuse_unwritable,
)
from chatproof.judging.waiting import Patience
from chatproof.probe import Exchange, Limits, Probe, tokens_of
from chatproof.probe.client import Client

__all__ = ["CannotJudgeError", "Opened", "Target", "open_target"]

_EVERY = 1.0
"""Seconds between two questions whether a server is still loading."""

_FOUND = ("openai", "responses")
"""What is judged where no profile is named: whether the routes are there, the cases find out themselves."""


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
        only_lorax = target.profiles == ("lorax",)
        opened = open_lorax(target, transport) if only_lorax else _open(target, transport)
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
    url, path = (root_of(target.url), "/info") if target.profiles == ("lorax",) else (target.url, "/models")
    limits = Limits(seconds=target.seconds)
    client = Client(url, api_key=target.sent_key, limits=limits, transport=transport, access=target.access)
    patience = Patience(seconds=target.wait, every=max(_EVERY, target.delay), told=told, sleep=sleep)
    with closing(client):
        patience.wait(client, url, path, target.seconds)
    if target.delay > 0:
        sleep(target.delay)


def _open(target: Target, transport: httpx.BaseTransport | None) -> Opened:
    """Open what speaks OpenAI's protocols, and LoRAX's own beside it where that is wanted or found."""
    probe, models, notes = _listing(target, transport)
    profiles, found_out, lorax = target.profiles or _FOUND, "", None
    if "lorax" in profiles or (
        not target.profiles and not _is_list(models) and _looks_like_lorax(target, probe, transport)
    ):
        lorax = open_lorax(target, transport, probe)
        profiles = (*(name for name in profiles if name != "lorax"), "lorax")
        if not probe.base_url.endswith("/v1"):
            probe.close()
            probe = probe_of(target, f"{lorax.url}/v1", transport, probe)
            models = probe.get("/models")
            notes.append(f"the OpenAI part of {lorax.url} is at {probe.base_url}: judged that too")
    target.authorize(models)
    names = listed(models)
    model = target.model or next(iter(names), lorax.model if lorax else None)
    if model is None:
        raise without_model(probe, models)
    refuse_unwritable(model)
    if not target.profiles:
        found_out = (
            f"GET /models lists {len(names)}" if _is_list(models) else f"GET /models: HTTP {models.status}"
        )
        found_out += "; GET /info is LoRAX's" if lorax else ""
    asked = asked_rightly if "openai" in profiles else asked_as_responses
    endpoint, plain = asked(probe, models, model, target.authorize, profiles)
    endpoint.remember_models(models)
    if endpoint.lacks_chat:
        notes.append(f"it has no chat: {endpoint.lacks_chat}")
    remember_what_works(probe, plain, models)
    return Opened(
        endpoint=endpoint,
        lorax=lorax.endpoint if lorax else None,
        url=probe.base_url,
        profiles=profiles,
        found_out=found_out,
        context=(lorax.context if lorax else None) or context_length(models, model),
        model=model,
        models_listed=len(names) if models.status == 200 else None,
        notes=tuple(notes),
        plain_prompt_tokens=None if endpoint.lacks_chat else tokens_of(plain).get("prompt_tokens"),
    )


def _listing(target: Target, transport: httpx.BaseTransport | None) -> tuple[Probe, Exchange, list[str]]:
    """The model list at the URL, or at /v1 below it, or what is there in its place."""
    probe = probe_of(target, target.url, transport)
    models = probe.get("/models")
    refuse_silence(target.url, models)
    if _is_list(models) or target.url.endswith("/v1"):
        return probe, models, []
    below = probe_of(target, f"{target.url}/v1", transport, probe)
    if _is_list(found := below.get("/models")):
        probe.close()
        return below, found, [f"{target.url} has no model list, {below.base_url} has: judged that"]
    below.close()
    return probe, models, []


def _looks_like_lorax(target: Target, first: Probe, transport: httpx.BaseTransport | None) -> bool:
    """LoRAX lists no models, and tells of itself at its root."""
    with closing(probe_of(target, root_of(target.url), transport, first)) as probe:
        return is_lorax(probe.get("/info"))


def _is_list(exchange: Exchange) -> bool:
    """Is this a model list, or the door before one?"""
    if exchange.status == 200:
        return isinstance(exchange.object().get("data"), list)
    return exchange.status in {401, 403}
