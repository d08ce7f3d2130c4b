"""What an endpoint has: what became of the case about it; one that breaks on being asked has not shown it."""

from collections.abc import Callable

import pytest

from chatfake import Answer, Request
from chatproof.judging.capabilities import CAPABILITIES, capabilities
from chatproof.report import CaseResult, Outcome
from chatproof.report.document import Evidence
from chatproof.selftest.endpoint.judged import judged
from chatproof.selftest.endpoint.wrapping import CRASH, as_json, asked, is_chat, where
from tests.conformance.test_miniatures import fake

NOT_SEEING = as_json(
    500, {"error": {"code": 500, "message": "image input is not supported", "type": "server_error"}}
)
"""As llama.cpp answers an image where its model has no sight."""


def in_chat(text: bytes) -> Callable[[Request], bool]:
    return lambda request: is_chat(request) and text in request.body


def at(route: str) -> Callable[[Request], bool]:
    return lambda request: request.path.endswith(route) and not is_chat(request)


ASKS_FOR: dict[str, Callable[[Request], bool]] = {
    "n": lambda request: is_chat(request) and asked(request).get("n") == 2,
    "logprobs": in_chat(b'"logprobs"'),
    "json-object": in_chat(b'"json_object"'),
    "json-schema": in_chat(b'"json_schema"'),
    "vision": in_chat(b'"image_url"'),
    "completions": at("/completions"),
    "embeddings": at("/embeddings"),
    "responses": at("/responses"),
    "responses-tools": lambda request: at("/responses")(request) and "tools" in asked(request),
}


@pytest.mark.parametrize(
    ("outcome", "name", "supported"),
    [
        (Outcome.PASSED, "n", True),
        (Outcome.FAILED, "n", True),
        (Outcome.UNSUPPORTED, "n", False),
        (Outcome.INCONCLUSIVE, "n", None),
        (Outcome.WARNED, "seed", False),
        (Outcome.PASSED, "seed", True),
        (Outcome.FAILED, "vision", False),
        (Outcome.FAILED, "json-schema", False),
        (Outcome.FAILED, "json-object", False),
        (Outcome.WARNED, "json-schema", True),
    ],
)
def test_a_capability_is_what_became_of_its_case(outcome: Outcome, name: str, supported: bool | None) -> None:
    (id_,) = CAPABILITIES[name]
    (found,) = capabilities([CaseResult(id=id_, level="may", outcome=outcome, message="why")], None)
    assert isinstance(found, dict)
    assert found["supported"] is supported
    assert ("why" in str(found["evidence"])) is (outcome is Outcome.UNSUPPORTED)
    assert capabilities([CaseResult(id=id_, level="may", outcome=Outcome.NOT_RUN)], None) == []


@pytest.mark.parametrize("name", ASKS_FOR)
@pytest.mark.parametrize("answer", [CRASH, NOT_SEEING], ids=["crash", "not-supported"])
def test_what_is_answered_with_a_fault_of_the_server_is_not_known_to_be_there(
    name: str, answer: Answer
) -> None:
    broken = where(ASKS_FOR[name], answer)(fake().answer)
    (found,) = capabilities(judged(broken, cases=CAPABILITIES[name]), None)
    assert isinstance(found, dict)
    assert found["supported"] is None


def test_what_is_there_in_one_mode_is_there() -> None:
    answer = "HTTP 500, application/json, {}"
    seen = (
        Evidence(level="must", expected="4xx", seen=answer),
        Evidence(level="must", expected="2 choices", seen="1", path="$.choices"),
    )
    result = CaseResult(id="chat.json.n", level="may", outcome=Outcome.FAILED, evidence=seen)
    (found,) = capabilities([result], None)
    assert isinstance(found, dict)
    assert found["supported"] is True
