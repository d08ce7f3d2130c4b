"""Why there is no reply, in one sentence that says what to do about it."""

import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from chatproof.chat.address import Address, models_of
from chatproof.clients import AnswerError, NoReplyError, RefusedError, SilentError, UnreachedError
from chatproof.gate.escaping import name, without_query
from chatproof.probe.exchange import Exchange, FailureKind

__all__ = ["advice", "without_model"]

_SAID = 300
"""Characters of an endpoint's own words."""

_LISTED = 8
"""Models that are named."""

_MESSAGE = re.compile(r'"(?:message|detail|error)"\s*:\s*"((?:[^"\\]|\\.){1,1000})')

_TOO_LONG = re.compile(
    r"context.{0,20}(?:length|window|size)|too (?:long|many tokens)|maximum.{0,20}tokens", re.IGNORECASE
)

_NO_ROUTE = frozenset({404, 405, 501})

_CUT = ("got no finish_reason", "was closed", "was reset", "reset by peer")
"""What is said of an answer that broke off."""

_LONG_WAIT = 7200
"""Seconds, beyond which a time of day says more."""


def advice(error: AnswerError, address: Address) -> str:
    """The sentence for a failed round. To name what there is, the endpoint may be asked for its models."""
    return address.gate.line(_sentence(error, address))


def without_model(address: Address, listing: Exchange) -> str:
    """The sentence where no model was named, and none is listed."""
    return address.gate.line(_unlisted(address, listing))


def _unlisted(address: Address, listing: Exchange) -> str:
    url, failure = address.url, listing.failure
    if listing.received is None and failure is not None:
        if failure.kind is FailureKind.UNREACHABLE:
            return _unreached(url, failure.text)
        return f"{url} does not answer: {failure.text}."
    refused = _refused_by(listing)
    if refused.status in {401, 403} or 300 <= refused.status < 400 or refused.status in {429, 502, 503, 504}:
        return _refusal(refused, address, "")
    if listing.status == 200 and isinstance(listing.object().get("data"), list):
        return f"{url} lists no model. Name one with --model."
    if better := _better_url(address):
        return f"{url} is no API, but {better} is one: did you mean that?"
    if _is_page(refused):
        return _page(url, refused)
    return (
        f"{url} has no list of models (HTTP {listing.status}). Name one with --model, if the URL is right: it is the"
        " base of an API, like http://localhost:8000/v1"
    )


def _sentence(error: AnswerError, address: Address, model: str = "") -> str:
    if isinstance(error, NoReplyError):
        told = {name(model): _sentence(one, address, model) for model, one in error.failures}
        return next(iter(told.values())) if len({*told.values()}) == 1 else _each(told.items())
    if isinstance(error, RefusedError):
        return _refusal(error, address, model)
    if isinstance(error, UnreachedError):
        return _unreached(address.url, _plain(str(error)))
    if isinstance(error, SilentError):
        return f"{address.url} does not answer in time: {_plain(str(error))}. (--timeout SECONDS)"
    text = _shortened(str(error))
    if any(sign in text for sign in _CUT):
        return f"The reply of {address.url} broke off: {_plain(text)}. Try again, or with --no-stream."
    if "the stream has no chunks" in text:
        return f"{address.url} sent no stream: --no-stream asks for the reply in one piece."
    return f"{address.url} gave no reply: {text}"


def _each(told: Iterable[tuple[str, str]]) -> str:
    return "No model replied. " + " ".join(f"{model}: {sentence}" for model, sentence in told)


def _refusal(error: RefusedError, address: Address, model: str) -> str:
    """By the first row that fits."""
    url, said, status = address.url, _words(error.said), f"HTTP {error.status}"
    retry = _retry(error.headers.get("retry-after", ""))
    about_model = bool(model) and (model in error.said or "model" in error.said.lower())
    rows: tuple[tuple[bool, Callable[[], str]], ...] = (
        (error.status in {401, 403}, lambda: _key(address, error.status, said)),
        (300 <= error.status < 400, lambda: _redirect(address, error)),
        (
            error.status == 429,
            lambda: f"{url} takes no more requests now ({status}): {said} {retry or 'Try again later.'}",
        ),
        (
            error.status in {400, 413, 422} and bool(_TOO_LONG.search(error.said)),
            lambda: f"The conversation is too long for the model: {said} --history-limit N sends less of it.",
        ),
        (error.status in _NO_ROUTE or about_model, lambda: _missing(address, error, model, said)),
        (_is_page(error), lambda: _page(url, error)),
        (
            error.status in {502, 503, 504},
            lambda: f"{url} is not ready ({status}): {said} {retry or 'Is the server still loading?'}",
        ),
        (error.status >= 500, lambda: f"{url} failed ({status}): {said} {retry}"),
    )
    told = next(
        (sentence for holds, sentence in rows if holds), lambda: f"{url} refuses ({status}): {said} {retry}"
    )
    return told().strip()


