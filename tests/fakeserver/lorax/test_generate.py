"""What the native routes answer: the parameters are honoured, and the judge of LoRAX's contract finds nothing."""

import json
from typing import Any

import pytest
from hypothesis import assume, given
from syrupy.assertion import SnapshotAssertion

from chatfake import Fake, Reply
from chatproof.strategies.valid.lorax.lorax import generate_requests
from chatschema import JsonObject, check
from tests.fakeserver.asking import wire
from tests.fakeserver.lorax.asking import asked, events, generate, post


@given(generate_requests())
def test_every_legal_request_is_answered_and_judged_valid(body: JsonObject) -> None:
    fake = Fake(context_length=300)
    streamed = {**body, "stream": True}
    root = post(fake, "/", {**body, "stream": False})
    assume(b"max_new_tokens` must be <=" not in root.body)  # a limit of the server's own
    assert root.status == 200, root.body
    judgement = check(root.body, "lorax.root")
    assert (judgement.violations, judgement.extensions) == ((), ())
    answer = post(fake, "/generate", body)
    judgement = check(answer.body, "lorax.generate")
    assert (judgement.violations, judgement.extensions) == ((), ())
    assert json.loads(root.body) == [json.loads(answer.body)]
    for path in ("/", "/generate_stream"):
        stream = post(fake, path, streamed)
        judgement = check(stream.body, "lorax.generate.sse")
        assert (judgement.violations, judgement.extensions) == ((), ())


@given(generate_requests())
def test_stream_says_what_the_json_answer_says(body: JsonObject) -> None:
    fake = Fake(context_length=300)
    given_ones = body.get("parameters")
    parameters: Any = {**(given_ones if isinstance(given_ones, dict) else {}), "details": True}
    assume(parameters.get("best_of") != 2 and not parameters.get("decoder_input_details"))
    whole = post(fake, "/generate", {**body, "parameters": parameters})
    assume(whole.status == 200)
    answer = json.loads(whole.body)
    found = events(post(fake, "/generate_stream", {**body, "parameters": parameters}))
    assert [one["token"] for one in found] == answer["details"]["tokens"]
    assert len(found) == answer["details"]["generated_tokens"] == found[-1]["details"]["generated_tokens"]
    assert found[-1]["generated_text"] == answer["generated_text"]
    completion = "".join(one["token"]["text"] for one in found if not one["token"]["special"])
    before = body["inputs"] if parameters.get("return_full_text") else ""
    assert answer["generated_text"] == f"{before}{completion}"
    told = ("finish_reason", "prompt_tokens", "generated_tokens", "seed")
    assert found[-1]["details"] == {name: answer["details"][name] for name in told}
    assert all(one["generated_text"] is None and one["details"] is None for one in found[:-1])


@given(generate_requests())
def test_same_request_gets_the_same_bytes_from_any_fake(body: JsonObject) -> None:
    for path in ("/", "/generate", "/generate_stream"):
        assert post(Fake(), path, body) == post(Fake(), path, body)


@given(generate_requests())
def test_headers_count_what_the_details_count(body: JsonObject) -> None:
    given_ones = body.get("parameters")
    parameters: Any = {**(given_ones if isinstance(given_ones, dict) else {}), "details": True}
    answer = post(Fake(context_length=300), "/generate", {**body, "parameters": parameters})
    assume(answer.status == 200)
    details = json.loads(answer.body)["details"]
    counts = {name: int(answer.header(f"x-{name}-tokens")) for name in ("prompt", "generated", "total")}
    assert counts["prompt"] == details["prompt_tokens"]
    assert counts["generated"] == details["generated_tokens"]
    assert counts["total"] == counts["prompt"] + counts["generated"]
    assert answer.header("x-compute-characters") == str(len(str(body["inputs"])))
    times = [int(answer.header(f"x-{name}-time")) for name in ("validation", "queue", "inference")]
    assert int(answer.header("x-total-time")) == int(answer.header("x-compute-time")) == sum(times)


def test_bytes_look_as_they_did(fake: Fake, snapshot: SnapshotAssertion) -> None:
    plain = post(fake, "/generate", {"inputs": "And Italy?"})
    full = post(
        fake,
        "/",
        asked(
            "Hi you",
            best_of=2,
            do_sample=True,
            decoder_input_details=True,
            return_k_alternatives=2,
            max_new_tokens=2,
            return_full_text=True,
            adapter_id="org/adapter",
        ),
    )
    stream = post(fake, "/", {**asked("Hi", details=True, max_new_tokens=4), "stream": True})
    merged = {"ids": ["a", "b"], "weights": [1, 2]}
    streamed = post(fake, "/generate_stream", asked("Hi", merged_adapters=merged, stop=[" 1"]))
    assert "\n\n".join(map(wire, (plain, full, stream, streamed))) == snapshot


def test_details_come_where_they_are_asked_for(fake: Fake) -> None:
    assert set(generate(fake)) == {"generated_text"}
    assert generate(fake, details=True)["details"]["prefill"] == []
    # the prompt's tokens bring the details with them
    prefill = generate(fake, decoder_input_details=True)["details"]["prefill"]
    assert "".join(one["text"] for one in prefill) == "<s>And Italy?"
    assert [one["logprob"] is None for one in prefill] == [True] + [False] * (len(prefill) - 1)


