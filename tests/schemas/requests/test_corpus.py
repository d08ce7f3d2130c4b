"""Recorded requests that OpenAI answered with 200 are valid.

`CHATPROOF_CORPUS` holds other people's data and is no part of the project.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from chatschema import ChatRequest, JsonObject, Judgement, Kind, check
from chatschema.completions import CompletionRequest
from tests.schemas.test_properties import same
from tests.schemas.test_recordings import exchanges

FORMS: dict[str, tuple[Kind, type[BaseModel]]] = {
    "chat": (Kind.CHAT_REQUEST, ChatRequest),
    "completions": (Kind.TEXT_REQUEST, CompletionRequest),
}

#: Requests that OpenAI took and that break a must, each looked at by hand.
EXCEPTIONS = {
    # in 2023 gpt-4-vision-preview took an image as its address alone; the model is gone
    "DataDog+dd-trace-py/116": {("shape.type", "$.messages[0].content[1].image_url")},
}


def taken() -> Iterator[tuple[dict[str, Any], JsonObject, Kind]]:
    """Requests for chats and completions that OpenAI or Azure answered."""
    for exchange in exchanges():
        provider = exchange["provider"]
        real = provider.startswith("api.openai.com") or provider.endswith(".azure.com")
        if not real or exchange["origin"] != "cassette" or exchange["status"] != 200:
            continue
        if exchange["endpoint"] in FORMS and isinstance(exchange["request"], dict):
            yield exchange, exchange["request"], FORMS[exchange["endpoint"]][0]


def musts(judgement: Judgement) -> set[tuple[str, str]]:
    """The musts that are broken, and where."""
    return {(item.rule, item.path) for item in judgement.violations if item.level == "must"}


def is_a_deployment(exchange: dict[str, Any]) -> bool:
    """Azure's route says the model in its path, and the body need not."""
    return "/openai/deployments/" in exchange["url_path"]


def test_recorded_requests_are_valid_but_for_the_named_exceptions() -> None:
    broken: dict[str, set[tuple[str, str]]] = {}
    judged: Counter[Kind] = Counter()
    nameless = 0
    for exchange, request, kind in taken():
        judged[kind] += 1
        found = musts(check(request, kind))
        if is_a_deployment(exchange) and request.get("model") is None:
            found -= {("shape.missing", "$.model"), ("shape.type", "$.model")}
            nameless += 1
        if found:
            broken[exchange["id"]] = found
    assert broken == EXCEPTIONS
    assert judged[Kind.CHAT_REQUEST] > 1900
    assert judged[Kind.TEXT_REQUEST] > 70
    assert 0 < nameless < 40


def test_recorded_requests_have_no_member_that_openai_does_not_know() -> None:
    for exchange, request, kind in taken():
        shoulds = [item for item in check(request, kind).violations if item.level == "should"]
        assert shoulds == [], exchange["id"]


def test_recorded_requests_are_known_and_come_back_from_the_models_as_they_were() -> None:
    for exchange, request, kind in taken():
        is_nameless = is_a_deployment(exchange) and request.get("model") is None
        assert check(request).kind == (None if is_nameless else kind), exchange["id"]
        if exchange["id"] in EXCEPTIONS or is_a_deployment(exchange):
            continue
        parsed = FORMS[exchange["endpoint"]][1].model_validate(request)
        assert same(parsed.model_dump(mode="json", by_alias=True, exclude_unset=True), request)


def test_recorded_requests_to_others_are_judged_and_most_are_valid() -> None:
    judged: Counter[bool] = Counter()
    for exchange in exchanges():
        if exchange["endpoint"] in FORMS and isinstance(exchange["request"], dict):
            judged[check(exchange["request"], FORMS[exchange["endpoint"]][0]).valid] += 1
    assert judged[True] > 20 * judged[False] > 0
