"""How answers look on the wire, whole."""

import pytest
from syrupy.assertion import SnapshotAssertion

from chatfake import SCENARIOS, Fake
from chatfake.responses.scenarios import RESHAPES
from tests.fakeserver.pinned import Page, page
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
def test_scenarios_answer_as_they_always_did(stream: bool, snapshot: SnapshotAssertion) -> None:
    answers = {name: respond(Fake(), model=f"fake/{name}", stream=stream, input="Hi") for name in SCENARIOS}
    assert page(answers, answers["text"]) == snapshot(extension_class=Page)


@pytest.mark.parametrize("stream", [False, True], ids=["json", "sse"])
def test_options_and_calls_look_as_they_always_did(stream: bool, snapshot: SnapshotAssertion) -> None:
    members = {"model": "fake/parallel-tool-calls", "tools": [WEATHER, RUN]}
    answers = {
        "options": respond(Fake(), stream=stream, **OPTIONS),
        "calls": respond(Fake(), stream=stream, **members),
    }
    assert page(answers) == snapshot(extension_class=Page)


def test_shapes_are_of_scenarios_that_there_are() -> None:
    assert {*RESHAPES} < {*SCENARIOS}
