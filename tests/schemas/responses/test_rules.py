"""What the specification asks for and clients live without, and what two rules say that no near miss does."""

import pytest

from chatschema import JsonObject, JsonValue, Kind, check
from chatschema.responses import spec_members
from tests.schemas.responses.samples import call, message, piece, response, said
from tests.schemas.samples import GONE, broken


def found(value: JsonValue, kind: Kind = Kind.RESPONSE) -> list[tuple[str, str, str]]:
    return [said(violation) for violation in check(value, kind).violations]


def test_right_response_breaks_nothing() -> None:
    assert found(response(message(), call())) == []


@pytest.mark.parametrize("name", spec_members.RESPONSE)
def test_member_that_the_specification_requires_is_a_should(name: str) -> None:
    wanted = [("should", f"$.{name}", f"The specification requires the member {name}.")]
    assert found(broken(response(), name, GONE)) == wanted
    if name in spec_members.NOT_NULL:
        assert found({**response(), name: None}) == wanted


@pytest.mark.parametrize("details", spec_members.USAGE)
def test_details_of_the_usage_are_a_should(details: str) -> None:
    assert [path for _, path, _ in found(broken(response(), "usage", details, GONE))] == [
        f"$.usage.{details}"
    ]
    for member in spec_members.USAGE[details]:
        (breach,) = found(broken(response(), "usage", details, member, GONE))
        assert breach == (
            "should",
            f"$.usage.{details}.{member}",
            f"The specification requires the member {member}.",
        )


def test_members_of_items_and_events_are_a_should() -> None:
    image: JsonObject = {"id": "ig_1", "type": "image_generation_call", "status": "completed"}
    assert [path for _, path, _ in found(response(image))] == ["$.output[0].result"]
    bare = broken({**piece("Hi"), "sequence_number": 4}, "logprobs", GONE)
    assert [path for _, path, _ in found(bare, Kind.RESPONSE_EVENT)] == ["$.logprobs"]


def test_two_items_of_one_id_are_a_should_and_two_calls_of_one_call_id_a_must() -> None:
    twice = response(call(), {**call(2), "id": "fc_1"})
    assert found(twice) == [("should", "$.output[1].id", "Two items have the same id.")]
    result: JsonObject = {
        "id": "fco_1",
        "type": "function_call_output",
        "status": "completed",
        "call_id": "call_1",
        "output": "mild",
    }
    assert found(response(call(), result)) == []


@pytest.mark.parametrize("status", ["completed", "incomplete"])
def test_end_without_a_usage_is_a_should(status: str) -> None:
    cut: JsonObject = {"incomplete_details": {"reason": "max_output_tokens"}}
    value = {**response(status=status), **(cut if status == "incomplete" else {}), "usage": None}
    assert found(value) == [("should", "$.usage", "The response does not say what it cost.")]


def test_response_that_runs_need_not_say_what_it_cost() -> None:
    assert found({**response(status="in_progress"), "output": [], "usage": None}) == []


def test_types_of_parts_annotations_and_tools_that_nobody_knows_are_named() -> None:
    part: JsonObject = {
        "type": "output_text",
        "text": "",
        "annotations": [{"type": "footnote"}, {"type": "a:b"}],
    }
    said_so: JsonObject = {**message(), "content": [part, {"type": "chart"}]}
    value: JsonObject = {**response(said_so), "tools": [{"type": "x_search"}]}
    assert found(value) == [
        ("should", "$.output[0].content[0].annotations[0].type", "Nobody knows this type of annotation."),
        ("should", "$.output[0].content[1].type", "Nobody knows this type of part."),
        ("should", "$.tools[0].type", "Nobody knows this type of tool."),
    ]


def test_unknown_members_of_unknown_items_are_extensions() -> None:
    other: JsonObject = {"id": "x", "type": "acme:lookup", "found": []}
    assert check(response(other)).extensions == ("$.output[0].id", "$.output[0].found")


def test_requests_that_leave_the_past_to_the_server_need_no_calls_for_their_results() -> None:
    result: JsonObject = {"type": "function_call_output", "call_id": "call_1", "output": "mild"}
    asked: JsonObject = {"model": "m", "input": [result]}
    assert found(asked, Kind.RESPONSE_REQUEST) == [
        ("must", "$.input[0].call_id", "The result has no call before it.")
    ]
    assert found({**asked, "previous_response_id": "resp_1"}, Kind.RESPONSE_REQUEST) == []
    reference: JsonObject = {"id": "fc_1"}
    assert found({"model": "m", "input": [reference, result]}, Kind.RESPONSE_REQUEST) == []
    search: JsonObject = {
        "type": "tool_search_call",
        "call_id": "call_1",
        "arguments": {},
        "execution": "client",
    }
    assert found({"model": "m", "input": [search, result]}, Kind.RESPONSE_REQUEST) == []


def test_tool_of_a_namespace_and_of_the_input_may_be_chosen() -> None:
    tool: JsonObject = {"type": "function", "name": "f"}
    space: JsonObject = {"type": "namespace", "name": "n", "tools": [tool]}
    more: JsonObject = {"type": "additional_tools", "role": "developer", "tools": [tool]}
    asked: JsonObject = {"model": "m", "input": "Hi", "tool_choice": tool}
    assert found({**asked, "tools": [space]}, Kind.RESPONSE_REQUEST) == []
    assert found({**asked, "input": [more]}, Kind.RESPONSE_REQUEST) == []
    assert found({**asked, "prompt": {"id": "p"}}, Kind.RESPONSE_REQUEST) == []
    assert found(asked, Kind.RESPONSE_REQUEST) == [
        ("must", "$.tool_choice.name", "The tool to be called is not given.")
    ]


def test_unknown_tool_of_a_request_is_named() -> None:
    asked: JsonObject = {"model": "m", "input": "Hi", "tools": [{"type": "browser"}]}
    assert found(asked, Kind.RESPONSE_REQUEST) == [
        ("should", "$.tools[0].type", "Nobody knows this type of tool.")
    ]
