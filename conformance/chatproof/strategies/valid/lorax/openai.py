"""LoRAX's OpenAI routes, as they really answer."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.valid.lorax.generate import LORAX_FRAMINGS
from chatproof.strategies.valid.lorax.items import lorax_errors
from chatproof.strategies.valid.lorax.tokens import Speech, speeches
from chatproof.strategies.valid.sse import Framing, framed_by
from chatschema import JsonObject, JsonValue

__all__ = [
    "lorax_calling_completions",
    "lorax_chat_chunks",
    "lorax_chat_completions",
    "lorax_chat_sse",
    "lorax_chat_streams",
    "lorax_completion_chunks",
    "lorax_completion_sse",
    "lorax_completion_streams",
    "lorax_completions",
    "lorax_last_chat_chunks",
    "lorax_spoken_completions",
]

T = TypeVar("T")

#: A stop sequence is called a filtered content, which it is not.
_REASONS = {"eos_token": "stop", "length": "length", "stop_sequence": "content_filter"}
_MODEL = "mistralai/Mistral-7B-v0.1"


def lorax_chat_completions() -> SearchStrategy[JsonObject]:
    """Any answer of `/v1/chat/completions`: a text, or one call, in one or two choices.

    `{"id": "null", "object": "text_completion", "created": 1764000000, "model": "…", "choices": [{"index": 0,
    "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}], "usage": {…},
    "system_fingerprint": "0.1.0-native"}`
    """
    return st.builds(_any_chat, speeches())


def lorax_spoken_completions() -> SearchStrategy[JsonObject]:
    """Those with one choice and a text."""
    return st.builds(_spoken, speeches())


def lorax_calling_completions() -> SearchStrategy[JsonObject]:
    """Those with one choice that calls a tool: there is no content, and the call's id is "0"."""
    return st.builds(_calling, speeches())


def lorax_completions() -> SearchStrategy[JsonObject]:
    """Any answer of `/v1/completions`: `{"id": "null", "object": "text_completion", "created": 0, "model": "null",
    "choices": [{"index": 0, "text": "Hi", "logprobs": null, "finish_reason": "stop"}], "usage": {…}}`
    """

    def answer(speech: Speech) -> JsonObject:
        choice: JsonObject = {
            "index": 0,
            "text": speech.text,
            "logprobs": None,
            "finish_reason": _reason(speech),
        }
        return {**_head("text_completion"), "choices": [choice], "usage": _usage(speech)}

    return st.builds(answer, speeches())


def lorax_chat_streams() -> SearchStrategy[list[JsonObject]]:
    """The chunks of a streamed chat completion, one a token, role in each, usage in the last; without `[DONE]`."""
    return st.builds(_chat_chunks, speeches())


def lorax_completion_streams() -> SearchStrategy[list[JsonObject]]:
    """The chunks of a streamed completion, one a token, with usage in each; without the `[DONE]` after them."""
    return st.builds(_text_chunks, speeches())


def lorax_chat_chunks() -> SearchStrategy[JsonObject]:
    """One chunk of a chat that is not the last: `{"id": "null", "object": "chat.completion.chunk", "created": 0,
    "model": "null", "choices": [{"index": 0, "delta": {"role": "assistant", "content": "Hi"}, "finish_reason":
    null}]}`
    """

    def chunk(speech: Speech) -> JsonObject:
        return _chat_chunks(replace(speech, least=2))[0]

    return st.builds(chunk, speeches())


def lorax_last_chat_chunks() -> SearchStrategy[JsonObject]:
    """The last chunk of a chat: its delta is empty where the sequence ended by itself, and it has the usage."""

    def chunk(speech: Speech) -> JsonObject:
        return _chat_chunks(speech)[-1]

    return st.builds(chunk, speeches())


def lorax_completion_chunks() -> SearchStrategy[JsonObject]:
    """One chunk of a completion that is not the last: its counts are zeros, its `finish_reason` null."""

    def chunk(speech: Speech) -> JsonObject:
        return _text_chunks(replace(speech, least=2))[0]

    return st.builds(chunk, speeches())


