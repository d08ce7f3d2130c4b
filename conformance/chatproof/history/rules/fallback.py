"""Clients that ask another model where one fails."""

from collections.abc import Iterator, Sequence

from chatproof.findings.finding import Level
from chatproof.history.model.oracle import Judged
from chatproof.history.model.plan import Clear, Fork, Load, Restart, Together
from chatproof.history.model.policy import Policy
from chatproof.history.model.seen import Play
from chatproof.history.rules.claims import all_of, needs_models
from chatproof.history.rules.registry import Breach, Can, rule
from chatproof.history.rules.turns import turns

__all__: list[str] = []


def _sticks(policy: Policy, can: Can) -> str:
    del can
    return "" if policy.sticky else "it does not declare that it stays with the model that answered"


def _sticky(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    answered: dict[str, str] = {}
    before = 0
    for turn in turns(play, judged):
        if any(isinstance(step.move, Clear | Fork | Load | Restart) for step in play.steps[before : turn.at]):
            answered.clear()  # what begins anew may begin with the first model
        before = turn.at
        if not turn.exchanges:
            continue
        first, last = turn.exchanges[0], turn.exchanges[-1]
        wanted = answered.get(turn.ask.to)
        if wanted is not None and first.model != wanted:
            yield Breach(
                step=turn.at,
                exchange=first.number,
                message="The model that answered last is not asked first.",
                expected=wanted,
                seen=first.model,
            )
        if isinstance(turn.step.move, Together):
            answered.pop(turn.ask.to, None)  # which of two answered last, nobody knows
        elif turn.text is not None and turn.is_ordinary:
            answered[turn.ask.to] = last.model


rule(
    "fallback.history",
    Level.MUST,
    "The model that is fallen back to gets the same messages as the one that failed.",
    breaks="The second model answers without knowing what was said, just when the first one is down.",
    reference="openclaw/openclaw#60241: the fallback is asked something else",
    unclaimed=needs_models,
)
rule(
    "fallback.sticky",
    Level.SHOULD,
    "The model that answered last is asked first on the next turn, where that is declared.",
    breaks="Each turn waits for the model that is down, and the voice of the answers changes to and fro.",
    reference='lm-deluge 0.0.168: prefer_model="last" stays with a model only where the whole response is added',
    unclaimed=all_of(needs_models, _sticks),
    check=_sticky,
)
rule(
    "fallback.recorded-once",
    Level.MUST,
    "One round is recorded, whichever model answered it.",
    breaks="The reply of the second model is shown and then forgotten, or the question is in the history twice.",
    reference="agno-agi/agno#8732: the fallback's reply is shown and not recorded",
    unclaimed=needs_models,
)
