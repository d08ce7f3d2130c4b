"""What is known for LoRAX's, and what stays another's."""

import pytest

from chatschema import JsonObject, JsonValue, Kind, check
from chatschema.judging.catalogue import CONTRACTS
from chatschema.judging.detect import lorax_kind_of
from tests.schemas import samples
from tests.schemas.lorax.samples import (
    DONE,
    ERROR,
    calling,
    chat,
    chat_chunk,
    chat_last,
    dump,
    event,
    stream,
    text_chunk,
)

#: Requests that any of several routes takes.
UNTOLD = {
    Kind.LORAX_EMBED_REQUEST,
    Kind.LORAX_CLASSIFY_REQUEST,
    Kind.LORAX_CLASSIFY_BATCH_REQUEST,
    Kind.LORAX_CHAT_REQUEST,
    Kind.LORAX_TEXT_REQUEST,
    Kind.LORAX_EMBEDDINGS_REQUEST,
}
ENTITY: JsonObject = {"entity_group": "LOC", "score": 0.5, "word": "oslo", "start": 0, "end": 4}


@pytest.mark.parametrize(
    "kind", [kind for kind in CONTRACTS if kind.startswith("lorax.") and kind not in UNTOLD]
)
def test_example_of_a_contract_is_known_and_breaks_nothing(kind: Kind) -> None:
    for example in CONTRACTS[kind].examples:
        judgement = check(example)
        assert (judgement.kind, judgement.violations, judgement.extensions) == (kind, (), ())


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"generated_text": "a"}, Kind.LORAX_GENERATE),
        ({"generated_text": "a", "details": {}}, Kind.LORAX_GENERATE),
        ([{"generated_text": "a"}, {"generated_text": "b"}], Kind.LORAX_ROOT),
        ({"token": {"id": 1, "text": "a"}}, Kind.LORAX_EVENT),
        ({"error": "no", "error_type": "validation"}, Kind.LORAX_ERROR),
        (chat(), Kind.LORAX_CHAT),
        (calling(), Kind.LORAX_CHAT),
        (chat_last(), Kind.LORAX_CHAT_CHUNK),
        (text_chunk(), Kind.LORAX_TEXT_CHUNK),
        (text_chunk("", "stop"), Kind.LORAX_TEXT),  # the last chunk is a whole answer by its members
        ([[], [ENTITY]], Kind.LORAX_CLASSIFY_BATCH),
        ({"inputs": "Hi", "parameters": {"top_k": 1}}, Kind.LORAX_GENERATE_REQUEST),
        ({"inputs": "Hi", "stream": True}, Kind.LORAX_GENERATE_REQUEST),
        ({"model": "a", "messages": [], "adapter_source": "hub"}, Kind.LORAX_CHAT_REQUEST),
        ({"model": "a", "prompt": "Hi", "adapter_source": "hub"}, Kind.LORAX_TEXT_REQUEST),
        ({"model": "a", "input": "Hi", "parameters": {"adapter_id": "a"}}, Kind.LORAX_EMBEDDINGS_REQUEST),
        # of several routes, or of nobody's
        ({"generated_text": None}, None),
        ({"token": {}}, None),
        ({"error": "no", "error_type": None}, None),
        ({**chat(), "id": "chatcmpl-1"}, None),
        ({"inputs": ["Hi"]}, None),
        ({"inputs": "Hi"}, None),
        ({"inputs": "Hi", "parameters": {"adapter_id": "a"}}, None),
        ({"inputs": "Hi", "parameters": None, "stream": False}, None),
        ({"embeddings": []}, None),
        ([], None),
        ([[], []], None),
        ([1, "a"], None),
        ("error", None),
        (None, None),
    ],
)
def test_body_is_known_where_it_can_be_nothing_else(value: JsonValue, kind: Kind | None) -> None:
    assert lorax_kind_of(value) is kind


@pytest.mark.parametrize(
    "value",
    [
        samples.completion(),
        samples.calling(),
        samples.error(),
        samples.models(),
        samples.usage_chunk(),
        samples.preamble(),
        {"error": "no"},
        {"error": {"message": "no"}, "error_type": "x"},
        {"error": "no", "error_type": "x", "choices": []},
        {"object": "text_completion", "id": "cmpl-1", "choices": [{"text": "Hi"}]},
        {**samples.chunk({}), "id": "null"},
        {"embeddings": [[0.5]], "model": "ollama"},
    ],
)
def test_body_of_others_is_not_lorax(value: JsonValue) -> None:
    assert lorax_kind_of(value) is None


@pytest.mark.parametrize(
    ("events", "kind"),
    [
        ([*stream()], Kind.LORAX_STREAM),
        ([ERROR], Kind.LORAX_STREAM),  # an error alone is the same in all streams
        ([event(), ERROR], Kind.LORAX_STREAM),
        ([chat_chunk(), chat_last(), DONE], Kind.LORAX_CHAT_STREAM),
        ([ERROR, chat_chunk()], Kind.LORAX_CHAT_STREAM),
        ([text_chunk(), DONE], Kind.LORAX_TEXT_STREAM),
        ([text_chunk("", "stop"), DONE], Kind.LORAX_TEXT_STREAM),
        ([*samples.stream(), DONE], Kind.STREAM),
        ([samples.error()], Kind.STREAM),
        ([{"error": "no"}], Kind.STREAM),
    ],
)
def test_stream_is_known_by_its_first_events(events: list[JsonValue], kind: Kind) -> None:
    assert check(dump(events)).kind == kind
