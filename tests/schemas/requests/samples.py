"""Requests to break: each function gives a fresh value that is right."""

from chatschema import JsonObject, JsonValue

WEATHER: JsonObject = {
    "type": "function",
    "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {}}},
}
CALL: JsonObject = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "get_weather", "arguments": "{}"},
}
ASKED: JsonObject = {"role": "assistant", "content": None, "tool_calls": [CALL]}
RESULT: JsonObject = {"role": "tool", "tool_call_id": "call_1", "content": "sunny"}
HELLO: JsonObject = {"role": "user", "content": "hi"}


def chat(**members: JsonValue) -> JsonObject:
    return {"model": "tiny", "messages": [HELLO], **members}


def without(name: str) -> JsonObject:
    return {member: item for member, item in chat().items() if member != name}


def said(*messages: JsonValue) -> JsonObject:
    return chat(messages=[*messages])


def function(**members: JsonValue) -> JsonObject:
    return chat(tools=[{"type": "function", "function": {**members}}])


def form(**members: JsonValue) -> JsonObject:
    return chat(response_format={"type": "json_schema", "json_schema": {**members}})
