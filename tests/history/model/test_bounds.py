"""Explaining ends, and soon, whatever a client sends."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.history.model.deviation import Cause, Expectation, Presence, Slot, explain
from chatproof.history.model.message import Message, SentCall
from chatproof.history.model.oracle import follow
from chatproof.history.model.plan import Say
from chatproof.history.model.policy import Policy
from tests.history.model_client import Habits, ModelClient, Wire
from tests.history.mutations import wires_of

texts = (
    st.sampled_from(["", "a", "amber-0000001", "birch-0000002", "None", "amber-0000001 birch-0000002"])
    | st.text()
)
calls = st.builds(
    SentCall,
    id=st.sampled_from(["", "c1", "c2"]),
    name=st.just("look_up"),
    arguments=st.none() | st.just("{}"),
)
messages = st.builds(
    Message,
    role=st.sampled_from(["system", "user", "assistant", "tool", "unreadable", ""]),
    text=texts,
    calls=st.lists(calls, max_size=2).map(tuple),
    result_of=st.sampled_from(["", "c1", "c2"]),
    odd=st.sampled_from(["", "", "{}"]),
)
slots = st.builds(
    Slot,
    message=messages,
    cause=st.sampled_from(Cause),
    presence=st.sampled_from(Presence),
    round=st.integers(0, 3),
    also=st.lists(messages, max_size=1).map(tuple),
    opens=st.booleans(),
    excused=st.booleans(),
    copies=st.integers(0, 1),
)


@given(st.lists(slots, max_size=8).map(tuple), st.lists(messages, max_size=12), st.booleans())
def test_every_message_is_taken_for_one_thing(
    expected: tuple[Slot, ...], sent: list[Message], cut: bool
) -> None:
    explained = explain(Expectation(slots=expected, cut=cut), sent)
    taken = [*(match.at for match in explained.matches), *explained.twice, *explained.strange]
    assert sorted(taken) == list(range(len(sent)))
    used = [match.slot for match in explained.matches]
    assert len(used) == len(set(used))
    assert not set(used) & set(explained.missing)


@given(st.lists(slots, max_size=8).map(tuple))
def test_what_must_be_there_and_is_has_no_deviation(expected: tuple[Slot, ...]) -> None:
    sent = [slot.message for slot in expected if slot.presence is not Presence.NEVER]
    unique = {slot.message: slot for slot in expected}
    if len(unique) == len(expected) and not any(slot.also or slot.opens for slot in expected):
        matches = explain(Expectation(slots=expected), sent).matches
        assert all(match.exact for match in matches)


HUGE: dict[str, list[Wire]] = {
    "one text many times": [{"role": "user", "content": "a"}] * 5_000,
    "many texts": [{"role": "user", "content": f"strange {number}"} for number in range(5_000)],
    "a long text": [{"role": "assistant", "content": "ab" * 2_000_000}] * 3,
    "many words": [{"role": "user", "content": " ".join(f"amber-{one:07}" for one in range(20_000))}] * 50,
    "many results": [{"role": "tool", "tool_call_id": f"c{one % 7}", "content": ""} for one in range(5_000)],
    "no messages": [],
}


@pytest.mark.parametrize("name", HUGE)
@pytest.mark.parametrize("route", ["chat", "responses", "completions"])
def test_huge_request_is_judged(name: str, route: str) -> None:
    play = ModelClient(Policy(tools=2), Habits()).play((Say(),) * 4)
    steps = list(play.steps)
    for at in (2, 3):
        exchange = steps[at].exchanges[0]
        wires = wires_of(exchange)
        bodies = {
            "chat": {"messages": HUGE[name] + wires},
            "responses": {"input": HUGE[name] + wires},
            "completions": {"prompt": "\n".join(wire["content"] for wire in HUGE[name] + wires)},
        }
        changed = replace(exchange, route=route, body=json.dumps(bodies[route]).encode())
        steps[at] = replace(steps[at], exchanges=(changed,))
    assert len(list(follow(replace(play, steps=tuple(steps))))) == 4


@pytest.mark.parametrize("times", [2, 40])
def test_known_text_many_times_is_judged(times: int) -> None:
    play = ModelClient(Policy(), Habits()).play((Say(),) * 30)
    last = play.steps[-1].exchanges[0]
    body = json.dumps({"messages": wires_of(last) * times}).encode()
    steps = (*play.steps[:-1], replace(play.steps[-1], exchanges=(replace(last, body=body),)))
    judged = list(follow(replace(play, steps=steps)))
    assert {one.kind for one in judged[-1].deviations} == {"twice"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"messages": null}',
        b'{"messages": [1, null, {}]}',
        b"\xff",
    ],
)
@pytest.mark.parametrize("route", ["chat", "responses", "completions"])
def test_odd_body_is_judged(body: bytes, route: str) -> None:
    play = ModelClient(Policy(), Habits()).play((Say(), Say(), Say()))
    step = play.steps[1]
    odd = replace(step, exchanges=(replace(step.exchanges[0], body=body, route=route),))
    judged = list(follow(replace(play, steps=(play.steps[0], odd, play.steps[2]))))
    assert [bool(one.deviations) for one in judged][::2] == [False, False]
