"""Which case a broken rule of the contract is the matter of: one table."""

from collections.abc import Mapping

from chatproof.cases.registry import CASES, LORAX_CASES
from chatproof.findings.finding import Finding
from chatschema import Kind
from chatschema.rulebook import RULEBOOK

__all__ = ["SHAPES", "Owned", "may_change", "owner_of"]

Owned = tuple[str, Finding]
"""The id of a case, and what was found that is its matter."""

SHAPES: Mapping[Kind, str] = {
    Kind.COMPLETION: "chat.json.shape",
    Kind.STREAM: "chat.sse.shape",
    Kind.ERROR: "chat.errors.shape",
    Kind.TEXT: "completions.json.shape",
    Kind.TEXT_STREAM: "completions.sse.shape",
    Kind.EMBEDDINGS: "embeddings.shape",
    Kind.RESPONSE: "responses.json.shape",
    Kind.RESPONSE_STREAM: "responses.sse.events",
    Kind.LORAX_GENERATE: "lorax.generate.shape",
    Kind.LORAX_STREAM: "lorax.stream.shape",
}
"""The case that a kind of body has for its shape; a kind without one is none that the suite asks for."""

_RULES: Mapping[str, str] = {
    "chat.json.usage-details": "chat.json.usage",
    "chat.sse.error": "chat.sse.finish-once",
    "chat.tools.as-text": "chat.tools.accepted",
}
"""Rules that no case has the name of."""

_OWN = ("chat.json.n", "chat.sse.n")
"""Cases that are no rules of one body, and look at every answer too."""

_CALLS = ".tool_calls"


def owner_of(rule: str, kind: Kind, path: str = "") -> str:
    """The id of the case that reports a rule that a body of this kind breaks; empty where no case asks for it.

    A rule is its own case's where one has its name. What is left is the shape of the kind, that of a call apart.
    """
    cases = LORAX_CASES if kind.value.startswith("lorax.") else CASES
    shape = SHAPES.get(kind, "")
    if shape not in cases:
        return ""
    if rule in cases:
        return rule
    if kind is Kind.COMPLETION and rule.startswith("shape.") and _CALLS in path:
        return "chat.tools.shape"
    return _RULES.get(rule, shape)


def may_change() -> frozenset[str]:
    """The cases that answers to other cases can break: their results are known when all answers are."""
    return frozenset({*RULEBOOK, *SHAPES.values(), *_RULES.values(), *_OWN})
