"""Schema and models have one verdict on what was recorded, as it is and with a part of it changed.

`CHATPROOF_CORPUS` is a gzipped file with one exchange as a JSON object a line; it holds other people's data and is no
part of the project.
"""

import gzip
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import pytest

from chatschema import JsonValue, Kind, SseDecoder
from chatschema.core.json_text import NotJsonError, load
from chatschema.judging.catalogue import CONTRACTS
from chatschema.judging.detect import kind_of
from tests.schemas.json_schema.changing import changes
from tests.schemas.json_schema.pair import committed

REQUESTS = {
    "chat": Kind.CHAT_REQUEST,
    "completions": Kind.TEXT_REQUEST,
    "embeddings": Kind.EMBEDDINGS_REQUEST,
    "responses": Kind.RESPONSE_REQUEST,
}
#: Each so-manyth exchange, so many events of a stream, each so-manyth change: what jsonschema can do in some seconds.
EVERY, EVENTS, STEP = 48, 4, 997


def exchanges() -> Iterator[Mapping[str, Any]]:
    place = os.environ.get("CHATPROOF_CORPUS")
    if not place:
        pytest.skip("CHATPROOF_CORPUS names no corpus of recorded exchanges")
    with gzip.open(place, "rt", encoding="utf-8") as lines:
        for line in islice(lines, None, None, EVERY):
            yield json.loads(line)


def texts(exchange: Mapping[str, Any]) -> Iterator[str]:
    """The JSON texts of an answer."""
    if exchange["kind"] != "sse":
        yield exchange["body"]
        return
    decoder = SseDecoder()
    events = [*decoder.feed(exchange["body"].encode()), *decoder.close()]
    yield from (event.data for event in islice(events, EVENTS))


def values(exchange: Mapping[str, Any]) -> Iterator[tuple[Kind, JsonValue]]:
    request = REQUESTS.get(exchange["endpoint"])
    if request is not None and exchange["request"] is not None:
        yield request, exchange["request"]
    for text in texts(exchange):
        try:
            value = load(text).value
        except NotJsonError:
            continue
        kind = kind_of(value)
        if kind is not None and kind in CONTRACTS:
            yield kind, value


def test_schema_and_models_have_one_verdict_on_recorded_values() -> None:
    verdicts: Counter[tuple[Kind, bool]] = Counter()
    for exchange in exchanges():
        for kind, value in values(exchange):
            pair = committed(kind)
            verdicts[kind, pair.accepted_by_schema(value)] += 1
            for tried in (value, *islice(changes(value, pair.words), verdicts.total(), None, STEP)):
                assert pair.agree(tried), (exchange["id"], kind)
    assert verdicts[Kind.COMPLETION, True] > 30
    assert verdicts[Kind.CHUNK, True] > 30
