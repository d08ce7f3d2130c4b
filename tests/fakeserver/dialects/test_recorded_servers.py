"""Two servers that were recorded on loopback, and their dialects: the same requests get the same answers.

Of an answer what the model said is laid into the script, so that it differs in ids, times and probabilities alone; a
refusal is the same to the byte. `recordings/` holds a part of the 192 requests that each of them was asked.
"""

import json
import re
from dataclasses import replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from chatfake import Answer, Fake, Reply, Request, ToolCall

HERE = Path(__file__).parent / "recordings"
SERVERS = {"vllm": "vllm", "llamacpp": "llama.cpp"}

#: What a recording has and the fake has not, and why.
NOT_HERE = {
    "auth": "any key is taken here",
    "content_type": "the content type of a request is not looked at",
    "content_image": "that model took no images, and ours does",
    "http_root": "other paths without /v1 are served too",
    "http_no_prefix": "other paths without /v1 are served too",
    "http_head": "a head is answered wherever there is a GET",
    "trailing_slash": "a slash at the end is passed over",
    "json_schema_invalid": "schemas are not compiled to grammars",
}
#: The status and the form are the same, and the words are not.
BRANCHES = "pydantic tells of every branch of a union, and we of the one that was meant"
PLACE = "the place where the parser stopped is not kept"
OTHER_WORDS = {
    "vllm": {
        "chat_malformed_json": PLACE,
        "chat_content_null_user": BRANCHES,
        "chat_content_number_user": BRANCHES,
        "chat_content_part_unknown": BRANCHES,
        "chat_json_schema_missing_name": BRANCHES,
        "chat_response_format_unknown": BRANCHES,
        "chat_role_missing": BRANCHES,
    },
    "llamacpp": {"chat_malformed_json": PLACE, "chat_tool_arguments_not_json": PLACE},
}


@cache
def recorded(name: str) -> dict[str, Any]:
    lines = (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return {row["case"]: row for row in rows if not any(part in row["case"] for part in NOT_HERE)}


def cases(status: range) -> list[tuple[str, str]]:
    return [
        (name, case) for name in SERVERS for case, row in recorded(name).items() if row["status"] in status
    ]


#: What the recorded model said to each prompt; a script lets ours say the same.
SPOKEN = {
    "Hello": Reply(text="Hello! I am a tiny model. How can I help you today?"),
    "Count to ten.": Reply(text="one two three four five six seven eight nine ten"),
    "What is the weather in Paris?": Reply(
        tool_calls=(ToolCall(name="get_weather", arguments='{"city": "London"}'),)
    ),
}


def answered(name: str, case: str) -> Answer:
    """The answer of the fake to a recorded request."""
    row = recorded(name)[case]
    fake = Fake(models=("tiny",), dialect=SERVERS[name], context_length=2048)
    handle = fake.handle("k")
    completion = SPOKEN if "/chat/" in row["path"] else {"Hello": Reply(text="! I help you today?")}
    for prompt, reply in completion.items():
        ending = "stop" if "named" in case and reply.tool_calls else ""
        handle.when(text=prompt, answer=replace(reply, finish_reason=ending))
    headers = (("authorization", "Bearer k"), ("content-type", "application/json"))
    body = row["asked"].encode()
    return fake.answer(Request(method=row["method"], path=row["path"], headers=headers, body=body))


#: Members whose values are compared too.
SAID_BY_THE_SERVER = (
    "object", "role", "type", "finish_reason", "system_fingerprint", "stop_reason", "owned_by", "service_tier", "name",
)  # fmt: skip


def form(value: Any, name: str = "") -> Any:
    """Members in their order and the types of their values; of a list its different entries."""
    if isinstance(value, dict) and name == "top_logprobs" and "token" not in value:
        return "a number a token"
    if isinstance(value, dict):
        return [(key, form(value[key], key)) for key in value]
    if name == "embedding":
        return type(value).__name__
    if name == "bytes":  # the token that ends a text has none
        return "bytes"
    if isinstance(value, list):
        return [one for one, _ in groupby(form(entry, name) for entry in value)]
    if value is None or name in SAID_BY_THE_SERVER:
        return value
    if name == "id" and isinstance(value, str):
        return re.sub(r"[0-9A-Za-z]{16,}", lambda mark: f"<{len(mark[0])}>", value)
    return type(value).__name__


def forms(body: str) -> Any:
    """The form of a body, or of a stream's chunks, where the same form comes many times in a row."""
    if not body.startswith("data:"):
        value = json.loads(body)
        for name in ("data", "models"):
            if name in value:
                value[name] = value[name][:1]
        return form(value)
    *events, done, rest = body.split("\n\n")
    assert rest.strip() == ""
    chunks = [form(json.loads(event.removeprefix("data: "))) for event in events if "[DONE]" not in event]
    return [*(one for one, _ in groupby(chunks)), done]


def head(headers: Any) -> dict[str, str]:
    kept = ("content-type", "server", "x-accel-buffering", "access-control-allow-origin")
    return {name.lower(): value for name, value in headers if name.lower() in kept}


@pytest.mark.parametrize(("name", "case"), cases(range(200, 300)))
def test_answer_has_the_recorded_form(name: str, case: str) -> None:
    row, answer = recorded(name)[case], answered(name, case)
    assert answer.status == row["status"], answer.body
    if row["body"]:
        assert forms(answer.body.decode()) == forms(row["body"])
        assert head(answer.headers) == head(row["headers"])


@pytest.mark.parametrize(("name", "case"), cases(range(400, 600)))
def test_refusal_is_the_recorded_one(name: str, case: str) -> None:
    row, answer = recorded(name)[case], answered(name, case)
    assert answer.status == row["status"], answer.body
    assert head(answer.headers) == head(row["headers"])
    if case in OTHER_WORDS[name]:
        assert forms(answer.body.decode()) == forms(row["body"])
    else:
        assert answer.body.decode() == row["body"]
