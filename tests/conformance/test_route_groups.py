"""Completions, embeddings and Open Responses: what their cases cost, and that no answer of any sort breaks one."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatfake import Answer, Request
from chatproof.probe import Exchange, Received, Sent, tokens_of
from chatproof.report import CaseResult, Outcome
from chatproof.selftest.endpoint.judged import judge_of
from chatproof.selftest.endpoint.wrapping import Handler, as_json, is_chat, with_body, with_type
from tests.conformance.test_miniatures import BROKEN, CASES, fake
from tests.portion import share

GROUPS = ("completions", "embeddings", "responses")
MOST = {"completions": 6, "embeddings": 5, "responses": 10}


def judged(handler: Handler, *groups: str) -> dict[str, CaseResult]:
    judge = judge_of(handler)
    return {id_: judge.judge(case) for id_, case in CASES.items() if id_.startswith(groups or GROUPS)}


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_costs_no_more_than_that(group: str) -> None:
    judge = judge_of(fake().answer)
    before = judge.endpoint.probe.budget.spent.requests
    for id_, case in CASES.items():
        if id_.startswith(f"{group}."):
            judge.judge(case)
    assert judge.endpoint.probe.budget.spent.requests - before == MOST[group]


@pytest.mark.parametrize(
    "scenario",
    ["empty-content", "blank-content", "unicode", "multi-paragraph", "long-text", "echo", "refusal"],
)
def test_no_case_depends_on_what_the_model_says(scenario: str) -> None:
    handler = fake().answer

    def saying(request: Request) -> Answer:
        return handler(replace(request, headers=(*request.headers, ("x-fake-scenario", scenario))))

    found = {id_: result for id_, result in judged(saying).items() if result.outcome in BROKEN}
    assert found == {}


def test_a_model_that_only_reasons_is_no_fault_of_its_endpoint() -> None:
    """The limit is spent before the first word: what came is a reasoning item alone, and cannot be resent."""

    def reasoning(request: Request) -> Answer:
        answer = fake().answer(request)
        value = json.loads(answer.body) if answer.body.startswith(b"{") else {}
        if not request.path.endswith("/responses") or "output" not in value or b"tools" in request.body:
            return answer
        item = {"id": "rs_1", "type": "reasoning", "summary": []}
        value.update(output=[item], status="incomplete", incomplete_details={"reason": "max_output_tokens"})
        return with_body(answer, json.dumps(value).encode())

    found = judged(reasoning, "responses")
    assert not BROKEN & {result.outcome for result in found.values()}
    assert found["responses.multi-turn"].outcome is Outcome.PASSED


@pytest.mark.parametrize("group", GROUPS)
def test_what_cannot_be_judged_says_which_case_has_the_cause(group: str) -> None:
    """Transformers: a stream of Open Responses where none was asked for."""

    def streaming(request: Request) -> Answer:
        answer = fake().answer(request)
        if answer.status != 200 or is_chat(request) or not request.path.endswith(f"/{group}"):
            return answer
        return with_type(with_body(answer, b"data: " + answer.body + b"\n\n"), "text/event-stream")

    found = judged(streaming, group)
    broken = {id_ for id_, one in found.items() if one.outcome is Outcome.FAILED}
    unseen = [one.message for one in found.values() if one.outcome is Outcome.INCONCLUSIVE]
    assert unseen
    assert all(any(f"(see {id_})" in message for id_ in broken) for message in unseen), (broken, unseen)


def test_an_input_that_is_taken_in_silence_is_a_should() -> None:
    def lenient(request: Request) -> Answer:
        body = json.loads(request.body) if request.body.startswith(b"{") else {}
        if request.path.endswith("/responses") and body.get("input") == 7:
            request = replace(request, body=json.dumps({**body, "input": "7"}).encode())
        return fake().answer(request)

    found = judged(lenient, "responses")
    assert {id_ for id_, one in found.items() if one.outcome in BROKEN} == {"responses.errors"}
    assert found["responses.errors"].outcome is Outcome.WARNED
    assert Counter(one.level for one in found["responses.errors"].evidence) == {"should": 2}


def test_what_a_response_costs_is_counted() -> None:
    usage = {"input_tokens": 7, "output_tokens": 3, "total_tokens": 10}
    bodies: Mapping[str, bytes] = {
        "application/json": json.dumps({"object": "response", "usage": usage}).encode(),
        "text/event-stream": f"data: {json.dumps({'response': {'usage': usage}})}\n\n".encode(),
    }
    for kind, body in bodies.items():
        received = Received(status=200, headers=(("content-type", kind),), body=body)
        sent = Sent(method="POST", url="http://there/v1/responses", headers=(), body=b"{}")
        assert tokens_of(Exchange(sent=sent, received=received)) == {
            "prompt_tokens": 7,
            "completion_tokens": 3,
        }


_NAMES = (
    "choices", "text", "index", "logprobs", "tokens", "token_logprobs", "usage", "prompt_tokens", "input_tokens",
    "output_tokens", "data", "embedding", "output", "content", "type", "id", "call_id", "arguments", "status", "error",
    "response", "item", "sequence_number", "finish_reason", "object",
)  # fmt: skip
_WORDS = (
    "message",
    "output_text",
    "function_call",
    "reasoning",
    "response.completed",
    "response.created",
    "AAAA",
)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(_WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=4),
    max_leaves=8,
)


@share(0.25)
@given(
    values=st.lists(st.dictionaries(st.sampled_from(_NAMES), _VALUES, max_size=5), min_size=1, max_size=4),
    as_stream=st.booleans(),
    after=st.integers(min_value=0, max_value=4),
)
def test_whatever_a_route_says_breaks_no_case(
    values: list[dict[str, object]], as_stream: bool, after: int
) -> None:
    handler, turns = fake().answer, Counter[str]()

    def hostile(request: Request) -> Answer:
        route = request.path.rpartition("/")[2]
        turns[route] += 1
        if is_chat(request) or request.method == "GET" or turns[route] <= after:
            return handler(request)
        if as_stream:
            head = (("content-type", "text/event-stream"),)
            text = "".join(f"data: {json.dumps(one)}\n\n" for one in values)
            return with_body(Answer(status=200, headers=head), text.encode())
        return as_json(200, values[turns[route] % len(values)])

    found = judged(hostile)
    assert {id_: result.message for id_, result in found.items() if result.outcome is Outcome.ERROR} == {}
