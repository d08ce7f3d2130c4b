"""Refuses what `POST /v1/responses` of OpenAI refuses, and what only a server that keeps something can answer."""

from collections.abc import Iterator, Mapping
from functools import partial
from types import MappingProxyType

from chatfake.jsontext import JsonObject, JsonValue
from chatfake.refusal import Refusal, missing, unsupported, wrong_type
from chatfake.responses.asking import LOGPROBS, as_chat
from chatfake.responses.output import ENCRYPTED
from chatfake.tokens import prompt_tokens
from chatfake.validation import members, response_items, response_tools
from chatfake.validation.members import Range, Table
from chatfake.validation.response_errors import (
    context_exceeded,
    moved,
    no_background,
    no_conversation,
    no_previous,
    no_prompt,
    unknown,
)
from chatfake.validation.rules import Rule, first_refusal

__all__ = ["RULES", "response_refusal"]

TABLE = Table(
    numbers={
        "temperature": Range("decimal", 0, 2),
        "top_p": Range("decimal", 0, 1),
        "presence_penalty": Range("decimal", -2, 2),
        "frequency_penalty": Range("decimal", -2, 2),
        "top_logprobs": Range("integer", 0, 20),
        "max_output_tokens": Range("integer", 16),
        "max_tool_calls": Range("integer", 1),
    },
    types={
        "stream": (bool, "a boolean"),
        "store": (bool, "a boolean"),
        "background": (bool, "a boolean"),
        "parallel_tool_calls": (bool, "a boolean"),
        "instructions": (str, "a string"),
        "previous_response_id": (str, "a string"),
        "conversation": ((str, dict), "one of a string or object"),
        "user": (str, "a string"),
        "safety_identifier": (str, "a string"),
        "prompt_cache_key": (str, "a string"),
        "prompt_cache_retention": (str, "a string"),
        "service_tier": (str, "a string"),
        "truncation": (str, "a string"),
        "include": (list, "an array of strings"),
        "metadata": (dict, "an object"),
        "moderation": (dict, "an object"),
        "prompt": (dict, "an object"),
        "prompt_cache_options": (dict, "an object"),
        "reasoning": (dict, "an object"),
        "stream_options": (dict, "an object"),
        "context_management": (list, "an array of objects"),
    },
    others=("model", "input", "tools", "tool_choice", "text"),
    values={
        "service_tier": ("auto", "default", "flex", "scale", "priority", "fast"),
        "truncation": ("auto", "disabled"),
    },
)
#: Members of chat completions, and where they went.
MOVED = {
    "messages": "input",
    "response_format": "text.format",
    "max_tokens": "max_output_tokens",
    "max_completion_tokens": "max_output_tokens",
    "reasoning_effort": "reasoning.effort",
    "verbosity": "text.verbosity",
    "functions": "tools",
    "function_call": "tool_choice",
}
INCLUDABLE = (
    "file_search_call.results", "web_search_call.results", "web_search_call.action.sources",
    "message.input_image.image_url", "computer_call_output.output.image_url", "code_interpreter_call.outputs",
    ENCRYPTED, LOGPROBS,
)  # fmt: skip
REASONING = {
    "effort": ("none", "minimal", "low", "medium", "high", "xhigh", "max"),
    "summary": ("auto", "concise", "detailed"),
}


def _model(body: JsonObject) -> Iterator[Refusal]:
    model = body.get("model")
    if model is None or model == "":
        yield missing("model")
    elif not isinstance(model, str):
        yield wrong_type("model", "a string", model)


def _known(body: JsonObject) -> Iterator[Refusal]:
    known = (*TABLE.numbers, *TABLE.types, *TABLE.others)
    for name in body:
        if name not in known:
            yield moved(name, MOVED[name]) if name in MOVED else unknown(name)


def _include(body: JsonObject) -> Iterator[Refusal]:
    include = body.get("include")
    for index, name in enumerate(include if isinstance(include, list) else []):
        if not isinstance(name, str):
            yield wrong_type(f"include[{index}]", "a string", name)
        elif name not in INCLUDABLE:
            yield unsupported(f"include[{index}]", name, INCLUDABLE)


def _reasoning(body: JsonObject) -> Iterator[Refusal]:
    told = body.get("reasoning")
    for name, values in REASONING.items():
        value = told.get(name) if isinstance(told, dict) else None
        if value is not None and not isinstance(value, str):
            yield wrong_type(f"reasoning.{name}", "a string", value)
        elif isinstance(value, str) and value not in values:
            yield unsupported(f"reasoning.{name}", value, values)


def _stream_options(body: JsonObject) -> Iterator[Refusal]:
    options = body.get("stream_options")
    if not isinstance(options, dict):
        return
    if body.get("stream") is not True:
        yield Refusal(
            message="The 'stream_options' parameter is only allowed when 'stream' is enabled.",
            param="stream_options",
        )
    for name, value in options.items():
        if name != "include_obfuscation":
            yield unknown(f"stream_options.{name}")
        elif value is not None and not isinstance(value, bool):
            yield wrong_type(f"stream_options.{name}", "a boolean", value)


def _metadata(body: JsonObject) -> Iterator[Refusal]:
    metadata = body.get("metadata")
    for name, value in metadata.items() if isinstance(metadata, dict) else ():
        if not isinstance(value, str):
            yield wrong_type(f"metadata.{name[:64]}", "a string", value)


def _kept(body: JsonObject) -> Iterator[Refusal]:
    """What only a server that keeps responses can answer."""
    previous, conversation, prompt = (
        body.get(name) for name in ("previous_response_id", "conversation", "prompt")
    )
    if previous is not None and conversation is not None:
        yield Refusal(
            message="Mutually exclusive parameters: 'previous_response_id' and 'conversation'. "
            "Ensure you are only providing one of these parameters.",
            param="previous_response_id",
            code="mutually_exclusive_parameters",
        )
    if previous is not None:
        yield no_previous(str(previous))
    if conversation is not None:
        named = conversation.get("id") if isinstance(conversation, dict) else conversation
        yield no_conversation(str(named))
    if isinstance(prompt, dict):
        yield no_prompt(str(prompt.get("id")))
    if body.get("background") is True:
        yield no_background()


#: In the order in which they speak.
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "model": _model,
        "unknown-members": _known,
        "numbers": partial(members.numbers, table=TABLE),
        "types": partial(members.types, table=TABLE),
        "input": response_items.shape,
        "tools": response_tools.tools,
        "tool-choice": response_tools.choice,
        "text": response_tools.text,
        "include": _include,
        "reasoning": _reasoning,
        "stream-options": _stream_options,
        "metadata": _metadata,
        "kept": _kept,
        "kept-items": response_items.kept,
        "input.belonging": response_items.belonging,
        "input.thoughts": response_items.thoughts,
        "json-word": response_tools.json_word,
    }
)


def response_refusal(body: JsonValue, context_length: int) -> Refusal | None:
    """The answer to an invalid request; None when the body is valid. Top-level nulls are as absent."""
    found = first_refusal(body, RULES.values())
    if found is not None or not isinstance(body, dict):
        return found
    asked = as_chat({key: value for key, value in body.items() if value is not None})
    if prompt_tokens(asked) >= context_length and body.get("truncation") != "auto":
        return context_exceeded()
    return None
