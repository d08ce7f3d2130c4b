"""The JSON bodies of embeddings."""

from chatschema.core.kind import Kind
from chatschema.judging.contract import Contract

from .embeddings import Embeddings
from .embeddings_rules import EMBEDDINGS_RULES
from .request import EmbeddingsRequest
from .request_rules import REQUEST_RULES

__all__ = ["EMBEDDINGS", "EMBEDDINGS_CONTRACTS", "EMBEDDINGS_REQUEST"]

EMBEDDINGS = Contract(
    kind=Kind.EMBEDDINGS,
    noun="list of embeddings",
    core="data",
    form=Embeddings,
    rules=EMBEDDINGS_RULES,
    summary="The answer to `POST /v1/embeddings`.",
    reference="CreateEmbeddingResponse",
    examples=(
        {
            "object": "list",
            "data": [
                {"object": "embedding", "index": 0, "embedding": [0.25, -0.5]},
                {"object": "embedding", "index": 1, "embedding": "AACAPgAAAL8="},
            ],
            "model": "text-embedding-3-small",
            "usage": {"prompt_tokens": 2, "total_tokens": 2},
        },
    ),
)
EMBEDDINGS_REQUEST = Contract(
    kind=Kind.EMBEDDINGS_REQUEST,
    form=EmbeddingsRequest,
    rules=REQUEST_RULES,
    summary="The body of `POST /v1/embeddings`.",
    reference="CreateEmbeddingRequest",
    examples=({"model": "text-embedding-3-small", "input": ["Hello", "world"], "encoding_format": "base64"},),
)

EMBEDDINGS_CONTRACTS: tuple[Contract, ...] = (EMBEDDINGS, EMBEDDINGS_REQUEST)
