"""What the native routes are asked.

A member that is `Option` in the router may be null; one that only has a default may be absent and not null. Members
that the router does not know are ignored, and are extensions here.
"""

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from chatschema.core.base import NonEmpty, Strict
from chatschema.lorax.adapters import AdapterChoice
from chatschema.lorax.numbers import Penalty, PositiveInt32, PositiveSize, PositiveUint32, Size

__all__ = ["GenerateFormat", "GenerateParameters", "GenerateRequest"]

#: The names in the protocol, and those in the source, which the router takes as well.
FormatType = Literal["text", "json_object", "json_schema", "Text", "JsonObject", "JsonSchema"]


class GenerateFormat(Strict):
    """A schema that constrains the text; `type` is accepted and not used."""

    type: FormatType
    """Accepted and ignored; only the schema is used."""
    schema_: JsonValue = Field(default=None, alias="schema")
    """A JSON Schema; absent is any object, null is no bond."""


class GenerateParameters(AdapterChoice):
    """Generation parameters."""

    best_of: Size | None = None
    """Sequences to generate, of which the best is answered; 0 counts as 1."""
    temperature: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """0 is greedy."""
    repetition_penalty: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    """1 is none."""
    frequency_penalty: Penalty | None = None
    """0 is none."""
    presence_penalty: Penalty | None = None
    """0 is none."""
    top_k: PositiveInt32 | None = None
    """Sample among that many tokens."""
    top_p: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] | None = None
    """Sample among the tokens that make up this probability."""
    typical_p: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)] | None = None
    """Typical decoding; unlike `top_p` it cannot be 1."""
    do_sample: bool = False
    """Sample rather than take the likeliest token."""
    max_new_tokens: PositiveUint32 | None = None
    """Maximum number of tokens; by default whatever fits the context."""
    ignore_eos_token: bool = False
    """Go on after the end of the sequence."""
    return_full_text: bool | None = None
    """Put the prompt before the generated text."""
    stop: list[str] = Field(default_factory=list[str])
    """Texts that end the generation; the server has a limit for their number."""
    truncate: PositiveSize | None = None
    """Keep that many tokens of the prompt, its last ones."""
    watermark: bool = False
    """Watermark the text."""
    details: bool = False
    """Answer with details."""
    decoder_input_details: bool = False
    """Answer with details and the prompt's tokens."""
    return_k_alternatives: PositiveInt32 | None = None
    """Answer with that many alternatives for each token."""
    apply_chat_template: bool = False
    """Accepted and ignored."""
    seed: Size | None = None
    """The seed of the sampling."""
    response_format: GenerateFormat | None = None
    """A schema that constrains the text."""


class GenerateRequest(Strict):
    """The body of `/generate`, `/generate_stream` and `/`; only the last reads `stream`."""

    inputs: NonEmpty
    """The prompt."""
    parameters: GenerateParameters = Field(default_factory=GenerateParameters)
    """Generation parameters; may be absent, but not null."""
    stream: bool = False
    """Stream the answer as server-sent events."""
