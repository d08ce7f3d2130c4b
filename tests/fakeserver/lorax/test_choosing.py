"""Who answers a native request: adapters, paths, headers, scripts, and what befalls it."""

import json

import pytest

from chatfake import FAULTS, SCENARIOS, Fake
from chatschema import check
from tests.fakeserver.lorax.asking import JSON, asked, error, events, generate, post

#: What a scenario says where LoRAX has no form for it. All others say their text.
TOLD = {
    "tool-call-only": '{"function":{"_name":"get_weather","city":"Paris"}}',
    "tool-call-empty-arguments": '{"function":{"_name":"get_weather"}}',
    "tool-call-invalid-json": '{"function":{"_name":"get_weather","city":"Paris}',
    "parallel-tool-calls": '{"function":{"_name":"get_weather","city":"Paris"}}',
    "refusal": "I'm sorry, but I can't help with that.",
    "null-content": "",
    "empty-content": "",
    "blank-content": " \n\n ",
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_has_an_answer_that_is_valid(name: str, fake: Fake) -> None:
    body = asked(adapter_id=f"fake/{name}", details=True)
    answer = post(fake, "/generate", body)
    stream = post(fake, "/generate_stream", body)
    assert check(stream.body, "lorax.generate.sse").valid
    if name == "empty-choices":  # nobody speaks
        assert error(answer) == (500, "incomplete_generation", "Incomplete generation")
        assert events(stream) == [json.loads(answer.body)]
        return
    assert check(answer.body, "lorax.generate").violations == ()
    assert events(stream)[-1]["generated_text"] == json.loads(answer.body)["generated_text"]
    if name in TOLD:
        assert json.loads(answer.body)["generated_text"] == TOLD[name]


@pytest.mark.parametrize("stream", [False, True], ids=["json", "sse"])
@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_can_befall_it_and_tells_of_errors_in_lorax_words(
    name: str, stream: bool, fake: Fake
) -> None:
    answer = post(fake, "/", {**asked(adapter_id=f"fake/{name}"), "stream": stream})
    assert b'{"error":{' not in answer.body
    if name.startswith("http-"):
        assert answer.status == int(name.split("-")[1])
        assert check(answer.body, "lorax.error").valid


def test_error_in_mid_stream_is_flat_and_the_last_event(fake: Fake) -> None:
    *tokens, last = events(post(fake, "/generate_stream", asked(adapter_id="fake/stream-error")))
    assert last["error_type"] == "generation"
    assert all("token" in one for one in tokens)


@pytest.mark.parametrize(("status", "kind"), [(429, "overloaded"), (424, "generation"), (503, "healthcheck")])
def test_status_has_the_type_that_lorax_gives_it(status: int, kind: str, fake: Fake) -> None:
    answer = post(fake, "/generate", asked(adapter_id=f"fake/http-{status}"))
    assert error(answer)[:2] == (status, kind)


@pytest.mark.parametrize("path", ["/scenario/empty-choices/generate", "/scenario/empty-choices", "/generate"])
def test_scenario_is_chosen_by_path_or_header(path: str, fake: Fake) -> None:
    headers = (*JSON, ("x-fake-scenario", "empty-choices")) if path == "/generate" else JSON
    assert error(post(fake, path, asked(), headers))[1] == "incomplete_generation"


def test_script_answers_and_the_journal_has_it(fake: Fake) -> None:
    handle = fake.handle()
    handle.when(adapter="org/a", answer="From the adapter.")
    handle.when(adapter="a,b", answer="From both.")
    handle.when(contains="Italy", answer=handle.scenario("echo"))
    handle.script("Hello!", handle.fault("http-429"))
    headers = (*JSON, ("authorization", f"Bearer {handle.key}"))

    def say(**body: object) -> str:
        answer = post(fake, "/generate", body, headers)
        return str(json.loads(answer.body).get("generated_text", answer.status))

    assert say(inputs="And Italy?") == "And Italy?"
    merged = {"ids": ["a", "b"], "weights": [1, 1]}
    assert say(inputs="x", parameters={"adapter_id": "org/a"}) == "From the adapter."
    assert say(inputs="x", parameters={"merged_adapters": merged}) == "From both."
    post(fake, "/tokenize", {"inputs": "x"}, headers)  # takes nothing from the script
    assert [say(inputs="x"), say(inputs="x")] == ["Hello!", "429"]
    assert handle.unused == 0
    assert [one.path for one in handle.requests] == ["/generate"] * 3 + ["/tokenize"] + ["/generate"] * 2
    assert handle.requests[1].json == {"inputs": "x", "parameters": {"adapter_id": "org/a"}}
    assert handle.requests[-1].scenario == "http-429"
    assert handle.requests[-1].header("authorization") == "Bearer ***"


def test_script_in_yaml_matches_an_adapter(fake: Fake) -> None:
    fake.script("rules: [{when: {adapter: org/a}, answer: {text: Adapted.}}]")
    assert generate(fake, adapter_id="org/a")["generated_text"] == "Adapted."
    assert generate(fake)["generated_text"].startswith("turn 1")


def test_dry_script_says_so(fake: Fake) -> None:
    handle = fake.handle()
    handle.when_dry("error")
    answer = post(fake, "/generate", asked(), (*JSON, ("authorization", f"Bearer {handle.key}")))
    assert error(answer)[:2] == (500, "script_is_dry")


def test_adapter_is_told_in_the_headers_and_the_base_model_is_not(fake: Fake) -> None:
    answer = post(fake, "/generate", asked(adapter_id="org/a", adapter_source="s3"))
    told = [answer.header(name) for name in ("x-model-id", "x-adapter-id", "x-adapter-source")]
    assert told == ["chatfake/base", "org/a", "s3"]
    merged = {"ids": ["a", "b"], "weights": [1, 1]}
    assert post(fake, "/generate", asked(merged_adapters=merged)).header("x-adapter-id") == "a,b"
    for none in (None, "", "__base_model__"):
        assert post(fake, "/generate", asked(adapter_id=none)).header("x-adapter-id") == ""
    assert post(fake, "/generate", asked(adapter_id="ü\n")).header("x-adapter-id") == "??"


def test_listed_adapters_are_served_and_no_others() -> None:
    fake = Fake(models=("tiny", "org/a"))
    assert json.loads(post(fake, "/generate", asked()).body)
    assert post(fake, "/generate", asked()).header("x-model-id") == "tiny"
    assert post(fake, "/generate", asked(adapter_id="org/a")).status == 200
    for path in ("/generate", "/embed"):
        status, kind, text = error(post(fake, path, asked(adapter_id="org/b")))
        assert (status, kind) == (424, "generation")
        assert "`org/b` does not exist" in text
    (only,) = events(post(fake, "/generate_stream", asked(adapter_id="org/b")))
    assert only["error_type"] == "generation"


def test_each_of_merged_adapters_has_to_be_there_and_one_may_be_a_scenario() -> None:
    fake = Fake(models=("tiny", "org/a"))

    def merged(*ids: str) -> dict[str, object]:
        return asked(merged_adapters={"ids": [*ids], "weights": [1] * len(ids)})

    for path in ("/generate", "/embed"):
        assert post(fake, path, merged("tiny", "org/a")).status == 200
        assert "`org/b` does not exist" in error(post(fake, path, merged("org/a", "org/b")))[2]
    assert error(post(fake, "/generate", merged("org/a", "fake/empty-choices")))[1] == "incomplete_generation"


@pytest.mark.parametrize("adapter", ["fake/unknown-adapter", "fake/emty-choices"])
def test_unknown_adapter_of_the_fakes_own_is_424(adapter: str, fake: Fake) -> None:
    status, kind, text = error(post(fake, "/generate", asked(adapter_id=adapter)))
    assert (status, kind) == (424, "generation")
    assert text.startswith("Request failed during generation: Server error: ")
