"""Asking for a reply again, as an act of the user."""

from chatproof.findings.finding import Level
from chatproof.history.rules.claims import has
from chatproof.history.rules.registry import rule

__all__: list[str] = []

rule(
    "retry.history",
    Level.MUST,
    "Regenerating sends what the first attempt sent: the whole history, the question once, in order.",
    breaks="The second answer knows less than the first, or reads the question twice, and is about something else.",
    reference="ggml-org/llama.cpp#16385, sagemathinc/cocalc#7131, nesquena/hermes-webui#6611",
    unclaimed=has("again"),
)
rule(
    "retry.replaces",
    Level.MUST,
    "After regenerating, the history has one reply to that question, the one that the client shows.",
    breaks="The model goes on from a reply that the user has thrown away, or from two.",
    reference="kyegomez/swarms#1785, nexu-io/open-design#475",
    unclaimed=has("again"),
)
