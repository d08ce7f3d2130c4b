"""Conversations beside each other, and asks at the same time."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from chatproof.findings.finding import Level
from chatproof.history.model.deviation import Difference, Moment
from chatproof.history.model.message import Message
from chatproof.history.model.oracle import Judged
from chatproof.history.model.plan import Together
from chatproof.history.model.seen import Play
from chatproof.history.rules.claims import all_of, has, needs_many
from chatproof.history.rules.registry import Breach, rule
from chatproof.history.rules.turns import unanswered

__all__: list[str] = []


def _one_at_a_time(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    """After two asks at once in a conversation, each message of theirs stands where its role may."""
    at_once: dict[str, list[str]] = {}
    told: set[str] = set()
    for at, step in enumerate(play.steps):
        if isinstance(step.move, Together) and step.move.first.to == step.move.second.to:
            at_once[step.move.first.to] = [ask.said for ask in step.asks]
        for one in judged:
            if one.step != at or one.ask is None or one.ask.to in told:
                continue
            lost = [each for each in one.deviations if each.kind is Difference.MISSING]
            if any(deviation.moment is not Moment.TOGETHER_IN_ONE for deviation in lost):
                told.add(one.ask.to)  # that has a rule of its own
                continue
            pair = _side_by_side(one.exchange.messages, at_once.get(one.ask.to, ()))
            if pair is not None:
                told.add(one.ask.to)
                yield Breach(
                    step=at,
                    exchange=one.exchange.number,
                    message="What was said at the same time does not stand in turns.",
                    expected="a reply between two messages of the user",
                    seen=f"{pair[0]}, and right after it {pair[1]}",
                )


def _side_by_side(messages: Sequence[Message], said: Sequence[str]) -> tuple[Message, Message] | None:
    turns = [message for message in messages if message.role in ("user", "assistant") and not message.calls]
    for one, other in pairwise(turns):
        if one.role == other.role and {one.text, other.text} <= set(said):
            return one, other
    return None


rule(
    "isolate.conversations",
    Level.MUST,
    "Conversations that take turns never see each other's messages.",
    breaks="One user reads what another one said.",
    reference="quarkiverse/quarkus-langchain4j#331, FlowiseAI/Flowise PR #1497, crewAIInc/crewAI#4319",
    unclaimed=needs_many,
)
rule(
    "isolate.concurrent",
    Level.MUST,
    "Conversations that run at the same time never see each other's messages.",
    breaks="Under load one user reads what another one said, and nobody can repeat it.",
    reference="FlowiseAI/Flowise PR #1497, quarkiverse/quarkus-langchain4j#331",
    unclaimed=all_of(needs_many, has("together")),
    check=unanswered("isolate.concurrent"),
)
rule(
    "isolate.one-at-a-time",
    Level.MUST,
    "Two asks at once in one conversation leave a history that is valid and in turns.",
    breaks="A double click leaves two questions in a row, and many servers refuse the conversation from then on.",
    reference="lm-deluge 0.0.168 sends both questions in both requests; teng-lin/notebooklm-py PR #616",
    unclaimed=has("together"),
    check=_one_at_a_time,
)
rule(
    "isolate.cancelled",
    Level.MUST,
    "An ask that is cancelled half-way leaves what was declared, and the next request is valid.",
    breaks="Stop and ask again: the question is lost, or stays without a reply and is refused ever after.",
    reference="danny-avila/LibreChat#1507, iOfficeAI/AionUi#982, eneo-ai/eneo#349",
    unclaimed=has("cancel"),
)
