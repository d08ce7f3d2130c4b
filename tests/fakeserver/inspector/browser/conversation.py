"""Messages, and a conversation that has everything that the page shows."""

from typing import Any

from chatfake import Reply, ToolCall
from tests.fakeserver.inspector.client import Client


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def assistant(text: str) -> dict[str, Any]:
    return {"role": "assistant", "content": text}


SYSTEM = {"role": "system", "content": "You are a weather bot."}
CALLS = {
    "role": "assistant",
    "content": None,
    "tool_calls": [
        {
            "id": "call_1",
            "type": "function",
            "function": {"name": "get_weather", "arguments": '{"city":"Paris"}'},
        }
    ],
}
RESULT = {"role": "tool", "tool_call_id": "call_1", "content": "21 degrees"}


def weather(client: Client) -> None:
    """Five requests: a call, its result, a failure, its retry, a stream that is cut."""
    call = ToolCall(name="get_weather", arguments='{"city":"Paris"}', id="call_1")
    handle = client.handle
    handle.script(
        Reply(tool_calls=(call,)),
        "It is sunny.",
        handle.fault("http-500"),
        "Rain.",
        handle.fault("stream-cut"),
    )
    history = [SYSTEM, user("Weather in Paris?")]
    client.ask(*history)
    history += [CALLS, RESULT]
    client.ask(*history)
    history += [assistant("It is sunny."), user("And Rome?")]
    client.ask(*history)
    client.ask(*history)
    history += [assistant("Rain."), user("And Oslo?")]
    client.ask(*history, stream=True)
