"""Near misses of streams whose pieces, joined, are not what was meant: what is said twice, and what says too much."""

import json
from collections.abc import Sequence
from functools import partial

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.near_miss import Miss, catalogue, defect, events
from chatproof.strategies.valid.members import mapped, something, texts
from chatschema import JsonObject, JsonValue, Kind, Level

__all__ = ["NEAR_PIECES"]

_FRAGMENT = "choices[0].delta.tool_calls[0]"
_ADD_UP, _ARGUMENTS = "chat.tools.sse-fragments", "chat.tools.arguments"

_miss = partial(defect, Kind.STREAM)


def _stream(deltas: Sequence[JsonObject], reason: str) -> bytes:
    """The first delta has a role, and the last chunk a reason to end."""
    head: JsonObject = {
        "id": "chatcmpl-0",
        "object": "chat.completion.chunk",
        "created": 1_700_000_000,
        "model": "gpt-4o-2024-08-06",
    }
    ends: list[tuple[JsonObject, str | None]] = [*[(delta, None) for delta in deltas], ({}, reason)]
    chunks: list[JsonValue] = [
        {**head, "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": end}]}
        for delta, end in ends
    ]
    return events([*chunks, "[DONE]"])


def _call(*fragments: JsonObject) -> bytes:
    """A call whose head stands in event 0; the fragments begin with event 1."""
    first: JsonObject = {"id": "call_0", "type": "function", "function": {"name": "f", "arguments": ""}}
    calls: list[JsonObject] = [{"tool_calls": [{"index": 0, **part}]} for part in (first, *fragments)]
    return _stream([{"role": "assistant", "content": None, **calls[0]}, *calls[1:]], "tool_calls")


def _said(*arguments: str) -> bytes:
    fragments: list[JsonObject] = [{"function": {"arguments": text}} for text in arguments]
    return _call(*fragments)


def _gone_on(text: str, more: str) -> Miss:
    return Miss(data=_said(text, more), path=f"$[2].{_FRAGMENT}.function.arguments")


_OBJECTS: SearchStrategy[str] = mapped(texts(), lambda text: json.dumps({"text": text}))


def _later(place: str, **members: JsonValue) -> SearchStrategy[Miss]:
    """A second fragment that has these members, too."""

    def miss(text: str) -> Miss:
        function: JsonObject = {"arguments": text}
        named = members.get("name")
        part: JsonObject = {"function": function if named is None else {"name": named, **function}}
        given: JsonObject = {name: member for name, member in members.items() if name != "name"}
        return Miss(data=_call({**given, **part}), path=f"$[1].{_FRAGMENT}.{place}")

    return mapped(_OBJECTS, miss)


def _content(*pieces: str) -> bytes:
    deltas: list[JsonObject] = [{"content": piece} for piece in pieces]
    return _stream([{"role": "assistant", "content": ""}, *deltas], "stop")


NEAR_PIECES = catalogue(
    # the text
    _miss(
        "pieces-cumulative",
        "chat.sse.not-cumulative",
        "Each piece repeats all that came before it (DashScope with some models).",
        mapped(
            texts(),
            lambda text: Miss(
                data=_content("The ", f"The end {text}", f"The end {text}is near."), path="$[6]"
            ),
        ),
        Level.SHOULD,
    ),
    _miss(
        "piece-with-broken-character",
        "chat.sse.no-broken-characters",
        "A piece has U+FFFD, where a character was cut between two tokens (mlx-vlm).",
        mapped(
            texts(),
            lambda text: Miss(
                data=_content(text, f"{text}\ufffd", "x"), path="$[2].choices[0].delta.content"
            ),
        ),
        Level.SHOULD,
    ),
    _miss(
        "pieces-of-a-character",
        "chat.sse.shape",
        "A character is cut between two pieces, each of which has half of its surrogate pair.",
        mapped(
            texts(),
            lambda text: Miss(
                data=_content(f"{text}HIGH", "LOW").replace(b"HIGH", b"\\ud83d").replace(b"LOW", b"\\ude00"),
                path="$[1].choices[0].delta.content",
            ),
        ),
    ),
    _miss(
        "call-in-the-text",
        "chat.tools.as-text",
        "The pieces of the text are a call in the marks of the model's template (vLLM).",
        mapped(
            _OBJECTS, lambda text: Miss(data=_content("<tool_call>\n", '{"name": "f", ', text), path="$[6]")
        ),
        Level.SHOULD,
    ),
    _miss(
        "line-of-no-field",
        "chat.sse.framing",
        "A line is no field, and every reader drops it.",
        mapped(
            st.sampled_from(["ping", "warning: slow", "content-type: text/event-stream", "Data: {}"]),
            lambda line: Miss(data=_content("Hi").replace(b"\n\n", f"\n\n{line}\n".encode(), 1), path="$"),
        ),
        Level.SHOULD,
    ),
    # the head of a call
    _miss(
        "fragment-id-again",
        _ADD_UP,
        "The next fragment says the id again (DashScope, TGI, llama-cpp-python).",
        _later("id", id="call_0"),
    ),
    _miss(
        "fragment-name-again",
        _ADD_UP,
        "The next fragment names the function again (llama-cpp-python).",
        _later("function.name", name="f"),
    ),
    _miss(
        "fragment-empty-id-later",
        _ADD_UP,
        "The next fragment has the empty id (Alibaba).",
        _later("id", id=""),
        Level.SHOULD,
    ),
    _miss(
        "fragment-empty-name-later",
        _ADD_UP,
        "The next fragment has the empty name (Mistral).",
        _later("function.name", name=""),
        Level.SHOULD,
    ),
    # its arguments
    _miss(
        "arguments-again",
        _ARGUMENTS,
        "The last fragment has all arguments once more (vLLM).",
        mapped(
            _OBJECTS, lambda text: Miss(data=_said(text, text), path=f"$[2].{_FRAGMENT}.function.arguments")
        ),
    ),
    _miss(
        "arguments-after-empty-object",
        _ARGUMENTS,
        "The arguments come after those of no arguments.",
        mapped(
            _OBJECTS, lambda text: Miss(data=_said("{}" + text), path=f"$[1].{_FRAGMENT}.function.arguments")
        ),
    ),
    _miss(
        "arguments-go-on",
        _ARGUMENTS,
        "A brace or a quote comes after the arguments were whole.",
        st.builds(
            _gone_on,
            _OBJECTS,
            st.sampled_from(["}", '"}', " null", "]"]),
        ),
    ),
    _miss(
        "arguments-encoded-twice",
        _ARGUMENTS,
        "The arguments are the JSON text of their JSON text.",
        mapped(_OBJECTS, lambda text: Miss(data=_said(json.dumps(text)), path="$[4]")),
    ),
    _miss(
        "arguments-no-json",
        _ARGUMENTS,
        "The arguments are no JSON, and the answer was not cut off.",
        mapped(_OBJECTS, lambda text: Miss(data=_said(something(text)[:-1]), path="$[4]")),
        Level.SHOULD,
    ),
)
