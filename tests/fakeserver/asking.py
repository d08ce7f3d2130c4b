"""How the tests ask a fake without a socket, and the requests and strategies that they share."""

import hashlib
import json
from typing import Any

from hypothesis import strategies as st

from chatfake import Answer, Fake, Request
from chatfake.core.http import Cut, Pause, Repeat, Send, Step

HELLO = ({"role": "user", "content": "And Italy?"},)
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 2}},
            "required": ["city"],
        },
    },
}


def chat(**members: Any) -> dict[str, Any]:
    """A valid body, with some members of the test's own."""
    return {"model": "tiny", "messages": list(HELLO), **members}


def post(
    fake: Fake, body: Any, path: str = "/v1/chat/completions", headers: tuple[tuple[str, str], ...] = ()
) -> Answer:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return fake.answer(Request(method="POST", path=path, headers=headers, body=data))


def get(fake: Fake, path: str, method: str = "GET") -> Answer:
    return fake.answer(Request(method=method, path=path))


def ask(fake: Fake, **members: Any) -> Any:
    """The parsed JSON answer to a valid request."""
    answer = post(fake, chat(**members))
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def ask_chunks(fake: Fake, **members: Any) -> list[Any]:
    """The parsed chunks of a stream that ends as it should."""
    return chunks_of(post(fake, chat(stream=True, **members)))


def chunks_of(answer: Answer) -> list[Any]:
    assert answer.header("content-type").startswith("text/event-stream"), answer.body
    *events, done, rest = answer.body.decode().split("\n\n")
    assert (done, rest) == ("data: [DONE]", "")
    return [json.loads(event.removeprefix("data: ")) for event in events]


def error_of(answer: Answer) -> dict[str, Any]:
    """The error object of a well-formed error answer."""
    assert answer.header("content-type") == "application/json"
    error = json.loads(answer.body)["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert isinstance(error["message"], str)
    assert error["message"]
    assert isinstance(error["type"], str)
    result: dict[str, Any] = error
    return result


def wire_text(answer: Answer) -> str:
    """An answer as it is seen on the wire; `✂` where the connection is lost."""
    head = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    steps = "".join(shown(step) for step in answer.steps)
    return f"{answer.status}{' raw' if answer.raw else ''}\n{head}\n\n{steps}"


def wire(answer: Answer) -> str:
    """The same for snapshots: of a long one its beginning, its length and a digest."""
    text = wire_text(answer)
    if len(text) < 12_000:
        return text
    return f"{text[:600]}…\n{len(text)} characters, sha256 {hashlib.sha256(text.encode()).hexdigest()}"


def shown(step: Step) -> str:
    """One step of an answer."""
    match step:
        case Send(data=data):
            return data.decode("utf-8", "backslashreplace")
        case Repeat(data=data):
            return f"↻{data.decode()}"
        case Pause(seconds=seconds):
            return f"⏸{seconds:g}"
        case _:
            return "✂" if step == Cut() else f"✂{type(step).__name__}"


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)

texts = st.text(max_size=60)


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Legal histories: a system prompt or none, rounds with tool calls or without, a user last."""
    messages: list[dict[str, Any]] = []
    if draw(st.booleans()):
        messages.append({"role": draw(st.sampled_from(["system", "developer"])), "content": draw(texts)})
    for number in range(draw(st.integers(0, 3))):
        messages.append({"role": "user", "content": draw(texts)})
        if draw(st.booleans()):
            call = {
                "id": f"call_{number}",
                "type": "function",
                "function": {"name": "f", "arguments": draw(texts)},
            }
            messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
            messages.append({"role": "tool", "tool_call_id": f"call_{number}", "content": draw(texts)})
        messages.append({"role": "assistant", "content": draw(texts)})
    content = draw(texts)
    parts = [{"type": "text", "text": content}]
    messages.append({"role": "user", "content": draw(st.sampled_from([content, parts]))})
    return messages


options = st.fixed_dictionaries(
    {},
    optional={
        "n": st.integers(1, 3) | st.none(),
        "max_tokens": st.integers(1, 30) | st.none(),
        "stop": st.sampled_from(["|", [" said", "e"], None, "\n"]),
        "seed": st.integers() | st.none(),
        "temperature": st.sampled_from([0, 0.5, 2, None]),
        "user": st.text(max_size=5),
        "logprobs": st.booleans(),
        "tools": st.just([WEATHER]),
    },
)


@st.composite
def chats(draw: st.DrawFn) -> dict[str, Any]:
    """Valid bodies of chat requests, without `stream`."""
    body: dict[str, Any] = {
        "model": draw(
            st.sampled_from(["tiny", "gpt-4o", "fake/text", "fake/refusal", "fake/unicode", "fake/length"])
        ),
        "messages": draw(histories()),
        **draw(options),
    }
    if body.get("logprobs") and draw(st.booleans()):
        body["top_logprobs"] = draw(st.integers(0, 20))
    if "tools" in body and draw(st.booleans()):
        body["tool_choice"] = draw(
            st.sampled_from(
                ["auto", "none", "required", {"type": "function", "function": {"name": "get_weather"}}, None]
            )
        )
    return body
