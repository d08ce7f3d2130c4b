"""The wire contract: what an answer, a stream, a request and an error have to look like.

Pure: bytes and values go in, values come out; no I/O, no server, no test runner. `check` judges anything,
`SseDecoder` and `ChatStream` judge a stream while it runs, and the models parse what is right.
"""

from .chat.annotation import UrlAnnotation, UrlCitation
from .chat.assembly import Head
from .chat.audio import Audio
from .chat.chunk import ChatCompletionChunk, ChunkChoice, Delta
from .chat.completion import ChatCompletion, Choice, Message, NoContent, NoContentReason
from .chat.logprobs import Logprobs, TokenLogprob, TopLogprob
from .chat.moderation import Moderation
from .chat.request import ChatRequest
from .chat.request_messages import (
    AssistantMessage,
    DeveloperMessage,
    FunctionMessage,
    SystemMessage,
    ToolMessage,
    UserMessage,
)
from .chat.request_tools import CustomTool, FunctionTool
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
from .completions.chunk import CompletionChunk, CompletionChunkChoice
from .completions.completion import Completion, CompletionChoice
from .completions.logprobs import CompletionLogprobs
from .completions.request import CompletionRequest
from .completions.stream import CompletionStream
from .completions.usage import CompletionUsage
from .deviations import Deviation, known_deviations, known_extension
from .embeddings.embeddings import Embedding, Embeddings, EmbeddingsUsage
from .embeddings.request import EmbeddingsRequest
from .error import ErrorObject, ErrorResponse
from .event_stream import EventStream
from .judge import judge_chunk, judge_completion, judge_error, judge_models
from .kind import Kind
from .lorax.adapters import AdapterChoice, MergedAdapters
from .lorax.chat import (
    LoraxChatChoice,
    LoraxChatChunk,
    LoraxChatCompletion,
    LoraxChatDelta,
    LoraxChatMessage,
    LoraxChatPiece,
    LoraxFunctionCall,
    LoraxToolCall,
)
from .lorax.classify import ClassifyBatchRequest, ClassifyRequest, Entities, Entity, EntityLists
from .lorax.embed import EmbedRequest, EmbedResponse, LoraxEmbedding, LoraxEmbeddings, LoraxEmbeddingsRequest
from .lorax.error import LoraxError
from .lorax.generate import (
    BestOfSequence,
    GenerateDetails,
    GenerateEvent,
    GenerateResponse,
    GenerateRoot,
    StreamDetails,
)
from .lorax.generate_request import GenerateFormat, GenerateParameters, GenerateRequest
from .lorax.generate_stream import GenerateStream
from .lorax.info import LoraxInfo
from .lorax.messages import LoraxMessage
from .lorax.openai_request import LoraxChatRequest, LoraxCompletionRequest, LoraxResponseFormat, LoraxTool
from .lorax.openai_stream import LoraxChatStream, LoraxTextStream
from .lorax.text import LoraxCompletion, LoraxCompletionChunk, LoraxTextChoice, LoraxTextPiece
from .lorax.tokenize import TokenizeRequest, TokenPiece, TokenPieces
from .lorax.tokens import AlternativeToken, GeneratedToken, PrefillToken
from .lorax.usage import LoraxUsage
from .model_list import Model, ModelList
from .responses.content import OutputText, Refusal
from .responses.event import ResponseEvent
from .responses.input_item import InputItem, InputMessage
from .responses.item import OutputItem
from .responses.items_calls import (
    CustomCallItem,
    CustomCallOutputItem,
    FunctionCallItem,
    FunctionCallOutputItem,
)
from .responses.items_said import OutputMessage, ReasoningItem
from .responses.request import ResponseRequest
from .responses.response import Response, ResponseError
from .responses.stream import ResponseStream
from .responses.usage import ResponseUsage
from .sse import SseDecoder, SseEvent, SseLimitError
from .usage import CompletionTokensDetails, PromptTokensDetails, Usage
from .violation import JsonObject, JsonValue, Judgement, Level, Violation

__all__ = [
    "AdapterChoice",
    "AlternativeToken",
    "AssistantMessage",
    "Audio",
    "BestOfSequence",
    "ChatCompletion",
    "ChatCompletionChunk",
    "ChatRequest",
    "ChatStream",
    "Choice",
    "ChunkChoice",
    "ClassifyBatchRequest",
    "ClassifyRequest",
    "Completion",
    "CompletionChoice",
    "CompletionChunk",
    "CompletionChunkChoice",
    "CompletionLogprobs",
    "CompletionRequest",
    "CompletionStream",
    "CompletionTokensDetails",
    "CompletionUsage",
    "CustomCall",
    "CustomCallItem",
    "CustomCallOutputItem",
    "CustomTool",
    "CustomToolCall",
    "Delta",
    "DeveloperMessage",
    "Deviation",
    "EmbedRequest",
    "EmbedResponse",
    "Embedding",
    "Embeddings",
    "EmbeddingsRequest",
    "EmbeddingsUsage",
    "Entities",
    "Entity",
    "EntityLists",
    "ErrorObject",
    "ErrorResponse",
    "EventStream",
    "FunctionCall",
    "FunctionCallItem",
    "FunctionCallOutputItem",
    "FunctionMessage",
    "FunctionTool",
    "FunctionToolCall",
    "GenerateDetails",
    "GenerateEvent",
    "GenerateFormat",
    "GenerateParameters",
    "GenerateRequest",
    "GenerateResponse",
    "GenerateRoot",
    "GenerateStream",
    "GeneratedToken",
    "Head",
    "InputItem",
    "InputMessage",
    "JsonObject",
    "JsonValue",
    "Judgement",
    "Kind",
    "Level",
    "Logprobs",
    "LoraxChatChoice",
    "LoraxChatChunk",
    "LoraxChatCompletion",
    "LoraxChatDelta",
    "LoraxChatMessage",
    "LoraxChatPiece",
    "LoraxChatRequest",
    "LoraxChatStream",
    "LoraxCompletion",
    "LoraxCompletionChunk",
    "LoraxCompletionRequest",
    "LoraxEmbedding",
    "LoraxEmbeddings",
    "LoraxEmbeddingsRequest",
    "LoraxError",
    "LoraxFunctionCall",
    "LoraxInfo",
    "LoraxMessage",
    "LoraxResponseFormat",
    "LoraxTextChoice",
    "LoraxTextPiece",
    "LoraxTextStream",
    "LoraxTool",
    "LoraxToolCall",
    "LoraxUsage",
    "MergedAdapters",
    "Message",
    "Model",
    "ModelList",
    "Moderation",
    "NoContent",
    "NoContentReason",
    "OutputItem",
    "OutputMessage",
    "OutputText",
    "PrefillToken",
    "PromptTokensDetails",
    "ReasoningItem",
    "Refusal",
    "Response",
    "ResponseError",
    "ResponseEvent",
    "ResponseRequest",
    "ResponseStream",
    "ResponseUsage",
    "SseDecoder",
    "SseEvent",
    "SseLimitError",
    "StreamDetails",
    "SystemMessage",
    "TokenLogprob",
    "TokenPiece",
    "TokenPieces",
    "TokenizeRequest",
    "ToolCall",
    "ToolCallDelta",
    "ToolMessage",
    "TopLogprob",
    "UrlAnnotation",
    "UrlCitation",
    "Usage",
    "UsagePosition",
    "UserMessage",
    "Violation",
    "check",
    "judge_chunk",
    "judge_completion",
    "judge_error",
    "judge_models",
    "known_deviations",
    "known_extension",
]
