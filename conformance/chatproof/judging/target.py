"""From a URL to an endpoint that can be judged: is anybody there, is the key right, which model, how asked.

Whatever stands in the way is a `CannotJudgeError` with one plain sentence: nothing was judged then.
"""

import re
import ssl
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from chatproof.cases import Endpoint, Profile
from chatproof.cases.openai.models import listed
from chatproof.gate import Gate
from chatproof.gate.escaping import name, without_query
from chatproof.judging.obstacles import (
    NO_ROUTE,
    CannotJudgeError,
    refuse_misnamed,
    refuse_pages,
    refuse_redirect,
    refuse_silence,
    without_chat,
    without_model,
)
from chatproof.judging.waiting import Patience
from chatproof.probe import (
    Access,
    Budget,
    Exchange,
    FailureKind,
    Json,
    Limits,
    Pace,
    Probe,
    header_flaw,
    tokens_of,
)
from chatproof.probe.client import Client, trust_of

__all__ = ["CannotJudgeError", "Opened", "Target", "open_target"]

_KEYLESS = Gate()

_VARIABLE = re.compile("[A-Za-z_][A-Za-z0-9_]*")
"""What a shell can set; a key put there by mistake mostly has a dash."""

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

    @property
    def sent_key(self) -> str | None:
        """The key, unless a header of the user's takes its place."""
        return None if self.access.key_header else self.api_key

    @property
    def gate(self) -> Gate:
        """What all that is said of the run goes through."""
        return Gate.of_key(self.api_key, self.key_variable, self.access.secrets)


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
        target = replace(target, url=_checked(target.url))
        _refuse_unsendable(target)
        _refuse_untrustable(target.access)
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


def _refuse_unsendable(target: Target) -> None:
    """Look at the key before the first request: what is no value of a header would be quoted by whoever refuses it.

    Raises:
        CannotJudgeError: it is none, or stands where the name of its variable is wanted.
    """
    if target.api_key is None and not _VARIABLE.fullmatch(target.key_variable):
        raise CannotJudgeError(
            "--api-key-env takes the name of a variable, such as OPENAI_API_KEY, and what it was given is none."
            " Put the key into a variable. Nothing was asked."
        )
    if flaw := header_flaw(target.sent_key or ""):
        raise CannotJudgeError(
            f"the key in ${target.key_variable} {flaw}: it cannot be sent. Nothing was asked."
        )


def _refuse_unwritable(model: str) -> None:
    """Look at the model's name before it is asked for: JSON can escape half a character, UTF-8 and a URL cannot.

    Raises:
        CannotJudgeError: it is no text.
    """
    try:
        model.encode()
    except UnicodeEncodeError:
        raise CannotJudgeError(
            f"The name of the model {name(model)!r} is no text: half a character (a lone surrogate) is in it."
            " Choose another with --model."
        ) from None


def _refuse_untrustable(access: Access) -> None:
    """Look at the certificates before the first request.

    Raises:
        CannotJudgeError: the file cannot be read or holds none, or none are to be checked anyway.
    """
    if access.cacert is None:
        return
    if access.insecure:
        raise CannotJudgeError("--cacert and --insecure exclude each other. Nothing was asked.")
    shown = name(access.cacert)
    try:
        trust_of(access, "https:")
    except ssl.SSLError:
        raise CannotJudgeError(
            f"{shown} (--cacert) holds no certificate in PEM. Nothing was asked."
        ) from None
    except OSError as error:
        raise CannotJudgeError(
            f"{shown} (--cacert) cannot be read: {error.strerror}. Nothing was asked."
        ) from None


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
    _authorized(target, models)
    names = listed(models)
    model = target.model or next(iter(names), None)
    if model is None:
        raise without_model(probe, models)
    _refuse_unwritable(model)
    endpoint, plain = _asked_rightly(target, probe, models, model)
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
    _authorized(target, info)
    refuse_redirect(info, "/info")
    model = info.object().get("model_id") if info.status == 200 else None
    if not isinstance(model, str):
        probe.close()
        raise CannotJudgeError(
            f"{root}/info names no model ({info.describe()}). Is it LoRAX? Its URL is the root, without /v1."
        )
    model = target.model or model
    _refuse_unwritable(model)
    endpoint = Endpoint(probe, Profile(model=model, chat_path="/v1/chat/completions"))
    plain = endpoint.post({"inputs": "Hi", "parameters": {"max_new_tokens": 1}}, "/generate")
    _authorized(target, plain)
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


