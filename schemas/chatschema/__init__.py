"""The wire contract: what an answer, a stream, a request and an error have to look like.

Pure: bytes and values go in, values come out; no I/O, no server, no test runner. `check` judges anything,
`SseDecoder` and `ChatStream` judge a stream while it runs, and the models parse what is right.
"""

from .chat.assembly import Head
from .chat.chunk import ChatCompletionChunk, ChunkChoice, Delta
from .chat.completion import ChatCompletion, Choice, Message, NoContent, NoContentReason
from .chat.logprobs import Logprobs, TokenLogprob, TopLogprob
from .chat.stream import ChatStream, UsagePosition
from .chat.tool_call import (
    CustomCall,
    CustomToolCall,
    FunctionCall,
    FunctionToolCall,
    ToolCall,
    ToolCallDelta,
)
from .check import check
from .error import ErrorObject, ErrorResponse
from .event_stream import EventStream
from .judge import judge_chunk, judge_completion, judge_error, judge_models
from .kind import Kind
from .model_list import Model, ModelList
from .sse import SseDecoder, SseEvent, SseLimitError
from .usage import CompletionTokensDetails, PromptTokensDetails, Usage
from .violation import JsonObject, JsonValue, Judgement, Level, Violation

__all__ = [
    "ChatCompletion",
    "ChatCompletionChunk",
    "ChatStream",
    "Choice",
    "ChunkChoice",
    "CompletionTokensDetails",
    "CustomCall",
    "CustomToolCall",
    "Delta",
    "ErrorObject",
    "ErrorResponse",
    "EventStream",
    "FunctionCall",
    "FunctionToolCall",
    "Head",
    "JsonObject",
    "JsonValue",
    "Judgement",
    "Kind",
    "Level",
    "Logprobs",
    "Message",
    "Model",
    "ModelList",
    "NoContent",
    "NoContentReason",
    "PromptTokensDetails",
    "SseDecoder",
    "SseEvent",
    "SseLimitError",
    "TokenLogprob",
    "ToolCall",
    "ToolCallDelta",
    "TopLogprob",
    "Usage",
    "UsagePosition",
    "Violation",
    "check",
    "judge_chunk",
    "judge_completion",
    "judge_error",
    "judge_models",
]
