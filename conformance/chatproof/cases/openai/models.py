"""Cases about the model list and the choice of a model."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

from chatproof.cases.answer import body_findings, dicts_in
from chatproof.cases.endpoint import Endpoint
from chatproof.cases.refusal import refusal
from chatproof.cases.registry import case
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError
from chatproof.probe import Exchange, Json
from chatschema.judging import judge_models

__all__ = ["listed"]


def listed(exchange: Exchange) -> list[str]:
    """The ids that a model list names."""
    ids = (item.get("id") for item in dicts_in(exchange.object(), "data"))
    return [id_ for id_ in ids if isinstance(id_, str)]


@case(
    "models.list",
    Level.MUST,
    breaks="Clients that offer a choice of models show none, or stop at the first entry that they cannot read.",
    reference="openai-openapi ListModelsResponse, Model",
)
def model_list(endpoint: Endpoint) -> Iterator[Finding]:
    """GET /models gives a list of models (a missing route, `created` or `owned_by` is a should)."""
    exchange = endpoint.models()
    if exchange.status in {404, 405, 501}:
        breaks = "Clients that offer a choice of models show none."
        yield Finding.instead("a model list", exchange, level=Level.SHOULD, breaks=breaks)
        return
    for finding in body_findings(exchange, "a model list", judge_models):
        if finding.rule == "shape.missing" and finding.path.endswith((".created", ".owned_by")):
            breaks = "Code generated from the specification refuses the list; SDKs show it."
            yield replace(finding, level=Level.SHOULD, breaks=breaks)
        else:
            yield finding


@case(
    "models.serves",
    Level.SHOULD,
    breaks="Clients that check the list first refuse to use a model that is there.",
    reference="OpenAI lists every model that it serves to the key",
)
def serves(endpoint: Endpoint) -> Iterator[Finding]:
    """The model under test is listed."""
    exchange = endpoint.models()
    if exchange.status != 200:
        raise InconclusiveError(f"no model list: {exchange.describe()}", exchange)
    names = listed(exchange)
    if endpoint.profile.model not in names:
        seen = ", ".join(names[:10]) or "no model at all"
        yield Finding(expected=endpoint.profile.model, seen=seen, path="$.data[*].id", exchange=exchange)


@case(
    "models.retrieve",
    Level.SHOULD,
    breaks="Programs that look a model up by its id take it as missing.",
    reference="GET /models/{model}: openai-openapi retrieveModel; openai-python and openai-node escape the id",
)
def retrieve(endpoint: Endpoint) -> Iterator[Finding]:
    """GET /models/{id} gives that entry; a slash in the id is sent as %2F, as both SDKs do."""
    try:
        id_ = quote(endpoint.profile.model, safe="")
    except UnicodeEncodeError:  # models.list reports it
        raise InconclusiveError(
            "no URL can hold this id: half a character is in it", endpoint.models()
        ) from None
    exchange = endpoint.probe.get(f"/models/{id_}")
    seen: Json = exchange.object().get("id")
    if exchange.status != 200 or seen != endpoint.profile.model:
        expected = f'200 with {{"id": "{endpoint.profile.model}", "object": "model", …}}'
        other = exchange.status == 200 and seen is not None
        breaks = "Programs that look a model up by its id get another one's entry." if other else ""
        yield Finding.instead(expected, exchange, breaks=breaks)


@case(
    "models.unknown",
    Level.MUST,
    breaks="A misspelt model name is answered by another model, or breaks the client.",
    reference="OpenAI: 404 with code model_not_found",
)
def unknown(endpoint: Endpoint) -> Iterator[Finding]:
    """An unknown model gets 404 or 400 with an error object."""
    exchange = endpoint.post(endpoint.body(model="chatproof-no-such-model"))
    if exchange.status == 200:
        raise UnsupportedError("this endpoint serves any model name", exchange)
    yield from refusal(exchange, "model")
