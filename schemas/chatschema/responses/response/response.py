"""The answer: one `response` object, as JSON and in the first and last events of a stream.

The model holds what clients cannot live without and what is true of nearly every recorded answer. The specification
requires more, and OpenAI itself does not keep to all of it: `user` is null in 1,483 of 1,494 answers, and
`cache_write_tokens` is absent in 1,094.
"""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, JsonValue, Tag

from chatschema.chat.completion import NoContent, NoContentReason
from chatschema.core.base import MOST_PARTS, NonEmpty, NonNegative
from chatschema.responses.body import Body
from chatschema.responses.content import OutputText, Refusal
from chatschema.responses.items.input_item import InputItem
from chatschema.responses.items.item import OutputItem
from chatschema.responses.items.messages import OutputMessage
from chatschema.responses.number import Number
from chatschema.responses.options import PromptReference, ReasoningOptions, TextOptions
from chatschema.responses.tool import Tool
from chatschema.responses.tool_choice import ToolChoice
from chatschema.responses.usage import ResponseUsage

__all__ = ["ConversationReference", "IncompleteDetails", "Response", "ResponseError", "ResponseStatus"]

ResponseStatus = Literal["completed", "failed", "in_progress", "cancelled", "queued", "incomplete"]


class ResponseError(Body):
    """Why a response failed."""

    message: NonEmpty
    code: str | None = None


class IncompleteDetails(Body):
    """Why a response was cut off."""

    reason: str | None = None


class ConversationReference(Body):
    """The conversation that a response belongs to, where the server keeps it."""

    id: NonEmpty


def _form(value: Any) -> str:
    return "<items>" if isinstance(value, list) else "<text>"


Instructions = Annotated[
    Annotated[str, Tag("<text>")] | Annotated[list[InputItem], Field(max_length=MOST_PARTS), Tag("<items>")],
    Discriminator(_form),
]


class Response(Body):
    """What a model answered, and how it was asked."""

    id: NonEmpty
    object: Literal["response"]
    created_at: Annotated[Number, Field(description="Unix time in seconds.")]
    model: str
    output: Annotated[list[OutputItem], Field(max_length=MOST_PARTS)]
    """Empty until the response is at its end."""
    status: ResponseStatus | None = None
    completed_at: Number | None = None
    error: ResponseError | None = None
    incomplete_details: IncompleteDetails | None = None
    usage: ResponseUsage | None = None
    instructions: Annotated[
        Instructions | None, Field(description="A text, or the items of a prompt that the server keeps.")
    ] = None
    metadata: dict[str, JsonValue] | None = None
    tools: Annotated[list[Tool], Field(max_length=MOST_PARTS)] | None = None
    tool_choice: ToolChoice | None = None
    parallel_tool_calls: bool | None = None
    max_tool_calls: NonNegative | None = None
    temperature: Number | None = None
    top_p: Number | None = None
    top_logprobs: NonNegative | None = None
    frequency_penalty: Number | None = None
    presence_penalty: Number | None = None
    max_output_tokens: NonNegative | None = None
    reasoning: ReasoningOptions | None = None
    text: TextOptions | None = None
    truncation: str | None = None
    background: bool | None = None
    store: bool | None = None
    previous_response_id: str | None = None
    conversation: ConversationReference | None = None
    prompt: PromptReference | None = None
    service_tier: str | None = None
    user: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    prompt_cache_retention: str | None = None
    prompt_cache_options: dict[str, JsonValue] | None = None
    moderation: dict[str, JsonValue] | None = None
    billing: dict[str, JsonValue] | None = None
    tool_usage: dict[str, JsonValue] | None = None

    def output_text(self) -> str:
        """The text of the assistant's messages, joined as the SDKs join it.

        Raises `NoContent` where there is none or the response failed; an empty text is a text. That of a response
        that was cut off is what came of it.
        """
        parts = [part for item in self.output if isinstance(item, OutputMessage) for part in item.content]
        texts = [part.text for part in parts if isinstance(part, OutputText)]
        if texts and self.status != "failed":
            return "".join(texts)
        raise self._no_text([part.refusal for part in parts if isinstance(part, Refusal)])

    def _no_text(self, refusals: list[str]) -> NoContent:
        if self.status == "failed":
            said = " without a word" if self.error is None else f": {self.error.message}"
            return NoContent(f"the response failed{said}", reason=NoContentReason.FAILED)
        if refusals:
            return NoContent(f"the model refused: {''.join(refusals)}", reason=NoContentReason.REFUSAL)
        if self.status in ("incomplete", "in_progress", "queued", "cancelled"):
            return NoContent(
                f"the response is {self.status} and has no text", reason=NoContentReason.INCOMPLETE
            )
        if not self.output:
            return NoContent("the output is empty", reason=NoContentReason.EMPTY_OUTPUT)
        if any(item.type.endswith("_call") for item in self.output):
            return NoContent("the model called tools and said nothing", reason=NoContentReason.TOOL_CALLS)
        return NoContent("no item of the output is a text", reason=NoContentReason.MISSING)
