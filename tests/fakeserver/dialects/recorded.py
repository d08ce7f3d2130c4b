"""Recorded exchanges, and what the fake answers to the same request when it says the same.

`CHATPROOF_CORPUS` is a gzipped file with one exchange as a JSON object a line; it holds other people's data and is no
part of the project.
"""

import gzip
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from chatfake import Fake, Reply, ToolCall
from tests.fakeserver.asking import post
from tests.fakeserver.dialects.speaking import chunks_in

#: Whose recordings a dialect is held to: hosts, or ends of their names.
PROVIDERS: dict[str, tuple[str, ...]] = {
    "openai": ("api.openai.com", "api.openai.com (host redacted)"),
    "azure": (".openai.azure.com",),
    "groq": ("api.groq.com",),
    "mistral": ("api.mistral.ai",),
    "deepseek": ("api.deepseek.com",),
    "together": ("api.together.ai", "api.together.xyz"),
    "openrouter": ("openrouter.ai",),
    "ollama": ("ollama.com", "ollama (host redacted)", "localhost:11434"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One recorded exchange, with what was said in it."""

    id: str
    path: str
    request: Any
    answer: Any  #: a body, or the chunks of a stream
    said: Reply
    in_order: bool  #: members stand as they were sent, not sorted by the recorder

    @property
    def sort(self) -> str:
        """A JSON answer or a stream, of text or of calls."""
        form = "stream" if isinstance(self.answer, list) else "json"
        return f"{form} of {'calls' if self.said.tool_calls else 'text'}"


@cache
def exchanges(dialect: str) -> tuple[Exchange, ...]:
    """Those of a dialect that say something the fake can say: a text or calls, in one choice."""
    with gzip.open(os.environ["CHATPROOF_CORPUS"], "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    return tuple(
        exchange
        for one in found
        if one["endpoint"] == "chat" and one["status"] == 200 and one["provider"].endswith(PROVIDERS[dialect])
        for exchange in _read(one)
    )


def _read(one: Any) -> Iterator[Exchange]:
    request = one["request"]
    if not isinstance(request, dict) or not isinstance(request.get("messages"), list):
        return
    try:
        answer = _chunks(one["body"]) if one["kind"] == "sse" else json.loads(one["body"])
        said = _of_stream(answer) if one["kind"] == "sse" else _of_body(answer)
    except (ValueError, LookupError, TypeError):  # cut by their authors, or of other shapes
        return
    if said is not None:
        raw = one["kind"] == "sse" or one["fidelity"] == "raw"
        yield Exchange(
            id=one["id"], path=_path(one["url_path"]), request=request, answer=answer, said=said, in_order=raw
        )


def _path(recorded: str) -> str:
    """Where the fake has the route: under Azure's paths, which name the model, or OpenAI's."""
    path = "/" + recorded.partition("?")[0].lstrip("/")
    return path if path.startswith("/openai/deployments/") else "/v1/chat/completions"


def _chunks(body: str) -> list[Any]:
    lines = [line.removeprefix("data:").strip() for line in body.splitlines() if line.startswith("data:")]
    return [json.loads(line) for line in lines if line != "[DONE]"]


def _of_body(body: Any) -> Reply | None:
    if len(body["choices"]) != 1:
        return None
    choice = body["choices"][0]
    message = choice["message"]
    calls = [_call(call["id"], call["function"]) for call in message.get("tool_calls") or []]
    return Reply(
        text=_text(message.get("content")),
        reasoning=_thought(message),
        refusal=message.get("refusal"),
        tool_calls=tuple(calls),
        finish_reason=choice["finish_reason"],
    )


def _of_stream(chunks: list[Any]) -> Reply | None:
    text: str | None = None
    thought: str | None = None
    calls: dict[int, dict[str, Any]] = {}
    ending = ""
    for part in (part for chunk in chunks for part in chunk["choices"]):
        if part["index"]:
            return None
        delta = part["delta"]
        text = _joined(text, _text(delta.get("content")))
        thought = _joined(thought, _thought(delta))
        for piece in delta.get("tool_calls") or []:
            call = calls.setdefault(piece.get("index", len(calls)), {"id": "", "name": "", "arguments": ""})
            call["id"] = piece.get("id") or call["id"]
            for name in ("name", "arguments"):
                call[name] += piece["function"].get(name) or ""
        ending = part.get("finish_reason") or ending
    made = tuple(_call(call["id"], call) for call in calls.values())
    return Reply(text=text, reasoning=thought, tool_calls=made, finish_reason=ending)


def _call(name: str, function: Any) -> ToolCall:
    return ToolCall(id=name, name=function["name"], arguments=function["arguments"])


def _joined(before: str | None, piece: str | None) -> str | None:
    return before if piece is None else (before or "") + piece


def _text(content: Any) -> str | None:
    """As such or in parts."""
    if isinstance(content, list):
        return "".join(part["text"] for part in content if part["type"] == "text") or None
    return content if isinstance(content, str) else None


def _thought(message: Any) -> str | None:
    """Under any of its names, or in parts."""
    content = message.get("content")
    if isinstance(content, list):
        thinking = [part["thinking"] for part in content if part["type"] == "thinking"]
        return "".join(one["text"] for parts in thinking for one in parts) or None
    thought = message.get("reasoning") or message.get("reasoning_content")
    return thought if isinstance(thought, str) else None


# -- the fake's answer to the same ---------------------------------------------------------------------------


def answered(dialect: str, exchange: Exchange) -> tuple[int, Any]:
    """Status and body, or chunks, of what the fake answers to the request when it says the same."""
    fake = Fake(dialect=dialect, context_length=10_000_000)
    handle = fake.handle()
    handle.script(exchange.said)
    headers = (("authorization", f"Bearer {handle.key}"),)
    answer = post(fake, exchange.request, exchange.path, headers)
    streamed = answer.header("content-type").startswith("text/event-stream")
    return answer.status, chunks_in(answer) if streamed else json.loads(answer.body)


def form(value: Any, in_order: bool = True) -> str:
    """A value without what it says: members in order, types, nulls; a run of equal items as one."""
    if isinstance(value, dict):
        names = list(value) if in_order else sorted(value)
        return "{" + ", ".join(f"{name}: {_of_member(name, value[name], in_order)}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(one for one, _ in groupby(form(item, in_order) for item in value)) + "]"
    return kind(value)


def _of_member(name: str, value: Any, in_order: bool) -> str:
    """Padding is of any length, none too."""
    return "text" if name in ("obfuscation", "p") and value == "" else form(value, in_order)


def paths(value: Any, path: str = "$") -> Iterator[tuple[str, str]]:
    """Each member with the kind of its value."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from paths(inner, f"{path}.{name}")
    elif isinstance(value, list) and value:
        for inner in value:
            yield from paths(inner, f"{path}[*]")
    else:
        yield path, kind(value)


def kind(value: Any) -> str:
    """The type of a value; an empty text and an empty list are of their own."""
    if value is None or value in ("", []):
        return json.dumps(value)
    names = ((bool, "boolean"), ((int, float), "number"), (str, "text"), (list, "list"))
    return next((name for types, name in names if isinstance(value, types)), "object")
