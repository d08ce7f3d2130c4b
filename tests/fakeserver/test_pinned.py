"""What the snapshots of answers hold: every byte, and what a person reads of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatfake import Fake, Send
from tests.fakeserver.asking import chat, post
from tests.fakeserver.pinned import difference, digest, page

STREAM = post(Fake(), chat(stream=True))


@given(st.data())
def test_any_other_byte_is_another_page(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(STREAM.steps) - 1))
    step = STREAM.steps[place]
    assert isinstance(step, Send)
    at = data.draw(st.integers(0, len(step.data) - 1))
    other = bytes([step.data[at] ^ data.draw(st.sampled_from([1, 2, 8, 32]))])
    steps = [*STREAM.steps]
    steps[place] = Send(step.data[:at] + other + step.data[at + 1 :])
    changed = replace(STREAM, steps=tuple(steps))
    assert digest(changed) != digest(STREAM)
    assert page({"it": changed}) != page({"it": STREAM})


def test_pause_loss_header_status_and_rawness_are_in_the_digest() -> None:
    others = [
        post(Fake(), chat(stream=True, model=f"fake/{name}"))
        for name in ("stream-cut", "delay-per-chunk", "http-500")
    ]
    raw = replace(STREAM, raw=True)
    headed = replace(STREAM, headers=(*STREAM.headers, ("x", "y")))
    assert len({digest(answer) for answer in (STREAM, raw, headed, *others)}) == 6


def test_events_that_repeat_their_members_are_one_line_with_what_changes() -> None:
    lines = page({"it": STREAM}).splitlines()
    (more,) = (line for line in lines if line.strip().startswith("and "))
    assert more.strip().startswith('and 18 more: choices[0].delta.content " 1" " |"')
    assert len(lines) == 8


@pytest.mark.parametrize("stream", [False, True])
def test_difference_says_what_a_scenario_changes(stream: bool) -> None:
    text, cut = (
        post(Fake(), chat(stream=stream, model=f"fake/{name}")) for name in ("text", "content-filter")
    )
    lines = page({"cut": cut}, text).splitlines()
    sign = "+" if stream else "~"
    assert any(line.startswith(f"  {sign}") and "content_filter" in line for line in lines)
    assert page({"text": text}, text).splitlines()[1].strip() == "200"


_LINES = st.lists(
    st.sampled_from(["200", "a: 1", "a: 2", "b: 1", "data: 1", "data: 2", "[DONE]"]), max_size=6
)


@given(_LINES, _LINES)
def test_difference_has_every_line_that_is_new_and_is_empty_for_the_same_alone(
    base: list[str], lines: list[str]
) -> None:
    found = difference(base, lines)
    assert (found == []) == (base == lines)
    assert {*lines} - {*base} <= {line[1:] for line in found if line[0] in "+~"} <= {*lines}
    assert {line[1:] for line in found if line[0] == "-"} <= {*base}


def test_member_of_another_value_is_one_line_and_an_event_is_two() -> None:
    base = ["200", "a: 1", "b: 1", "data: 1"]
    assert difference(base, ["200", "a: 2", "c: 1", "data: 2"]) == [
        "-b: 1",
        "-data: 1",
        "~a: 2",
        "+c: 1",
        "+data: 2",
    ]
