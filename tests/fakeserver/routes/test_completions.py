"""Text completions and embeddings: judged by the contract, and honouring what they are asked."""

import base64
import json
import math
import struct
from typing import Any

import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from chatfake import FAULTS, SCENARIOS, Fake, LiveServer
from chatschema import check
from tests.fakeserver.asking import error_of, post, texts, wire

TEXT, EMBED = "/v1/completions", "/v1/embeddings"


def text(**members: Any) -> dict[str, Any]:
    return {"model": "tiny", "prompt": "Once upon a time", **members}


def said(fake: Fake, path: str, body: dict[str, Any]) -> Any:
    answer = post(fake, body, path)
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


prompts = st.one_of(
    texts, st.lists(texts, min_size=1, max_size=3), st.lists(st.integers(0, 50_000), min_size=1, max_size=5),
    st.lists(st.lists(st.integers(0, 50_000), min_size=1, max_size=4), min_size=1, max_size=3),
)  # fmt: skip
bodies = st.fixed_dictionaries(
    {"model": st.just("tiny"), "prompt": prompts},
    optional={
        "n": st.integers(1, 3), "max_tokens": st.integers(0, 40), "echo": st.booleans(), "stop": st.sampled_from(["|", " said"]),
        "logprobs": st.integers(0, 5), "temperature": st.sampled_from([0, 1.5]), "suffix": st.just("end"),
    },
)  # fmt: skip


@given(bodies)
def test_any_valid_request_gets_a_valid_answer_in_both_forms(body: dict[str, Any]) -> None:
    fake = Fake()
    usage = {"stream": True, "stream_options": {"include_usage": True}}
    for asked, kind in ((body, "completion"), ({**body, **usage}, "completion.sse")):
        answer = post(fake, asked, TEXT)
        assert answer.status == 200, answer.body
        assert check(answer.body, kind).violations == ()
    whole = json.loads(post(fake, body, TEXT).body)
    chunks = [
        json.loads(event[6:])
        for event in post(fake, {**body, **usage}, TEXT).body.decode().split("\n\n")[:-2]
    ]
    joined: dict[int, str] = {}
    for chunk in chunks:
        for choice in chunk["choices"]:
            joined[choice["index"]] = joined.get(choice["index"], "") + choice["text"]
    assert [joined[index] for index in sorted(joined)] == [choice["text"] for choice in whole["choices"]]
    assert chunks[-1]["usage"] == whole["usage"]


def test_members_are_honoured(fake: Fake) -> None:
    assert len(said(fake, TEXT, text(prompt=["a", "b"], n=2))["choices"]) == 4
    assert said(fake, TEXT, text(max_tokens=2))["choices"][0]["finish_reason"] == "length"
    assert said(fake, TEXT, text(max_tokens=2))["usage"]["completion_tokens"] == 2
    assert said(fake, TEXT, text(echo=True))["choices"][0]["text"].startswith("Once upon a time")
    assert "|" not in said(fake, TEXT, text(stop="|"))["choices"][0]["text"]
    scored = said(fake, TEXT, text(logprobs=2, max_tokens=3))["choices"][0]["logprobs"]
    assert {name: len(entries) for name, entries in scored.items()} == dict.fromkeys(scored, 3)
    assert "".join(scored["tokens"]) == said(fake, TEXT, text(max_tokens=3))["choices"][0]["text"]


@pytest.mark.parametrize("stream", [False, True], ids=["json", "sse"])
def test_completion_on_the_wire(stream: bool, fake: Fake, snapshot: SnapshotAssertion) -> None:
    assert wire(post(fake, text(stream=stream, logprobs=1, max_tokens=3), TEXT)) == snapshot


@pytest.mark.parametrize(
    ("members", "param", "code"),
    [
        ({"model": None}, None, None),
        ({"prompt": 5}, "prompt", "invalid_type"),
        ({"prompt": []}, "prompt", "empty_array"),
        ({"prompt": ["a", 5]}, "prompt", "invalid_value"),
        ({"prompt": [-1]}, "prompt", "invalid_value"),
        ({"temperature": 3}, "temperature", "decimal_above_max_value"),
        ({"logprobs": 6}, "logprobs", "integer_above_max_value"),
        ({"logprobs": True}, "logprobs", "invalid_type"),
        ({"n": 0}, "n", "integer_below_min_value"),
        ({"best_of": 1, "n": 2}, "best_of", None),
        ({"best_of": 2, "stream": True}, "best_of", None),
        ({"stop": list("abcde")}, "stop", "array_above_max_length"),
        ({"stream_options": {}}, "stream_options", None),
        ({"messages": []}, None, None),
        ({"max_tokens": 9_000}, None, "context_length_exceeded"),
    ],
)  # fmt: skip
def test_invalid_completion_is_refused(members: dict[str, Any], param: Any, code: Any, fake: Fake) -> None:
    answer = post(fake, text(**members), TEXT)
    error = error_of(answer)
    assert (answer.status, error["param"], error["code"]) == (400, param, code)


