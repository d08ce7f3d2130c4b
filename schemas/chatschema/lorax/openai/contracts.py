"""The JSON bodies of LoRAX's OpenAI routes."""

from chatschema.core.kind import Kind
from chatschema.judging.contract import Contract
from chatschema.lorax.native.embed import LoraxEmbeddings, LoraxEmbeddingsRequest
from chatschema.lorax.native.item_rules import EMBEDDINGS_RULES

from .chat import LoraxChatChunk, LoraxChatCompletion
from .request import LoraxChatRequest, LoraxCompletionRequest
from .request_rules import CHAT_REQUEST_RULES, COMPLETION_REQUEST_RULES, EMBEDDINGS_REQUEST_RULES
from .rules import CHAT_CHUNK_RULES, CHAT_RULES, TEXT_CHUNK_RULES, TEXT_RULES
from .text import LoraxCompletion, LoraxCompletionChunk

__all__ = ["CHAT", "CHAT_CHUNK", "OPENAI_CONTRACTS", "TEXT", "TEXT_CHUNK"]

_LIB = "router/src/lib.rs"

CHAT = Contract(
    kind=Kind.LORAX_CHAT,
    form=LoraxChatCompletion,
    rules=CHAT_RULES,
    summary="The answer to LoRAX's `POST /v1/chat/completions`.",
    reference=f"{_LIB}, ChatCompletionResponse",
    examples=(
        {
            "id": "null",
            "object": "text_completion",
            "created": 1764000000,
            "model": "mistralai/Mistral-7B-v0.1",
            "choices": [
                {"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}
            ],
            "usage": {"prompt_tokens": 3, "total_tokens": 5, "completion_tokens": 2},
            "system_fingerprint": "0.1.0-native",
        },
    ),
)
CHAT_CHUNK = Contract(
    kind=Kind.LORAX_CHAT_CHUNK,
    form=LoraxChatChunk,
    rules=CHAT_CHUNK_RULES,
    summary="The data of one event of a chat completion that LoRAX streams.",
    reference=f"{_LIB}, ChatCompletionStreamResponse",
    examples=(
        {
            "id": "null",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": "null",
            "choices": [{"index": 0, "delta": {"role": "assistant", "content": "Hi"}, "finish_reason": None}],
        },
    ),
)
TEXT = Contract(
    kind=Kind.LORAX_TEXT,
    form=LoraxCompletion,
    rules=TEXT_RULES,
    summary="The answer to LoRAX's `POST /v1/completions`.",
    reference=f"{_LIB}, CompletionResponse",
    examples=(
        {
            "id": "null",
            "object": "text_completion",
            "created": 0,
            "model": "null",
            "choices": [{"index": 0, "text": " Hi", "logprobs": None, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 3, "total_tokens": 5, "completion_tokens": 2},
        },
    ),
)
TEXT_CHUNK = Contract(
    kind=Kind.LORAX_TEXT_CHUNK,
    form=LoraxCompletionChunk,
    rules=TEXT_CHUNK_RULES,
    summary="The data of one event of a completion that LoRAX streams.",
    reference=f"{_LIB}, CompletionStreamResponse",
    examples=(
        {
            "id": "null",
            "object": "text_completion",
            "created": 0,
            "model": "null",
            "choices": [{"index": 0, "text": " Hi", "logprobs": None, "finish_reason": None}],
            "usage": {"prompt_tokens": 0, "total_tokens": 0, "completion_tokens": 0},
        },
    ),
)

OPENAI_CONTRACTS: tuple[Contract, ...] = (
    CHAT,
    CHAT_CHUNK,
    Contract(
        kind=Kind.LORAX_CHAT_REQUEST,
        form=LoraxChatRequest,
        rules=CHAT_REQUEST_RULES,
        summary="What LoRAX's `POST /v1/chat/completions` is asked.",
        reference=f"{_LIB}, ChatCompletionRequest",
        examples=({"model": "", "messages": [{"role": "user", "content": "Hi"}]},),
    ),
    TEXT,
    TEXT_CHUNK,
    Contract(
        kind=Kind.LORAX_TEXT_REQUEST,
        form=LoraxCompletionRequest,
        rules=COMPLETION_REQUEST_RULES,
        summary="What LoRAX's `POST /v1/completions` is asked.",
        reference=f"{_LIB}, CompletionRequest",
        examples=({"model": "", "prompt": "Who?", "max_tokens": 20},),
    ),
    Contract(
        kind=Kind.LORAX_EMBEDDINGS,
        form=LoraxEmbeddings,
        rules=EMBEDDINGS_RULES,
        summary="The answer to LoRAX's `POST /v1/embeddings`.",
        reference=f"{_LIB}, CompatEmbedResponse",
        examples=({"embeddings": [{"index": 0, "embedding": [0.5, -0.25], "object": "embedding"}]},),
    ),
    Contract(
        kind=Kind.LORAX_EMBEDDINGS_REQUEST,
        form=LoraxEmbeddingsRequest,
        rules=EMBEDDINGS_REQUEST_RULES,
        summary="What LoRAX's `POST /v1/embeddings` is asked.",
        reference=f"{_LIB}, CompatEmbedRequest",
        examples=({"model": "", "input": ["Hi", "Ho"]},),
    ),
)
