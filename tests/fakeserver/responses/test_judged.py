"""The answers before an independent judge: `chatschema` reads the same contract and shares no code with the fake."""

import json
from typing import Any

import pytest
from hypothesis import given

from chatfake import FAULTS, SCENARIOS, Fake
from chatproof.strategies.valid.responses.requests import response_requests
from chatschema import check
from chatschema.core.violation import Level
from tests.fakeserver.asking import post
from tests.fakeserver.responses.asking import CALL, PATH, RESULT, RUN, WEATHER, asked, requests, respond
from tests.portion import share

NO_JSON = {"shape.json"}
EVENTS, SHAPE = "responses.sse.events", "responses.sse.shape"
NUMBERS, FRAMING = "responses.sequence-numbers", "responses.sse.framing"
ODD = {SHAPE}
#: What is wrong on purpose: the rules that an entry breaks in JSON and in a stream. All others break none.
BREAKS: dict[str, tuple[set[str], set[str]]] = {
    "null-content": ({"shape.type"}, ODD),
    "missing-content": ({"shape.missing"}, ODD),
    "parts-content": ({"shape.type"}, {SHAPE, EVENTS}),
    "tool-call-missing-id": ({"shape.missing"}, ODD),
    "tool-call-object-arguments": ({"shape.type"}, ODD),
    "null-choices": ({"shape.type"}, ODD),
    "missing-choices": ({"shape.missing"}, ODD),
    "wrong-index": (set(), {EVENTS}),
    "delta-in-json": ({"shape.kind"}, set()),
    "message-in-stream": (set(), {SHAPE, EVENTS}),
    "wrong-object": ({"shape.value"}, ODD),
    "wrong-types": ({"shape.type"}, ODD),
    "missing-usage": ({"responses.json.usage"}, {"responses.json.usage"}),
    "null-usage": ({"responses.json.usage"}, {"responses.json.usage"}),
    "truncated-json": (NO_JSON, {EVENTS, FRAMING}),
    "trailing-garbage": (NO_JSON, {FRAMING}),
    "bom": ({"http.no-junk"}, set()),
    "reset-in-body": (NO_JSON, {EVENTS}),
    "half-close": (NO_JSON, {EVENTS}),
    "stall": (NO_JSON, {EVENTS}),
    "latin-1": (NO_JSON, {"http.utf8"}),
    "duplicate-chunk": (set(), {NUMBERS, EVENTS}),
    "chunks-out-of-order": (set(), {NUMBERS, EVENTS}),
    "changed-id": (set(), {EVENTS}),
    "no-role": (set(), {SHAPE, EVENTS}),
    "finish-twice": (set(), {NUMBERS, EVENTS}),
    "finish-missing": (set(), {EVENTS}),
    "delta-after-finish": (set(), {NUMBERS, EVENTS}),
    "usage-every-chunk": (set(), {"responses.spec-complete"}),
    "huge-chunk": (set(), {EVENTS}),
    "stream-cut": (NO_JSON, {EVENTS}),
    "stream-cut-in-event": (NO_JSON, {EVENTS, FRAMING}),
    "stream-cut-in-character": (NO_JSON, {EVENTS, FRAMING, "http.utf8"}),
    "stream-data-after-done": (set(), {NUMBERS, EVENTS}),
    "stream-error": (set(), {SHAPE, EVENTS}),
    "stream-error-event": (set(), {EVENTS}),
    "stream-endless": (set(), {EVENTS}),
    "stream-ends-early": (set(), {EVENTS}),
    "stream-garbled-json": (set(), {NUMBERS, EVENTS, FRAMING}),
}
#: Answers of an error, and answers that are no response at all, whatever was asked.
NO_ANSWER = {
    *[name for name in FAULTS if name.startswith("http-")],
    *("html-200", "html-502", "empty-body", "gzip", "cut-gzip", "redirect", "redirect-loop", "huge-headers"),
    *("content-length-long", "content-length-short", "refuse"),
    *("reset-before-head", "reset-in-head", "reset-in-chunk"),
}
#: OpenAI's streams lack it too, in 154 of 154 recorded calls, and so do the fake's.
LACKING = ("responses.spec-complete", "name")


