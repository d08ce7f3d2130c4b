"""What LoRAX's OpenAI routes take (router/src/lib.rs): less than OpenAI in some members, more in others."""

from collections.abc import Mapping

from chatfake.lorax.native_shapes import EMBED_PARAMETERS, FORMAT_TYPE, members
from chatfake.lorax.shapes import (
    ANY,
    BOOL,
    F32,
    I32,
    STRING,
    U64,
    Either,
    Maybe,
    Named,
    Record,
    Several,
    Shape,
    Tagged,
)

__all__ = ["CHAT", "COMPLETION", "EMBEDDINGS"]

_SHARED: Mapping[str, Shape] = {
    "temperature": Maybe(F32),
    "top_p": Maybe(F32),
    "n": Maybe(I32),
    "max_tokens": Maybe(I32),
    "stop": Several(STRING),
    "stream": Maybe(BOOL),
    "presence_penalty": Maybe(F32),
    "frequency_penalty": Maybe(F32),
    "logit_bias": Maybe(Named(F32)),
    "user": Maybe(STRING),
    "seed": Maybe(U64),
    "repetition_penalty": Maybe(F32),
    "top_k": Maybe(I32),
    "ignore_eos_token": Maybe(BOOL),
    "adapter_source": Maybe(STRING),
    "api_token": Maybe(STRING),
}
_FUNCTION = Record(
    "FunctionDefinition", members({"name": STRING, "parameters": ANY}, {"description": Maybe(STRING)})
)
_PART = Tagged(
    {
        "text": Record("Text", members({"text": STRING}, {})),
        "image_url": Record(
            "ImageUrl", members({"image_url": Record("Url", members({"url": STRING}, {}))}, {})
        ),
    }
)
_CONTENT = Either("MessageContent", (STRING, Several(_PART)))
_MESSAGE = Record("Message", members({"role": STRING}, {"content": Maybe(_CONTENT), "name": Maybe(STRING)}))
#: A name, or the source's own form of one; OpenAI's object is refused.
_CHOICE = Either(
    "ToolTypeDeserializer",
    (STRING, Record("", members({"Function": Record("FunctionName", members({"name": STRING}, {}))}, {}))),
)
_JSON_SCHEMA = Record(
    "JsonSchema",
    members({"name": STRING}, {"description": Maybe(STRING), "schema": Maybe(ANY), "strict": Maybe(BOOL)}),
)
_FORMAT = Record(
    "OpenAiResponseFormat",
    members({"type": FORMAT_TYPE}, {"json_schema": Maybe(_JSON_SCHEMA), "schema": Maybe(ANY)}),
)
_TOOL = Record("Tool", members({"type": STRING, "function": _FUNCTION}, {}))

CHAT = Record(
    "ChatCompletionRequest",
    members(
        {"model": STRING, "messages": Several(_MESSAGE)},
        {
            **_SHARED,
            "response_format": Maybe(_FORMAT),
            "tools": Maybe(Several(_TOOL)),
            "tool_choice": Maybe(_CHOICE),
            "tool_prompt": Maybe(STRING),
            "guideline": Maybe(STRING),
        },
    ),
)
COMPLETION = Record(
    "CompletionRequest",
    members(
        {"model": STRING, "prompt": STRING},
        {
            **_SHARED,
            "suffix": Maybe(STRING),
            "logprobs": Maybe(I32),
            "echo": Maybe(BOOL),
            "best_of": Maybe(I32),
        },
    ),
)
EMBEDDINGS = Record(
    "CompatEmbedRequest",
    members(
        {"input": Either("StringOrVec", (STRING, Several(STRING))), "model": STRING},
        {
            "encoding_format": Maybe(STRING),
            "dimensions": Maybe(I32),
            "user": Maybe(STRING),
            "parameters": Maybe(EMBED_PARAMETERS),
        },
    ),
)