def _checked(url: str) -> str:
    """The URL without its last slash, once it is one that can be asked."""
    shown = name(without_query(url))
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna")
    except ValueError:
        raise CannotJudgeError(f"{shown} is no URL: its host cannot be read.") from None
    if parts.scheme not in {"http", "https"} or not host or not url.isprintable():
        raise CannotJudgeError(f"{shown} is no URL. It is like http://localhost:8000/v1")
    if parts.username or parts.password:
        raise CannotJudgeError(
            "The URL holds a name or password. Put the key into a variable (--api-key-env)."
        )
    if parts.query or parts.fragment:
        raise CannotJudgeError(f"The URL has a query or fragment behind {shown}. Leave it out.")
    try:
        _ = parts.port
    except ValueError:
        raise CannotJudgeError(f"{shown} has no valid port.") from None
    return url.rstrip("/").removesuffix("/chat/completions")


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
    )


def _is_list(exchange: Exchange) -> bool:
    """Is this a model list, or the door before one?"""
    if exchange.status == 200:
        return isinstance(exchange.object().get("data"), list)
    return exchange.status in {401, 403}


def _authorized(target: Target, exchange: Exchange) -> None:
    if exchange.status in {401, 403}:
        raise CannotJudgeError(_refused_key(target, exchange.status))


def _refused_key(target: Target, status: int) -> str:
    if header := target.access.key_header:
        return f"{target.url} refuses the key in the header {header} (HTTP {status})."
    if target.api_key:
        return f"{target.url} refuses the key in ${target.key_variable} (HTTP {status})."
    return f"{target.url} wants a key (HTTP {status}), and ${target.key_variable} is not set (--api-key-env)."


def _asked_rightly(
    target: Target, probe: Probe, models: Exchange, model: str
) -> tuple[Endpoint, Exchange | None]:
    """The endpoint in the profile in which it answers a plain request, with the answer; None where it has no chat."""
    endpoint = Endpoint(probe, Profile(model=model))
    for _ in _ADAPTATIONS:
        exchange = endpoint.plain()
        if exchange.status < 400:
            break
        _authorized(target, exchange)
        if exchange.status in NO_ROUTE:
            return _without_chat(probe, models, exchange, model), None
        text = exchange.received.text if exchange.received and exchange.status == 400 else ""
        profile = endpoint.profile
        endpoint = Endpoint(
            probe, next((adapt(profile) for word, adapt in _ADAPTATIONS if word in text), profile)
        )
        if endpoint.profile == profile:
            break
    refuse_pages(probe, models, endpoint.plain())
    _takes_a_plain_request(probe, endpoint.plain(), model)
    return endpoint, endpoint.plain()


def _without_chat(probe: Probe, models: Exchange, chat: Exchange, model: str) -> Endpoint:
    """An endpoint that has no chat for this model, and lists models or embeds: what needs no chat is judged.

    Raises:
        CannotJudgeError: it does neither, or has no such model.
    """
    names = listed(models)
    refuse_pages(probe, models, chat)
    refuse_misnamed(probe.base_url, chat, model, names)
    reason = without_chat(probe.base_url, chat, model)
    if not names and not _embeds(probe, model):
        raise CannotJudgeError(reason)
    endpoint = Endpoint(probe, Profile(model=model))
    probe.leave_out(endpoint.profile.chat_path, reason.removesuffix("."))
    return endpoint


def _embeds(probe: Probe, model: str) -> bool:
    exchange = probe.post("/embeddings", {"model": model, "input": "Hi"})
    return exchange.status == 200 and isinstance(exchange.object().get("data"), list)


def _takes_a_plain_request(probe: Probe, exchange: Exchange, model: str) -> None:
    """Where even this is refused, no case would say anything. (5xx is judged: the endpoint broke.)"""
    refuse_redirect(exchange, "/chat/completions")
    if exchange.failure and exchange.failure.kind is FailureKind.TIMEOUT:
        raise CannotJudgeError(
            f"{probe.base_url} does not answer a plain chat request to '{name(model)}': {exchange.describe()}."
            " Is the model still loading? (--timeout)"
        )
    if 400 <= exchange.status < 500:
        raise CannotJudgeError(
            f"{probe.base_url} refuses a plain chat request to '{name(model)}': {exchange.describe()}."
            f"{_advice(exchange)}"
        )


def _advice(exchange: Exchange) -> str:
    """What may be done about a refusal, by the word in it that tells."""
    text = exchange.received.text.lower() if exchange.received else ""
    if "header" in text:
        return " Give it with -H."
    # a template alone may be longer than the context
    return "" if "context" in text else " Is it a chat model? Choose with --model."


# OpenAI's reasoning models refuse the older limit and any temperature; the error names the member.
_ADAPTATIONS: tuple[tuple[str, Callable[[Profile], Profile]], ...] = (
    ("max_completion_tokens", lambda profile: replace(profile, limit_member="max_completion_tokens")),
    ("temperature", lambda profile: replace(profile, sampling=())),
)