@pytest.mark.parametrize("most", [1, 2, 5, 17, 18, 19])
def test_limit_goes_before_the_end_of_the_sequence(most: int, fake: Fake) -> None:
    whole = generate(fake, details=True)["details"]
    assert (whole["finish_reason"], whole["tokens"][-1]["special"]) == ("eos_token", True)
    details = generate(fake, details=True, max_new_tokens=most)["details"]
    assert details["generated_tokens"] == min(most, whole["generated_tokens"])
    # where the end is the last token that is allowed, it is the limit that ended it
    assert details["finish_reason"] == ("length" if most <= whole["generated_tokens"] else "eos_token")


def test_stop_sequence_is_kept(fake: Fake) -> None:
    answer = generate(fake, details=True, stop=["nothing of it", "said: An"])
    assert answer["generated_text"].endswith("you said: An")
    assert answer["details"]["finish_reason"] == "stop_sequence"
    assert answer["details"]["tokens"][-1]["special"] is False


def test_first_stop_sequence_ends_it_and_a_limit_goes_before(fake: Fake) -> None:
    assert generate(fake, stop=["said", "turn"])["generated_text"] == "turn"
    limited = generate(fake, stop=["said"], max_new_tokens=2, details=True)["details"]
    assert (limited["finish_reason"], limited["generated_tokens"]) == ("length", 2)


def test_empty_stop_sequence_ends_the_first_token(fake: Fake) -> None:
    assert generate(fake, stop=[""])["generated_text"] == "turn"


def test_ignored_end_comes_again_until_the_limit(fake: Fake) -> None:
    details = generate(fake, details=True, ignore_eos_token=True, max_new_tokens=30)["details"]
    assert (details["finish_reason"], details["generated_tokens"]) == ("length", 30)
    assert [token["special"] for token in details["tokens"]].count(True) > 5


def test_seed_is_told_only_where_the_model_samples(fake: Fake) -> None:
    assert generate(fake, details=True, seed=7)["details"]["seed"] is None
    assert generate(fake, details=True, seed=7, do_sample=True)["details"]["seed"] == 7
    assert generate(fake, details=True, seed=7, temperature=0.5)["details"]["seed"] == 7
    assert generate(fake, details=True, seed=7, temperature=1, top_p=1)["details"]["seed"] is None
    assert isinstance(generate(fake, details=True, top_k=5)["details"]["seed"], int)
    assert generate(fake, seed=2**64 - 1, do_sample=True, details=True)["details"]["seed"] == 2**64 - 1


def test_best_of_answers_the_likeliest_and_tells_of_the_others(fake: Fake) -> None:
    details = generate(fake, details=True, best_of=2, temperature=0.5)["details"]
    (other,) = details["best_of_sequences"]
    assert other["seed"] != details["seed"]

    def mean(sequence: Any) -> float:
        return float(sum(token["logprob"] for token in sequence["tokens"]) / len(sequence["tokens"]))

    assert mean(details) >= mean(other)
    assert "best_of_sequences" not in generate(fake, details=True, best_of=1)["details"]


def test_alternatives_begin_with_the_token_and_fall(fake: Fake) -> None:
    for token in generate(fake, details=True, return_k_alternatives=3)["details"]["tokens"]:
        rivals = token["alternative_tokens"]
        assert rivals[0] == {name: token[name] for name in ("id", "text", "logprob")}
        assert [one["logprob"] for one in rivals] == sorted((one["logprob"] for one in rivals), reverse=True)
        assert len(rivals) == 3


def test_truncate_keeps_the_end_of_the_prompt(fake: Fake) -> None:
    answer = generate(fake, truncate=2, details=True)
    assert answer["details"]["prompt_tokens"] == 2
    assert answer["generated_text"].endswith("you said: ?")


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (
            {"type": "json_object", "schema": {"type": "object", "properties": {"a": {"type": "integer"}}}},
            {"a": 1},
        ),
        ({"type": "text", "schema": {"type": "object", "required": ["b"]}}, {"b": "b"}),
        ({"type": "text"}, None),
        ({"type": "JsonObject"}, None),
    ],
)
def test_schema_binds_the_text_whatever_the_type(form: Any, text: Any, fake: Fake) -> None:
    said = json.loads(generate(fake, response_format=form)["generated_text"])
    assert isinstance(said, dict)
    assert text is None or said == text


def test_null_schema_is_no_bond(fake: Fake) -> None:
    form = {"type": "json_object", "schema": None}
    assert generate(fake, response_format=form)["generated_text"].startswith("turn 1")


def test_finish_reason_of_a_reply_is_told_in_lorax_words(fake: Fake) -> None:
    for reason, told in (("length", "length"), ("content_filter", "stop_sequence"), ("", "eos_token")):
        handle = fake.handle()
        handle.script(Reply(text="Cut", finish_reason=reason))
        headers = (("content-type", "application/json"), ("authorization", f"Bearer {handle.key}"))
        answer = post(fake, "/generate", asked(details=True), headers)
        assert json.loads(answer.body)["details"]["finish_reason"] == told


def test_parameters_that_the_router_does_not_know_are_passed_over(fake: Fake) -> None:
    plain = generate(fake)["generated_text"].partition("sha256")
    odd = generate(fake, grammar={}, top_n_tokens="x", stop_sequences=None)["generated_text"]
    assert odd == "".join(plain)
