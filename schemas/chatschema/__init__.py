"""The wire contract: what an answer, a stream, a request and an error have to look like.

Pure: bytes and values go in, values come out; no I/O, no server, no test runner. `check` judges anything,
`SseDecoder` and `ChatStream` judge a stream while it runs, and the models parse what is right. There are some three
hundred models; each family of them is imported when it is used.
"""

import typing as _typing
from importlib import import_module as _import_module

from .check import check
from .judge import judge_chunk, judge_completion, judge_error, judge_models
from .judging.stream_judge import StreamJudge
from .kind import Kind
from .sse import SseDecoder, SseEvent, SseLimitError
from .violation import JsonObject, JsonValue, Judgement, Level, Violation

if _typing.TYPE_CHECKING:
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
    from .lorax.embed import (
        EmbedRequest,
        EmbedResponse,
        LoraxEmbedding,
        LoraxEmbeddings,
        LoraxEmbeddingsRequest,
    )
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
    from .usage import CompletionTokensDetails, PromptTokensDetails, Usage

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
    "StreamJudge",
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

_MODULES = {
    "chat.annotation": ("UrlAnnotation", "UrlCitation"),
    "chat.assembly": ("Head",),
    "chat.audio": ("Audio",),
    "chat.chunk": ("ChatCompletionChunk", "ChunkChoice", "Delta"),
    "chat.completion": ("ChatCompletion", "Choice", "Message", "NoContent", "NoContentReason"),
    "chat.logprobs": ("Logprobs", "TokenLogprob", "TopLogprob"),
    "chat.moderation": ("Moderation",),
    "chat.request": ("ChatRequest",),
    "chat.request_messages": (
        "AssistantMessage",
        "DeveloperMessage",
        "FunctionMessage",
        "SystemMessage",
        "ToolMessage",
        "UserMessage",
    ),
    "chat.request_tools": ("CustomTool", "FunctionTool"),
    "chat.stream": ("ChatStream", "UsagePosition"),
    "chat.tool_call": (
        "CustomCall",
        "CustomToolCall",
        "FunctionCall",
        "FunctionToolCall",
        "ToolCall",
        "ToolCallDelta",
    ),
    "completions.chunk": ("CompletionChunk", "CompletionChunkChoice"),
    "completions.completion": ("Completion", "CompletionChoice"),
    "completions.logprobs": ("CompletionLogprobs",),
    "completions.request": ("CompletionRequest",),
    "completions.stream": ("CompletionStream",),
    "completions.usage": ("CompletionUsage",),
    "deviations": ("Deviation", "known_deviations", "known_extension"),
    "embeddings.embeddings": ("Embedding", "Embeddings", "EmbeddingsUsage"),
    "embeddings.request": ("EmbeddingsRequest",),
    "error": ("ErrorObject", "ErrorResponse"),
    "lorax.adapters": ("AdapterChoice", "MergedAdapters"),
    "lorax.chat": (
        "LoraxChatChoice",
        "LoraxChatChunk",
        "LoraxChatCompletion",
        "LoraxChatDelta",
        "LoraxChatMessage",
        "LoraxChatPiece",
        "LoraxFunctionCall",
        "LoraxToolCall",
    ),
    "lorax.classify": ("ClassifyBatchRequest", "ClassifyRequest", "Entities", "Entity", "EntityLists"),
    "lorax.embed": (
        "EmbedRequest",
        "EmbedResponse",
        "LoraxEmbedding",
        "LoraxEmbeddings",
        "LoraxEmbeddingsRequest",
    ),
    "lorax.error": ("LoraxError",),
    "lorax.generate": (
        "BestOfSequence",
        "GenerateDetails",
        "GenerateEvent",
        "GenerateResponse",
        "GenerateRoot",
        "StreamDetails",
    ),
    "lorax.generate_request": ("GenerateFormat", "GenerateParameters", "GenerateRequest"),
    "lorax.generate_stream": ("GenerateStream",),
    "lorax.info": ("LoraxInfo",),
    "lorax.messages": ("LoraxMessage",),
    "lorax.openai_request": (
        "LoraxChatRequest",
        "LoraxCompletionRequest",
        "LoraxResponseFormat",
        "LoraxTool",
    ),
    "lorax.openai_stream": ("LoraxChatStream", "LoraxTextStream"),
    "lorax.text": ("LoraxCompletion", "LoraxCompletionChunk", "LoraxTextChoice", "LoraxTextPiece"),
    "lorax.tokenize": ("TokenizeRequest", "TokenPiece", "TokenPieces"),
    "lorax.tokens": ("AlternativeToken", "GeneratedToken", "PrefillToken"),
    "lorax.usage": ("LoraxUsage",),
    "model_list": ("Model", "ModelList"),
    "responses.content": ("OutputText", "Refusal"),
    "responses.event": ("ResponseEvent",),
    "responses.input_item": ("InputItem", "InputMessage"),
    "responses.item": ("OutputItem",),
    "responses.items_calls": (
        "CustomCallItem",
        "CustomCallOutputItem",
        "FunctionCallItem",
        "FunctionCallOutputItem",
    ),
    "responses.items_said": ("OutputMessage", "ReasoningItem"),
    "responses.request": ("ResponseRequest",),
    "responses.response": ("Response", "ResponseError"),
    "responses.stream": ("ResponseStream",),
    "responses.usage": ("ResponseUsage",),
    "usage": ("CompletionTokensDetails", "PromptTokensDetails", "Usage"),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


if not _typing.TYPE_CHECKING:  # or every name would seem to be one

    def __getattr__(name: str) -> object:
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found: object = getattr(_import_module(f"{__name__}.{_HOME[name]}"), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
