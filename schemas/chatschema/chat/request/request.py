"""The body of `POST /v1/chat/completions`.

What OpenAI refuses is refused here: types, ranges and enumerations by the models, what members owe each other by
rules. Recorded requests that OpenAI answered with 200 are the measure (1,789): none of them breaks a must but those
that a test names.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Discriminator, Field, JsonValue, Tag

from chatschema.common.sampling import AtLeastOne, Sampling
from chatschema.core.base import Whole

from .messages import RequestMessage
from .options import AudioOptions, ModerationOptions, Prediction, ResponseFormat, WebSearchOptions
from .tools import Function, FunctionName, Tool, ToolChoice

__all__ = ["MOST_MESSAGES", "ChatRequest"]

#: A client that keeps the whole conversation; no model reads as much.
MOST_MESSAGES = 100_000

#: What OpenAI takes of these: 16 members of up to 512 characters.
_Metadata = Annotated[dict[str, Annotated[str, Field(max_length=512)]], Field(max_length=16)]


def _call_form(value: Any) -> str:
    return "<function>" if isinstance(value, dict | BaseModel) else "<mode>"


_FunctionCall = Annotated[
    Annotated[Literal["none", "auto"], Tag("<mode>")] | Annotated[FunctionName, Tag("<function>")],
    Discriminator(_call_form),
]


class ChatRequest(Sampling):
    """What a client asks."""

    messages: Annotated[list[RequestMessage], Field(min_length=1, max_length=MOST_MESSAGES)]
    """The conversation so far; all of it, for the server keeps none."""

    max_completion_tokens: AtLeastOne | None = None
    """Maximum number of tokens, including reasoning."""
    max_tokens: AtLeastOne | None = None
    """Deprecated name of `max_completion_tokens`."""
    logprobs: bool | None = None
    """Return the log probability of each token."""
    top_logprobs: Annotated[int, Whole(ge=0, le=20)] | None = None
    """Number of likeliest alternatives to return for each token."""
    tools: Annotated[list[Tool], Field(min_length=1, max_length=128)] | None = None
    """The tools that the model may call."""
    tool_choice: ToolChoice | None = None
    """Which tool the model must call."""
    parallel_tool_calls: bool = True  # the one option that OpenAI refuses to be null
    """Whether several tools may be called at once."""
    functions: Annotated[list[Function], Field(min_length=1, max_length=128)] | None = None
    """The functions that the model may call (deprecated form)."""
    function_call: _FunctionCall | None = None
    """Which function the model must call (deprecated form)."""
    response_format: ResponseFormat | None = None
    """Format of the answer."""
    modalities: list[Literal["text", "audio"]] | None = None
    """Output types to generate: text, audio."""
    audio: AudioOptions | None = None
    """Voice and format of a spoken answer."""
    prediction: Prediction | None = None
    """Predicted content."""
    reasoning_effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None = None
    """Reasoning effort."""
    verbosity: Literal["low", "medium", "high"] | None = None
    """Verbosity of the answer."""
    web_search_options: WebSearchOptions | None = None
    """Settings of the web search."""
    moderation: ModerationOptions | None = None
    """Moderation settings."""
    service_tier: Literal["auto", "default", "flex", "scale", "priority", "fast"] | None = None
    """Requested service tier."""
    store: bool | None = None
    """Store the answer on the server."""
    metadata: _Metadata | None = None
    """What the client wants to find it by."""
    safety_identifier: Annotated[str, Field(max_length=64)] | None = None
    """Hashed identifier of the end user."""
    prompt_cache_key: str | None = None
    """Requests of one key share the prompt cache."""
    prompt_cache_retention: Literal["in_memory", "24h"] | None = None
    """How long the prompt is kept."""
    prompt_cache_options: dict[str, JsonValue] | None = None
    """How the prompt is cached."""
