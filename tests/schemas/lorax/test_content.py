"""Typed access to LoRAX's answers: a text, or why there is none."""

import pytest

from chatschema import JsonObject, JsonValue, check
from chatschema.chat import NoContent, NoContentReason
from chatschema.lorax import GenerateResponse, LoraxChatCompletion
from chatschema.lorax.native.classify import EntityLists
from chatschema.lorax.native.generate import GenerateRoot
from chatschema.lorax.native.tokenize import TokenPieces
from tests.schemas.lorax.samples import answer, calling, chat
from tests.schemas.samples import GONE, broken

MESSAGE = ("choices", 0, "message")


def test_text_of_a_native_answer_is_a_member() -> None:
    assert GenerateResponse.model_validate(answer()).generated_text == " Hi"


def test_text_of_a_chat_is_that_of_its_first_choice_wherever_it_stands() -> None:
    assert LoraxChatCompletion.model_validate(chat()).assistant_content() == "Hi"
    first: JsonObject = {
        "index": 0,
        "message": {"role": "assistant", "content": ""},
        "finish_reason": "stop",
    }
    later: JsonObject = {**first, "index": 1, "message": {"role": "assistant", "content": "no"}}
    swapped = LoraxChatCompletion.model_validate({**chat(), "choices": [later, first]})
    assert swapped.assistant_content() == ""


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (broken(chat(), "choices", []), NoContentReason.EMPTY_CHOICES),
        (calling(), NoContentReason.TOOL_CALLS),
        (broken(chat(), *MESSAGE, "content", None), NoContentReason.NULL),
        (broken(chat(), *MESSAGE, "content", GONE), NoContentReason.MISSING),
    ],
)
def test_chat_without_a_text_says_why(value: JsonObject, reason: NoContentReason) -> None:
    with pytest.raises(NoContent) as raised:
        LoraxChatCompletion.model_validate(value).assistant_content()
    assert raised.value.reason is reason


def test_bare_lists_are_models_too() -> None:
    piece: JsonObject = {"id": 1, "text": "Hi", "start": 0, "stop": 2}
    entity: JsonObject = {"entity_group": "LOC", "score": 0.5, "word": "oslo", "start": 0, "end": 4}
    values: list[JsonValue] = [[answer()], [piece], [[], [entity]]]
    root, pieces, lists = (check(value).value for value in values)
    assert isinstance(root, GenerateRoot)
    assert root.root[0].generated_text == " Hi"
    assert isinstance(pieces, TokenPieces)
    assert [found.stop for found in pieces.root] == [2]
    assert isinstance(lists, EntityLists)
    assert [len(found) for found in lists.root] == [0, 1]


def test_extension_in_a_bare_list_is_listed_with_its_place() -> None:
    judgement = check([{**answer(), "usage": {}}])
    assert judgement.extensions == ("$[0].usage",)
    assert judgement.valid
