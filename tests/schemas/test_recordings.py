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

from chatschema import Kind, check

KINDS = {"json": Kind.COMPLETION, "sse": Kind.STREAM, "error": Kind.ERROR}

#: Recordings of api.openai.com that break a must, each looked at by hand.
EXCEPTIONS = {
    # gpt-4-vision-preview in 2023 sent `finish_details` in place of `finish_reason`; the model is gone
    "DataDog+dd-trace-py/116": {"shape.missing"},
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


def test_recorded_openai_chat_is_valid_but_for_the_named_exceptions() -> None:
    broken: dict[str, set[str]] = {}
    judged = 0
    for exchange in exchanges():
        real = exchange["origin"] == "cassette" and exchange["provider"] == "api.openai.com"
        if not real or exchange["endpoint"] != "chat":
            continue
        judged += 1
        judgement = check(exchange["body"], KINDS[exchange["kind"]])
        if not judgement.valid:
            broken[exchange["id"]] = {item.rule for item in judgement.violations if item.level == "must"}
    assert broken == EXCEPTIONS
    assert judged > 1000


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
