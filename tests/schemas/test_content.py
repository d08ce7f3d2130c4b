"""The text of an answer, or the reason why there is none."""

import pytest

from chatschema import ChatCompletion, JsonObject
from chatschema.chat import NoContent
from tests.schemas.samples import GONE, broken, calling, completion

MESSAGE = ("choices", 0, "message")
SILENT = broken(completion(), *MESSAGE, "content", None)


def test_assistant_content_is_the_text() -> None:
    assert ChatCompletion.model_validate(completion()).assistant_content() == "Hello!"


def test_assistant_content_may_be_empty() -> None:
    assert (
        ChatCompletion.model_validate(broken(completion(), *MESSAGE, "content", "")).assistant_content() == ""
    )


def test_assistant_content_is_that_of_index_zero() -> None:
    (choice,) = ChatCompletion.model_validate(completion()).choices
    message = choice.message.model_copy(update={"content": "second"})
    other = choice.model_copy(update={"index": 1, "message": message})
    answer = ChatCompletion.model_validate(completion()).model_copy(update={"choices": [other, choice]})
    assert answer.assistant_content() == "Hello!"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (broken(completion(), "choices", []), "empty_choices"),
        (calling(), "tool_calls"),
        (broken(SILENT, *MESSAGE, "function_call", {"name": "f", "arguments": ""}), "tool_calls"),
        (broken(SILENT, *MESSAGE, "refusal", "I will not."), "refusal"),
        (SILENT, "null"),
        (broken(completion(), *MESSAGE, "content", GONE), "missing"),
    ],
)
def test_no_content_says_why(answer: JsonObject, reason: str) -> None:
    with pytest.raises(NoContent) as caught:
        ChatCompletion.model_validate(answer).assistant_content()
    assert caught.value.reason == reason
    assert str(caught.value)
