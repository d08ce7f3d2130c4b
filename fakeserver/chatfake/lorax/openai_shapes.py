"""What LoRAX's OpenAI routes take (router/src/lib.rs): less than OpenAI in some members, more in others."""

from collections.abc import Mapping

from chatfake.dialects.requests.serde import (
    ANY,
    BOOL,
    F32,
    I32,
    STRING,
    U64,
    Shape,
    either,
    maybe,
    named,
    record,
    several,
    tagged,
)
from chatfake.lorax.native_shapes import EMBED_PARAMETERS, FORMAT_TYPE

_SHARED: Mapping[str, Shape] = {
    "temperature": maybe(F32),
    "top_p": maybe(F32),
    "n": maybe(I32),
    "max_tokens": maybe(I32),
    "stop": several(STRING),
    "stream": maybe(BOOL),
    "presence_penalty": maybe(F32),
    "frequency_penalty": maybe(F32),
    "logit_bias": maybe(named(F32)),
    "user": maybe(STRING),
    "seed": maybe(U64),
    "repetition_penalty": maybe(F32),
    "top_k": maybe(I32),
    "ignore_eos_token": maybe(BOOL),
    "adapter_source": maybe(STRING),
    "api_token": maybe(STRING),
}
_FUNCTION = record("FunctionDefinition", {"name": STRING, "parameters": ANY}, {"description": maybe(STRING)})
_PART = tagged(
    {
        "text": record("Text", {"text": STRING}, {}),
        "image_url": record("ImageUrl", {"image_url": record("Url", {"url": STRING}, {})}, {}),
    }
)
_CONTENT = either("MessageContent", STRING, several(_PART))
_MESSAGE = record("Message", {"role": STRING}, {"content": maybe(_CONTENT), "name": maybe(STRING)})
#: A name, or the source's own form of one; OpenAI's object is refused.
_CHOICE = either(
    "ToolTypeDeserializer",
    STRING,
    record("", {"Function": record("FunctionName", {"name": STRING}, {})}, {}),
)
_JSON_SCHEMA = record(
    "JsonSchema",
    {"name": STRING},
    {"description": maybe(STRING), "schema": maybe(ANY), "strict": maybe(BOOL)},
)
_FORMAT = record(
    "OpenAiResponseFormat",
    {"type": FORMAT_TYPE},
    {"json_schema": maybe(_JSON_SCHEMA), "schema": maybe(ANY)},
)
_TOOL = record("Tool", {"type": STRING, "function": _FUNCTION}, {})

CHAT = record(
    "ChatCompletionRequest",
    {"model": STRING, "messages": several(_MESSAGE)},
    {
        **_SHARED,
        "response_format": maybe(_FORMAT),
        "tools": maybe(several(_TOOL)),
        "tool_choice": maybe(_CHOICE),
        "tool_prompt": maybe(STRING),
        "guideline": maybe(STRING),
    },
)
COMPLETION = record(
    "CompletionRequest",
    {"model": STRING, "prompt": STRING},
    {
        **_SHARED,
        "suffix": maybe(STRING),
        "logprobs": maybe(I32),
        "echo": maybe(BOOL),
        "best_of": maybe(I32),
    },
)
EMBEDDINGS = record(
    "CompatEmbedRequest",
    {"input": either("StringOrVec", STRING, several(STRING)), "model": STRING},
    {
        "encoding_format": maybe(STRING),
        "dimensions": maybe(I32),
        "user": maybe(STRING),
        "parameters": maybe(EMBED_PARAMETERS),
    },
)
