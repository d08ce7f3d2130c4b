"""How an endpoint wants to be asked, found out by a plain request; and what stands in the way of one."""

from collections.abc import Callable
from dataclasses import replace

from chatproof.cases import Endpoint, Profile
from chatproof.cases.openai.models import listed
from chatproof.gate.escaping import name
from chatproof.judging.obstacles import (
    NO_ROUTE,
    CannotJudgeError,
    refuse_misnamed,
    refuse_pages,
    refuse_redirect,
    without_chat,
)
from chatproof.probe import Exchange, FailureKind, Probe

__all__ = ["asked_rightly"]


def asked_rightly(
    probe: Probe, models: Exchange, model: str, authorize: Callable[[Exchange], None]
) -> tuple[Endpoint, Exchange | None]:
    """The endpoint in the profile in which it answers a plain request, with the answer; None where it has no chat.

    `authorize` raises `CannotJudgeError` where the key is refused.
    """
    endpoint = Endpoint(probe, Profile(model=model))
    for _ in _ADAPTATIONS:
        exchange = endpoint.plain()
        if exchange.status < 400:
            break
        authorize(exchange)
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