def lorax_chat_sse() -> SearchStrategy[bytes]:
    """The bytes of any streamed chat completion, with `[DONE]`; one in five fails, and has none."""
    return st.builds(_sent, LORAX_FRAMINGS, lorax_chat_streams(), lorax_errors(), st.integers(0, 99))


def lorax_completion_sse() -> SearchStrategy[bytes]:
    """The bytes of any streamed completion, with `[DONE]`; one in five fails, and has none."""
    return st.builds(_sent, LORAX_FRAMINGS, lorax_completion_streams(), lorax_errors(), st.integers(0, 99))


def _sent(framing: Framing, stream: list[JsonObject], error: JsonObject, number: int) -> bytes:
    if number % 5 == 4:
        return framed_by(framing, [*stream[: number // 5 % len(stream)], error])
    return framed_by(framing, [*stream, "[DONE]"])


def _reason(speech: Speech) -> str:
    return _REASONS[speech.ending]


def _said(speech: Speech) -> JsonObject:
    return {"role": "assistant", "content": speech.text}


def _called(speech: Speech) -> JsonObject:
    function: JsonObject = {"description": None, "name": speech.text or "f", "arguments": '{"city": "Oslo"}'}
    return {"role": "assistant", "tool_calls": [{"id": "0", "type": "function", "function": function}]}


def _any_chat(speech: Speech) -> JsonObject:
    messages = ((_said,), (_called,), (_said, _said), (_said, _called))[speech.number // 3 % 4]
    return _chat(speech, *(message(speech) for message in messages))


def _spoken(speech: Speech) -> JsonObject:
    return _chat(speech, _said(speech))


def _calling(speech: Speech) -> JsonObject:
    return _chat(speech, _called(speech))


def _chat(speech: Speech, *messages: JsonObject) -> JsonObject:
    choices: list[JsonValue] = [
        {"index": index, "message": message, "finish_reason": _reason(speech)}
        for index, message in enumerate(messages)
    ]
    return {
        "id": "null",
        "object": "text_completion",
        "created": 1764000000 + speech.number,
        "model": _MODEL,
        "choices": choices,
        "usage": _usage(speech),
        "system_fingerprint": "0.1.0-native",
    }


def _usage(speech: Speech) -> JsonObject:
    completion = len(speech.pieces) + (speech.ending == "eos_token")
    prompt = speech.prompt_tokens
    return {"prompt_tokens": prompt, "total_tokens": prompt + completion, "completion_tokens": completion}


def _with_last(items: Sequence[T]) -> list[tuple[T, bool]]:
    return [(item, number == len(items) - 1) for number, item in enumerate(items)]


def _head(name: str) -> JsonObject:
    return {"id": "null", "object": name, "created": 0, "model": "null"}


def _chat_chunks(speech: Speech) -> list[JsonObject]:
    deltas: list[JsonObject] = [{"role": "assistant", "content": piece} for piece in speech.pieces]
    if speech.ending == "eos_token":
        deltas.append({})
    chunks: list[JsonObject] = [
        {
            **_head("chat.completion.chunk"),
            "choices": [
                {"index": 0, "delta": delta, "finish_reason": _reason(speech) if last else None},
            ],
            **({"usage": _usage(speech)} if last else {}),
        }
        for delta, last in _with_last(deltas)
    ]
    return chunks


def _text_chunks(speech: Speech) -> list[JsonObject]:
    pieces = [*speech.pieces, ""] if speech.ending == "eos_token" else [*speech.pieces]
    zeros: JsonObject = {"prompt_tokens": 0, "total_tokens": 0, "completion_tokens": 0}
    return [
        {
            **_head("text_completion"),
            "choices": [
                {
                    "index": 0,
                    "text": piece,
                    "logprobs": None,
                    "finish_reason": _reason(speech) if last else None,
                }
            ],
            "usage": _usage(speech) if last else zeros,
        }
        for piece, last in _with_last(pieces)
    ]
