"""Requests beside the conversation, and late ones, are counted and change no verdict."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.history.model.oracle import follow
from chatproof.history.model.plan import Answer, Say
from chatproof.history.model.policy import Policy
from chatproof.history.model.seen import Exchange, Play
from tests.history.faulty_plays import Faulty, faulty_plays, found_in
from tests.history.model_client import Habits, ModelClient, Wire
from tests.history.mutations import wires_of


def beside(number: int, messages: list[Wire]) -> Exchange:
    answer = Answer(text=f"A title {number}")
    body = json.dumps({"model": "tiny", "messages": messages}).encode()
    return Exchange(number=number, route="chat", body=body, answer=answer, arrived=answer.text)


def with_beside(play: Play, places: list[tuple[int, bool, str]]) -> Play:
    """The play with requests about something else in some of its steps, numbered from 1001 on."""
    steps = list(play.steps)
    said = ""
    for at, step in enumerate(steps):
        exchanges = list(step.exchanges)
        for place, first, kind in places:
            if place % len(steps) != at:
                continue
            texts = {
                "memory": "What do you remember of this user?",
                "late": f"Find a title for:\n{said}\nTitle:",
                "late summary": f"{said}\n\nSummarise.",
            }
            one = beside(1001 + at, [{"role": "user", "content": texts[kind]}])
            exchanges.insert(0 if first else len(exchanges), one)
        steps[at] = replace(step, exchanges=tuple(exchanges))
        said = step.asks[0].said if step.asks else said
    return replace(play, steps=tuple(steps))


@given(
    faulty_plays(),
    st.lists(
        st.tuples(st.integers(0, 20), st.booleans(), st.sampled_from(["memory", "late", "late summary"])),
        max_size=4,
    ),
)
def test_requests_beside_change_no_verdict(faulty: Faulty, places: list[tuple[int, bool, str]]) -> None:
    play = with_beside(faulty.play, places)
    assert found_in(play) == found_in(faulty.play)
    assert sum(one.side for one in follow(play)) == len(places)


@pytest.mark.parametrize(
    "instruction", ["Find a title:\n{}", "{}\n\nThat was said. Find a title.", "<chat>{}</chat>"]
)
def test_title_that_quotes_the_message_is_beside(instruction: str) -> None:
    play = ModelClient(Policy(), Habits()).play((Say(), Say(), Say()))
    step = play.steps[1]
    title = beside(50, [{"role": "user", "content": instruction.format(step.asks[0].said)}])
    changed = replace(step, exchanges=(*step.exchanges, title))
    judged = list(follow(replace(play, steps=(play.steps[0], changed, play.steps[2]))))
    assert [one.side for one in judged] == [False, False, True, False]
    assert not any(one.deviations for one in judged)


def test_request_without_the_new_message_is_judged_where_its_answer_is_given_back() -> None:
    play = ModelClient(Policy(), Habits()).play((Say(), Say()))
    step = play.steps[1]
    sent = step.exchanges[0]
    body = json.dumps({"messages": wires_of(sent)[:-1]}).encode()
    changed = replace(step, exchanges=(replace(sent, body=body),))
    judged = list(follow(replace(play, steps=(play.steps[0], changed))))
    assert [(one.kind, one.cause) for one in judged[1].deviations] == [("missing", "new")]
