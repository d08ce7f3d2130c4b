"""Recorded responses: what OpenAI and Azure send is valid, and whatever anyone sends is judged.

`CHATPROOF_CORPUS` and `CHATPROOF_RECORDINGS` hold other people's data and are no part of the project.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from chatschema import JsonValue, Judgement, Kind, Level, Response, check
from chatschema.responses import ResponseRequest
from tests.schemas.test_properties import same
from tests.schemas.test_recordings import exchanges, recordings

KINDS = {"json": Kind.RESPONSE, "sse": Kind.RESPONSE_STREAM, "error": Kind.ERROR}

#: Recordings of OpenAI's and Azure's that break a must, each looked at by hand.
EXCEPTIONS = {
    # written by hand, as their ids say (`resp_1234`): the status is `complete`, and `tool_calls` stands beside it
    "pydantic+pydantic-ai/5": {"shape.value"},
    "pydantic+pydantic-ai/264": {"shape.value"},
    "pydantic+pydantic-ai/324": {"shape.value"},
    "pydantic+pydantic-ai/685": {"shape.value"},
    # OpenAI fetched the tools of three MCP servers at a time, and closed one of the three items
    "pydantic+pydantic-ai/720": {"responses.sse.events"},
}
#: Other recordings that break a must: made up, or shortened by hand, for the tests of a client.
MADE_UP = {
    "vercel+ai/14",  # the text at the end is longer than its pieces
    "vercel+ai/27",  # a call_id was replaced in one place
    "vercel+ai/54",  # four responses in one file
    "vercel+ai/59",  # every id was replaced by another
    "vercel+ai/70",  # events were taken out
    "vercel+ai/122",  # two responses in one file
    "vercel+ai/129",  # no sequence numbers, and no whole of a custom tool's input
    "vercel+ai/137",  # four responses in one file
}


def responses() -> Iterator[dict[str, Any]]:
    """All exchanges with a Responses API, but for compactions and token counts."""
    for exchange in exchanges():
        if exchange["endpoint"] != "responses":
            continue
        if exchange["kind"] == "json" and json.loads(exchange["body"]).get("object") != "response":
            continue
        yield exchange


def is_openai(exchange: dict[str, Any]) -> bool:
    """Recorded from OpenAI or Azure."""
    provider: str = exchange["provider"]
    openai = provider.startswith("api.openai.com") or provider.endswith(".azure.com")
    return openai and exchange["origin"] == "cassette"


def musts(judgement: Judgement) -> set[str]:
    """The rules of the musts that are broken."""
    return {violation.rule for violation in judgement.violations if violation.level is Level.MUST}


def test_recorded_openai_responses_are_valid_but_for_the_named_exceptions() -> None:
    broken: dict[str, set[str]] = {}
    judged: Counter[str] = Counter()
    for exchange in filter(is_openai, responses()):
        judgement = check(exchange["body"], KINDS[exchange["kind"]])
        judged[exchange["kind"]] += 1
        if not judgement.valid:
            broken[exchange["id"]] = musts(judgement)
    assert broken == {name: rules for name, rules in EXCEPTIONS.items() if name in broken}
    assert judged["json"] > 600
    assert judged["sse"] > 300


def test_recorded_responses_of_all_others_are_valid_but_for_those_that_were_made_up() -> None:
    broken: set[str] = set()
    judged = 0
    for exchange in responses():
        if exchange["kind"] != "error" and not is_openai(exchange):
            judged += 1
            if not check(exchange["body"], KINDS[exchange["kind"]]).valid:
                broken.add(exchange["id"])
    assert broken <= MADE_UP
    assert judged > 100


def test_recorded_responses_are_known_for_what_they_are() -> None:
    for exchange in responses():
        if exchange["kind"] != "error":
            assert check(exchange["body"]).kind == KINDS[exchange["kind"]]


def test_recorded_requests_that_openai_answered_are_valid() -> None:
    broken: set[str] = set()
    judged = 0
    for exchange in responses():
        request = exchange["request"]
        if isinstance(request, dict) and exchange["kind"] != "error":
            judged += 1
            if not check(request, Kind.RESPONSE_REQUEST).valid:
                broken.add(exchange["id"])
    assert broken == set()
    assert judged > 900


def test_recorded_responses_and_requests_come_back_from_the_models_as_they_were() -> None:
    for exchange in responses():
        if exchange["kind"] == "json":
            value = json.loads(exchange["body"])
            if value.get("status") != "complete":
                assert same(dumped(Response.model_validate(value)), value)
        request = exchange["request"]
        if isinstance(request, dict) and exchange["kind"] != "error":
            assert same(dumped(ResponseRequest.model_validate(request)), request)


def test_end_of_a_recorded_stream_is_its_response() -> None:
    for exchange in filter(is_openai, responses()):
        if exchange["kind"] == "sse":
            answer = check(exchange["body"], Kind.RESPONSE_STREAM).value
            assert isinstance(answer, Response)
            assert answer.status in ("completed", "incomplete")


def test_local_servers_break_what_they_are_known_to_break() -> None:
    broken: dict[str, set[str]] = {}
    judged: Counter[str] = Counter()
    for recording in recordings():
        body = recording["response"].get("body") or ""
        if "/responses" in recording["request"]["path"] and recording["response"]["status"] == 200:
            judged[recording["server"]] += 1
            broken.setdefault(recording["server"], set()).update(musts(check(body.encode())))
    assert broken["vllm"] == set()
    # no output_index, no content_index, and response.created without a model, a time and an output
    assert broken["llamacpp"] == {"responses.sse.shape", "responses.sse.events"}
    # a call and a message at the same output_index, the first of them 1
    assert broken["transformers"] == {"responses.sse.events"}
    assert judged.total() > 30


def dumped(model: BaseModel) -> JsonValue:
    found: JsonValue = model.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return found
