"""One strategy for each kind of body that the contract knows."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from hypothesis.strategies import SearchStrategy

from chatproof.strategies.valid.chat import chat_completions
from chatproof.strategies.valid.lists import errors, model_lists, single_models
from chatproof.strategies.valid.lorax.lorax import (
    classify_batch_requests,
    classify_batches,
    classify_requests,
    classify_responses,
    embed_requests,
    embed_responses,
    generate_events,
    generate_requests,
    generate_responses,
    generate_roots,
    generate_sse,
    lorax_chat_chunks,
    lorax_chat_completions,
    lorax_chat_requests,
    lorax_chat_sse,
    lorax_completion_chunks,
    lorax_completion_requests,
    lorax_completion_sse,
    lorax_completions,
    lorax_embeddings,
    lorax_embeddings_requests,
    lorax_errors,
    lorax_infos,
    tokenize_requests,
    tokenize_responses,
)
from chatproof.strategies.valid.requests import chat_requests
from chatproof.strategies.valid.responses.responses import (
    response_events,
    response_requests,
    response_streams,
    responses,
)
from chatproof.strategies.valid.streams import chat_chunks, chat_sse
from chatproof.strategies.valid.text import text_completions
from chatproof.strategies.valid.text_requests import completion_requests, embeddings_requests
from chatproof.strategies.valid.text_streams import text_chunks, text_sse
from chatproof.strategies.valid.vectors import embeddings
from chatschema import JsonValue, Kind

__all__ = ["BODIES", "bodies"]

#: Makes the strategy of one kind.
_Make: TypeAlias = Callable[[], SearchStrategy[JsonValue | bytes]]

#: The strategy of each kind; a stream's draws bytes, any other's JSON values.
BODIES: Mapping[Kind, _Make] = {
    Kind.COMPLETION: chat_completions,
    Kind.CHUNK: chat_chunks,
    Kind.STREAM: chat_sse,
    Kind.CHAT_REQUEST: chat_requests,
    Kind.TEXT: text_completions,
    Kind.TEXT_CHUNK: text_chunks,
    Kind.TEXT_STREAM: text_sse,
    Kind.TEXT_REQUEST: completion_requests,
    Kind.EMBEDDINGS: embeddings,
    Kind.EMBEDDINGS_REQUEST: embeddings_requests,
    Kind.MODEL: single_models,
    Kind.MODELS: model_lists,
    Kind.ERROR: errors,
    Kind.RESPONSE: responses,
    Kind.RESPONSE_EVENT: response_events,
    Kind.RESPONSE_STREAM: response_streams,
    Kind.RESPONSE_REQUEST: response_requests,
    Kind.LORAX_GENERATE: generate_responses,
    Kind.LORAX_GENERATE_REQUEST: generate_requests,
    Kind.LORAX_ROOT: generate_roots,
    Kind.LORAX_EVENT: generate_events,
    Kind.LORAX_STREAM: generate_sse,
    Kind.LORAX_ERROR: lorax_errors,
    Kind.LORAX_INFO: lorax_infos,
    Kind.LORAX_TOKENIZE: tokenize_responses,
    Kind.LORAX_TOKENIZE_REQUEST: tokenize_requests,
    Kind.LORAX_EMBED: embed_responses,
    Kind.LORAX_EMBED_REQUEST: embed_requests,
    Kind.LORAX_CLASSIFY: classify_responses,
    Kind.LORAX_CLASSIFY_REQUEST: classify_requests,
    Kind.LORAX_CLASSIFY_BATCH: classify_batches,
    Kind.LORAX_CLASSIFY_BATCH_REQUEST: classify_batch_requests,
    Kind.LORAX_CHAT: lorax_chat_completions,
    Kind.LORAX_CHAT_CHUNK: lorax_chat_chunks,
    Kind.LORAX_CHAT_STREAM: lorax_chat_sse,
    Kind.LORAX_CHAT_REQUEST: lorax_chat_requests,
    Kind.LORAX_TEXT: lorax_completions,
    Kind.LORAX_TEXT_CHUNK: lorax_completion_chunks,
    Kind.LORAX_TEXT_STREAM: lorax_completion_sse,
    Kind.LORAX_TEXT_REQUEST: lorax_completion_requests,
    Kind.LORAX_EMBEDDINGS: lorax_embeddings,
    Kind.LORAX_EMBEDDINGS_REQUEST: lorax_embeddings_requests,
}


def bodies(kind: Kind | str) -> SearchStrategy[JsonValue | bytes]:
    """Any body of one kind that breaks no must: JSON values, and for a stream (`….sse`) its bytes.

    The kinds are `chatschema.Kind`; ValueError for a `kind` that is none.
    """
    return BODIES[Kind(kind)]()
