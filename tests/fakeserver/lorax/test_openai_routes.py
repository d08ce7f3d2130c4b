"""LoRAX's OpenAI routes: native generations in a likeness of OpenAI's form, with LoRAX's own refusals."""

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chatfake import SCENARIOS, Answer, Fake
from chatproof.strategies.near.lorax.item_request import NEAR_LORAX_ITEM_REQUEST
from chatproof.strategies.near.lorax.openai_request import NEAR_LORAX_OPENAI_REQUEST
from chatproof.strategies.valid.lorax.lorax import (
    lorax_chat_requests,
    lorax_completion_requests,
    lorax_embeddings_requests,
)
from chatschema import JsonObject, Kind, Level, check
from tests.fakeserver.asking import json_values
from tests.fakeserver.lorax.asking import JSON, error, post
from tests.portion import share

CHAT, TEXT = "/dialect/lorax/v1/chat/completions", "/dialect/lorax/v1/completions"
EMBEDDINGS = "/dialect/lorax/v1/embeddings"
PATHS = {
    Kind.LORAX_CHAT_REQUEST: CHAT,
    Kind.LORAX_TEXT_REQUEST: TEXT,
    Kind.LORAX_EMBEDDINGS_REQUEST: EMBEDDINGS,
}
NEAR = [
    one
    for one in (*NEAR_LORAX_OPENAI_REQUEST.values(), *NEAR_LORAX_ITEM_REQUEST.values())
    if one.kind in PATHS and one.level is Level.MUST
]
TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}


def talk(**members: Any) -> dict[str, Any]:
    return {"model": "", "messages": [{"role": "user", "content": "And Italy?"}], **members}


def chunks(answer: Answer) -> list[Any]:
    """The chunks of a stream that ends as it should."""
    assert (answer.status, answer.header("content-type")) == (200, "text/event-stream")
    *found, done, rest = answer.body.decode().split("\n\n")
    assert (done, rest) == ("data: [DONE]", "")
    return [json.loads(one.removeprefix("data: ")) for one in found]


def is_refused(answer: Answer) -> bool:
    """By a limit of the server's own, or by a call that a limit cut."""
    return b'"error_type":"' in answer.body


@given(lorax_chat_requests())
def test_every_legal_chat_is_answered_and_judged_valid(body: JsonObject) -> None:
    answer = post(Fake(context_length=300), CHAT, {**body, "stream": False})
    assume(not is_refused(answer))
    assert answer.status == 200, answer.body
    assert check(answer.body, "lorax.chat.completion").violations == ()


@given(lorax_chat_requests())
def test_every_legal_chat_is_streamed_and_judged_valid(body: JsonObject) -> None:
    answer = post(Fake(context_length=300), CHAT, {**body, "stream": True})
    assert answer.status == 200 or error(answer)[1] in ("validation", "tool_error")
    assert check(answer.body, "lorax.chat.completion.sse").violations == ()


@given(lorax_completion_requests())
def test_every_legal_completion_is_answered_and_judged_valid(body: JsonObject) -> None:
    fake = Fake(context_length=300)
    streamed = post(fake, TEXT, {**body, "stream": True})
    assert check(streamed.body, "lorax.completion.sse").violations == ()
    answer = post(fake, TEXT, {**body, "stream": False})
    assume(not is_refused(answer))
    assert check(answer.body, "lorax.completion").violations == ()


@given(lorax_embeddings_requests())
def test_every_legal_text_is_embedded(body: JsonObject) -> None:
    answer = post(Fake(), EMBEDDINGS, body)
    assert check(answer.body, "lorax.embeddings").violations == ()


@given(lorax_chat_requests())
def test_stream_says_what_the_json_answer_says(body: JsonObject) -> None:
    assume(not body.get("tools") and body.get("n") in (None, 1) and not body.get("ignore_eos_token"))
    fake = Fake(context_length=300)
    answer = post(fake, CHAT, {**body, "stream": False})
    assume(not is_refused(answer))
    whole = json.loads(answer.body)
    found = chunks(post(fake, CHAT, {**body, "stream": True}))
    assert len(found) == whole["usage"]["completion_tokens"]
    assert found[-1]["usage"] == whole["usage"]
    texts = [one["choices"][0]["delta"].get("content", "") for one in found]
    said = "".join(texts[:-1] if texts[-1] == "</s>" else texts)  # an end at the limit is streamed
    assert said == whole["choices"][0]["message"]["content"]
    assert found[-1]["choices"][0]["finish_reason"] == whole["choices"][0]["finish_reason"]


@given(lorax_chat_requests(), lorax_completion_requests())
def test_same_request_gets_the_same_bytes(chat: JsonObject, text: JsonObject) -> None:
    assert post(Fake(), CHAT, chat) == post(Fake(), CHAT, chat)
    assert post(Fake(), TEXT, text) == post(Fake(), TEXT, text)


MEMBERS = (
    "model", "messages", "prompt", "input", "tools", "tool_choice", "response_format", "stop", "n", "best_of",
    "max_tokens", "temperature", "top_p", "seed", "logprobs", "echo", "stream", "parameters", "logit_bias",
)  # fmt: skip


@given(
    lorax_chat_requests(), st.dictionaries(st.sampled_from(MEMBERS), json_values, max_size=3), st.booleans()
)
def test_any_members_are_answered_or_refused(body: JsonObject, junk: dict[str, Any], lenient: bool) -> None:
    fake = Fake(context_length=300, lenient=lenient)
    for path in PATHS.values():
        answer = post(fake, path, {"prompt": "Hi", "input": "Hi", **body, **junk})
        assert answer.status in (200, 400, 422, 424) or b"embedding_failure" in answer.body


