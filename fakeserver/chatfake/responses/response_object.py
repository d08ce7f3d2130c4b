"""The response itself: what was asked, as OpenAI gives it back, and what came of it."""

from collections.abc import Sequence

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.responses.completion import Completion
from chatfake.responses.request import object_in
from chatfake.responses.tools import echoed_tools

#: Members that come back as they were asked, with what OpenAI says where they were not.
_USUAL: JsonObject = {
    "background": False,
    "frequency_penalty": 0.0,
    "instructions": None,
    "max_output_tokens": None,
    "max_tool_calls": None,
    "parallel_tool_calls": True,
    "presence_penalty": 0.0,
    "previous_response_id": None,
    "prompt_cache_key": None,
    "prompt_cache_retention": "in_memory",
    "safety_identifier": None,
    "store": True,
    "temperature": 1.0,
    "tool_choice": "auto",
    "top_logprobs": 0,
    "top_p": 1.0,
    "truncation": "disabled",
    "user": None,
    "metadata": {},
}
#: Members that are there only where they were asked.
_OTHERS = ("prompt", "prompt_cache_options", "conversation")
_NO_TOKENS: JsonObject = {"image_tokens": 0, "text_tokens": 0}
_TOOL_USAGE: JsonObject = {
    "image_gen": {
        "input_tokens": 0,
        "input_tokens_details": _NO_TOKENS,
        "output_tokens": 0,
        "output_tokens_details": _NO_TOKENS,
        "total_tokens": 0,
    },
    "web_search": {"num_requests": 0},
}
#: OpenAI's order, of August 2026; `billing` is in JSON answers alone.
_ORDER = (
    "id", "object", "created_at", "status", "background", "billing", "completed_at", "conversation", "error",
    "frequency_penalty", "incomplete_details", "instructions", "max_output_tokens", "max_tool_calls", "model",
    "moderation", "output", "parallel_tool_calls", "presence_penalty", "previous_response_id", "prompt",
    "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention", "reasoning", "safety_identifier",
    "service_tier", "store", "temperature", "text", "tool_choice", "tool_usage", "tools", "top_logprobs", "top_p",
    "truncation", "usage", "user", "metadata",
)  # fmt: skip


def started(completion: Completion) -> JsonObject:
    """The response as it stands in the first events of a stream."""
    asked = completion.chat.body.get("service_tier", "auto")
    now: JsonObject = {"status": "in_progress", "service_tier": asked}
    return _ordered({**_frame(completion), **now})


def finished(completion: Completion, output: Sequence[JsonObject]) -> JsonObject:
    """As the last event of a stream has it, and the JSON answer with `billing` beside it."""
    now: JsonObject = {
        "status": completion.status,
        "completed_at": completion.identity.created if completion.status == "completed" else None,
        "error": completion.error,
        "incomplete_details": {"reason": completion.incomplete_reason}
        if completion.incomplete_reason
        else None,
        "output": [*output],
        "service_tier": _tier(completion.chat.body.get("service_tier", "auto")),
        "usage": None if completion.error else _usage(completion),
    }
    return _ordered({**_frame(completion), **now})


def with_billing(response: JsonObject) -> JsonObject:
    """The response as the JSON answer has it: with `billing`."""
    return _ordered({**response, "billing": {"payer": "developer"}})


def _frame(completion: Completion) -> JsonObject:
    body = completion.chat.body
    given = {name: body.get(name, usual) for name, usual in _USUAL.items()}
    others = {name: body[name] for name in _OTHERS if name in body}
    if isinstance(named := others.get("conversation"), str):
        others["conversation"] = {"id": named}
    return {
        **given,
        **others,
        "id": completion.id,
        "object": "response",
        "created_at": completion.identity.created,
        "completed_at": None,
        "error": None,
        "incomplete_details": None,
        "model": completion.chat.model,
        "moderation": None,
        "output": [],
        "reasoning": _reasoning(object_in(body, "reasoning")),
        "text": _text(object_in(body, "text")),
        "tool_usage": _TOOL_USAGE,
        "tools": echoed_tools(body),
        "usage": None,
    }


def _ordered(response: JsonObject) -> JsonObject:
    return {name: response[name] for name in _ORDER if name in response}


def _tier(asked: JsonValue) -> JsonValue:
    """The service tier that was used: `auto` leaves it to the server."""
    return "default" if asked == "auto" else asked


def _reasoning(asked: JsonObject) -> JsonObject:
    told = {"context": None, "effort": None, "summary": None, **asked}
    # the server says which summary `auto` came to
    summary: JsonValue = "detailed" if told["summary"] == "auto" else told["summary"]
    return {**told, "summary": summary}


def _text(asked: JsonObject) -> JsonObject:
    form = asked.get("format", {"type": "text"})
    if isinstance(form, dict) and form.get("type") == "json_schema":
        names = ("type", "description", "name", "schema")
        kept: JsonObject = {name: form.get(name) for name in names}
        form = {**kept, "strict": form.get("strict", True)}
    return {"format": form, "verbosity": asked.get("verbosity", "medium")}


def _usage(completion: Completion) -> JsonObject:
    prompt, output = completion.chat.prompt_tokens, completion.output_tokens
    return {
        "input_tokens": prompt,
        "input_tokens_details": {"cache_write_tokens": 0, "cached_tokens": 0},
        "output_tokens": output,
        "output_tokens_details": {"reasoning_tokens": completion.thought.tokens},
        "total_tokens": prompt + output,
    }
