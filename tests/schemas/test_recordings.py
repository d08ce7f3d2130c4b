"""Real exchanges: what OpenAI sends is valid, and whatever anyone sends is judged without a traceback.

`CHATPROOF_CORPUS` is a gzipped file and `CHATPROOF_RECORDINGS` a folder of files with one JSON object a line; both
hold other people's data and are no part of the project.
"""

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chatschema import ChatCompletion, Kind, check
from tests.schemas.test_properties import same

KINDS = {"json": Kind.COMPLETION, "sse": Kind.STREAM, "error": Kind.ERROR}

#: Recordings of api.openai.com that break a must, each looked at by hand.
EXCEPTIONS = {
    # gpt-4-vision-preview in 2023 sent `finish_details` in place of `finish_reason`; the model is gone
    "DataDog+dd-trace-py/116": {"shape.missing"},
}


#: And of Azure.
AZURE = {
    # the first chunk of a stream that was filtered has a choice without a delta
    "DataDog+dd-trace-py/121": {"chat.sse.shape"},
    # an answer that was filtered has a choice without a message
    "traceloop+openllmetry/512": {"shape.missing"},
    # grok-4 on Azure: the time changes within the stream
    "crmne+ruby_llm/59": {"chat.sse.same-head"},
    "crmne+ruby_llm/291": {"chat.sse.same-head"},
}


def exchanges() -> Iterator[dict[str, Any]]:
    place = os.environ.get("CHATPROOF_CORPUS")
    if not place:
        pytest.skip("CHATPROOF_CORPUS names no corpus of recorded exchanges")
    with gzip.open(place, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def recordings() -> Iterator[dict[str, Any]]:
    place = os.environ.get("CHATPROOF_RECORDINGS")
    if not place:
        pytest.skip("CHATPROOF_RECORDINGS names no folder of recorded servers")
    for path in sorted(Path(place).glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)


def chats(*, host: str) -> Iterator[dict[str, Any]]:
    """Chats that were recorded from a host whose name has this in it."""
    for exchange in exchanges():
        if (
            exchange["origin"] == "cassette"
            and exchange["endpoint"] == "chat"
            and host in exchange["provider"]
        ):
            yield exchange


def broken(recorded: Iterator[dict[str, Any]]) -> tuple[dict[str, set[str]], int]:
    """The rules of the musts that each exchange breaks, by its id; and how many were judged."""
    found: dict[str, set[str]] = {}
    judged = 0
    for exchange in recorded:
        judged += 1
        judgement = check(exchange["body"], KINDS[exchange["kind"]])
        if not judgement.valid:
            found[exchange["id"]] = {item.rule for item in judgement.violations if item.level == "must"}
    return found, judged


def test_recorded_openai_chat_is_valid_but_for_the_named_exceptions() -> None:
    found, judged = broken(chats(host="api.openai.com"))
    assert found == EXCEPTIONS
    assert judged > 1800


def test_recorded_azure_chat_is_valid_but_for_the_named_exceptions() -> None:
    found, judged = broken(chats(host=".azure.com"))
    assert found == AZURE
    assert judged > 150


def test_recorded_openai_chat_comes_back_from_the_models_as_it_was() -> None:
    for exchange in chats(host="api.openai.com"):
        if exchange["kind"] == "json" and exchange["id"] not in EXCEPTIONS:
            value = json.loads(exchange["body"])
            parsed = ChatCompletion.model_validate(value)
            assert same(parsed.model_dump(mode="json", by_alias=True, exclude_unset=True), value)


def test_recorded_exchange_of_anyone_is_judged_without_a_traceback() -> None:
    judged = 0
    for exchange in exchanges():
        check(exchange["body"].encode())
        judged += 1
    assert judged


def test_recorded_server_is_judged_without_a_traceback_and_its_chat_is_known() -> None:
    judged = 0
    for recording in recordings():
        body = recording["response"].get("body") or ""
        judgement = check(body.encode())
        judged += 1
        if recording["response"]["status"] == 200 and '"object":"chat.completion"' in body:
            assert judgement.kind == "chat.completion"
            assert judgement.valid, (recording["server"], recording["case"], judgement.violations)
    assert judged
