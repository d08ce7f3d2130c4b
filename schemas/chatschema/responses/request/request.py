"""The body of `POST /v1/responses`."""

from typing import Annotated, Any

from pydantic import Discriminator, Field, JsonValue, Tag

from chatschema.core.base import MOST_PARTS, NonEmpty, NonNegative
from chatschema.responses.body import Body
from chatschema.responses.items.input_item import InputItem
from chatschema.responses.options import PromptReference, ReasoningOptions, TextOptions
from chatschema.responses.response.response import ConversationReference
from chatschema.responses.tool import Tool
from chatschema.responses.tool_choice import ToolChoice

__all__ = ["MOST_ITEMS", "ResponseRequest"]

#: A client that keeps no state at the server sends the whole conversation.
MOST_ITEMS = 100_000


def _form(value: Any) -> str:
    return "<items>" if isinstance(value, list) else "<text>"


def _conversation(value: Any) -> str:
    return "<id>" if isinstance(value, str) else "<object>"


Input = Annotated[
    Annotated[str, Tag("<text>")] | Annotated[list[InputItem], Field(max_length=MOST_ITEMS), Tag("<items>")],
    Discriminator(_form),
]
Conversation = Annotated[
    Annotated[NonEmpty, Tag("<id>")] | Annotated[ConversationReference, Tag("<object>")],
    Discriminator(_conversation),
]


class ResponseRequest(Body):
    """What a client asks. That it has to ask something is the rule `responses.request.input`."""

    model: NonEmpty | None = None
    input: Annotated[
        Input | None, Field(description="A text of the user, or the items of the whole conversation.")
    ] = None
    instructions: str | None = None
    previous_response_id: Annotated[
        NonEmpty | None, Field(description="Go on where this response ended, if the server has kept it.")
    ] = None
    conversation: Conversation | None = None
    prompt: PromptReference | None = None
    stream: bool | None = None
    stream_options: dict[str, JsonValue] | None = None
    store: bool | None = None
    background: bool | None = None
    include: list[str] | None = None
    tools: Annotated[list[Tool], Field(max_length=MOST_PARTS)] | None = None
    tool_choice: ToolChoice | None = None
    parallel_tool_calls: bool | None = None
    max_tool_calls: NonNegative | None = None
    max_output_tokens: NonNegative | None = None
    temperature: Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)] | None = None
    top_p: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None
    top_logprobs: Annotated[NonNegative, Field(le=20)] | None = None
    frequency_penalty: Annotated[float, Field(ge=-2, le=2, allow_inf_nan=False)] | None = None
    presence_penalty: Annotated[float, Field(ge=-2, le=2, allow_inf_nan=False)] | None = None
    reasoning: ReasoningOptions | None = None
    text: TextOptions | None = None
    truncation: str | None = None
    context_management: list[dict[str, JsonValue]] | None = None
    metadata: dict[str, JsonValue] | None = None
    moderation: dict[str, JsonValue] | None = None
    service_tier: str | None = None
    user: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    prompt_cache_retention: str | None = None
    prompt_cache_options: dict[str, JsonValue] | None = None
