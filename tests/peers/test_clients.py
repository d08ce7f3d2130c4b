"""Unchanged clients against the fake: what each makes of its answers, and what it sends.

`.ci/peers` makes their environments, runs this and writes what came of it to `results/` and docs/peers.md.
"""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chatfake import LiveServer, Recorded
from tests.peers.peer_cases import DIALECT_CASES, LORAX_WORKS, RESPONSES_WORK, UNUSUAL_STREAMS, WORKS
from tests.peers.peer_clients import CLIENTS, Client
from tests.peers.peer_page import PAGE, page
from tests.peers.peer_results import RESULTS
from tests.peers.peer_run import Run, run

ASKED = ("user", "Hello")
CITY = {"name": "name", "people": 1}
#: The cases in which the fake says its default text, and all is well.
SAYING = (
    *(case for case in WORKS if case not in ("structured", "embeddings", "models")),
    *(f"{case}, SSE" for case in UNUSUAL_STREAMS),
    # LoRAX streams a call as a text
    *(case for case in DIALECT_CASES if case != "lorax: tools, SSE"),
    *RESPONSES_WORK,
    *(case for case in LORAX_WORKS if case not in ("LoRAX: embed", "LoRAX: classify")),
)
PARAMS = [
    pytest.param(client, id=client.environment, marks=pytest.mark.xdist_group(client.environment))
    for client in CLIENTS
]


@pytest.fixture(scope="module", params=PARAMS)
def client_run(request: pytest.FixtureRequest, server: LiveServer, environments: Path) -> Run:
    """All that a client did, once for all tests."""
    client: Client = request.param
    if not (environments / client.environment).is_dir():
        pytest.skip(f"{environments} has no environment {client.environment}; `.ci/peers` makes it")
    return run(client, environments, server)


