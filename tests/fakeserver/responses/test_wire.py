"""How answers look on the wire, whole."""

import pytest
from syrupy.assertion import SnapshotAssertion

from chatfake import SCENARIOS, Fake
from chatfake.responses.scenarios import RESHAPES
from tests.fakeserver.asking import wire
from tests.fakeserver.responses.asking import RUN, SCHEMA, WEATHER, respond

OPTIONS = {
    "instructions": "Be brief.",
    "max_output_tokens": 100,
    "metadata": {"a": "b"},
    "temperature": 0,
    "reasoning": {"effort": "low", "summary": "auto"},
    "service_tier": "priority",
    "store": False,
    "include": ["message.output_text.logprobs"],
    "top_logprobs": 1,
    "text": {"format": SCHEMA, "verbosity": "low"},
    "tools": [WEATHER, RUN, {"type": "web_search"}],
    "tool_choice": "none",
    "user": "u",
    "safety_identifier": "s",
    "prompt_cache_key": "k",
    "truncation": "auto",
    "parallel_tool_calls": False,
}


@pytest.mark.parametrize("stream", [False, True], ids=["json", "sse"])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_scenario_answers_as_it_always_did(
    scenario: str, stream: bool, fake: Fake, snapshot: SnapshotAssertion
) -> None:
    answer = respond(fake, model=f"fake/{scenario}", stream=stream, input="Hi")
    assert wire(answer) == snapshot


@pytest.mark.parametrize("stream", [False, True], ids=["json", "sse"])
def test_options_come_back_as_they_always_did(stream: bool, fake: Fake, snapshot: SnapshotAssertion) -> None:
    assert wire(respond(fake, stream=stream, **OPTIONS)) == snapshot


@pytest.mark.parametrize("stream", [False, True], ids=["json", "sse"])
def test_calls_look_as_they_always_did(stream: bool, fake: Fake, snapshot: SnapshotAssertion) -> None:
    members = {"model": "fake/parallel-tool-calls", "tools": [WEATHER, RUN]}
    assert wire(respond(fake, stream=stream, **members)) == snapshot


def test_shapes_are_of_scenarios_that_there_are() -> None:
    assert {*RESHAPES} < {*SCENARIOS}