def _key(address: Address, status: int, said: str) -> str:
    url, seen = address.url, f"(HTTP {status}: {said})"
    if header := address.access.key_header:
        return f"{url} refuses the key in the header {header} {seen}"
    if address.key:
        return f"{url} refuses the key in ${address.key_variable} {seen}"
    return f"{url} wants a key {seen}: put it into ${address.key_variable}, or name its variable with --api-key-env"


def _redirect(address: Address, error: RefusedError) -> str:
    try:
        there = without_query(urljoin(f"{address.url}/chat/completions", error.headers.get("location", "")))
    except ValueError:
        there = "what is no URL"
    base = there.rstrip("/").removesuffix("/chat/completions").removesuffix("/models")
    return (
        f"{address.url} points to {name(there)} (HTTP {error.status}), which is not followed, for the key would go"
        f" with it. If you trust it, use {name(base)} as the URL."
    )


def _missing(address: Address, error: RefusedError, model: str, said: str) -> str:
    """No such route, or no such model."""
    names = models_of(address.listing())
    if names and model and model not in names:
        more = ", …" if len(names) > _LISTED else ""
        return (
            f"{address.url} has no model {name(model)}; it has {', '.join(map(name, names[:_LISTED]))}{more}. Choose"
            " with --model (/model)."
        )
    if not names and (better := _better_url(address)):
        return f"There is no chat at {address.url} (HTTP {error.status}): did you mean {better} ?"
    if _is_page(error):
        return _page(address.url, error)
    return f"{address.url} does not chat with {name(model)} (HTTP {error.status}): {said}"


def _better_url(address: Address) -> str:
    """The URL below which there is a list of models, or a door before one; empty where that is not known."""
    if address.url.endswith("/v1"):
        return ""
    below = f"{address.url}/v1"
    listing = address.listing(below)
    return below if models_of(listing) or listing.status in {401, 403} else ""


def _unreached(url: str, why: str) -> str:
    if "not trusted" in why or "CERTIFICATE" in why.upper():
        return f"{url} shows a certificate that is not trusted: --cacert FILE names those to trust. ({why})"
    return f"Nobody answers at {url} ({why}). Is the server up, and the URL right?"


def _page(url: str, error: RefusedError) -> str:
    return f"{url} is a web page and no API (HTTP {error.status}). The URL is like http://localhost:8000/v1"


def _refused_by(listing: Exchange) -> RefusedError:
    received = listing.received
    if received is None:
        return RefusedError(0, "")
    headers = {one: received.header(one) for one in ("content-type", "location", "retry-after")}
    return RefusedError(received.status, received.text[:1000], headers)


def _is_page(error: RefusedError) -> bool:
    return error.headers.get("content-type", "").lower().startswith("text/html")


def _words(body: str) -> str:
    """What an error's body says, as a sentence."""
    found = _MESSAGE.search(body)
    text = body if found is None else _unescaped(found[1])
    words = _shortened(" ".join(text.split())) or "it does not say why"
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text


def _shortened(text: str) -> str:
    return text if len(text) <= _SAID else f"{text[:_SAID]}…"


def _plain(text: str) -> str:
    """Without the name of an exception, and an errno's clutter."""
    text = re.sub(r"^\w+(?:Error|Timeout|Exception): ", "", text)
    return re.sub(r"^\[(?:Errno -?\d+|[\w: ]+)\] ", "", text).rstrip(".") or "it took too long"


def _retry(after: str) -> str:
    """What the header says, as a sentence; empty where it says nothing."""
    now = datetime.now(UTC)
    try:
        then = now + timedelta(seconds=int(after)) if after.isdecimal() else parsedate_to_datetime(after)
        seconds = (then - now).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return ""
    if seconds > _LONG_WAIT:
        return f"Try again at {then:%Y-%m-%d %H:%M} UTC."
    return f"Try again in {max(1, round(seconds))} s."
