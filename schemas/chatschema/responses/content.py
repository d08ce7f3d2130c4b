"""Parts of a message's content and of a reasoning item: what a model says, and what it is told."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, JsonValue, Tag

from chatschema.core.base import MOST_PARTS, Tagged, Text

from .annotation import Annotation
from .body import Body
from .logprob import OutputLogprob

__all__ = [
    "InputFile",
    "InputImage",
    "InputPart",
    "InputText",
    "MessagePart",
    "OtherPart",
    "OutputPart",
    "OutputText",
    "ReasoningText",
    "Refusal",
    "RepeatedText",
    "StreamedPart",
    "SummaryText",
    "TextOrParts",
    "ThoughtPart",
]


class OutputText(Body):
    """Text of the assistant."""

    type: Literal["output_text"]
    text: Text
    annotations: Annotated[
        list[Annotation],
        Field(
            description="Sources of parts of the text: often empty, but never absent, as clients rely on it."
        ),
    ]
    logprobs: list[OutputLogprob] | None = None


class Refusal(Body):
    """A refusal of the assistant."""

    type: Literal["refusal"]
    refusal: Text


class ReasoningText(Body):
    """What the model thought, in its own words."""

    type: Literal["reasoning_text"]
    text: Text


class SummaryText(Body):
    """What the model thought, in a summary."""

    type: Literal["summary_text"]
    text: Text


class InputText(Body):
    """Text for the model."""

    type: Literal["input_text"]
    text: str
    prompt_cache_breakpoint: dict[str, JsonValue] | None = None


class InputImage(Body):
    """An image for the model, by URL (a data URL too) or as an uploaded file."""

    type: Literal["input_image"]
    image_url: str | None = None
    file_id: str | None = None
    detail: str | None = None
    prompt_cache_breakpoint: dict[str, JsonValue] | None = None


class InputFile(Body):
    """A file for the model: inline, by URL, or uploaded before."""

    type: Literal["input_file"]
    file_id: str | None = None
    filename: str | None = None
    file_data: str | None = None
    file_url: str | None = None
    detail: str | None = None
    prompt_cache_breakpoint: dict[str, JsonValue] | None = None


class RepeatedText(Body):
    """Text of the assistant as a client says it again; half of all clients leave the annotations out."""

    type: Literal["output_text"]
    text: str
    annotations: list[Annotation] | None = None
    logprobs: list[OutputLogprob] | None = None


class OtherPart(Body):
    """A part of a kind that the contract does not know."""

    type: str


#: In a message of the assistant.
OutputPart = Annotated[OutputText | Refusal | ReasoningText, Tagged("type", other=OtherPart)]
#: In a reasoning item's content and in its summary.
ThoughtPart = Annotated[ReasoningText | SummaryText, Tagged("type", other=OtherPart)]
#: In an event that opens or closes a part.
StreamedPart = Annotated[OutputText | Refusal | ReasoningText | SummaryText, Tagged("type", other=OtherPart)]
#: In a tool's result.
InputPart = Annotated[InputText | InputImage | InputFile, Tagged("type", other=OtherPart)]
#: In a message of a request, whoever speaks; which part goes with which role is a rule.
MessagePart = Annotated[
    InputText | InputImage | InputFile | RepeatedText | Refusal, Tagged("type", other=OtherPart)
]


def _form(value: Any) -> str:
    return "<parts>" if isinstance(value, list) else "<text>"


#: What a message or a tool's result says: a text, or a list of parts.
TextOrParts = Annotated[
    Annotated[str, Tag("<text>")]
    | Annotated[list[MessagePart], Field(max_length=MOST_PARTS), Tag("<parts>")],
    Discriminator(_form),
]
