"""The JSON bodies of chat completions."""

from chatschema.contract import Contract
from chatschema.kind import Kind

from .chunk import AnyChunk
from .chunk_rules import CHUNK_RULES
from .completion import ChatCompletion
from .completion_rules import COMPLETION_RULES

__all__ = ["CHUNK", "COMPLETION"]

COMPLETION = Contract(
    kind=Kind.COMPLETION,
    form=ChatCompletion,
    rules=COMPLETION_RULES,
    summary="The answer to `POST /v1/chat/completions`.",
    reference="CreateChatCompletionResponse",
)
CHUNK = Contract(
    kind=Kind.CHUNK,
    form=AnyChunk,
    rules=CHUNK_RULES,
    summary="The data of one event of a streamed chat completion.",
    reference="CreateChatCompletionStreamResponse",
)
