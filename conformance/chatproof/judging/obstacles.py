"""What stands in the way of a run, each in one plain sentence that says what was seen and what to do."""

from urllib.parse import urljoin, urlsplit

from chatproof.gate.escaping import name, without_query
from chatproof.probe import Exchange, FailureKind, Json, Probe
from chatproof.probe.exchange import excerpt

__all__ = [
    "NO_ROUTE",
    "CannotJudgeError",
    "refuse_misnamed",
    "refuse_pages",
    "refuse_redirect",
    "refuse_silence",
    "without_chat",
    "without_model",
]

_AS_TLS = ("closed without an answer", "reset by peer", "is no HTTP")
"""What a port that speaks TLS does with a request in plain text."""

NO_ROUTE = frozenset({404, 405, 501})
"""What servers say where there is no such route: llama.cpp has the chat route and 501 where its model only embeds."""


class CannotJudgeError(Exception):
    """The run cannot be made; the text says why and what to do."""


def refuse_silence(url: str, exchange: Exchange) -> None:
    """Say why not even the head of an answer came.

    Raises:
        CannotJudgeError: none came.
    """
    failure = exchange.failure
    if exchange.received is not None or failure is None:
        return
    why = failure.text
    if failure.kind is FailureKind.TIMEOUT:
        if why.startswith("no whole answer"):
            patience = why.removeprefix("no whole answer in ")
            raise CannotJudgeError(
                f"{url} does not answer within {patience}. Is the server still loading? (--timeout)"
            )
        raise CannotJudgeError(f"{url}: {why}. Nothing was judged.".replace("?.", "?"))
    if "not trusted" in why:
        raise CannotJudgeError(
            f"{url} answers, but {why}. --cacert FILE (or SSL_CERT_FILE) names"
            " certificates to trust, --insecure checks none. Nothing was judged."
        )
    if "does not speak TLS" in why:
        raise CannotJudgeError(f"{url} cannot be asked: {why}. Nothing was judged.")
    if failure.kind is FailureKind.BROKEN:
        hint = " Is it https://?" if url.startswith("http:") and why.endswith(_AS_TLS) else ""
        raise CannotJudgeError(f"At {url} somebody listens, but {why}.{hint} Nothing was judged.")
    raise CannotJudgeError(f"Nobody answers at {url} ({why}). Is the server up? (--wait) Nothing was judged.")


def refuse_redirect(exchange: Exchange, path: str) -> None:
    """Say where a redirect points: following it could carry the key to another host.

    Raises:
        CannotJudgeError: the answer is a redirect.
    """
    location = exchange.received.header("location") if exchange.received else ""
    if not 300 <= exchange.status < 400 or not location:
        return
    try:
        there = without_query(urljoin(exchange.sent.url, location))
    except ValueError:
        raise CannotJudgeError(
            f"{exchange.sent.url} points to what is no URL: {excerpt(without_query(location))} (HTTP"
            f" {exchange.status}). Is the URL right?"
        ) from None
    base = there.rstrip("/").removesuffix(path)
    advice = f"Use {excerpt(base)} as the URL." if base != there.rstrip("/") else "Is the URL right?"
    raise CannotJudgeError(
        f"{exchange.sent.url} points to {excerpt(there)} (HTTP {exchange.status}), which is not followed,"
        f" for the key would go with it. {advice}"
    )


def refuse_pages(probe: Probe, models: Exchange, chat: Exchange) -> None:
    """Say that what answers is no API, whatever its status: some web servers have a page for every address.

    Raises:
        CannotJudgeError: both answers are web pages.
    """
    if _is_page(models) and _is_page(chat):
        raise _no_api(probe.base_url, models)


def without_model(probe: Probe, models: Exchange) -> CannotJudgeError:
    """There is no model to ask, for the list names none, or is none; then the chat route tells what the URL is."""
    refuse_redirect(models, "/models")
    url = probe.base_url
    if models.status == 200 and isinstance(models.object().get("data"), list):
        return CannotJudgeError(f"{url}/models lists no model ({models.describe()}). Name one with --model.")
    body: Json = {"model": "model", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 1}
    chat = probe.post("/chat/completions", body)
    if _is_page(chat) or chat.failure or chat.status in NO_ROUTE:
        return _no_api(url, models)
    if models.status >= 400 and models.status not in NO_ROUTE and chat.status >= 400:
        advice = "Is what it stands before up?" if min(models.status, chat.status) >= 500 else _ADVICE
        return CannotJudgeError(
            f"{url} refuses to list its models ({models.describe()}), and a chat request too"
            f" ({chat.describe()}). {advice}"
        )
    return CannotJudgeError(
        f"{url}/models is no list of models ({models.describe()}), but there is a chat route."
        " Name a model with --model."
    )


_ADVICE = "Does it want a header (-H), or a model by its name (--model)?"


def _no_api(url: str, models: Exchange) -> CannotJudgeError:
    what = "a web page" if _is_page(models) and models.status == 200 else "no API"
    return CannotJudgeError(
        f"{url} is {what}: at {url}/models there is {models.describe()}. The URL is the base of an API,"
        " like http://localhost:8000/v1"
    )


def refuse_misnamed(url: str, exchange: Exchange, model: str, names: list[str]) -> None:
    """Say that the model is not there, where a refusal without a chat route's status is about the model.

    Raises:
        CannotJudgeError: it is not listed, and the answer speaks of it.
    """
    text = exchange.received.text if exchange.received else ""
    if model not in names and (model in text or "model" in text.lower()):
        known = f" It lists {', '.join(map(name, names[:8]))}." if names else ""
        raise CannotJudgeError(
            f"{url} does not serve the model '{name(model)}'.{known} Choose with --model. It says:"
            f" {exchange.describe()}"
        )


def without_chat(url: str, exchange: Exchange, model: str) -> str:
    """404, 405 or 501 for a plain chat request to a model that is there. Its body says why, and is quoted."""
    text = exchange.received.text if exchange.received else ""
    seen = exchange.describe()
    if model in text:
        return (
            f"{url} does not chat with the model '{name(model)}': {seen}. Choose a chat model with --model."
        )
    lacks = "" if urlsplit(url).path.endswith("/v1") else " Does the base URL end in /v1?"
    return f"There is no chat route at {url}/chat/completions: {seen}.{lacks}"


def _is_page(exchange: Exchange) -> bool:
    return exchange.received is not None and exchange.received.media_type == "text/html"