@pytest.mark.parametrize("name", [*SCENARIOS, *FAULTS])
def test_plans_are_chosen_here_too_and_are_no_fault_of_the_server(name: str, fake: Fake) -> None:
    for path, body in ((TEXT, text(model=f"fake/{name}")), (EMBED, {"model": f"fake/{name}", "input": "a"})):
        answer = post(fake, body, path)
        assert answer.status in (200, 307) or name in FAULTS
        assert fake.requests[-1].scenario == name


def embedded(fake: Fake, **members: Any) -> Any:
    return said(fake, EMBED, {"model": "tiny", "input": "hello", **members})


@given(prompts, st.integers(1, 64), st.sampled_from(["float", "base64"]))
def test_any_input_gets_valid_embeddings(given_: Any, dimensions: int, form: str) -> None:
    empty = given_ == "" or (isinstance(given_, list) and "" in given_)
    fake = Fake()
    answer = post(
        fake, {"model": "m", "input": given_, "dimensions": dimensions, "encoding_format": form}, EMBED
    )
    assert answer.status == (400 if empty else 200)
    if not empty:
        assert check(answer.body, "embeddings").violations == ()


def test_both_encodings_say_the_same_and_have_length_one(fake: Fake) -> None:
    floats = embedded(fake, dimensions=8)["data"][0]["embedding"]
    packed = base64.b64decode(embedded(fake, dimensions=8, encoding_format="base64")["data"][0]["embedding"])
    assert list(struct.unpack("<8f", packed)) == floats
    assert math.isclose(sum(one * one for one in floats), 1, rel_tol=1e-5)
    assert len(embedded(fake)["data"][0]["embedding"]) == 1536


def test_batch_is_what_its_parts_are_and_likeness_shows(fake: Fake) -> None:
    batch = embedded(fake, input=["the weather in Paris", "the weather in Rome", "quantum chromodynamics"])[
        "data"
    ]
    assert [one["index"] for one in batch] == [0, 1, 2]
    assert batch[1]["embedding"] == embedded(fake, input="the weather in Rome")["data"][0]["embedding"]
    near, far = (
        sum(a * b for a, b in zip(batch[0]["embedding"], one["embedding"], strict=True)) for one in batch[1:]
    )
    assert near > far


@pytest.mark.parametrize(
    ("members", "param"),
    [({"input": None}, "input"), ({"input": ""}, "input"), ({"input": []}, "input"), ({"input": [""]}, "input"),
     ({"input": 5}, "input"), ({"dimensions": 0}, "dimensions"), ({"encoding_format": "hex"}, "encoding_format"),
     ({"encoding_format": 1}, "encoding_format"), ({"user": 1}, "user")],
)  # fmt: skip
def test_invalid_embedding_is_refused(members: dict[str, Any], param: str, fake: Fake) -> None:
    answer = post(fake, {"model": "tiny", "input": "hello", **members}, EMBED)
    assert (answer.status, error_of(answer)["param"]) == (400, param)


def test_sdk_gets_both_from_a_live_server() -> None:
    with LiveServer() as server:
        client = openai.OpenAI(base_url=server.base_url, api_key="x", max_retries=0)
        whole = client.completions.create(model="tiny", prompt="Once upon a time", max_tokens=30)
        stream = client.completions.create(
            model="tiny", prompt="Once upon a time", max_tokens=30, stream=True
        )
        assert "".join(chunk.choices[0].text for chunk in stream) == whole.choices[0].text
        found = client.embeddings.create(model="tiny", input=["a", "b"], dimensions=4)
        assert [len(one.embedding) for one in found.data] == [4, 4]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
        lambda x: st.lists(x, max_size=3),
        max_leaves=5,
    )
)
def test_no_prompt_is_a_fault_of_the_server(value: Any) -> None:
    for fake in (Fake(), Fake(lenient=True)):
        assert post(fake, text(prompt=value), TEXT).status < 500
        assert post(fake, {"model": "m", "input": value, "dimensions": 2}, EMBED).status < 500
