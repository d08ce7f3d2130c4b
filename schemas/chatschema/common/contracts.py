"""The JSON bodies that belong to no family."""

from chatschema.core.kind import Kind
from chatschema.core.violation import JsonValue
from chatschema.judging.contract import Contract

from .error import ErrorResponse
from .error_rules import ERROR_RULES
from .model_list import Model, ModelList
from .model_list_rules import MODEL_LIST_RULES

__all__ = ["PLAIN_CONTRACTS"]

_A_MODEL: JsonValue = {"id": "gpt-4o-mini", "object": "model", "created": 1721172741, "owned_by": "system"}

PLAIN_CONTRACTS = (
    Contract(
        kind=Kind.MODEL,
        form=Model,
        summary="The answer to `GET /v1/models/{id}`.",
        reference="Model",
        examples=(_A_MODEL,),
    ),
    Contract(
        kind=Kind.MODELS,
        noun="list of models",
        core="data",
        form=ModelList,
        rules=MODEL_LIST_RULES,
        summary="The answer to `GET /v1/models`.",
        reference="ListModelsResponse",
        examples=({"object": "list", "data": [_A_MODEL]},),
    ),
    Contract(
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
    ),
)
