"""Every scenario and fault on the wire, byte by byte; a new entry is tested by being there."""

import json

import pytest
from syrupy.assertion import SnapshotAssertion

from chatfake import FAULTS, SCENARIOS, Fake
from tests.fakeserver.asking import WEATHER, chat, error_of, get, post
from tests.fakeserver.pinned import Page, page


@pytest.mark.parametrize("stream", [False, True], ids=["json", "sse"])
def test_entries_on_the_wire(stream: bool, snapshot: SnapshotAssertion) -> None:
    usage = {"stream_options": {"include_usage": True}} if stream else {}
    answers = {
        name: post(Fake(), chat(model=f"fake/{name}", stream=stream, **usage))
        for name in (*SCENARIOS, *FAULTS)
    }
    assert page(answers, answers["text"]) == snapshot(extension_class=Page)


@pytest.mark.parametrize("stream", [False, True], ids=["json", "sse"])
def test_log_probabilities_tools_and_choices_on_the_wire(stream: bool, snapshot: SnapshotAssertion) -> None:
    answers = {
        "logprobs": post(Fake(), chat(stream=stream, n=2, logprobs=True, top_logprobs=2, max_tokens=2)),
        "call": post(Fake(), chat(stream=stream, tools=[WEATHER], tool_choice="required")),
    }
    assert page(answers) == snapshot(extension_class=Page)


@pytest.mark.parametrize("entry", [*SCENARIOS.values(), *FAULTS.values()], ids=lambda entry: entry.name)
def test_entry_is_described_and_listed(entry: object, fake: Fake) -> None:
    name, description, outcome = (getattr(entry, member) for member in ("name", "description", "outcome"))
    assert f"fake/{name}" in fake.settings.models.listed
    assert "\n" not in description
    assert description[-1] != "."
    assert outcome.split()[0] in ("whose", "which")


@pytest.mark.parametrize("stream", [False, True], ids=["json", "sse"])
@pytest.mark.parametrize("fault", FAULTS)
def test_fault_can_be_laid_over_any_scenario(fault: str, stream: bool, fake: Fake) -> None:
    short = [name for name in SCENARIOS if name != "long-text"]
    changed = 0
    for scenario in short:
        completion = post(fake, chat(model=f"fake/{scenario}", stream=stream))
        befallen = post(fake, chat(model=f"fake/{scenario}+{fault}", stream=stream))
        assert befallen.status in (200, 307, *range(400, 600))
        changed += (befallen.steps, befallen.headers) != (completion.steps, completion.headers)
    assert changed > len(short) // 2 or (not stream and fault in STREAMS_ONLY)


#: They are about events, and leave a JSON answer as it is.
STREAMS_ONLY = {
    name
    for name in FAULTS
    if name.startswith("stream-")
    or FAULTS[name].outcome in (FAULTS["finish-twice"].outcome, FAULTS["one-packet"].outcome)
} | {"delay-per-chunk"}


def test_names_do_not_collide() -> None:
    assert not set(SCENARIOS) & set(FAULTS)


def test_models_lists_what_is_served_first(snapshot: SnapshotAssertion) -> None:
    listed = json.loads(get(Fake(models=("tiny", "org/big")), "/v1/models").body)
    lines = "\n".join(json.dumps(entry) for entry in listed.pop("data"))
    assert f"{json.dumps(listed)}\n{lines}\n" == snapshot(extension_class=Page)


def test_any_model_is_served_by_default(fake: Fake) -> None:
    assert post(fake, chat(model="gpt-4o")).status == 200
    assert get(fake, "/v1/models/gpt-4o").status == 200


@pytest.mark.parametrize("path", ["/v1/models/org/big", "/models/org/big"])
def test_model_is_retrieved_by_an_id_with_a_slash(path: str) -> None:
    assert json.loads(get(Fake(models=("org/big",)), path).body)["id"] == "org/big"


@pytest.mark.parametrize("model", ["fake/emty-choices", "fake/text+nonsense", "fake/", "tinny", "zzz"])
def test_unknown_model_is_404_and_names_near_ones(model: str, snapshot: SnapshotAssertion) -> None:
    fake = Fake(models=("tiny",))
    answer = post(fake, chat(model=model))
    assert answer.status == get(fake, f"/v1/models/{model}").status == 404 or model == "fake/"
    assert json.loads(answer.body) == snapshot


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/scenario/empty-choices/v1/chat/completions", ()),
        ("/scenario/empty-choices/chat/completions", ()),
        ("/key/sk-1/scenario/empty-choices/v1/chat/completions", ()),
        ("/scenario/empty-choices/key/sk-1/v1/chat/completions/", ()),
        ("/v1/chat/completions", (("x-fake-scenario", "empty-choices"),)),
    ],
)
def test_scenario_is_chosen_by_path_or_header(
    path: str, headers: tuple[tuple[str, str], ...], fake: Fake
) -> None:
    assert json.loads(post(fake, chat(), path, headers).body)["choices"] == []


def test_unknown_scenario_in_the_path_is_404(fake: Fake, snapshot: SnapshotAssertion) -> None:
    answer = post(fake, chat(), "/scenario/refused/v1/chat/completions")
    assert (answer.status, json.loads(answer.body)) == snapshot


def test_routes_answer_without_v1_too(fake: Fake) -> None:
    assert post(fake, chat(), "/chat/completions") == post(fake, chat())
    assert get(fake, "/models") == get(fake, "/v1/models/")


def test_scenario_in_the_path_does_not_make_an_unknown_model_known() -> None:
    answer = post(Fake(models=("tiny",)), chat(model="zzz"), "/scenario/text/v1/chat/completions")
    assert error_of(answer)["code"] == "model_not_found"
