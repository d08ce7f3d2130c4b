"""What is right: requests of every route, scripts, and HTTP. A new route brings its own from the OpenAPI document."""

import json
from typing import Any

from chatproof.openapi import document
from tests.fakeserver.asking import HELLO, WEATHER, chat

DOCUMENT = document()

_RESULT = {"role": "tool", "tool_call_id": "c", "content": "sunny"}
_CALL = {"id": "c", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}
_SCHEMA = {
    "type": "object",
    "properties": {
        "a": {"type": "string", "pattern": "^[a-z]{2,5}(-x)?$", "minLength": 2},
        "b": {"type": "array", "items": {"$ref": "#/$defs/n"}, "minItems": 2, "uniqueItems": True},
        "c": {"anyOf": [{"enum": [1, 2]}, {"type": "null"}]},
    },
    "required": ["a"],
    "$defs": {"n": {"type": "integer", "minimum": 1, "multipleOf": 3}},
}


def _examples(path: str, method: str) -> list[Any]:
    content = DOCUMENT["paths"][path][method].get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    return list(DOCUMENT["components"]["schemas"].get(name, {}).get("examples", ()))


#: Bodies by path.
BODIES: dict[str, list[Any]] = {
    path: _examples(path, "post")
    for path, methods in DOCUMENT["paths"].items()
    if "requestBody" in methods.get("post", {})
}
BODIES["/v1/chat/completions"] += [
    chat(stream=True, stream_options={"include_usage": True}, n=2, stop=["e"], max_tokens=5),
    chat(logprobs=True, top_logprobs=2, seed=1, user="u"),
    chat(tools=[WEATHER], tool_choice="required", parallel_tool_calls=True),
    chat(tools=[WEATHER], tool_choice={"type": "function", "function": {"name": "get_weather"}}),
    chat(response_format={"type": "json_schema", "json_schema": {"name": "f", "schema": _SCHEMA}}),
    chat(messages=[*HELLO, {"role": "assistant", "content": None, "tool_calls": [_CALL]}, _RESULT]),
    chat(messages=[{"role": "user", "content": [{"type": "text", "text": "hi"}]}]),
    chat(model="fake/tool-call-only", stream=True),
    chat(model="fake/unicode+stream-cut", stream=True),
    chat(model="fake/long-text", max_tokens=40),
]
BODIES["/v1/completions"] += [
    {"model": "m", "prompt": ["a", "b"], "n": 2, "best_of": 2, "echo": True, "logprobs": 3, "max_tokens": 3},
    {"model": "m", "prompt": [1, 2, 3], "stream": True, "suffix": "x", "stop": "a"},
]
BODIES["/v1/embeddings"] += [
    {"model": "m", "input": ["a", "b c"], "dimensions": 3, "encoding_format": "base64"},
    {"model": "m", "input": [[1, 2], [3]], "dimensions": 2},
]

SCRIPTS: tuple[bytes, ...] = (
    b"- Hello!\n- plan: http-500*1\n- scenario: empty-choices\n",
    b"turns: {1: {plan: text}, 2: {refusal: No.}}\nrules:\n  - when: {contains: a, role: user, turn: 1}\n    answer: {plan: text}\ndry: error\n",
    b"rules:\n- when: {matches: '(a|b)+c?', header: {x: y}, model: m, tool: t, adapter: a, text: t}\n  answer: {scenario: unicode}\n",
    b"answers: [{tool_calls: [{name: f, arguments: {a: [1, null, {b: c}]}, id: x}], finish_reason: stop, faults: [bom]}]\n",
    b"keys:\n  a: [{text: x}]\n  b: {answers: [Hello!], dry: repeat}\nanswers: [{scenario: unicode, faults: [gzip]}]\n",
    json.dumps({"answers": [{"text": "x"}, "x"], "turns": {"1": {"plan": "unicode"}}}).encode(),
)


def http(method: str, path: str, body: bytes = b"", *headers: str) -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "host: x", *headers]
    if body or method == "POST":
        lines.append(f"content-length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


_BODY = json.dumps(chat()).encode()
_STREAM = json.dumps(chat(stream=True)).encode()
_CHUNKS = b"%x\r\n%b\r\n" % (10, _BODY[:10]) + b"%x\r\n%b\r\n0\r\n\r\n" % (len(_BODY) - 10, _BODY[10:])

HTTP: tuple[bytes, ...] = (
    http("POST", "/v1/chat/completions", _BODY, "content-type: application/json", "authorization: Bearer k"),
    http("POST", "/v1/chat/completions", _STREAM, "content-type: application/json"),
    http("POST", "/v1/embeddings", json.dumps({"model": "m", "input": "a", "dimensions": 4}).encode()),
    b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n" + _CHUNKS,
    http("POST", "/v1/chat/completions", _BODY, "expect: 100-continue"),
    http("GET", "/v1/models"),
    http("GET", "/v1/models/fake%2Ftext", b"", "connection: close"),
    http("HEAD", "/v1/models"),
    http("OPTIONS", "/v1/chat/completions"),
    http("GET", "/_fake/requests?key=k&after=1"),
    http("GET", "/_fake/wait?count=0&timeout=0.01"),
    http("GET", "/_fake/verdict"),
    http("PUT", "/_fake/script?key=k", SCRIPTS[0], "content-type: application/yaml"),
    http("DELETE", "/_fake/keys?key=k"),
    http("POST", "/key/k/scenario/unicode/v1/chat/completions", _STREAM),
    http("POST", "/v1/chat/completions", _BODY, "x-fake-scenario: reset-in-body", "x-fake-delay: 0.001"),
    http("GET", "/v1/models") + http("POST", "/v1/chat/completions", _BODY) + http("GET", "/_fake/keys"),
    b"GET /v1/models\r\n",
    b"GET /v1/models HTTP/1.0\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(200)),
)
