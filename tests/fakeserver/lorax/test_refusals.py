"""What the router refuses, in its words, and how it says so in a stream."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from chatfake import Answer, Fake
from chatproof.strategies.near.lorax.item_request import NEAR_LORAX_ITEM_REQUEST
from chatproof.strategies.near.lorax.request import NEAR_LORAX_REQUEST
from chatschema import Kind, Level, check
from tests.fakeserver.asking import json_values, wire
from tests.fakeserver.lorax.asking import asked, error, events, generate, post
from tests.portion import share

PATHS = {
    Kind.LORAX_GENERATE_REQUEST: "/",
    Kind.LORAX_TOKENIZE_REQUEST: "/tokenize",
    Kind.LORAX_EMBED_REQUEST: "/embed",
    Kind.LORAX_CLASSIFY_REQUEST: "/classify",
    Kind.LORAX_CLASSIFY_BATCH_REQUEST: "/classify_batch",
}
NEAR = [
    one
    for one in (*NEAR_LORAX_REQUEST.values(), *NEAR_LORAX_ITEM_REQUEST.values())
    if one.kind in PATHS and one.level is Level.MUST
]


def assert_refused(answer: Answer) -> None:
    """By the validator in JSON, by the extractor in plain text, in a stream as its only event."""
    if answer.header("content-type") == "text/event-stream":
        assert check(answer.body, "lorax.generate.sse").valid
        (only,) = events(answer)
        assert set(only) == {"error", "error_type"}
    elif answer.header("content-type") == "application/json":
        assert answer.status in (422, 424, 500)
        assert check(answer.body, "lorax.error").valid
    else:
        assert answer.header("content-type") == "text/plain; charset=utf-8"
        assert answer.status in (400, 422)
        assert answer.body.startswith(b"Failed to ")


@pytest.mark.parametrize("near", NEAR, ids=lambda near: near.name)
def test_every_illegal_request_is_refused_with_a_valid_error(near: Any) -> None:
    @share(0.12)
    @given(near.misses)
    def refused(miss: Any) -> None:
        assert_refused(post(Fake(), PATHS[near.kind], miss.data))

    refused()


#: What is sent, and the sentence of serde's that says what is wrong with it; what is no JSON has none.
READ: list[tuple[bytes, int, str]] = [
    (b"", 400, ""),
    (b'{"inputs": "x"', 400, ""),
    (b"{'inputs'", 400, ""),
    (b'{"inputs":"x",}', 400, ""),
    (b'{"inputs":\n "x}', 400, ""),
    (b'{"inputs":"\xff"}', 400, ""),
    (b'{"inputs":"\\ud800"}', 400, ""),
    (b'{"inputs":"x","more":1e999}', 400, ""),
    (
        b'{"inputs":"a","parameters":{"response_format":{"type":1}}}',
        400,
        "parameters.response_format.type: expected value",
    ),
    (b'{"parameters":{}}', 422, "missing field `inputs`"),
    (b'{"inputs":1}', 422, "inputs: invalid type, expected a string"),
    (b'{"inputs":"a","parameters":{"stop":null}}', 422, "parameters.stop: invalid type, expected a sequence"),
    (
        b'{"inputs":"a","parameters":{"stop":["b",2]}}',
        422,
        "parameters.stop[1]: invalid type, expected a string",
    ),
    (b'{"inputs":"a","parameters":{"seed":-1}}', 422, "parameters.seed: invalid type, expected u64"),
    (b'{"inputs":"a","parameters":{"seed":-0}}', 422, "parameters.seed: invalid type, expected u64"),
    (
        b'{"inputs":"a","parameters":{"max_new_tokens":20.0}}',
        422,
        "parameters.max_new_tokens: invalid type, expected u32",
    ),
    (b'{"inputs":"a","inputs":"b"}', 422, "duplicate field `inputs`"),
    (
        b'{"inputs":"a","parameters":null}',
        422,
        "parameters: invalid type, expected struct GenerateParameters",
    ),
    (b"[1]", 422, "invalid type, expected struct GenerateRequest"),
]


@pytest.mark.parametrize(("body", "status", "sentence"), READ)
def test_body_that_cannot_be_read_gets_axums_plain_text(
    body: bytes, status: int, sentence: str, fake: Fake
) -> None:
    answer = post(fake, "/generate", body)
    before = {
        400: "Failed to parse the request body as JSON",
        422: "Failed to deserialize the JSON body into the target type",
    }
    told = f"{before[status]}: {sentence}" if sentence else before[status]
    assert (answer.status, answer.body.decode()) == (status, told)
    assert answer.header("content-type") == "text/plain; charset=utf-8"
    # the extractor comes before the stream
    assert post(fake, "/generate_stream", body).body == answer.body


@pytest.mark.parametrize(("seed", "status"), [(0, 200), (2**64 - 1, 200), (2**64, 422)])
def test_seed_is_of_64_bits(seed: int, status: int, fake: Fake) -> None:
    assert post(fake, "/generate", asked(seed=seed)).status == status


def test_member_that_is_not_known_may_come_twice(fake: Fake) -> None:
    assert post(fake, "/generate", b'{"inputs":"x","more":1,"more":2}').status == 200


def test_bytes_after_the_json_are_not_looked_at(fake: Fake) -> None:
    for after in (b" and more", b"}", b"\xff"):
        assert post(fake, "/generate", b' {"inputs":"x"}' + after).status == 200


@pytest.mark.parametrize("kind", ["", "text/plain", "application/jsonp", "json"])
def test_content_type_has_to_be_json(kind: str, fake: Fake) -> None:
    answer = post(fake, "/generate", asked(), (("content-type", kind),) if kind else ())
    assert (answer.status, answer.body) == (415, b"Expected request with `Content-Type: application/json`")


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "application/vnd.x+json", "Application/JSON"]
)
def test_any_json_type_will_do(kind: str, fake: Fake) -> None:
    assert post(fake, "/generate", asked(), (("content-type", kind),)).status == 200


def test_large_body_is_refused(fake: Fake) -> None:
    answer = post(fake, "/generate", b" " * (2 * 1024 * 1024) + b"{}")
    assert (answer.status, answer.body) == (
        413,
        b"Failed to buffer the request body: length limit exceeded",
    )


INVALID: dict[str, dict[str, Any]] = {
    "empty-inputs": asked(""),
    "best-of-3": asked(best_of=3, do_sample=True),
    "best-of-greedy": asked(best_of=2),
    "best-of-seed": asked(best_of=2, do_sample=True, seed=1),
    "temperature": asked(temperature=-0.1),
    "repetition-penalty": asked(repetition_penalty=0),
    "frequency-penalty": asked(frequency_penalty=2.1),
    "presence-penalty": asked(presence_penalty=-2.1),
    "top-p": asked(top_p=1.01),
    "top-p-too-small-for-32-bits": asked(top_p=1e-60),
    "typical-p": asked(typical_p=1),
    "top-k": asked(top_k=0),
    "return-k-alternatives": asked(return_k_alternatives=0),
    "max-new-tokens": asked(max_new_tokens=0),
    "stops": asked(stop=["a", "b", "c", "d", "e"]),
    "truncate": asked(truncate=0),
    "truncate-too-much": asked(truncate=100_000),
    "total-tokens": asked(max_new_tokens=8190),
    "input-length": asked("x " * 9000),
    "two-adapters": asked(adapter_id="a", merged_adapters={"ids": ["a"], "weights": [1]}),
    "no-merged-ids": asked(merged_adapters={"ids": []}),
    "no-weights": asked(merged_adapters={"ids": ["a"]}),
    "merge-strategy": asked(merged_adapters={"ids": ["a"], "weights": [1], "merge_strategy": "x"}),
    "adapter-source": asked(adapter_id="a", adapter_source="nowhere"),
    "unknown-adapter": asked(adapter_id="fake/unknown-adapter"),
}


def test_words_of_the_validator(fake: Fake, snapshot: SnapshotAssertion) -> None:
    assert {name: error(post(fake, "/generate", body)) for name, body in INVALID.items()} == snapshot


@pytest.mark.parametrize("name", INVALID)
def test_error_of_a_stream_is_its_only_event_under_status_200(name: str, fake: Fake) -> None:
    whole = post(fake, "/generate", INVALID[name])
    (only,) = events(post(fake, "/generate_stream", INVALID[name]))
    if not name.startswith("best-of"):  # which no stream has at all
        assert only == json.loads(whole.body)
    assert check(whole.body, "lorax.error").valid


def test_stream_has_neither_several_sequences_nor_the_prompts_tokens(fake: Fake) -> None:
    wrong: tuple[dict[str, Any], ...] = (
        {"best_of": 2, "do_sample": True},
        {"best_of": 0},
        {"decoder_input_details": True},
    )
    for parameters in wrong:
        (only,) = events(post(fake, "/", {**asked(**parameters), "stream": True}))
        assert only["error"].endswith("is not supported when streaming tokens")
    assert generate(fake, best_of=0)["generated_text"]


def test_lenient_fake_refuses_nothing_that_it_can_read() -> None:
    fake = Fake(lenient=True)
    for name, body in INVALID.items():
        status = 424 if name == "unknown-adapter" else 200
        assert post(fake, "/generate", body).status == status, name


@given(st.binary())
def test_any_bytes_get_an_answer(data: bytes) -> None:
    for path in ("/", *PATHS.values(), "/generate_stream"):
        assert post(Fake(), path, data).status in (200, 400, 422)


@given(json_values, st.dictionaries(st.sampled_from(["best_of", "stop", "merged_adapters"]), json_values))
def test_any_json_gets_an_answer(value: Any, parameters: dict[str, Any]) -> None:
    for path in ("/", *PATHS.values(), "/generate_stream"):
        for body in (value, {"inputs": value}, {"inputs": "x", "parameters": value}):
            assert post(Fake(), path, body).status < 501
        assert post(Fake(), path, {"inputs": "x", "parameters": parameters}).status < 501


@pytest.mark.parametrize("depth", [50, 110, 130, 5000])
def test_depth_is_no_way_to_the_end_of_the_stack(depth: int, fake: Fake) -> None:
    deep = b"[" * depth + b"]" * depth
    known = post(
        fake,
        "/generate",
        b'{"inputs":"x","parameters":{"response_format":{"type":"text","schema":%b}}}' % deep,
    )
    unknown = post(fake, "/generate", b'{"inputs":"x","more":%b}' % deep)
    assert {known.status, unknown.status} == ({200} if depth == 50 else {400})


def test_errors_have_none_of_the_headers_that_count(fake: Fake) -> None:
    assert "x-compute" not in wire(post(fake, "/generate", asked("")))
