"""The text of a response, or the reason why there is none."""

import pytest

from chatschema import JsonObject, Response
from chatschema.chat import NoContent
from tests.schemas.responses.samples import call, message, response

REFUSAL: JsonObject = {**message(), "content": [{"type": "refusal", "refusal": "I will not."}]}
REASONING: JsonObject = {"id": "rs_1", "type": "reasoning", "summary": []}
ERROR: JsonObject = {"code": "server_error", "message": "out of memory"}


def text(value: JsonObject) -> str:
    return Response.model_validate(value).output_text()


def test_output_text_is_that_of_all_messages() -> None:
    assert text(response(REASONING, message("Hel"), call(), message("lo!"))) == "Hello!"


def test_output_text_may_be_empty() -> None:
    assert text(response(message(""))) == ""


def test_output_text_of_a_response_that_was_cut_off_is_what_came() -> None:
    assert text(response(message("Hel"), status="incomplete")) == "Hel"


def test_member_of_that_name_is_kept_and_is_not_the_text() -> None:
    parsed = Response.model_validate({**response(), "output_text": "something else"})
    assert parsed.output_text() == "Hello!"
    assert parsed.model_dump(exclude_unset=True)["output_text"] == "something else"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({**response(), "output": []}, "empty_output"),
        (response(REASONING, call()), "tool_calls"),
        (response({"id": "x", "type": "web_search_call"}), "tool_calls"),
        (response(REASONING, REFUSAL), "refusal"),
        (response(REASONING), "missing"),
        ({**response(status="incomplete"), "output": [REASONING]}, "incomplete"),
        ({**response(status="queued"), "output": []}, "incomplete"),
        ({**response(status="failed"), "error": ERROR}, "failed"),
        (response(status="failed"), "failed"),
    ],
)
def test_no_content_says_why(answer: JsonObject, reason: str) -> None:
    with pytest.raises(NoContent) as caught:
        text(answer)
    assert caught.value.reason == reason
    assert str(caught.value)
