"""The inspector's page reads responses as it reads chats."""

from dataclasses import replace
from typing import Any

from hypothesis import given

from chatfake import Fake
from chatfake.inspector.answer_content import AnswerContent, Choice
from chatfake.inspector.timeline import play_answer
from tests.fakeserver.asking import post
from tests.fakeserver.responses.asking import PATH, RUN, WEATHER, asked, requests
from tests.portion import share


def without_ids(content: AnswerContent) -> tuple[Choice, ...]:
    """Ids of calls are made from the request, and these differ."""
    return tuple(
        replace(one, calls=tuple(replace(call, id="") for call in one.calls)) for one in content.choices
    )


@share(0.5)
@given(requests())
def test_stream_and_json_say_the_same(body: dict[str, Any]) -> None:
    whole = play_answer(post(Fake(), body, PATH)).content
    streamed = play_answer(post(Fake(), {**body, "stream": True}, PATH)).content
    assert without_ids(streamed) == without_ids(whole) != ()
    assert (streamed.error, streamed.usage) == (whole.error, whole.usage)


def test_thoughts_texts_and_calls_are_told_apart(fake: Fake) -> None:
    for name in ("reasoning", "reasoning-member"):
        (choice,) = play_answer(post(fake, asked(model=f"fake/{name}"), PATH)).content.choices
        assert choice.reasoning.startswith("The user wants")
        assert choice.text.startswith("turn 1")
    body = asked(model="fake/parallel-tool-calls", tools=[WEATHER, RUN])
    (choice,) = play_answer(post(fake, body, PATH)).content.choices
    assert [(call.name, call.arguments) for call in choice.calls] == [
        ("get_weather", '{"city":"city","days":2}'),
        ("run", "input"),
    ]
