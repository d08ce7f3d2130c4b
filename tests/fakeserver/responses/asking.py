"""How these tests ask for responses, and the requests that they share."""

import json
from typing import Any

from hypothesis import strategies as st

from chatfake import Answer, Fake
from tests.fakeserver.asking import post, texts

PATH = "/v1/responses"
HELLO = ({"role": "user", "content": "And Italy?"},)
WEATHER = {
    "type": "function",
    "name": "get_weather",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 2}},
        "required": ["city"],
    },
}
RUN = {"type": "custom", "name": "run", "description": "Runs a program."}
SCHEMA = {
    "type": "json_schema",
    "name": "city",
    "schema": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
}
CALL = {"type": "function_call", "call_id": "call_1", "name": "get_weather", "arguments": '{"city":"Rome"}'}
RESULT = {"type": "function_call_output", "call_id": "call_1", "output": "sunny"}


def asked(**members: Any) -> dict[str, Any]:
    """A valid body, with some members of the test's own."""
    return {"model": "tiny", "input": list(HELLO), **members}


def respond(fake: Fake, **members: Any) -> Answer:
    return post(fake, asked(**members), PATH)


def ask(fake: Fake, **members: Any) -> Any:
    """The parsed JSON answer to a valid request."""
    answer = respond(fake, **members)
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def ask_events(fake: Fake, **members: Any) -> list[Any]:
    """The parsed events of a stream that is framed as it should be."""
    return events_of(respond(fake, stream=True, **members))


def events_of(answer: Answer) -> list[Any]:
    assert answer.header("content-type").startswith("text/event-stream"), answer.body
    *blocks, rest = answer.body.decode().split("\n\n")
    assert rest == ""
    events: list[Any] = []
    for block in blocks:
        name, data = block.split("\n")
        events.append(json.loads(data.removeprefix("data: ")))
        assert name == f"event: {events[-1]['type']}"
    return events


def text_of(response: Any) -> str:
    """All text of a response, as the SDKs join it."""
    parts = [part for item in response["output"] for part in item.get("content", ())]
    return "".join(part["text"] for part in parts if part["type"] == "output_text")


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Legal items: a system message or none, rounds with calls and thoughts or without, a user last."""
    items: list[dict[str, Any]] = []
    if draw(st.booleans()):
        items.append({"role": draw(st.sampled_from(["system", "developer"])), "content": draw(texts)})
    for number in range(draw(st.integers(0, 3))):
        items.append({"type": "message", "role": "user", "content": draw(texts)})
        if draw(st.booleans()):
            items.append({"type": "reasoning", "summary": [{"type": "summary_text", "text": draw(texts)}]})
        kind = draw(st.sampled_from(["", "function_call", "custom_tool_call"]))
        if kind:
            said = {"function_call": "arguments", "custom_tool_call": "input"}[kind]
            items.append({"type": kind, "call_id": f"call_{number}", "name": "f", said: draw(texts)})
            items.append({"type": f"{kind}_output", "call_id": f"call_{number}", "output": draw(texts)})
        content = draw(texts)
        parts = [{"type": "output_text", "text": content, "annotations": []}]
        items.append({"role": "assistant", "content": draw(st.sampled_from([content, parts]))})
    content = draw(texts)
    parts = [{"type": "input_text", "text": content}]
    items.append({"role": "user", "content": draw(st.sampled_from([content, parts]))})
    return items


options = st.fixed_dictionaries(
    {},
    optional={
        "instructions": texts | st.none(),
        "max_output_tokens": st.integers(16, 40) | st.none(),
        "temperature": st.sampled_from([0, 0.5, 2, None]),
        "include": st.lists(
            st.sampled_from(["message.output_text.logprobs", "reasoning.encrypted_content"]), unique=True
        ),
        "top_logprobs": st.integers(0, 20),
        "metadata": st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2),
        "store": st.booleans() | st.none(),
        "truncation": st.sampled_from(["auto", "disabled"]),
        "service_tier": st.sampled_from(["auto", "default", "flex", "priority"]),
        "reasoning": st.just({"effort": "low", "summary": "auto"}),
        "text": st.sampled_from([{"format": {"type": "text"}}, {"format": SCHEMA}, {"verbosity": "low"}]),
        "tools": st.sampled_from([[WEATHER], [RUN], [WEATHER, RUN, {"type": "web_search"}], []]),
        "parallel_tool_calls": st.booleans(),
        "user": st.text(max_size=5),
    },
)
MODELS = (
    "tiny",
    "fake/text",
    "fake/refusal",
    "fake/unicode",
    "fake/length",
    "fake/content-filter",
    "fake/reasoning",
    "fake/reasoning-member",
    "fake/annotations",
    "fake/tool-call-with-text",
    "fake/parallel-tool-calls",
    "fake/two-choices",
    "fake/empty-content",
    "fake/error-object-200",
)


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """Valid bodies, without `stream`."""
    body: dict[str, Any] = {
        "model": draw(st.sampled_from(MODELS)),
        "input": draw(texts.filter(bool) | histories()),
        **draw(options),
    }
    tools = body.get("tools") or []
    choices: list[Any] = ["auto", "none", None]
    if tools:
        named = {"type": tools[0]["type"], "name": tools[0]["name"]}
        allowed = {"type": "allowed_tools", "mode": "required", "tools": [named]}
        choices += ["required", named, allowed]
    if draw(st.booleans()):
        body["tool_choice"] = draw(st.sampled_from(choices))
    return body
