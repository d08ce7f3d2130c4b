"""How the tests ask a fake in a dialect, and what a client puts together from a stream of any server."""

import json
from typing import Any

from chatfake import Answer, Fake
from tests.fakeserver.asking import WEATHER, chat, get, post

Said = dict[str, Any]

#: Names of one ending that a server has for JSON answers and for streams.
SYNONYMS = {"eos_token": "stop"}

USAGE = {"stream_options": {"include_usage": True}}
TEXT = {"model": "tiny", "prompt": "And Italy?", "max_tokens": 4}
ECHO = {"model": "fake/echo", "messages": [{"role": "user", "content": "Rome, of course"}]}
FORCED = {"tools": [WEATHER], "tool_choice": "required"}
#: What is asked, by name: path and body. Each dialect answers all of it.
ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    "json": ("/v1/chat/completions", ECHO),
    "stream": ("/v1/chat/completions", {**ECHO, "stream": True}),
    "stream-usage": ("/v1/chat/completions", {**ECHO, "stream": True, **USAGE}),
    "call": ("/v1/chat/completions", chat(**FORCED)),
    "call-stream": ("/v1/chat/completions", chat(**FORCED, stream=True)),
    "calls": ("/v1/chat/completions", chat(model="fake/parallel-tool-calls", tools=[WEATHER])),
    "calls-stream": (
        "/v1/chat/completions",
        chat(model="fake/parallel-tool-calls", tools=[WEATHER], stream=True),
    ),
    "text-and-call-stream": (
        "/v1/chat/completions",
        chat(model="fake/tool-call-with-text", tools=[WEATHER], stream=True, **USAGE),
    ),
    "length": ("/v1/chat/completions", chat(max_tokens=2)),
    "length-stream": ("/v1/chat/completions", chat(max_tokens=2, stream=True)),
    "stop": ("/v1/chat/completions", {**ECHO, "stop": "urs"}),
    "stop-stream": ("/v1/chat/completions", {**ECHO, "stop": "urs", "stream": True}),
    "refusal": ("/v1/chat/completions", chat(model="fake/refusal")),
    "refusal-stream": ("/v1/chat/completions", chat(model="fake/refusal", stream=True)),
    "two": ("/v1/chat/completions", chat(n=2, max_tokens=2)),
    "two-stream": ("/v1/chat/completions", chat(n=2, max_tokens=2, stream=True, **USAGE)),
    "logprobs": ("/v1/chat/completions", chat(logprobs=True, top_logprobs=2, max_tokens=2)),
    "logprobs-stream": (
        "/v1/chat/completions",
        chat(logprobs=True, top_logprobs=2, max_tokens=2, stream=True),
    ),
    "text": ("/v1/completions", TEXT),
    "text-stream": ("/v1/completions", {**TEXT, "stream": True}),
    "text-usage": ("/v1/completions", {**TEXT, "stream": True, **USAGE}),
    "embedding": ("/v1/embeddings", {"model": "tiny", "input": "And Italy?", "dimensions": 2}),
    "invalid": ("/v1/chat/completions", chat(messages="no list")),
    "malformed": ("/v1/chat/completions", {}),
    "unknown-model": ("/v1/chat/completions", chat(model="fake/no-such-scenario")),
    "too-long": ("/v1/chat/completions", chat(max_tokens=1_000_000)),
    "unknown-path": ("/v1/no-such-route", {}),
    "rate-limited": ("/v1/chat/completions", chat(model="fake/http-429")),
    "failing": ("/v1/chat/completions", chat(model="fake/http-500")),
}


def asked(fake: Fake, dialect: str, name: str) -> Answer:
    """The answer to one of `ASKED`."""
    path, body = ASKED[name]
    data = b'{"model": ' if name == "malformed" else json.dumps(body).encode()
    # some servers read no body of another type
    return post(fake, data, f"/dialect/{dialect}{path}", (("content-type", "application/json"),))


def models(fake: Fake, dialect: str) -> Answer:
    """The list of models."""
    return get(fake, f"/dialect/{dialect}/v1/models")


def chunks_in(answer: Answer) -> list[Any]:
    """The chunks of a stream, with or without `[DONE]`; comments and other fields are passed over."""
    lines = [line for line in answer.body.decode().split("\n") if line.startswith("data:")]
    data = [line.removeprefix("data:").strip() for line in lines]
    return [json.loads(one) for one in data if one != "[DONE]"]


def whole(body: Any) -> list[Said]:
    """What the choices of a JSON answer say."""
    return [_said(choice.get("message") or choice, choice) for choice in body["choices"]]


def _said(message: Any, choice: Any) -> Said:
    calls = [_call(call) for call in message.get("tool_calls") or []]
    text = plain(message.get("content", message.get("text"))) + (message.get("refusal") or "")
    return {"text": text, "calls": calls, "finish_reason": choice.get("finish_reason")}


def _call(call: Any) -> tuple[str, Any]:
    return call["function"]["name"], call["function"]["arguments"]


def plain(content: Any) -> str:
    """A text, as such or in parts."""
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content)
    return content or ""


def assembled(chunks: list[Any]) -> list[Said]:
    """What a client puts together from a stream. A call without an index is one of its own."""
    said: dict[int, Said] = {}
    for chunk in chunks:
        for part in chunk["choices"]:
            one = said.setdefault(part["index"], {"text": "", "calls": [], "finish_reason": None})
            delta = part.get("delta") or part
            one["text"] += plain(delta.get("content", delta.get("text"))) + (delta.get("refusal") or "")
            for call in delta.get("tool_calls") or []:
                _add(one["calls"], call)
            if part.get("finish_reason"):
                assert one["finish_reason"] in (
                    None,
                    SYNONYMS.get(part["finish_reason"], part["finish_reason"]),
                )
                one["finish_reason"] = SYNONYMS.get(part["finish_reason"], part["finish_reason"])
    for one in said.values():
        one["calls"] = [(call["name"], call["arguments"]) for call in one["calls"]]
    return [said[index] for index in sorted(said)]


def _add(calls: list[Any], piece: Any) -> None:
    index = piece.get("index", len(calls))
    function = piece["function"]
    if index == len(calls):
        calls.append({"name": function["name"], "arguments": ""})
    calls[index]["arguments"] += function.get("arguments") or ""