@pytest.mark.parametrize("near", NEAR, ids=lambda near: near.name)
def test_every_illegal_request_is_refused_with_a_valid_error(near: Any) -> None:
    @share(0.12)
    @given(near.misses)
    def refused(miss: Any) -> None:
        answer = post(Fake(), PATHS[near.kind], miss.data)
        if answer.header("content-type") == "text/event-stream":
            assert check(answer.body, f"{near.kind.removesuffix('.request')}.sse").valid
            assert b'"error_type"' in answer.body
        elif answer.header("content-type") == "application/json":
            assert answer.status in (422, 424, 500)
            assert check(answer.body, "lorax.error").valid
        else:
            assert answer.status in (400, 422)
            assert answer.body.startswith(b"Failed to ")

    refused()


def test_model_is_the_adapter_unless_it_is_the_base_models_own_name() -> None:
    fake = Fake(models=("tiny", "org/a"))
    for model in ("", "tiny"):
        answer = post(fake, CHAT, talk(model=model))
        assert (json.loads(answer.body)["model"], answer.header("x-adapter-id")) == ("tiny", "")
    answer = post(fake, CHAT, talk(model="org/a", adapter_source="s3"))
    assert [json.loads(answer.body)["model"], answer.header("x-adapter-id")] == ["tiny", "org/a"]
    assert answer.header("x-adapter-source") == "s3"
    assert error(post(fake, CHAT, talk(model="gpt-4")))[:2] == (424, "generation")
    streamed = post(fake, CHAT, talk(model="gpt-4", stream=True))
    assert streamed.status == 200
    assert check(streamed.body, "lorax.chat.completion.sse").valid


def test_named_tool_is_called_under_the_id_0(fake: Fake) -> None:
    answer = json.loads(post(fake, CHAT, talk(tools=[TOOL], tool_choice="get_weather")).body)
    (choice,) = answer["choices"]
    function = {"description": None, "name": "get_weather", "arguments": '{"city":"city"}'}
    calls = [{"id": "0", "type": "function", "function": function}]
    assert choice == {
        "index": 0,
        "message": {"role": "assistant", "tool_calls": calls},
        "finish_reason": "stop",
    }


def test_call_is_streamed_as_the_text_that_the_model_writes(fake: Fake) -> None:
    found = chunks(post(fake, CHAT, talk(tools=[TOOL], tool_choice="get_weather", stream=True)))
    text = "".join(one["choices"][0]["delta"].get("content", "") for one in found)
    assert text == '{"function":{"_name":"get_weather","city":"city"}}'


def test_call_that_a_limit_cuts_is_an_error(fake: Fake) -> None:
    answer = post(fake, CHAT, talk(tools=[TOOL], max_tokens=4))
    assert error(answer) == (
        422,
        "tool_error",
        'Tool error: Failed to parse generated text: "{\\"function"',
    )


def test_tools_and_format_exclude_each_other(fake: Fake) -> None:
    body = talk(tools=[TOOL], response_format={"type": "json_object"}, stream=True)
    # before the stream begins
    assert error(post(fake, CHAT, body))[1:] == (
        "tool_error",
        "Tool error: Response format and tools are mutually exclusive",
    )


def test_stop_sequence_is_kept_and_called_content_filter(fake: Fake) -> None:
    answer = json.loads(post(fake, CHAT, talk(stop=["said:"])).body)
    assert answer["choices"][0]["message"]["content"].endswith("you said:")
    assert answer["choices"][0]["finish_reason"] == "content_filter"


def test_end_of_the_sequence_is_an_empty_delta(fake: Fake) -> None:
    last = chunks(post(fake, CHAT, talk(stream=True)))[-1]
    assert last["choices"] == [{"index": 0, "delta": {}, "finish_reason": "stop"}]


def test_n_of_completions_is_no_count(fake: Fake) -> None:
    answer = json.loads(post(fake, TEXT, {"model": "", "prompt": "Hi", "n": 2}).body)
    assert len(answer["choices"]) == 1
    assert len(json.loads(post(fake, CHAT, talk(n=2)).body)["choices"]) == 2


@pytest.mark.parametrize("path", [CHAT, TEXT])
@pytest.mark.parametrize("stream", [False, True], ids=["json", "sse"])
@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_has_an_answer(name: str, stream: bool, path: str, fake: Fake) -> None:
    body = {**talk(model=f"fake/{name}", stream=stream), "prompt": "Hi", "tools": [TOOL]}
    answer = post(fake, path, body)
    assert answer.status == 200 or name == "tool-call-invalid-json"
    if name == "empty-choices" and not stream:
        assert json.loads(answer.body)["choices"] == []


def test_paths_that_lorax_does_not_have_are_not_there(fake: Fake) -> None:
    for path in ("/v1/models", "/v1/responses", "/v1/nothing"):
        answer = post(fake, f"/dialect/lorax{path}", {})
        assert (answer.status, answer.body) == (404, b"")
    wrong = post(fake, "/dialect/lorax/info", {})
    assert (wrong.status, wrong.body, wrong.header("allow")) == (405, b"", "GET, HEAD, OPTIONS")


def test_whole_fake_can_speak_as_lorax() -> None:
    answer = post(Fake(dialect="lorax"), "/v1/chat/completions", talk(), JSON)
    assert check(answer.body, "lorax.chat.completion").valid
