"""The wire contract: what an answer, a stream, a request and an error have to look like.

Pure: bytes and values go in, values come out; no I/O, no server, no test runner. `check` judges anything,
`SseDecoder` and `ChatStream` judge a stream while it runs, and the models parse what is right. There are some three
hundred models; each family of them is imported when it is used.
"""

import typing as _typing
from importlib import import_module as _import_module

from .core.kind import Kind
from .core.sse import SseDecoder, SseEvent, SseLimitError
from .core.violation import JsonObject, JsonValue, Judgement, Level, Violation
from .judging.check import check, judge_chunk, judge_completion, judge_error, judge_models
from .judging.stream_judge import StreamJudge

if _typing.TYPE_CHECKING:
    from .chat.annotation import UrlAnnotation, UrlCitation
    from .chat.audio import Audio
    from .chat.completion import ChatCompletion, Choice, Message, NoContent, NoContentReason
    from .chat.logprobs import Logprobs, TokenLogprob, TopLogprob
    from .chat.moderation import Moderation
    from .chat.request.messages import (
        AssistantMessage,
        DeveloperMessage,
        FunctionMessage,
        SystemMessage,
        ToolMessage,
        UserMessage,
    )
    from .chat.request.request import ChatRequest
    from .chat.request.tools import CustomTool, FunctionTool
    from .chat.stream.assembly import Head
    from .chat.stream.chunk import ChatCompletionChunk, ChunkChoice, Delta
    from .chat.stream.judge import ChatStream, UsagePosition
    from .chat.tool_call import (
        CustomCall,
        CustomToolCall,
        FunctionCall,
        FunctionToolCall,
        ToolCall,
        ToolCallDelta,
    )
    from .common.error import ErrorObject, ErrorResponse
    from .common.model_list import Model, ModelList
    from .common.usage import CompletionTokensDetails, PromptTokensDetails, Usage
    from .completions.chunk import CompletionChunk, CompletionChunkChoice
    from .completions.completion import Completion, CompletionChoice
    from .completions.logprobs import CompletionLogprobs
    from .completions.request import CompletionRequest
    from .completions.stream import CompletionStream
    from .completions.usage import CompletionUsage
    from .deviations import Deviation, known_deviations, known_extension
    from .embeddings.embeddings import Embedding, Embeddings, EmbeddingsUsage
    from .embeddings.request import EmbeddingsRequest
    from .lorax.adapters import AdapterChoice, MergedAdapters
    from .lorax.native.classify import ClassifyBatchRequest, ClassifyRequest, Entities, Entity, EntityLists
    from .lorax.native.embed import (
        EmbedRequest,
        EmbedResponse,
        LoraxEmbedding,
        LoraxEmbeddings,
        LoraxEmbeddingsRequest,
    )
    from .lorax.native.error import LoraxError
    from .lorax.native.generate import (
        BestOfSequence,
        GenerateDetails,
        GenerateEvent,
        GenerateResponse,
        GenerateRoot,
        StreamDetails,
    )
    from .lorax.native.generate_request import GenerateFormat, GenerateParameters, GenerateRequest
    from .lorax.native.info import LoraxInfo
    from .lorax.native.tokenize import TokenizeRequest, TokenPiece, TokenPieces
    from .lorax.native.tokens import AlternativeToken, GeneratedToken, PrefillToken
    from .lorax.openai.chat import (
        LoraxChatChoice,
        LoraxChatChunk,
        LoraxChatCompletion,
        LoraxChatDelta,
        LoraxChatMessage,
        LoraxChatPiece,
        LoraxFunctionCall,
        LoraxToolCall,
    )
    from .lorax.openai.messages import LoraxMessage
    from .lorax.openai.request import LoraxChatRequest, LoraxCompletionRequest, LoraxResponseFormat, LoraxTool
    from .lorax.openai.text import LoraxCompletion, LoraxCompletionChunk, LoraxTextChoice, LoraxTextPiece
    from .lorax.streams.generate_judge import GenerateStream
    from .lorax.streams.openai_judge import LoraxChatStream, LoraxTextStream
    from .lorax.usage import LoraxUsage
    from .responses.content import OutputText, Refusal
    from .responses.events.event import ResponseEvent
    from .responses.items.calls import (
        CustomCallItem,
        CustomCallOutputItem,
        FunctionCallItem,
        FunctionCallOutputItem,
    )
    from .responses.items.input_item import InputItem, InputMessage
    from .responses.items.item import OutputItem
    from .responses.items.messages import OutputMessage, ReasoningItem
    from .responses.request.request import ResponseRequest
    from .responses.response.response import Response, ResponseError
    from .responses.stream.judge import ResponseStream
    from .responses.usage import ResponseUsage

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
    "chat.stream.assembly": ("Head",),
    "chat.audio": ("Audio",),
    "chat.stream.chunk": ("ChatCompletionChunk", "ChunkChoice", "Delta"),
    "chat.completion": ("ChatCompletion", "Choice", "Message", "NoContent", "NoContentReason"),
    "chat.logprobs": ("Logprobs", "TokenLogprob", "TopLogprob"),
    "chat.moderation": ("Moderation",),
    "chat.request.request": ("ChatRequest",),
    "chat.request.messages": (
        "AssistantMessage",
        "DeveloperMessage",
        "FunctionMessage",
        "SystemMessage",
        "ToolMessage",
        "UserMessage",
    ),
    "chat.request.tools": ("CustomTool", "FunctionTool"),
    "chat.stream.judge": ("ChatStream", "UsagePosition"),
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
    "common.error": ("ErrorObject", "ErrorResponse"),
    "lorax.adapters": ("AdapterChoice", "MergedAdapters"),
    "lorax.openai.chat": (
        "LoraxChatChoice",
        "LoraxChatChunk",
        "LoraxChatCompletion",
        "LoraxChatDelta",
        "LoraxChatMessage",
        "LoraxChatPiece",
        "LoraxFunctionCall",
        "LoraxToolCall",
    ),
    "lorax.native.classify": ("ClassifyBatchRequest", "ClassifyRequest", "Entities", "Entity", "EntityLists"),
    "lorax.native.embed": (
        "EmbedRequest",
        "EmbedResponse",
        "LoraxEmbedding",
        "LoraxEmbeddings",
        "LoraxEmbeddingsRequest",
    ),
    "lorax.native.error": ("LoraxError",),
    "lorax.native.generate": (
        "BestOfSequence",
        "GenerateDetails",
        "GenerateEvent",
        "GenerateResponse",
        "GenerateRoot",
        "StreamDetails",
    ),
    "lorax.native.generate_request": ("GenerateFormat", "GenerateParameters", "GenerateRequest"),
    "lorax.streams.generate_judge": ("GenerateStream",),
    "lorax.native.info": ("LoraxInfo",),
    "lorax.openai.messages": ("LoraxMessage",),
    "lorax.openai.request": (
        "LoraxChatRequest",
        "LoraxCompletionRequest",
        "LoraxResponseFormat",
        "LoraxTool",
    ),
    "lorax.streams.openai_judge": ("LoraxChatStream", "LoraxTextStream"),
    "lorax.openai.text": ("LoraxCompletion", "LoraxCompletionChunk", "LoraxTextChoice", "LoraxTextPiece"),
    "lorax.native.tokenize": ("TokenizeRequest", "TokenPiece", "TokenPieces"),
    "lorax.native.tokens": ("AlternativeToken", "GeneratedToken", "PrefillToken"),
    "lorax.usage": ("LoraxUsage",),
    "common.model_list": ("Model", "ModelList"),
    "responses.content": ("OutputText", "Refusal"),
    "responses.events.event": ("ResponseEvent",),
    "responses.items.input_item": ("InputItem", "InputMessage"),
    "responses.items.item": ("OutputItem",),
    "responses.items.calls": (
        "CustomCallItem",
        "CustomCallOutputItem",
        "FunctionCallItem",
        "FunctionCallOutputItem",
    ),
    "responses.items.messages": ("OutputMessage", "ReasoningItem"),
    "responses.request.request": ("ResponseRequest",),
    "responses.response.response": ("Response", "ResponseError"),
    "responses.stream.judge": ("ResponseStream",),
    "responses.usage": ("ResponseUsage",),
    "common.usage": ("CompletionTokensDetails", "PromptTokensDetails", "Usage"),
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
