"""Content of a message that is no plain text: parts, each of which says what it is."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, JsonValue, Tag

from chatschema.core.base import MOST_PARTS, Strict, Tagged

__all__ = [
    "AssistantContent",
    "AudioPart",
    "AudioReference",
    "FilePart",
    "FileSource",
    "ImagePart",
    "ImageSource",
    "InputAudio",
    "InputAudioPart",
    "RefusalPart",
    "TextContent",
    "TextPart",
    "UserContent",
]


class TextPart(Strict):
    """Text."""

    type: Literal["text"]
    """Type, always `text`."""
    text: str
    """The text."""
    prompt_cache_breakpoint: dict[str, JsonValue] | None = None
    """The prompt is cached as far as here."""


class ImageSource(Strict):
    """Location of an image."""

    url: str
    """A URL, or the image as a `data:` URL."""
    detail: Literal["auto", "low", "high"] | None = None
    """Detail level of the image."""


class ImagePart(Strict):
    """An image."""

    type: Literal["image_url"]
    """Type, always `image_url`."""
    image_url: ImageSource
    """The image."""
    prompt_cache_breakpoint: dict[str, JsonValue] | None = None
    """The prompt is cached as far as here."""


class InputAudio(Strict):
    """Audio input."""

    data: str
    """Audio data in base64."""
    format: Literal["wav", "mp3"]
    """Audio encoding."""


class InputAudioPart(Strict):
    """An audio part of a message."""

    type: Literal["input_audio"]
    """Type, always `input_audio`."""
    input_audio: InputAudio
    """The audio."""
    prompt_cache_breakpoint: dict[str, JsonValue] | None = None
    """The prompt is cached as far as here."""


class FileSource(Strict):
    """A file: uploaded before, or inline."""

    file_id: str | None = None
    """Id of the uploaded file."""
    filename: str | None = None
    """Name of the file, shown to the model."""
    file_data: str | None = None
    """The file as a `data:` URL."""


class FilePart(Strict):
    """A file to be read."""

    type: Literal["file"]
    """Type, always `file`."""
    file: FileSource
    """The file."""
    prompt_cache_breakpoint: dict[str, JsonValue] | None = None
    """The prompt is cached as far as here."""


class RefusalPart(Strict):
    """The refusal."""

    type: Literal["refusal"]
    """Type, always `refusal`."""
    refusal: str
    """The refusal, as text."""


class AudioReference(Strict):
    """A spoken answer of an earlier turn."""

    id: str
    """Name of the file."""


class AudioPart(Strict):
    """An answer that was heard; not in the specification, but in the list of parts in OpenAI's own refusals."""

    type: Literal["audio"]
    """Type, always `audio`."""
    audio: AudioReference
    """The answer."""


def _form(value: Any) -> str:
    return "<parts>" if isinstance(value, list) else "<text>"


_Text = Annotated[TextPart, Tagged("type")]
_User = Annotated[TextPart | ImagePart | InputAudioPart | FilePart, Tagged("type")]
_Assistant = Annotated[TextPart | RefusalPart | AudioPart, Tagged("type")]

#: Content of all roles but user and assistant: OpenAI refuses an image of theirs.
TextContent = Annotated[
    Annotated[str, Tag("<text>")]
    | Annotated[list[_Text], Field(min_length=1, max_length=MOST_PARTS), Tag("<parts>")],
    Discriminator(_form),
]
#: Content of a user.
UserContent = Annotated[
    Annotated[str, Tag("<text>")]
    | Annotated[list[_User], Field(min_length=1, max_length=MOST_PARTS), Tag("<parts>")],
    Discriminator(_form),
]
#: Content of the assistant.
AssistantContent = Annotated[
    Annotated[str, Tag("<text>")]
    | Annotated[list[_Assistant], Field(min_length=1, max_length=MOST_PARTS), Tag("<parts>")],
    Discriminator(_form),
]