def broken_rules(body: bytes, kind: str) -> set[str]:
    """Without the one member that OpenAI leaves out as well."""
    return {
        violation.rule
        for violation in check(body, kind).violations
        if (violation.rule, violation.path.rpartition(".")[2]) != LACKING
    }


@pytest.mark.parametrize("stream", [False, True], ids=["json", "sse"])
@pytest.mark.parametrize("name", [name for name in (*SCENARIOS, *FAULTS) if name not in NO_ANSWER])
def test_entry_breaks_the_rules_it_is_made_to_break_and_no_other(name: str, stream: bool, fake: Fake) -> None:
    text = "Grüße" if name in ("latin-1", "stream-cut-in-character") else "Hello."
    answer = respond(fake, model=f"fake/{name}", stream=stream, input=text)
    found = broken_rules(answer.body, "response.sse" if stream else "response")
    assert found == BREAKS.get(name, (set(), set()))[stream]


@share(0.5)
@given(requests())
def test_answer_to_any_valid_request_breaks_no_rule(body: dict[str, Any]) -> None:
    for stream, kind in ((False, "response"), (True, "response.sse")):
        answer = post(Fake(), {**body, "stream": stream}, PATH)
        judgement = check(answer.body)
        assert (answer.status, judgement.kind) == (200, kind)
        assert broken_rules(answer.body, kind) == set()
        assert not judgement.extensions


@given(response_requests())
def test_whatever_the_contract_takes_for_a_request_is_answered_by_a_lenient_fake(
    body: dict[str, Any],
) -> None:
    for stream, kind in ((False, "response"), (True, "response.sse")):
        answer = post(Fake(lenient=True), {**body, "stream": stream}, PATH)
        assert answer.status == 200
        musts = [one for one in check(answer.body, kind).violations if one.level is Level.MUST]
        assert musts == []


def test_call_of_a_stream_lacks_the_member_that_openais_calls_lack(fake: Fake) -> None:
    body = respond(fake, stream=True, tools=[WEATHER], tool_choice="required").body
    (violation,) = check(body, "response.sse").violations
    assert (violation.rule, violation.level, violation.path[-5:]) == (
        "responses.spec-complete",
        Level.SHOULD,
        ".name",
    )


@given(requests())
def test_output_is_accepted_back_as_input_and_counts(body: dict[str, Any]) -> None:
    """As the documentation of the API does it: `input += response.output`."""
    fake = Fake()
    answer = json.loads(post(fake, body, PATH).body)
    given_items = body["input"]
    before = [{"role": "user", "content": given_items}] if isinstance(given_items, str) else given_items
    results = [
        {"type": f"{item['type']}_output", "call_id": item["call_id"], "output": "sunny"}
        for item in answer["output"]
        if item["type"] in ("function_call", "custom_tool_call")
    ]
    longer = [*before, *answer["output"], *results, {"role": "user", "content": "And now?"}]
    later = post(fake, {**body, "input": longer}, PATH)
    assert later.status == 200, later.body
    if answer["status"] != "failed":
        assert json.loads(later.body)["usage"]["input_tokens"] > answer["usage"]["input_tokens"]


def test_agent_ends_once_the_result_has_come(fake: Fake) -> None:
    for scenario in ("tool-call-only", "parallel-tool-calls", "tool-call-with-text"):
        items = [{"role": "user", "content": "Weather?"}, CALL, RESULT]
        body = respond(fake, model=f"fake/{scenario}", input=items, tools=[WEATHER, RUN]).body
        assert b'"function_call"' not in body
        assert b"the tool said: sunny" in body


def test_request_of_these_tests_is_one_by_the_contract() -> None:
    assert check(asked(tools=[WEATHER, RUN]), "response.request").violations == ()
