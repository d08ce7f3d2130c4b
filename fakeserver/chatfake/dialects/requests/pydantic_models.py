"""The requests of servers that are made with FastAPI, as pydantic reads them: all members at once, and lax.

"0.5" is a number and "yes" is true. Of a union of messages the branch that the role means is told of. This is the one
file that needs pydantic, and it is imported when the first request of such a server is looked at.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NotRequired, TypeVar

from pydantic import BaseModel, Discriminator, Field, Tag, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from typing_extensions import TypedDict

from chatfake.core.json_text import JsonObject, JsonValue

#: One thing that is wrong: its type, where it is, a message, and what was there.
Problem = ErrorDetails


class _Message(TypedDict):
    role: Any
    content: NotRequired[str | list[Any]]


class _AssistantMessage(TypedDict):
    role: Any
    content: NotRequired[str | list[Any] | None]


def _branch(message: JsonValue) -> str:
    role = str(message.get("role")) if isinstance(message, dict) else ""
    named = role.capitalize() if role in ("system", "user", "assistant", "tool") else "Developer"
    return f"ChatCompletion{named}MessageParam"


_Messages = list[
    Annotated[
        Annotated[_Message, Tag("ChatCompletionDeveloperMessageParam")]
        | Annotated[_Message, Tag("ChatCompletionSystemMessageParam")]
        | Annotated[_Message, Tag("ChatCompletionUserMessageParam")]
        | Annotated[_AssistantMessage, Tag("ChatCompletionAssistantMessageParam")]
        | Annotated[_Message, Tag("ChatCompletionToolMessageParam")],
        Discriminator(_branch),
    ]
]


class _Named(TypedDict):
    name: Any


class _Tool(TypedDict):
    function: _Named


class _Format(TypedDict):
    type: Literal["text", "json_object", "json_schema", "structural_tag"]
    json_schema: NotRequired[_Named | None]


class Sampling(BaseModel):
    """What requests for texts have in common."""

    model: str | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    logit_bias: dict[str, Any] | None = None
    max_tokens: int | None = None
    n: int | None = None
    seed: int | None = None
    stop: str | list[str] | None = None
    stream: bool | None = None
    stream_options: dict[str, Any] | None = None
    temperature: float | None = None
    top_p: float | None = None
    user: str | None = None

    @property
    def limit(self) -> int | None:
        """Tokens that the answer may have."""
        return self.max_tokens


class Chat(Sampling):
    """A request for a chat completion."""

    messages: _Messages | None
    logprobs: bool | None = None
    top_logprobs: int | None = None
    max_completion_tokens: int | None = None
    response_format: _Format | None = None
    tools: list[_Tool] | None = None
    parallel_tool_calls: bool | None = None

    @property
    def limit(self) -> int | None:
        """The newer name is before the older, null or not."""
        newer = "max_completion_tokens" in self.model_fields_set
        return self.max_completion_tokens if newer else self.max_tokens


class Completion(Sampling):
    """A request for a text completion."""

    best_of: int | None = None
    echo: bool | None = None
    logprobs: int | None = None
    suffix: str | None = None


class PromptCompletion(Completion):
    """The same where a prompt has to be there."""

    prompt: Any


#: Where no more than four are taken.
_FewStops = str | Annotated[list[str], Field(max_length=4)] | None


class VllmChat(Chat):
    """The same for vLLM."""

    stop: _FewStops = None


class VllmCompletion(Completion):
    """The same for vLLM."""

    stop: _FewStops = None


class Embedding(BaseModel):
    """A request for embeddings."""

    input: Any
    model: str | None = None
    user: str | None = None
    dimensions: int | None = None


class VllmEmbedding(Embedding):
    """The same for vLLM."""

    input: str | list[Any]
    encoding_format: Literal["float", "base64"] = "float"


Model = TypeVar("Model", bound=BaseModel)


def read(model: type[Model], body: JsonValue) -> Model | list[Problem]:
    """The request, or all that is wrong with it."""
    try:
        return model.model_validate(body, from_attributes=True)
    except ValidationError as error:
        return error.errors(include_url=False)


_FLAGS = ("stream", "logprobs", "echo", "parallel_tool_calls")
_COUNTS = ("n", "max_tokens", "max_completion_tokens", "top_logprobs", "best_of", "seed")
#: The forms in which a member may come, and what reads it then.
_READERS: Mapping[str, tuple[type | tuple[type, ...], TypeAdapter[Any]]] = {
    **dict.fromkeys(_FLAGS, (str, TypeAdapter(bool))),
    **dict.fromkeys(_COUNTS, ((str, float), TypeAdapter(int))),
}


def coerced(body: JsonObject) -> JsonObject:
    """The body with what pydantic makes of the flags and counts that come in another form."""
    return {name: _coerced(name, value) for name, value in body.items()}


def _coerced(name: str, value: JsonValue) -> Any:
    forms, reader = _READERS.get(name, ((), None))
    if reader is None or not isinstance(value, forms):
        return value
    try:
        return reader.validate_python(value)
    except ValidationError:
        return None
