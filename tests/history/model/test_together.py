"""Two things said at once: a conversation of its own each, or one that stays in order."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from chatproof.history.model.plan import Say, Together
from chatproof.history.model.policy import Policy
from chatproof.history.model.seen import Play
from tests.history.faulty_plays import found_in
from tests.history.model_client import Habits, ModelClient, Wire
from tests.history.mutations import mutated

ONE = (Say(), Together(first=Say(), second=Say()), Say(), Say())
TWO = (Say(), Say(to="other"), Together(first=Say(), second=Say(to="other")), Say(), Say(to="other"))


def play_of(plan: tuple[Say | Together, ...], way: str) -> Play:
    """A play of the client that does both in this way."""
    for seed in range(100):
        client = ModelClient(Policy(many=True, retries=0), Habits(seed=seed))
        play = client.play(plan)
        together = next(step for step in play.steps if len(step.asks) == 2)
        sizes = [len(json.loads(exchange.body)["messages"]) for exchange in together.exchanges]
        if {"locked": sizes == [4, 6], "apart": sizes == [4, 4]}[way]:
            return play
    raise AssertionError(way)


CHANGES: dict[str, tuple[Callable[[list[Wire]], list[Wire]], bool]] = {
    "as they came": (lambda w: w, True),
    "the other first": (lambda w: [*w[:3], *w[5:7], *w[3:5], *w[7:]], True),
    "one is lost": (lambda w: [*w[:3], *w[5:]], True),
    "both questions, both replies": (lambda w: [*w[:3], w[3], w[5], w[4], w[6], *w[7:]], False),
    "a question without its reply": (lambda w: [*w[:4], *w[5:]], False),
    "a reply without its question": (lambda w: [*w[:3], *w[4:]], False),
    "the replies changed places": (lambda w: [*w[:4], w[6], w[5], w[4], *w[7:]], False),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("way", ["locked", "apart"])
def test_two_at_once_leave_whole_rounds(name: str, way: str) -> None:
    change, right = CHANGES[name]
    play = play_of(ONE, way)
    number = play.steps[2].exchanges[0].number
    found = found_in(mutated(play, number, change, lasting=True))
    assert len(found) == (0 if right else 1)


def test_question_that_is_not_answered_yet_is_not_sent() -> None:
    play = play_of(ONE, "apart")
    step = play.steps[1]
    first, second = (json.loads(one.body)["messages"] for one in step.exchanges)
    body = json.dumps({"messages": [*first, second[-1]]}).encode()
    both = replace(step, exchanges=(step.exchanges[0], replace(step.exchanges[1], body=body)))
    found = found_in(replace(play, steps=(play.steps[0], both, *play.steps[2:])))
    assert len(found) == 1


def test_other_conversation_is_kept_out() -> None:
    play = play_of(TWO, "apart")
    one, other = play.steps[2].exchanges
    foreign = json.loads(other.body)["messages"][-1]
    found = found_in(
        mutated(play, one.number, lambda wires: [*wires[:-1], foreign, wires[-1]], lasting=False)
    )
    assert [(number, cause) for number, _, cause in found] == [(one.number, "conversation")]
