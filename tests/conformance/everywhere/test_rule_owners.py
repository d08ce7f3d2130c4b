"""Which case a broken rule is the matter of."""

import pytest

from chatproof.cases import CASES, LORAX_CASES
from chatproof.cases.contract.owners import SHAPES, may_change, owner_of
from chatproof.selftest.endpoint.judged import judge_of
from chatproof.selftest.endpoint.miniatures import MINIATURES
from chatschema import Kind
from chatschema.rulebook import RULEBOOK
from tests.conformance.test_miniatures import fake
from tests.portion import one_in

_FAMILIES = {
    Kind.COMPLETION: ("chat.json.", "chat.tools.", "shape.", "http."),
    Kind.STREAM: ("chat.sse.", "chat.tools.", "chat.json.", "http."),
    Kind.ERROR: ("chat.errors.", "shape."),
    Kind.TEXT: ("completions.", "shape."),
    Kind.TEXT_STREAM: ("completions.sse.", "http."),
    Kind.EMBEDDINGS: ("embeddings.", "shape."),
    Kind.RESPONSE: ("responses.", "shape."),
    Kind.RESPONSE_STREAM: ("responses.", "http."),
    Kind.LORAX_GENERATE: ("lorax.generate", "lorax.spec-complete", "shape."),
    Kind.LORAX_STREAM: ("lorax.stream", "http."),
}


def asked_for() -> list[tuple[Kind, str]]:
    """The rules that bodies can break which the suite asks for."""
    return [
        (kind, rule)
        for kind, shape in SHAPES.items()
        if shape in CASES or shape in LORAX_CASES
        for rule in RULEBOOK
        if rule.startswith(_FAMILIES[kind]) and ".request." not in rule
    ]


@pytest.mark.parametrize(("kind", "rule"), asked_for())
def test_every_rule_has_its_case(kind: Kind, rule: str) -> None:
    owner = owner_of(rule, kind)
    assert owner in (LORAX_CASES if kind.value.startswith("lorax.") else CASES)
    assert owner in may_change()


def test_a_rule_with_the_name_of_a_case_is_its_matter() -> None:
    for _, rule in asked_for():
        if rule in CASES:
            assert owner_of(rule, Kind.COMPLETION) == rule


def test_a_kind_that_no_case_asks_for_has_no_owner() -> None:
    assert owner_of("shape.type", Kind.CHAT_REQUEST) == ""


def test_the_shape_of_a_call_is_apart() -> None:
    path = "$.choices[0].message.tool_calls[0].id"
    assert owner_of("shape.missing", Kind.COMPLETION, path) == "chat.tools.shape"
    assert owner_of("shape.missing", Kind.COMPLETION, "$.id") == "chat.json.shape"


@pytest.mark.parametrize("name", one_in(20, MINIATURES))
def test_what_an_answer_can_break_is_known_before(name: str) -> None:
    judge = judge_of(MINIATURES[name].make(fake().answer))
    judge.judge_all(CASES.values())
    assert {case for case, _ in judge.ledger.breaches} <= may_change()
