"""An answer as its client sees it."""

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatfake import FAULTS, SCENARIOS, Answer, Fake, Send
from chatfake.core.http import Cut, Pause, Repeat
from chatfake.dialects import DIALECTS
from chatfake.inspector.answer_content import AnswerContent, Choice
from chatfake.inspector.timeline import MOST_ENTRIES, play_answer
from tests.fakeserver.asking import WEATHER, chat, chats, post

STREAM = (("content-type", "text/event-stream; charset=utf-8"),)
JSON = (("content-type", "application/json"),)


def plan(fake: Fake, name: str, **members: object) -> Answer:
    return post(fake, chat(**{"model": f"fake/{name}", **members}))


def without_ids(content: AnswerContent) -> tuple[Choice, ...]:
    """Ids of calls are made from the request, and these differ."""
    return tuple(
        replace(one, calls=tuple(replace(call, id="") for call in one.calls)) for one in content.choices
    )


@given(chats())
def test_stream_and_json_say_the_same(body: dict[str, object]) -> None:
    whole = play_answer(post(Fake(), body)).content
    streamed = play_answer(post(Fake(), {**body, "stream": True})).content
    assert without_ids(streamed) == without_ids(whole) != ()


@pytest.mark.parametrize(
    "name", ["parallel-tool-calls", "tool-call-with-text", "refusal", "reasoning", "two-choices"]
)
def test_scenario_says_the_same_as_json_and_as_stream(name: str, fake: Fake) -> None:
    whole, streamed = (
        play_answer(plan(fake, name, tools=[WEATHER], stream=stream)).content for stream in (False, True)
    )
    assert without_ids(whole) == without_ids(streamed)
    assert any(one.text or one.calls or one.refusal for one in whole.choices)


@pytest.mark.parametrize("dialect", list(DIALECTS))
def test_every_dialect_says_the_same_as_json_and_as_stream(dialect: str, fake: Fake) -> None:
    path = f"/dialect/{dialect}/v1/chat/completions"
    whole, streamed = (
        play_answer(post(fake, chat(stream=stream), path, JSON)).content for stream in (False, True)
    )
    assert [one.text for one in streamed.choices] == [one.text for one in whole.choices] != []


@pytest.mark.parametrize(
    ("path", "stream_path", "body"),
    [
        ("/v1/completions", "/v1/completions", {"model": "tiny", "prompt": "x"}),
        ("/v1/responses", "/v1/responses", {"model": "tiny", "input": "x"}),
        ("/v1/responses", "/v1/responses", {"model": "fake/refusal", "input": "x"}),
        ("/generate", "/generate_stream", {"inputs": "x"}),
    ],
)
def test_every_route_that_streams_says_the_same_as_json_and_as_stream(
    path: str, stream_path: str, body: dict[str, object], fake: Fake
) -> None:
    whole = play_answer(post(fake, body, path, JSON)).content
    asks = {} if path != stream_path else {"stream": True}
    streamed = play_answer(post(fake, {**body, **asks}, stream_path, JSON)).content
    assert without_ids(streamed) == without_ids(whole) != ()
    assert whole.message is not None


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("name", [*SCENARIOS, *FAULTS])
def test_every_answer_of_the_fake_can_be_read(name: str, stream: bool, fake: Fake) -> None:
    found = play_answer(plan(fake, name, stream=stream, tools=[WEATHER]))
    assert [one.at for one in found.timeline] == sorted(one.at for one in found.timeline)
    assert math.isfinite(found.seconds)


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("stream-cut", "cut"),
        ("reset-in-body", "reset"),
        ("reset-in-chunk", "reset"),
        ("half-close", "half-close"),
        ("stall", "stall"),
        ("stream-no-done", "event"),
        ("text", "done"),
    ],
)
def test_last_moment_of_a_stream_says_how_it_ended(name: str, last: str, fake: Fake) -> None:
    assert play_answer(plan(fake, name, stream=True)).timeline[-1].kind == last


def test_event_cut_in_the_middle_is_unfinished(fake: Fake) -> None:
    kinds = [one.kind for one in play_answer(plan(fake, "stream-cut-in-event", stream=True)).timeline]
    assert kinds[-2:] == ["unfinished", "cut"]


def test_refused_connection_has_no_status_and_nothing_came(fake: Fake) -> None:
    found = play_answer(plan(fake, "refuse"))
    assert (found.status, found.body, [one.kind for one in found.timeline]) == (None, b"", ["cut"])


def test_offsets_are_the_pauses_before(fake: Fake) -> None:
    timeline = play_answer(plan(fake, "delay-per-chunk=0.25", stream=True)).timeline
    assert [one.at for one in timeline] == [0.25 * place for place in range(len(timeline))]


@given(
    st.lists(st.tuples(st.text("ab\n\r:€ ", max_size=6), st.floats(0, 9)), max_size=6),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.integers(1, 7),
)
def test_events_are_found_whatever_ends_their_lines_and_however_they_are_split(
    texts: list[tuple[str, float]], end: str, size: int
) -> None:
    steps: list[Send | Pause] = []
    for text, pause in texts:
        data = f"data: {json.dumps(text)}{end}{end}".encode()
        steps += [Pause(pause), *(Send(data[at : at + size]) for at in range(0, len(data), size))]
    timeline = play_answer(Answer(status=200, headers=STREAM, steps=tuple(steps))).timeline
    assert [json.loads(one.data) for one in timeline] == [text for text, _ in texts]
    passed = [sum(pause for _, pause in texts[: place + 1]) for place in range(len(texts))]
    assert [one.at for one in timeline] == pytest.approx(passed)


@given(st.lists(st.binary(max_size=40), max_size=6), st.booleans())
def test_no_bytes_are_too_strange(data: list[bytes], raw: bool) -> None:
    answer = Answer(status=200, headers=STREAM, steps=(*map(Send, data), Cut()), raw=raw)
    assert play_answer(answer).timeline[-1].kind == "cut"


def test_client_that_left_saw_what_came_before(fake: Fake) -> None:
    answer = plan(fake, "delay-per-chunk=0.25", stream=True)
    assert [one.at for one in play_answer(answer, 0.6).timeline] == [0, 0.25, 0.5]


def test_endless_and_huge_answers_are_bounded() -> None:
    event = b"data: {}\n\n"
    endless = play_answer(Answer(status=200, headers=STREAM, steps=(Send(event), Repeat(event))))
    assert endless.timeline[-1].kind == "repeat"
    assert len(endless.timeline) < 10
    many = play_answer(Answer(status=200, headers=STREAM, steps=(Send(event * (MOST_ENTRIES + 10)),)))
    assert len(many.timeline) == MOST_ENTRIES


def test_compressed_body_is_read(fake: Fake) -> None:
    assert play_answer(plan(fake, "gzip")).content.choices[0].text.startswith("turn 1")
