"""The JSON bodies of completions."""

from chatschema.core.kind import Kind
from chatschema.judging.contract import Contract

from .chunk import CompletionChunk
from .completion import Completion
from .completion_rules import CHUNK_RULES, COMPLETION_RULES
from .request import CompletionRequest
from .request_rules import REQUEST_RULES

__all__ = ["COMPLETION_CONTRACTS", "TEXT", "TEXT_CHUNK", "TEXT_REQUEST"]

TEXT = Contract(
    kind=Kind.TEXT,
    noun="completion",
    core="choices",
    form=Completion,
    rules=COMPLETION_RULES,
    summary="The answer to `POST /v1/completions`.",
    reference="CreateCompletionResponse",
    examples=(
        {
            "id": "cmpl-1",
            "object": "text_completion",
            "created": 1764000000,
            "model": "gpt-3.5-turbo-instruct",
            "choices": [{"text": " a cat.", "index": 0, "logprobs": None, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 4, "completion_tokens": 3, "total_tokens": 7},
        },
    ),
)
TEXT_CHUNK = Contract(
    kind=Kind.TEXT_CHUNK,
    noun="chunk of a completion",
    core="choices",
    form=CompletionChunk,
    rules=CHUNK_RULES,
    summary="The data of one event of a streamed completion.",
    reference="CreateCompletionResponse",
    examples=(
        {
            "id": "cmpl-1",
            "object": "text_completion",
            "created": 1764000000,
            "model": "gpt-3.5-turbo-instruct",
            "choices": [{"text": " a", "index": 0, "logprobs": None, "finish_reason": None}],
        },
    ),
)
TEXT_REQUEST = Contract(
    kind=Kind.TEXT_REQUEST,
    form=CompletionRequest,
    rules=REQUEST_RULES,
    summary="The body of `POST /v1/completions`.",
    reference="CreateCompletionRequest",
    examples=({"model": "gpt-3.5-turbo-instruct", "prompt": "A dog chases", "max_tokens": 16},),
)

COMPLETION_CONTRACTS: tuple[Contract, ...] = (TEXT, TEXT_CHUNK, TEXT_REQUEST)
