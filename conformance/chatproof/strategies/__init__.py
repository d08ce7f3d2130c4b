"""Hypothesis strategies for whatever the contract describes, and near misses of it.

A strategy draws values that break no must of `chatschema.check`; a near miss draws values that break exactly one rule,
and says which and where.
"""

from chatproof.strategies.bodies import bodies
from chatproof.strategies.near.near_miss import (
    Miss,
    NearMiss,
    added,
    altered,
    at,
    catalogue,
    defect,
    dropped,
    events,
    put,
    replaced,
    unlike,
    without,
)
from chatproof.strategies.near_misses import NEAR_MISSES, near_misses
from chatproof.strategies.valid.chat import (
    assistant_messages,
    calling_completions,
    chat_completions,
    plain_completions,
    scored_completions,
    several_completions,
    spoken_completions,
)
from chatproof.strategies.valid.chunks import assembled, stream_of
from chatproof.strategies.valid.histories import histories, tool_histories
from chatproof.strategies.valid.lists import errors, model_lists, single_models
from chatproof.strategies.valid.lorax.lorax import (
    generate_events,
    generate_responses,
    generate_sse,
    lorax_chat_completions,
    lorax_chat_sse,
)
from chatproof.strategies.valid.members import logprobs, texts, tool_calls, usages
from chatproof.strategies.valid.requests import chat_requests
from chatproof.strategies.valid.responses.responses import (
    response_events,
    response_requests,
    response_streams,
    responses,
)
from chatproof.strategies.valid.sse import framed, sliced
from chatproof.strategies.valid.streams import chat_chunks, chat_sse, chat_streams
from chatproof.strategies.valid.text import text_completions
from chatproof.strategies.valid.text_requests import completion_requests, embeddings_requests
from chatproof.strategies.valid.text_streams import text_chunks, text_sse, text_stream_of, text_streams
from chatproof.strategies.valid.vectors import embeddings

__all__ = [
    "NEAR_MISSES",
    "Miss",
    "NearMiss",
    "added",
    "altered",
    "assembled",
    "assistant_messages",
    "at",
    "bodies",
    "calling_completions",
    "catalogue",
    "chat_chunks",
    "chat_completions",
    "chat_requests",
    "chat_sse",
    "chat_streams",
    "completion_requests",
    "defect",
    "dropped",
    "embeddings",
    "embeddings_requests",
    "errors",
    "events",
    "framed",
    "generate_events",
    "generate_responses",
    "generate_sse",
    "histories",
    "logprobs",
    "lorax_chat_completions",
    "lorax_chat_sse",
    "model_lists",
    "near_misses",
    "plain_completions",
    "put",
    "replaced",
    "response_events",
    "response_requests",
    "response_streams",
    "responses",
    "scored_completions",
    "several_completions",
    "single_models",
    "sliced",
    "spoken_completions",
    "stream_of",
    "text_chunks",
    "text_completions",
    "text_sse",
    "text_stream_of",
    "text_streams",
    "texts",
    "tool_calls",
    "tool_histories",
    "unlike",
    "usages",
    "without",
]
