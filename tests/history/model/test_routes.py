"""The same messages on another route are judged in the same way."""

import json
from dataclasses import replace

from hypothesis import assume, given

from chatproof.history.model.deviation import Difference
from chatproof.history.model.seen import Exchange, Play
from tests.history.faulty_plays import Faulty, faulty_plays, found_in
from tests.history.model_client import Habits, carried
from tests.history.mutations import wires_of


def on_route(play: Play, route: str) -> Play:
    """The play as a client of another route sends it."""

    def moved(exchange: Exchange) -> Exchange:
        body = {"model": "tiny", **carried(wires_of(exchange), Habits(route=route))}
        return replace(exchange, route=route, body=json.dumps(body).encode())

    steps = tuple(replace(step, exchanges=tuple(moved(one) for one in step.exchanges)) for step in play.steps)
    return replace(play, steps=steps)


@given(faulty_plays())
def test_items_of_responses_are_judged_as_messages(faulty: Faulty) -> None:
    assume(not faulty.mutation.name.startswith(("role", "null", "emptied")))
    assert found_in(on_route(faulty.play, "responses")) == found_in(faulty.play)


@given(faulty_plays(tools=False))
def test_prompts_are_judged_as_messages(faulty: Faulty) -> None:
    """As far as their text goes: a prompt has no roles, and what nobody said stands among what belongs there."""
    name = faulty.mutation.name
    assume(not name.startswith(("role", "null", "emptied", "never-said", "cut in half", "cut at its end")))
    in_text = name.startswith(("longer", "prefixed", "repr", "one letter", "trimmed", "upper"))
    found = found_in(on_route(faulty.play, "completions"))
    if in_text:  # the words may still stand there as they were, with more around them
        found = [one for one in found if one[0] == faulty.target.number]
        assert all(kind in (Difference.ALTERED, Difference.MISSING) for _, kind, _ in found)
    else:
        assert found == found_in(faulty.play)
