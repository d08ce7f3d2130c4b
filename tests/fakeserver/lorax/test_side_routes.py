"""The routes beside generation: tokens, vectors, names, and the server's account of itself."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from chatfake import Fake, Request
from chatfake.routes import ROUTES
from chatproof.strategies.valid.lorax.lorax import (
    classify_batch_requests,
    classify_requests,
    embed_requests,
    tokenize_requests,
)
from chatschema import JsonObject, check
from tests.fakeserver.asking import get, wire
from tests.fakeserver.lorax.asking import JSON, asked, generate, post

NATIVE = (
    "/", "/invocations", "/generate", "/generate_stream", "/tokenize", "/embed", "/classify", "/classify_batch",
    "/info", "/health", "/ping", "/startup", "/metrics",
)  # fmt: skip


def test_all_of_lorax_routes_are_there() -> None:
    assert set(NATIVE) <= set(ROUTES)


@given(tokenize_requests())
def test_pieces_cover_the_text_in_order(body: JsonObject) -> None:
    answer = post(Fake(), "/tokenize", body)
    pieces = json.loads(answer.body)
    assert check(answer.body, "lorax.tokenize").violations == ()
    text = str(body["inputs"])
    if body.get("add_special_tokens") is not False:
        assert pieces.pop(0) == {"id": 1, "text": "<s>", "start": 0, "stop": 0}
    assert "".join(text[one["start"] : one["stop"]] for one in pieces) == text
    assert [one["text"] for one in pieces] == [
        text[one["start"] : one["stop"]].replace(" ", "▁") for one in pieces
    ]


@given(st.text(min_size=1, max_size=200))
def test_prompt_costs_as_many_tokens_as_tokenize_counts(text: str) -> None:
    fake = Fake()
    pieces = json.loads(post(fake, "/tokenize", {"inputs": text}).body)
    answer = post(fake, "/generate", {"inputs": text, "parameters": {"decoder_input_details": True}})
    prefill = json.loads(answer.body)["details"]["prefill"]
    assert [one["id"] for one in prefill] == [one["id"] for one in pieces]


@given(embed_requests())
def test_vector_is_valid_and_of_length_one(body: JsonObject) -> None:
    answer = post(Fake(), "/embed", body)
    assert check(answer.body, "lorax.embed").violations == ()
    vector = json.loads(answer.body)["embeddings"]
    assert sum(one * one for one in vector) == pytest.approx(1)


@given(classify_requests())
def test_names_stand_where_they_are_told_to(body: JsonObject) -> None:
    answer = post(Fake(), "/classify", body)
    assert check(answer.body, "lorax.classify").violations == ()
    text = str(body["inputs"])
    for entity in json.loads(answer.body):
        assert text[entity["start"] : entity["end"]].lower() == entity["word"]


@given(classify_batch_requests())
def test_batch_is_each_text_by_itself(body: JsonObject) -> None:
    answer = post(Fake(), "/classify_batch", body)
    assert check(answer.body, "lorax.classify_batch").violations == ()
    texts = body["inputs"]
    assert isinstance(texts, list)
    alone = [json.loads(post(Fake(), "/classify", {"inputs": text}).body) for text in texts]
    assert json.loads(answer.body) == alone


def test_bytes_look_as_they_did(fake: Fake, snapshot: SnapshotAssertion) -> None:
    asked_for = (
        post(fake, "/tokenize", {"inputs": "Hi you!"}),
        post(fake, "/classify", {"inputs": "Ada Lovelace lived in London."}),
        post(fake, "/classify_batch", {"inputs": []}),
        get(fake, "/info"),
        get(fake, "/health"),
        get(fake, "/metrics"),
    )
    assert "\n\n".join(map(wire, asked_for)) == snapshot


def test_info_tells_the_limits_that_requests_are_held_to() -> None:
    fake = Fake(models=("tiny",), context_length=100)
    info = json.loads(get(fake, "/info").body)
    assert check(get(fake, "/info").body, "lorax.info").violations == ()
    assert (info["model_id"], info["max_total_tokens"], info["max_input_length"]) == ("tiny", 100, 99)
    prompt = len(json.loads(post(fake, "/tokenize", {"inputs": "And Italy?"}).body))
    room = info["max_total_tokens"] - prompt
    assert post(fake, "/generate", asked(max_new_tokens=room)).status == 200
    assert post(fake, "/generate", asked(max_new_tokens=room + 1)).status == 422
    stops = ["x"] * info["max_stop_sequences"]
    assert post(fake, "/generate", asked(stop=stops)).status == 200
    assert post(fake, "/generate", asked(stop=[*stops, "x"])).status == 422
    for count in (info["max_best_of"], info["max_best_of"] + 1):
        answer = post(fake, "/generate", asked(best_of=count, do_sample=True))
        assert answer.status == (200 if count == info["max_best_of"] else 422)


@pytest.mark.parametrize("path", ["/", "/health", "/ping", "/startup"])
def test_health_is_an_empty_body(path: str, fake: Fake) -> None:
    answer = get(fake, path)
    assert (answer.status, answer.body) == (200, b"")
    ill = get(fake, f"/scenario/http-503{path}")
    assert (ill.status, json.loads(ill.body)) == (503, {"error": "unhealthy", "error_type": "healthcheck"})


def test_metrics_are_json_where_accept_asks_for_it(fake: Fake) -> None:
    answer = fake.answer(
        Request(method="GET", path="/metrics", headers=(("accept", "text/html, application/json"),))
    )
    families = json.loads(answer.body)
    assert families["lorax_request_count"] == {"type": "counter", "data": [{"key": "", "value": 0.0}]}
    assert get(fake, "/metrics").header("content-type") == "text/plain"


def test_every_answer_may_be_read_by_any_page(fake: Fake) -> None:
    for path in NATIVE:
        answer = get(fake, path) if ROUTES[path][-1].method == "GET" else post(fake, path, asked(), JSON)
        assert answer.header("access-control-allow-origin") == "*"


def test_longer_text_than_the_context_is_refused(fake: Fake) -> None:
    for path in ("/embed", "/classify"):
        answer = post(fake, path, {"inputs": "x " * 9000})
        assert (answer.status, json.loads(answer.body)["error_type"]) == (422, "validation")
    assert generate(fake)
