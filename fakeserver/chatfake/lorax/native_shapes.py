"""The requests of LoRAX's routes (router/src/lib.rs).

What is an `Option` there may be null; what only has a default may be absent and not null.
"""

from collections.abc import Mapping

from chatfake.dialects.requests.serde import (
    ANY,
    BOOL,
    F32,
    I32,
    STRING,
    U32,
    U64,
    USIZE,
    Shape,
    maybe,
    names,
    record,
    several,
)

#: The names of the protocol, and those of the source, which the router takes as well.
FORMAT_TYPE = names("Text", "text", "JsonObject", "json_object", "JsonSchema", "json_schema")

_MERGED = record(
    "AdapterParameters",
    {"ids": several(STRING)},
    {
        "weights": several(F32),
        "merge_strategy": maybe(STRING),
        "density": F32,
        "majority_sign_method": maybe(STRING),
    },
)
ADAPTER: Mapping[str, Shape] = {
    "adapter_id": maybe(STRING),
    "adapter_source": maybe(STRING),
    "merged_adapters": maybe(_MERGED),
    "api_token": maybe(STRING),
}
_PARAMETERS = record(
    "GenerateParameters",
    {},
    {
        **ADAPTER,
        "best_of": maybe(USIZE),
        "temperature": maybe(F32),
        "repetition_penalty": maybe(F32),
        "frequency_penalty": maybe(F32),
        "presence_penalty": maybe(F32),
        "top_k": maybe(I32),
        "top_p": maybe(F32),
        "typical_p": maybe(F32),
        "do_sample": BOOL,
        "max_new_tokens": maybe(U32),
        "ignore_eos_token": BOOL,
        "return_full_text": maybe(BOOL),
        "stop": several(STRING),
        "truncate": maybe(USIZE),
        "watermark": BOOL,
        "details": BOOL,
        "decoder_input_details": BOOL,
        "return_k_alternatives": maybe(I32),
        "apply_chat_template": BOOL,
        "seed": maybe(U64),
        "response_format": maybe(record("ResponseFormat", {"type": FORMAT_TYPE}, {"schema": maybe(ANY)})),
    },
)

GENERATE = record("GenerateRequest", {"inputs": STRING}, {"parameters": _PARAMETERS})
COMPAT_GENERATE = record(
    "CompatGenerateRequest", {"inputs": STRING}, {"parameters": _PARAMETERS, "stream": BOOL}
)
TOKENIZE = record("TokenizeRequest", {"inputs": STRING}, {"add_special_tokens": maybe(BOOL)})
EMBED_PARAMETERS = record("EmbedParameters", {}, ADAPTER)
EMBED = record("EmbedRequest", {"inputs": STRING}, {"parameters": maybe(EMBED_PARAMETERS)})
CLASSIFY = record("ClassifyRequest", {"inputs": STRING}, {})
CLASSIFY_BATCH = record("BatchClassifyRequest", {"inputs": several(STRING)}, {})
