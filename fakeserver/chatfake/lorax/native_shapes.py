"""The requests of LoRAX's routes (router/src/lib.rs).

What is an `Option` there may be null; what only has a default may be absent and not null.
"""

from collections.abc import Mapping

from chatfake.lorax.shapes import (
    ANY,
    BOOL,
    F32,
    I32,
    STRING,
    U32,
    U64,
    USIZE,
    Maybe,
    Member,
    Names,
    Record,
    Several,
    Shape,
)

__all__ = [
    "CLASSIFY", "CLASSIFY_BATCH", "COMPAT_GENERATE", "EMBED", "EMBED_PARAMETERS", "FORMAT_TYPE", "GENERATE", "TOKENIZE",
    "members",
]  # fmt: skip


def members(needed: Mapping[str, Shape], others: Mapping[str, Shape]) -> Mapping[str, Member]:
    return {
        **{name: Member(shape, needed=True) for name, shape in needed.items()},
        **{name: Member(shape) for name, shape in others.items()},
    }


#: The names of the protocol, and those of the source, which the router takes as well.
FORMAT_TYPE = Names(("Text", "text", "JsonObject", "json_object", "JsonSchema", "json_schema"))

_MERGED = Record(
    "AdapterParameters",
    members(
        {"ids": Several(STRING)},
        {
            "weights": Several(F32),
            "merge_strategy": Maybe(STRING),
            "density": F32,
            "majority_sign_method": Maybe(STRING),
        },
    ),
)
ADAPTER: Mapping[str, Shape] = {
    "adapter_id": Maybe(STRING),
    "adapter_source": Maybe(STRING),
    "merged_adapters": Maybe(_MERGED),
    "api_token": Maybe(STRING),
}
_PARAMETERS = Record(
    "GenerateParameters",
    members(
        {},
        {
            **ADAPTER,
            "best_of": Maybe(USIZE),
            "temperature": Maybe(F32),
            "repetition_penalty": Maybe(F32),
            "frequency_penalty": Maybe(F32),
            "presence_penalty": Maybe(F32),
            "top_k": Maybe(I32),
            "top_p": Maybe(F32),
            "typical_p": Maybe(F32),
            "do_sample": BOOL,
            "max_new_tokens": Maybe(U32),
            "ignore_eos_token": BOOL,
            "return_full_text": Maybe(BOOL),
            "stop": Several(STRING),
            "truncate": Maybe(USIZE),
            "watermark": BOOL,
            "details": BOOL,
            "decoder_input_details": BOOL,
            "return_k_alternatives": Maybe(I32),
            "apply_chat_template": BOOL,
            "seed": Maybe(U64),
            "response_format": Maybe(
                Record("ResponseFormat", members({"type": FORMAT_TYPE}, {"schema": Maybe(ANY)}))
            ),
        },
    ),
)

GENERATE = Record("GenerateRequest", members({"inputs": STRING}, {"parameters": _PARAMETERS}))
COMPAT_GENERATE = Record(
    "CompatGenerateRequest", members({"inputs": STRING}, {"parameters": _PARAMETERS, "stream": BOOL})
)
TOKENIZE = Record("TokenizeRequest", members({"inputs": STRING}, {"add_special_tokens": Maybe(BOOL)}))
EMBED_PARAMETERS = Record("EmbedParameters", members({}, ADAPTER))
EMBED = Record("EmbedRequest", members({"inputs": STRING}, {"parameters": Maybe(EMBED_PARAMETERS)}))
CLASSIFY = Record("ClassifyRequest", members({"inputs": STRING}, {}))
CLASSIFY_BATCH = Record("BatchClassifyRequest", members({"inputs": Several(STRING)}, {}))