def alike(run_: Run, cases: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """The outcomes of those cases that the client has and in which it is to do as all do."""
    for case in cases:
        if case in run_.outcomes and not run_.client.is_unlike(case):
            yield case, run_.outcomes[case]


def calls_of(message: Any) -> list[Any]:
    return list(message.get("tool_calls") or [])


def is_stream(request: Recorded) -> bool:
    return isinstance(request.json, dict) and request.json.get("stream") is True


@pytest.mark.peers
def test_every_answer_reaches_the_program_whole(client_run: Run) -> None:
    texts = {
        case: (outcome.get("text", outcome.get("object")), client_run.expected(case))
        for case, outcome in alike(client_run, SAYING)
    }
    assert texts
    if client_run.client.package == "instructor":
        assert {str(text) for text, _ in texts.values()} == {str(CITY)}
    else:
        assert {case: text for case, (text, _) in texts.items()} == {
            case: expected for case, (_, expected) in texts.items()
        }


@pytest.mark.peers
def test_streams_are_asked_for_and_arrive_in_pieces(client_run: Run) -> None:
    for case, outcome in alike(client_run, SAYING):
        streamed = "SSE" in case
        assert {is_stream(request) for request in client_run.requests(case)} == {streamed}, case
        if streamed and "object" not in outcome:
            assert outcome["in pieces"], case


@pytest.mark.peers
def test_objects_fit_the_schema_that_was_sent(client_run: Run) -> None:
    for case, outcome in alike(client_run, ["structured"]):
        assert outcome == {"object": CITY}
        (request,) = client_run.requests(case)
        assert isinstance(request.json, dict)
        assert '"people"' in json.dumps(request.json.get("response_format") or request.json.get("tools"))


@pytest.mark.peers
def test_history_is_sent_whole(client_run: Run) -> None:
    for case, _ in alike(client_run, ["history"]):
        first, _ = client_run.requests(case)
        assert [(m["role"], m["content"]) for m in first.messages] in (
            [ASKED],
            [("user", [{"type": "text", "text": "Hello"}])],
        )
        answer = client_run.expected("JSON")
        client_run.handles[case].assert_sent_history([ASKED, ("assistant", answer), ("user", "And now?")])


@pytest.mark.peers
def test_tools_are_called_and_their_results_sent_under_the_ids_of_the_calls(client_run: Run) -> None:
    count = {"tools": 1, "tools, SSE": 1, "two tools at once": 2}
    for case, _ in alike(client_run, count):
        first, second = client_run.requests(case)
        assert [message["role"] for message in first.messages] == ["user"]
        assert isinstance(first.json, dict)
        assert '"get_weather"' in json.dumps(first.json["tools"])
        question, called, *results = second.messages
        assert question == first.messages[0]
        assert [call["function"]["name"] for call in calls_of(called)] == ["get_weather"] * count[case]
        arguments = [json.loads(call["function"]["arguments"]) for call in calls_of(called)]
        assert arguments == [{"city": "city"}] * count[case]
        assert [(one["role"], one["tool_call_id"]) for one in results] == [
            ("tool", call["id"]) for call in calls_of(called)
        ]
        assert ["It is mild in city." in str(one["content"]) for one in results] == [True] * count[case]


@pytest.mark.peers
def test_calls_and_results_are_items_of_the_next_request_to_the_responses_api(client_run: Run) -> None:
    for case, _ in alike(client_run, ["Responses: tools"]):
        first, second = client_run.requests(case)
        assert first.path == second.path == "/responses"
        assert isinstance(first.json, dict)
        assert isinstance(second.json, dict)
        assert '"get_weather"' in json.dumps(first.json["tools"])
        items: Any = second.json["input"]
        (call,) = [item for item in items if item.get("type") == "function_call"]
        (result,) = [item for item in items if item.get("type") == "function_call_output"]
        assert (call["name"], json.loads(call["arguments"])) == ("get_weather", {"city": "city"})
        assert result["call_id"] == call["call_id"]
        assert "It is mild in city." in json.dumps(result["output"])


@pytest.mark.peers
def test_failures_are_tried_again_after_the_pause_that_was_asked_for(client_run: Run) -> None:
    for case, outcome in alike(
        client_run, ["429 once", "500 once", "Responses: 429 once", "LoRAX: 500 once"]
    ):
        assert "error" not in outcome, case
        failed, again = client_run.requests(case)
        assert (failed.status, again.status) == (500 if "500" in case else 429, 200)
        assert failed.json == again.json
        verdict = client_run.handles[case].verdict()
        assert len(verdict.retries) == 1
        assert verdict.impatient == ()
        assert verdict.gave_up == ()


@pytest.mark.peers
def test_requests_that_are_refused_are_not_sent_again_and_raise(client_run: Run) -> None:
    for case, outcome in alike(client_run, ["400", "401", "Responses: 400", "LoRAX: 400"]):
        assert "error" in outcome, case
        client_run.handles[case].assert_request_count(1)


@pytest.mark.peers
def test_a_server_that_always_fails_makes_an_error_in_the_end(client_run: Run) -> None:
    for case, outcome in alike(client_run, ["500"]):
        assert "error" in outcome
        assert 1 <= len(client_run.requests(case)) <= 6


@pytest.mark.peers
def test_embeddings_have_their_length_and_are_alike_for_the_same_text(client_run: Run) -> None:
    for _, outcome in alike(client_run, ["embeddings"]):
        assert outcome == {"lengths": [1536] * 3, "alike": True}


@pytest.mark.peers
def test_adapters_reach_the_native_routes_and_vectors_and_entities_come_back(client_run: Run) -> None:
    for case, outcome in alike(client_run, LORAX_WORKS):
        for request in client_run.requests(case):
            assert isinstance(request.json, dict)
            assert request.json["inputs"] in ("Hello", "Rain")
            if case in SAYING:
                assert isinstance(request.json["parameters"], dict)
                assert request.json["parameters"]["adapter_id"] == "some/adapter"
        if case == "LoRAX: embed":
            assert outcome == {"lengths": [384] * 3, "alike": True}
        if case == "LoRAX: classify":
            assert outcome == {"entities": 1}


@pytest.mark.peers
def test_models_are_those_of_the_fake(client_run: Run) -> None:
    for _, outcome in alike(client_run, ["models"]):
        assert outcome == {"models": ["fake/annotations", "fake/audio-null", "fake/blank-content"]}


@pytest.mark.peers
def test_keys_reach_the_fake_and_are_not_kept(client_run: Run) -> None:
    for case in client_run.outcomes:
        for request in client_run.requests(case):
            assert request.header("authorization") == "Bearer ***"


@pytest.mark.peers
def test_what_is_said_to_be_unlike_is_so(client_run: Run) -> None:
    for named in client_run.client.unlike:
        cases = [case for case in client_run.outcomes if case == named or case.startswith(f"{named}: ")]
        assert cases
        assert [case for case in cases if as_usual(client_run, case)] == []


def as_usual(run_: Run, case: str) -> bool:
    """Whether a client does what all others do."""
    outcome, requests = run_.outcomes[case], len(run_.requests(case))
    if case.endswith("once"):
        patient = not run_.handles[case].verdict().impatient
        return "error" not in outcome and requests == 2 and patient
    if case.endswith(("400", "401")):
        return "error" in outcome and requests == 1
    return bool(outcome.get("text")) and outcome["text"] == run_.expected(case)


@pytest.mark.peers
def test_what_the_client_did_is_on_record(client_run: Run) -> None:
    path = RESULTS / f"{client_run.client.environment}.json"
    results = json.dumps(client_run.results, indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("CHATPROOF_PEERS_WRITE"):
        path.write_text(results, encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == json.loads(results), "run `.ci/peers`"


def test_the_page_of_the_docs_says_what_is_on_record() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.peers.peer_page`"
