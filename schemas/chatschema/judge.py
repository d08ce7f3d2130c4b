"""A parsed value against one kind of the contract."""

from collections.abc import Mapping

from .chat.contracts import CHAT_REQUEST, CHUNK, COMPLETION
from .chat.stream import CHAT_STREAM
from .completions.contracts import COMPLETION_CONTRACTS
from .completions.stream import TEXT_STREAM
from .contract import Contract, StreamContract
from .embeddings.contracts import EMBEDDINGS_CONTRACTS
from .error import ErrorResponse
from .error_rules import ERROR_RULES
from .json_text import MAX_DEPTH, too_deep
from .kind import Kind
from .lorax.contracts import NATIVE_CONTRACTS
from .lorax.generate_stream import GENERATE_STREAM
from .lorax.openai_contracts import OPENAI_CONTRACTS
from .lorax.openai_stream import LORAX_CHAT_STREAM, LORAX_TEXT_STREAM
from .model_list import Model, ModelList
from .responses.contracts import RESPONSE_CONTRACTS
from .responses.stream import RESPONSE_STREAM
from .violation import JsonValue, Judgement, Level, Violation
from .words import seen

__all__ = [
    "CONTRACTS",
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

#: Every JSON body that can be judged, by kind.
CONTRACTS: Mapping[Kind, Contract] = {
    contract.kind: contract
    for contract in (
        COMPLETION,
        CHUNK,
        CHAT_REQUEST,
        *COMPLETION_CONTRACTS,
        *EMBEDDINGS_CONTRACTS,
        _MODEL,
        _MODELS,
        _ERROR,
        *NATIVE_CONTRACTS,
        *OPENAI_CONTRACTS,
        *RESPONSE_CONTRACTS,
    )
}
#: Every stream that can be judged, by kind.
STREAMS: Mapping[Kind, StreamContract] = {
    stream.kind: stream
    for stream in (
        CHAT_STREAM,
        TEXT_STREAM,
        GENERATE_STREAM,
        LORAX_CHAT_STREAM,
        LORAX_TEXT_STREAM,
        RESPONSE_STREAM,
    )
}


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
