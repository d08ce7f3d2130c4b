"""Clients that ask another model where one fails."""

from collections.abc import Iterator, Sequence

from chatproof.findings.finding import Level
from chatproof.history.model.oracle import Judged
from chatproof.history.model.plan import Clear, Fork, Load, Restart, Spoil, Tear, Together
from chatproof.history.model.policy import Policy
from chatproof.history.model.seen import Play
from chatproof.history.rules.claims import all_of, needs_models
from chatproof.history.rules.registry import Breach, Can, rule
from chatproof.history.rules.turns import Turn, turns

__all__: list[str] = []


def _sticks(policy: Policy, can: Can) -> str:
    del can
    return "" if policy.sticky else "it does not declare that it stays with the model that answered"


def _sticky(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    """The model that answered last, in this conversation or in any: whether it is remembered for each is open.

    So it is whether a client that begins anew remembers it, and which one it is after a reply that may be none.
    """
    answered: dict[str, str] = {}
    latest = ""
    by_step: dict[int, list[Turn]] = {}
    for turn in turns(play, judged):
        by_step.setdefault(turn.at, []).append(turn)
    for at, step in enumerate(play.steps):
        if isinstance(step.move, Clear | Fork | Load | Restart | Spoil | Tear):
            answered.clear()
        before = dict(answered)  # two at once are asked by what was so before both
        for turn in by_step.get(at, ()):
            if not turn.exchanges:
                continue
            first, last = turn.exchanges[0], turn.exchanges[-1]
            wanted = before.get(turn.ask.to)
            if wanted is not None and first.model not in (wanted, latest):
                yield Breach(
                    step=turn.at,
                    exchange=first.number,
                    message="The model that answered last is not asked first.",
                    expected=wanted,
                    seen=first.model,
                )
            if isinstance(step.move, Together):
                answered.pop(turn.ask.to, None)  # which of two answered last, nobody knows
            elif turn.text is not None and turn.is_ordinary:
                answered[turn.ask.to] = latest = last.model
            elif any(one.model != wanted for one in turn.exchanges):
                answered.clear()


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
