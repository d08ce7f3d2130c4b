"""A parsed value against one kind of the contract."""

from collections.abc import Mapping

from chatschema.common.error import ErrorResponse
from chatschema.common.error_rules import ERROR_RULES
from chatschema.common.model_list import Model, ModelList
from chatschema.core.describe import seen
from chatschema.core.json_text import MAX_DEPTH, too_deep
from chatschema.core.kind import Kind
from chatschema.core.violation import JsonValue, Judgement, Level, Violation

from .contract import Contract
from .lazy import OnDemand
from .stream_judge import StreamContract

__all__ = [
    "CONTRACTS",
    "PLAIN_CONTRACTS",
    "STREAMS",
    "judge",
    "judge_chunk",
    "judge_completion",
    "judge_error",
    "judge_models",
    "nested",
]

_ERROR = Contract(
    kind=Kind.ERROR,
    form=ErrorResponse,
    rules=ERROR_RULES,
    summary="The body of an answer with an error status.",
    reference="ErrorResponse",
    examples=(
        {
            "error": {
                "message": "The model `gpt-9` does not exist or you do not have access to it.",
                "type": "invalid_request_error",
                "param": None,
                "code": "model_not_found",
            }
        },
    ),
)
_A_MODEL: JsonValue = {"id": "gpt-4o-mini", "object": "model", "created": 1721172741, "owned_by": "system"}
_MODEL = Contract(
    kind=Kind.MODEL,
    form=Model,
    summary="The answer to `GET /v1/models/{id}`.",
    reference="Model",
    examples=(_A_MODEL,),
)
_MODELS = Contract(
    kind=Kind.MODELS,
    form=ModelList,
    summary="The answer to `GET /v1/models`.",
    reference="ListModelsResponse",
    examples=({"object": "list", "data": [_A_MODEL]},),
)

PLAIN_CONTRACTS = (_MODEL, _MODELS, _ERROR)

#: Every JSON body that can be judged, by kind.
CONTRACTS: Mapping[Kind, Contract] = OnDemand(
    {
        "chat.contract:COMPLETION": (Kind.COMPLETION,),
        "chat.contract:CHUNK": (Kind.CHUNK,),
        "chat.request.contract:CHAT_REQUEST": (Kind.CHAT_REQUEST,),
        "completions.contracts:COMPLETION_CONTRACTS": (
            Kind.TEXT,
            Kind.TEXT_CHUNK,
            Kind.TEXT_REQUEST,
        ),
        "embeddings.contracts:EMBEDDINGS_CONTRACTS": (
            Kind.EMBEDDINGS,
            Kind.EMBEDDINGS_REQUEST,
        ),
        "judging.catalogue:PLAIN_CONTRACTS": (Kind.MODEL, Kind.MODELS, Kind.ERROR),
        "lorax.native.contracts:NATIVE_CONTRACTS": (
            Kind.LORAX_GENERATE,
            Kind.LORAX_EVENT,
            Kind.LORAX_ERROR,
            Kind.LORAX_GENERATE_REQUEST,
            Kind.LORAX_ROOT,
            Kind.LORAX_INFO,
            Kind.LORAX_TOKENIZE,
            Kind.LORAX_TOKENIZE_REQUEST,
            Kind.LORAX_EMBED,
            Kind.LORAX_EMBED_REQUEST,
            Kind.LORAX_CLASSIFY,
            Kind.LORAX_CLASSIFY_REQUEST,
            Kind.LORAX_CLASSIFY_BATCH,
            Kind.LORAX_CLASSIFY_BATCH_REQUEST,
        ),
        "lorax.openai.contracts:OPENAI_CONTRACTS": (
            Kind.LORAX_CHAT,
            Kind.LORAX_CHAT_CHUNK,
            Kind.LORAX_CHAT_REQUEST,
            Kind.LORAX_TEXT,
            Kind.LORAX_TEXT_CHUNK,
            Kind.LORAX_TEXT_REQUEST,
            Kind.LORAX_EMBEDDINGS,
            Kind.LORAX_EMBEDDINGS_REQUEST,
        ),
        "responses.contracts:RESPONSE_CONTRACTS": (
            Kind.RESPONSE,
            Kind.RESPONSE_EVENT,
            Kind.RESPONSE_REQUEST,
        ),
    }
)
#: Every stream that can be judged, by kind.
STREAMS: Mapping[Kind, StreamContract] = OnDemand(
    {
        "chat.stream.judge:CHAT_STREAM": (Kind.STREAM,),
        "completions.stream:TEXT_STREAM": (Kind.TEXT_STREAM,),
        "lorax.streams.generate_judge:GENERATE_STREAM": (Kind.LORAX_STREAM,),
        "lorax.streams.openai_judge:LORAX_CHAT_STREAM": (Kind.LORAX_CHAT_STREAM,),
        "lorax.streams.openai_judge:LORAX_TEXT_STREAM": (Kind.LORAX_TEXT_STREAM,),
        "responses.stream.judge:RESPONSE_STREAM": (Kind.RESPONSE_STREAM,),
    }
)


def judge_completion(value: JsonValue) -> Judgement:
    """Judge a JSON answer."""
    return judge(value, Kind.COMPLETION)


def judge_chunk(value: JsonValue) -> Judgement:
    """Judge one chunk by itself; what chunks owe to each other is `ChatStream`'s."""
    return judge(value, Kind.CHUNK)


def judge_error(value: JsonValue) -> Judgement:
    """Judge the body of an error."""
    return judge(value, Kind.ERROR)


def judge_models(value: JsonValue) -> Judgement:
    """Judge a list of models."""
    return judge(value, Kind.MODELS)


def judge(value: JsonValue, kind: Kind) -> Judgement:
    """Judge parsed JSON as `kind`, which is not a stream's."""
    if too_deep(value):
        return Judgement(kind=kind, violations=(nested(value),), extensions=(), value=None)
    return CONTRACTS[kind].inspect(value)


def nested(value: JsonValue) -> Violation:
    """The violation of a value that is nested too deep."""
    return Violation(
        rule="shape.json",
        level=Level.MUST,
        path="$",
        message="The value is nested deeper than any reader can be asked to follow.",
        expected=f"at most {MAX_DEPTH} levels",
        seen=seen(value),
    )
