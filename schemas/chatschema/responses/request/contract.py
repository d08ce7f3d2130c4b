"""The body of a request."""

from chatschema.core.kind import Kind
from chatschema.judging.contract import Contract

from .request import ResponseRequest
from .rules import REQUEST_RULES

__all__ = ["REQUEST"]

REQUEST = Contract(
    kind=Kind.RESPONSE_REQUEST,
    form=ResponseRequest,
    rules=REQUEST_RULES,
    summary="The body of `POST /v1/responses`.",
    reference="CreateResponse",
    examples=(
        {
            "model": "gpt-5.1",
            "instructions": "Answer in one word.",
            "input": [{"role": "user", "content": [{"type": "input_text", "text": "How are you?"}]}],
            "store": False,
            "stream": True,
        },
    ),
)
