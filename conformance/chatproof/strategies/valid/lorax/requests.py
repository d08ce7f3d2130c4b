"""What LoRAX's routes are asked, and take."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.valid.members import among, something, texts
from chatschema import JsonObject, JsonValue

__all__ = [
    "classify_batch_requests",
    "classify_requests",
    "embed_requests",
    "generate_requests",
    "lorax_chat_requests",
    "lorax_completion_requests",
    "lorax_embeddings_requests",
    "tokenize_requests",
]

_Options: TypeAlias = Mapping[str, Sequence[JsonValue]]

_MERGED: JsonObject = {"ids": ["a", "b"], "weights": [0.25, 1]}
_LEAST, _MOST_I32, _MOST_U32, _MOST_U64 = 1, 2**31 - 1, 2**32 - 1, 2**64 - 1
_FLAGS = (True, False)
_MAYBE = (True, False, None)

#: The ends of each range, something between, and null where that is the same as absent.
_SAMPLING: _Options = {
    "temperature": (0, 0.7, 12.5, None),
    "top_p": (1, 0.5, 1e-6, None),
    "top_k": (_LEAST, 50, _MOST_I32, None),
    "repetition_penalty": (1, 0.001, 1.03, None),
    "frequency_penalty": (-2, 0, 2.0, None),
    "presence_penalty": (2, 0.1, -2.0, None),
    "seed": (0, 42, _MOST_U64, None),
    "stop": ([], ["\n\n"], ["a", "b", ""]),
}
_ADAPTER: _Options = {
    "adapter_id": ("", "arnavgrg/codealpaca-qlora", None),
    "adapter_source": ("hub", "LOCAL", "s3", "pbase", None),
    "merged_adapters": (
        _MERGED,
        {**_MERGED, "merge_strategy": "TIES", "density": 0.5, "majority_sign_method": "total"},
        {**_MERGED, "merge_strategy": None, "majority_sign_method": None},
        None,
    ),
    "api_token": ("hf_x", None),
}
_SCHEMA: JsonObject = {"type": "object", "properties": {"schema": {"type": "string"}}}
_GENERATE: _Options = {
    **_SAMPLING,
    **_ADAPTER,
    "best_of": (1, 2, None),
    "typical_p": (0.5, 0.999, None),
    "do_sample": _FLAGS,
    "max_new_tokens": (_LEAST, 20, _MOST_U32, None),
    "ignore_eos_token": _FLAGS,
    "return_full_text": _MAYBE,
    "truncate": (_LEAST, 100, None),
    "watermark": _FLAGS,
    "details": _FLAGS,
    "decoder_input_details": _FLAGS,
    "return_k_alternatives": (_LEAST, 5, None),
    "apply_chat_template": _FLAGS,
    "response_format": (
        {"type": "json_object", "schema": _SCHEMA},
        {"type": "text", "schema": None},
        {"type": "JsonSchema"},
        None,
    ),
}
_TOOL: JsonObject = {"type": "function", "function": {"name": "f", "description": None, "parameters": {}}}
_OPENAI: _Options = {
    **_SAMPLING,
    "stream": _MAYBE,
    "max_tokens": (_LEAST, 20, _MOST_I32, None),
    "ignore_eos_token": _MAYBE,
    "adapter_source": _ADAPTER["adapter_source"],
    "api_token": ("hf_x", None),
    "logit_bias": ({"50256": -100}, {}, None),
    "user": ("ada", None),
}
_CHAT: _Options = {
    **_OPENAI,
    "n": (1, 2, None),
    "tools": ([_TOOL], [], None),
    "tool_choice": ("auto", "none", "f", "no_tool", {"Function": {"name": "f"}}, None),
    "tool_prompt": ("Call.", None),
    "guideline": ("Be brief.", None),
    "response_format": (
        {"type": "text"},
        {"type": "json_object", "schema": _SCHEMA},
        {"type": "json_schema", "json_schema": {"name": "n", "schema": _SCHEMA, "strict": True}},
        {"type": "json_schema"},
        None,
    ),
}
_TEXT: _Options = {
    **_OPENAI,
    "n": (1, -3, 2, None),
    "best_of": (1, 2, None),
    "logprobs": (0, 5, None),
    "echo": _MAYBE,
    "suffix": ("", None),
}
_PARTS: JsonValue = [
    {"type": "text", "text": "What is this?"},
    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
]


def generate_requests() -> SearchStrategy[JsonObject]:
    """Any request of `/generate`, `/generate_stream` or `/` that no server refuses for what is in it, unless a limit
    of its own is lower: `{"inputs": "Who?", "parameters": {"top_p": 0.5, "best_of": null}, "stream": true}`.
    """

    def request(text: str, parameters: JsonObject, more: JsonObject) -> JsonObject:
        streamed = more.get("stream") is True
        given: JsonObject = (
            {"parameters": _possible(parameters, "best_of", streamed=streamed)} if parameters else {}
        )
        return {"inputs": something(text), **given, **more}

    more = st.sampled_from(({}, {"stream": False}, {"stream": True}))
    return st.builds(request, texts(), _some(_GENERATE), more)


def lorax_chat_requests() -> SearchStrategy[JsonObject]:
    """The same of `/v1/chat/completions`: `{"model": "", "messages": [{"role": "user", "content": "Who?"}]}`."""

    def request(text: str, options: JsonObject, number: int) -> JsonObject:
        contents: tuple[JsonObject, ...] = ({"content": text}, {"content": _PARTS}, {}, {"content": None})
        message: JsonObject = {"role": ("user", "system", "tool")[number % 3], **contents[number // 3 % 4]}
        named: JsonObject = {"name": "Ada"} if number % 2 else {}
        model = ("", "arnavgrg/codealpaca-qlora")[number % 2]
        streamed = options.get("stream") is True
        return {
            "model": model,
            "messages": [{**message, **named}, {"role": "user", "content": text}],
            **_possible(_bound(options), "n", streamed=streamed),
        }

    return st.builds(request, texts(), _some(_CHAT), st.integers(0, 23))


def lorax_completion_requests() -> SearchStrategy[JsonObject]:
    """The same of `/v1/completions`: `{"model": "", "prompt": "Who?", "n": 2}`."""

    def request(text: str, options: JsonObject, model: str) -> JsonObject:
        streamed = options.get("stream") is True
        if streamed:
            options = {name: value for name, value in options.items() if name != "logprobs"}
        return {"model": model, "prompt": something(text), **_possible(options, "best_of", streamed=streamed)}

    return st.builds(request, texts(), _some(_TEXT), st.sampled_from(("", "a/b")))


def embed_requests() -> SearchStrategy[JsonObject]:
    """Any request of `/embed`: `{"inputs": "Who?", "parameters": {"adapter_id": "a/b"}}`."""
    return st.builds(_embed, texts(), _some(_ADAPTER), st.booleans())


def lorax_embeddings_requests() -> SearchStrategy[JsonObject]:
    """Any request of `/v1/embeddings`: `{"model": "", "input": ["Who?", "Who?"]}`."""

    def request(text: str, options: JsonObject, number: int) -> JsonObject:
        inputs: tuple[JsonValue, ...] = (text, [text], [text, "x"])
        ignored: JsonObject = {"encoding_format": "float", "dimensions": 8, "user": None}
        more: JsonObject = {"parameters": _one_adapter(options)} if options else {}
        return {"model": "m", "input": inputs[number % 3], **(ignored if number % 2 else {}), **more}

    return st.builds(request, texts(), _some(_ADAPTER), st.integers(0, 5))


def tokenize_requests() -> SearchStrategy[JsonObject]:
    """Any request of `/tokenize`: `{"inputs": "Who?", "add_special_tokens": null}`."""
    more = st.sampled_from(({}, {"add_special_tokens": True}, {"add_special_tokens": None}))
    return st.builds(_asked, texts(), more)


def classify_requests() -> SearchStrategy[JsonObject]:
    """Any request of `/classify`: `{"inputs": "I am in Oslo"}`; what else is in it is ignored."""
    return st.builds(_asked, texts(), st.just({}))


def classify_batch_requests() -> SearchStrategy[JsonObject]:
    """Any request of `/classify_batch`: `{"inputs": ["I am in Oslo", ""]}`, one text at least."""

    def request(inputs: list[str]) -> JsonObject:
        return {"inputs": [*inputs]}

    return st.builds(request, st.lists(texts(), min_size=1, max_size=3))


def _some(options: _Options) -> SearchStrategy[JsonObject]:
    """Up to four of the options, each with one of its values."""
    pairs = [(name, value) for name, values in options.items() for value in values]

    def chosen(found: list[tuple[str, JsonValue]]) -> JsonObject:
        return dict(found)

    return st.builds(chosen, st.lists(among(pairs), max_size=4))


def _asked(text: str, more: JsonObject) -> JsonObject:
    return {"inputs": text, **more}


def _embed(text: str, options: JsonObject, null: bool) -> JsonObject:  # noqa: FBT001 - drawn, and of two values
    parameters: JsonValue = None if null else _one_adapter(options)
    return {"inputs": text, "parameters": parameters}


def _possible(options: JsonObject, count: str, *, streamed: bool) -> JsonObject:
    """The options less what does not go with another of them; `count` is the number of sequences."""
    left = _one_adapter(options)
    if streamed:
        left.pop("decoder_input_details", None)
        if left.get(count) == 2:
            left[count] = 1
    if left.get(count) == 2:
        left |= {"temperature": 0.5}
        left.pop("seed", None)
    return left


def _one_adapter(options: JsonObject) -> JsonObject:
    left = dict(options)
    if isinstance(left.get("adapter_id"), str) and left.get("merged_adapters") is not None:
        del left["merged_adapters"]
    return left


def _bound(options: JsonObject) -> JsonObject:
    """Less the tools, where a format is there that they do not go with."""
    form = options.get("response_format")
    if isinstance(form, dict) and form["type"] != "text":
        return {name: value for name, value in options.items() if name != "tools"}
    return options
