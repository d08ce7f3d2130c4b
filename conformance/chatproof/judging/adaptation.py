"""How an endpoint wants to be asked, found out by a plain request; and what stands in the way of one."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace

from chatproof.cases import Endpoint, Profile
from chatproof.cases.openai.completions import COMPLETIONS, plain_body
from chatproof.cases.openai.embeddings import EMBEDDINGS, embeddings_body
from chatproof.cases.openai.models import listed
from chatproof.cases.response_answer import RESPONSES, response_body
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

__all__ = ["asked_as_responses", "asked_rightly"]


Authorize = Callable[[Exchange], None]


def asked_rightly(
    probe: Probe, models: Exchange, model: str, authorize: Authorize, profiles: Collection[str]
) -> tuple[Endpoint, Exchange]:
    """The endpoint in the profile in which it answers a plain request, with the answer: of chat, or of another route.

    `authorize` raises `CannotJudgeError` where the key is refused.
    """
    endpoint = Endpoint(probe, Profile(model=model))
    for _ in _ADAPTATIONS:
        exchange = endpoint.plain()
        if exchange.status < 400:
            break
        authorize(exchange)
        if exchange.status in NO_ROUTE or _says_no_chat(exchange):
            return _without_chat(probe, models, exchange, model, profiles)
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


_NO_CHAT = re.compile(
    r"(not|n't) support\w* \W?chat|not a chat model|chat\w* (is|are) not supported", re.IGNORECASE
)
"""Ollama: 400 with `"all-minilm" does not support chat`."""


def _says_no_chat(exchange: Exchange) -> bool:
    text = exchange.received.text if exchange.received and 400 <= exchange.status < 500 else ""
    return _NO_CHAT.search(text) is not None


def _without_chat(
    probe: Probe, models: Exchange, chat: Exchange, model: str, profiles: Collection[str]
) -> tuple[Endpoint, Exchange]:
    """An endpoint that has no chat for this model, and another route that answers: it is judged on what it has.

    Raises:
        CannotJudgeError: it has none, or no such model.
    """
    refuse_pages(probe, models, chat)
    refuse_misnamed(probe.base_url, chat, model, listed(models))
    reason = without_chat(probe.base_url, chat, model)
    endpoint = Endpoint(probe, Profile(model=model))
    others = [(COMPLETIONS, plain_body(endpoint)), (EMBEDDINGS, embeddings_body(endpoint))]
    if "responses" in profiles:
        others.append((RESPONSES, response_body(endpoint)))
    for path, body in others:
        exchange = endpoint.shared(body, path)  # which the cases of that route look at, too
        if exchange.status == 200 and exchange.object():
            endpoint.lacks_chat = chat.describe()
            probe.leave_out(endpoint.profile.chat_path, reason.removesuffix("."), chat)
            return endpoint, exchange
    raise CannotJudgeError(reason)


def asked_as_responses(
    probe: Probe, models: Exchange, model: str, authorize: Authorize, _: Collection[str]
) -> tuple[Endpoint, Exchange]:
    """The endpoint that answers a plain request of Open Responses, with the answer: of it nothing else is asked.

    Raises:
        CannotJudgeError: it does not.
    """
    endpoint = Endpoint(probe, Profile(model=model))
    exchange = endpoint.shared(response_body(endpoint), RESPONSES)
    authorize(exchange)
    refuse_pages(probe, models, exchange)
    refuse_redirect(exchange, RESPONSES)
    if exchange.status in NO_ROUTE:
        refuse_misnamed(probe.base_url, exchange, model, listed(models))
        raise CannotJudgeError(f"There is no {RESPONSES} at {probe.base_url}: {exchange.describe()}.")
    if 400 <= exchange.status < 500 or exchange.failure:
        raise CannotJudgeError(
            f"{probe.base_url} refuses a plain request of Open Responses to '{name(model)}': {exchange.describe()}."
        )
    return endpoint, exchange


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
