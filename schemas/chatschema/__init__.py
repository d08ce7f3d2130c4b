"""The wire contract of chat completions: what an answer, a stream and an error have to look like.

Pure: bytes and values go in, values come out; no I/O, no server, no test runner. `check` judges anything,
`SseDecoder` and `ChatStream` judge a stream while it runs, and the models parse what is right.
"""

from .assembly import Head
from .check import check
from .chunk import ChatCompletionChunk, ChunkChoice, Delta
from .completion import ChatCompletion, Choice, Message, NoContent, NoContentReason
from .error import ErrorObject, ErrorResponse
from .judge import Kind, judge_chunk, judge_completion, judge_error, judge_models
from .logprobs import Logprobs, TokenLogprob, TopLogprob
from .model_list import Model, ModelList
from .sse import SseDecoder, SseEvent, SseLimitError
from .stream import ChatStream, UsagePosition
from .tool_call import (
    CustomCall,
    CustomToolCall,
    FunctionCall,
    FunctionToolCall,
    ToolCall,
    ToolCallDelta,
)
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
