"""What stands in the way of a run, each in one plain sentence that says what was seen and what to do."""

from urllib.parse import urljoin, urlsplit

from chatproof.gate.escaping import name, without_query
from chatproof.probe import Exchange, FailureKind, Json, Probe
from chatproof.probe.exchange import excerpt

__all__ = ["CannotJudgeError", "refuse_redirect", "refuse_silence", "without_chat", "without_model"]

_NO_ROUTE = frozenset({0, 404, 405, 501})


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
        hint = " Is it https://?" if url.startswith("http:") else ""
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
    there = without_query(urljoin(exchange.sent.url, location))
    base = there.rstrip("/").removesuffix(path)
    advice = f"Use {excerpt(base)} as the URL." if base != there.rstrip("/") else "Is the URL right?"
    raise CannotJudgeError(
        f"{exchange.sent.url} points to {excerpt(there)} (HTTP {exchange.status}), which is not followed,"
        f" for the key would go with it. {advice}"
    )


def without_model(probe: Probe, models: Exchange) -> CannotJudgeError:
    """There is no model to ask, for the list names none, or is none; then the chat route tells what the URL is."""
    refuse_redirect(models, "/models")
    listing = f"{probe.base_url}/models"
    if models.status == 200 and isinstance(models.object().get("data"), list):
        return CannotJudgeError(f"{listing} lists no model ({models.describe()}). Name one with --model.")
    body: Json = {"model": "model", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 1}
    chat = probe.post("/chat/completions", body)
    if chat.status not in _NO_ROUTE and not _is_page(chat):
        return CannotJudgeError(
            f"{listing} lists no model ({models.describe()}), but there is a chat route. Name one with --model."
        )
    what = "a web page" if _is_page(models) and models.status == 200 else "no API"
    return CannotJudgeError(
        f"{probe.base_url} is {what}: at {listing} there is {models.describe()}. The URL is the base of an API,"
        " like http://localhost:8000/v1"
    )


def without_chat(url: str, exchange: Exchange, model: str, names: list[str]) -> CannotJudgeError:
    """404 or 405 for a plain chat request: no such model, or no chat. Its body says which, and is quoted."""
    text = exchange.received.text if exchange.received else ""
    seen = exchange.describe()
    if model not in names and (model in text or "model" in text.lower()):
        known = f" It lists {', '.join(map(name, names[:8]))}." if names else ""
        return CannotJudgeError(
            f"{url} does not serve the model {name(model)!r}.{known} Choose with --model. It says: {seen}"
        )
    if model in text:
        return CannotJudgeError(
            f"{url} lists the model {name(model)!r}, but does not chat with it: {seen}."
            " Choose a chat model with --model."
        )
    lacks = "" if urlsplit(url).path.endswith("/v1") else " Does the base URL end in /v1?"
    return CannotJudgeError(f"There is no chat route at {url}/chat/completions: {seen}.{lacks}")


def _is_page(exchange: Exchange) -> bool:
    return exchange.received is not None and exchange.received.media_type == "text/html"
