"""What LoRAX's OpenAI routes are asked.

The `model` is the adapter, unless it is empty or the base model's own name. OpenAI's members that are not here are
ignored by the router, `logprobs` of a chat, `stream_options` and `max_completion_tokens` among them.
"""

from typing import Annotated

from pydantic import Discriminator, Field, JsonValue, Tag

from chatschema.core.base import NonEmpty, Strict
from chatschema.lorax.either import OBJECT, TEXT, text_or_object
from chatschema.lorax.native.generate_request import FormatType
from chatschema.lorax.numbers import CountInt32, Finite, Int32, Penalty, PositiveInt32, Size

from .messages import LoraxMessage

__all__ = [
    "LoraxChatRequest",
    "LoraxCompletionRequest",
    "LoraxFunction",
    "LoraxFunctionName",
    "LoraxJsonSchema",
    "LoraxNamedTool",
    "LoraxResponseFormat",
    "LoraxTool",
]


class LoraxFunction(Strict):
    """A function that the model may call."""

    name: str
    """Name of the function."""
    parameters: JsonValue
    """A JSON Schema; unlike OpenAI's it has to be there."""
    description: str | None = None
    """Description."""


class LoraxTool(Strict):
    """A tool that the model may call."""

    type: str
    """Required, but ignored."""
    function: LoraxFunction
    """The function."""


class LoraxFunctionName(Strict):
    """A function by its name."""

    name: str
    """Name of the function."""


class LoraxNamedTool(Strict):
    """A choice of a tool as an object. OpenAI's own form of it is refused."""

    Function: LoraxFunctionName
    """The function."""


#: "auto", "none", or a function's name ("required" would be one); or the odd object.
_ToolChoice = Annotated[
    Annotated[str, Tag(TEXT)] | Annotated[LoraxNamedTool, Tag(OBJECT)], Discriminator(text_or_object)
]


class LoraxJsonSchema(Strict):
    """OpenAI's wrapping of a schema."""

    name: str
    """Required, but ignored."""
    description: str | None = None
    """Accepted and ignored."""
    schema_: JsonValue = Field(default=None, alias="schema")
    """A JSON Schema; absent and null are any object."""
    strict: bool | None = None
    """Accepted and ignored."""


class LoraxResponseFormat(Strict):
    """Grammar or schema that constrains the text."""

    type: FormatType
    """text is no bond, json_object any object, json_schema the one in `json_schema`."""
    json_schema: LoraxJsonSchema | None = None
    """The schema."""
    schema_: JsonValue = Field(default=None, alias="schema")
    """The schema for json_object, which OpenAI does not have."""


class _OpenAiRequest(Strict):
    model: str
    """The adapter; empty or the base model's own name is none."""
    max_tokens: PositiveInt32 | None = None
    """Maximum number of tokens; by default whatever fits the context."""
    temperature: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """0 is greedy."""
    top_p: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] | None = None
    """Sample among the tokens that make up this probability."""
    top_k: PositiveInt32 | None = None
    """Sample among that many tokens."""
    repetition_penalty: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    """1 is none."""
    presence_penalty: Penalty | None = None
    """0 is none."""
    frequency_penalty: Penalty | None = None
    """0 is none."""
    stop: list[str] = Field(default_factory=list[str])
    """Texts that end the generation; a text by itself is refused, and so is null."""
    stream: bool | None = None
    """Stream the answer as server-sent events."""
    seed: Size | None = None
    """The seed of the sampling."""
    ignore_eos_token: bool | None = None
    """Go on after the end of the sequence."""
    logit_bias: dict[str, Finite] | None = None
    """Accepted and ignored."""
    user: str | None = None
    """Accepted and ignored."""
    adapter_source: str | None = None
    """hub, local, s3 or pbase, in any case."""
    api_token: str | None = None
    """The token for a private adapter; the bearer token by default."""


class LoraxChatRequest(_OpenAiRequest):
    """The body of `POST /v1/chat/completions`."""

    messages: list[LoraxMessage]
    """The conversation; what an empty one gives is the chat template's business."""
    n: CountInt32 | None = None
    """Answers, as `best_of`."""
    response_format: LoraxResponseFormat | None = None
    """Grammar or schema that constrains the text."""
    tools: list[LoraxTool] | None = None
    """The tools that the model may call."""
    tool_choice: _ToolChoice | None = None
    """One of "auto", "none" and a function's name."""
    tool_prompt: str | None = None
    """A text before the tools."""
    guideline: str | None = None
    """A text for the chat template, which may demand it."""


class LoraxCompletionRequest(_OpenAiRequest):
    """The body of `POST /v1/completions`."""

    prompt: NonEmpty
    """One text; a list is refused."""
    suffix: str | None = None
    """Accepted and ignored."""
    n: Int32 | None = None
    """No count: whatever it is, it turns sampling on."""
    best_of: CountInt32 | None = None
    """Sequences to generate, of which the best is answered."""
    logprobs: Int32 | None = None
    """Gives no log probabilities, and spoils a stream."""
    echo: bool | None = None
    """Put the prompt before the generated text."""
