"""Whole streams of chat completions, as the chunks that they are made of and as the bytes that travel."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.valid.chat import chat_completions
from chatproof.strategies.valid.chunks import MANNERS, Manner, chunks_of
from chatproof.strategies.valid.sse import FRAMINGS, Framing, framed_by
from chatschema import JsonObject

__all__ = ["AZURE_PREAMBLE", "chat_chunks", "chat_sse", "chat_streams"]

#: Azure's first chunk: the prompt's filter results under an empty head (35 of 40 recorded streams).
AZURE_PREAMBLE: JsonObject = {
    "id": "",
    "object": "",
    "created": 0,
    "model": "",
    "choices": [],
    "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": {}}],
}


def chat_streams() -> SearchStrategy[list[JsonObject]]:
    """The chunks of any streamed chat completion, in order, without the `[DONE]` after them.

    At least two chunks; those of `chat_completions` in all the manners of `stream_of`. For a stream whose
    completion you know, draw the completion and then `stream_of` it.
    """
    return st.builds(chunks_of, chat_completions(), MANNERS)


def chat_sse() -> SearchStrategy[bytes]:
    """The bytes of any streamed chat completion, with its `[DONE]`, in any framing that is legal.

    One in five begins with Azure's chunk without choices. Up to some 30 kB.
    """

    def sent(framing: Framing, before: list[JsonObject], completion: JsonObject, manner: Manner) -> bytes:
        return framed_by(framing, [*before, *chunks_of(completion, manner), "[DONE]"])

    before = st.sampled_from(([], [], [], [], [AZURE_PREAMBLE]))
    return st.builds(sent, FRAMINGS, before, chat_completions(), MANNERS)


def chat_chunks() -> SearchStrategy[JsonObject]:
    """One chunk, any of those of a stream: a role, a piece of text, of a call, of audio, the end, the usage alone.

    `{"id": "chatcmpl-0", "object": "chat.completion.chunk", "created": 1700000000, "model": "gpt-4o-2024-08-06",
    "choices": [{"index": 0, "delta": {"content": "Hi"}, "logprobs": null, "finish_reason": null}]}`
    """

    def one(stream: list[JsonObject], number: int) -> JsonObject:
        return stream[number % len(stream)]

    return st.builds(one, chat_streams(), st.integers(0, 99))
