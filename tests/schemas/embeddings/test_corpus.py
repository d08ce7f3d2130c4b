"""Recorded embeddings: what OpenAI sends and takes is valid.

`CHATPROOF_CORPUS` and `CHATPROOF_RECORDINGS` hold other people's data and are no part of the project.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from chatschema import Embeddings, Kind, check
from chatschema.embeddings import EmbeddingsRequest
from tests.schemas.test_properties import same
from tests.schemas.test_recordings import exchanges, recordings


def recorded() -> Iterator[dict[str, Any]]:
    for exchange in exchanges():
        if exchange["endpoint"] == "embeddings" and exchange["kind"] == "json":
            yield exchange


def test_recorded_embeddings_of_anyone_break_nothing_and_are_known() -> None:
    judged: Counter[str] = Counter()
    for exchange in recorded():
        judgement = check(exchange["body"])
        judged[exchange["provider"]] += 1
        assert (judgement.kind, judgement.violations) == ("embeddings", ()), exchange["id"]
    assert judged["api.openai.com"] > 50
    assert judged["api.mistral.ai"] > 1


def test_recorded_vectors_are_numbers_of_the_length_that_the_model_has() -> None:
    forms: Counter[str] = Counter()
    for exchange in recorded():
        value = json.loads(exchange["body"])
        parsed = Embeddings.model_validate(value)
        assert same(parsed.model_dump(mode="json", by_alias=True, exclude_unset=True), value)
        forms.update(type(one.embedding).__name__ for one in parsed.data)
        wanted = (exchange["request"] or {}).get("dimensions")
        for vector in parsed.vectors():
            assert len(vector) == wanted or len(vector) in (1024, 1536, 3072)
            # the vectors of these models are of length 1
            assert abs(sum(number * number for number in vector) - 1) < 1e-3
    assert forms["str"] > 70
    assert forms["list"] > 10


def test_recorded_requests_are_valid_and_come_back_as_they_were() -> None:
    empty = 0
    for exchange in recorded():
        judgement = check(exchange["request"], Kind.EMBEDDINGS_REQUEST)
        assert judgement.valid, (exchange["id"], judgement.violations)
        assert {item.rule for item in judgement.violations} <= {"embeddings.request.empty"}
        empty += bool(judgement.violations)
        parsed = EmbeddingsRequest.model_validate(exchange["request"])
        dumped = parsed.model_dump(mode="json", by_alias=True, exclude_unset=True)
        assert same(dumped, exchange["request"])
    assert empty == 1  # OpenAI answered an empty text with a vector


def test_embeddings_of_local_servers_break_nothing() -> None:
    judged = 0
    for recording in recordings():
        if "embeddings" in recording["request"]["path"] and recording["response"]["status"] == 200:
            judgement = check(recording["response"]["body"].encode())
            assert (judgement.kind, judgement.violations) == ("embeddings", ()), recording["case"]
            judged += 1
    assert judged > 5
