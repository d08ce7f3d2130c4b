"""Refuses what `POST /v1/responses` of OpenAI refuses, and what only a server that keeps something can answer.

The order is the server's, as others have measured it: shapes, then what is kept, then what belongs together.
"""

import difflib
from collections.abc import Iterator, Mapping
from functools import partial
from types import MappingProxyType

from chatfake.core.api_error import ApiError, missing, model_not_found, unsupported, wrong_type
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import prompt_tokens
from chatfake.request.validation import members
from chatfake.request.validation.members import SAMPLING, Range, Table, typed
from chatfake.request.validation.rules import Rule
from chatfake.responses.output import ENCRYPTED
from chatfake.responses.request import LOGPROBS, to_chat_body
from chatfake.responses.validation import items as response_items
from chatfake.responses.validation import order as response_order
from chatfake.responses.validation import tools as response_tools
from chatfake.responses.validation.errors import (
    MUST_ASK,
    ONE_PAST,
    context_exceeded,
    moved,
    no_background,
    no_model,
    no_previous,
    not_kept,
    null,
    unknown,
)

TABLE = Table(
    numbers={
        **SAMPLING,
        "top_logprobs": Range("integer", 0, 20),
        "max_output_tokens": Range("integer", 16),
        "max_tool_calls": Range("integer", 1),
    },
    types={
        **typed(bool, "a boolean", "stream store background parallel_tool_calls"),
        **typed(str, "a string", "instructions previous_response_id"),
        **typed((str, dict), "one of a string or object", "conversation"),
        **typed(
            str,
            "a string",
            "user safety_identifier prompt_cache_key prompt_cache_retention service_tier truncation",
        ),
        **typed(list, "an array of strings", "include"),
        **typed(
            dict, "an object", "metadata moderation prompt prompt_cache_options reasoning stream_options"
        ),
        **typed(list, "an array of objects", "context_management"),
    },
    others=("model", "input", "tools", "tool_choice", "text"),
    values={
        "service_tier": ("auto", "default", "flex", "scale", "priority", "fast"),
        "truncation": ("auto", "disabled"),
        "prompt_cache_retention": ("in_memory", "24h"),
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


def _model(body: JsonObject) -> Iterator[ApiError]:
    model = body.get("model", "")
    if "model" not in body:
        yield missing("model")
    elif model is None:
        yield null("model")
    elif not isinstance(model, str):
        yield wrong_type("model", "a string", model)
    elif not model:
        yield no_model(model_not_found(model))


def _given(body: JsonObject) -> Iterator[ApiError]:
    """It is asked for before all that follows; a prompt has an input of its own, and `messages` are told apart."""
    if not {"input", "prompt", "messages"} & {*body}:
        yield missing("input")


def _known(body: JsonObject) -> Iterator[ApiError]:
    known = (*TABLE.numbers, *TABLE.types, *TABLE.others)
    for name in body:
        if name in MOVED:
            yield moved(name, MOVED[name])
        elif name not in known:
            near = [one for one in known if one not in body and abs(len(one) - len(name)) <= 2]
            yield unknown(name, difflib.get_close_matches(name, near, n=1, cutoff=0.8))


def _include(body: JsonObject) -> Iterator[ApiError]:
    include = body.get("include")
    for index, name in enumerate(include if isinstance(include, list) else []):
        if not isinstance(name, str):
            yield wrong_type(f"include[{index}]", "a string", name)
        elif name not in INCLUDABLE:
            yield unsupported(f"include[{index}]", name, INCLUDABLE)


def _reasoning(body: JsonObject) -> Iterator[ApiError]:
    told = body.get("reasoning")
    for name, values in REASONING.items():
        value = told.get(name) if isinstance(told, dict) else None
        if value is not None and not isinstance(value, str):
            yield wrong_type(f"reasoning.{name}", "a string", value)
        elif isinstance(value, str) and value not in values:
            yield unsupported(f"reasoning.{name}", value, values)


def _stream_options(body: JsonObject) -> Iterator[ApiError]:
    options = body.get("stream_options")
    if not isinstance(options, dict):
        return
    if body.get("stream") is not True:
        yield ApiError(
            message="The 'stream_options' parameter is only allowed when 'stream' is enabled.",
            param="stream_options",
        )
    for name, value in options.items():
        if name != "include_obfuscation":
            yield unknown(f"stream_options.{name}")
        elif value is not None and not isinstance(value, bool):
            yield wrong_type(f"stream_options.{name}", "a boolean", value)


def _metadata(body: JsonObject) -> Iterator[ApiError]:
    metadata = body.get("metadata")
    for name, value in metadata.items() if isinstance(metadata, dict) else ():
        if not isinstance(value, str):
            yield wrong_type(f"metadata.{name[:64]}", "a string", value)


def _kept(body: JsonObject) -> Iterator[ApiError]:
    """What only a server that keeps responses can answer; looked up once all else is sound."""
    previous, conversation, prompt = (
        body.get(name) for name in ("previous_response_id", "conversation", "prompt")
    )
    if previous is not None and conversation is not None:
        yield ONE_PAST
    if conversation is not None:
        named = conversation.get("id") if isinstance(conversation, dict) else conversation
        yield not_kept("Conversation", str(named))
    if isinstance(prompt, dict):
        yield not_kept("Prompt", str(prompt.get("id")))
    if previous is not None:
        yield no_previous(str(previous))
    if body.get("background") is True:
        yield no_background()


def _empty(body: JsonObject) -> Iterator[ApiError]:
    if body.get("input") in ("", []):
        yield MUST_ASK


#: In the order in which they speak.
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "model": _model,
        "input.given": _given,
        "unknown-members": _known,
        "input": response_items.shape,
        "include": _include,
        "tools": response_tools.tools,
        "tool-choice": response_tools.choice,
        "metadata": _metadata,
        "text": response_tools.text,
        "numbers": partial(members.numbers, table=TABLE),
        "types": partial(members.types, table=TABLE),
        "stream-options": _stream_options,
        "reasoning": _reasoning,
        "kept": _kept,
        "input.empty": _empty,
        "kept-items": response_order.kept,
        "input.belonging": response_order.belonging,
        "input.thoughts": response_order.thoughts,
        "json-word": response_tools.json_word,
    }
)


def response_refusal(body: JsonValue, context_length: int) -> ApiError | None:
    """The answer to an invalid request; None when the body is valid. Top-level nulls are as absent, but for two."""
    if not isinstance(body, dict):
        return wrong_type("body", "an object", body)
    present: JsonObject = {
        name: value for name, value in body.items() if value is not None or name in ("model", "input")
    }
    found = next((refusal for rule in RULES.values() for refusal in rule(present)), None)
    if found is not None:
        return found
    cost = prompt_tokens(to_chat_body(present))
    if cost >= context_length and body.get("truncation") != "auto":
        return context_exceeded(context_length, cost)
    return None
