"""Generations as LoRAX's OpenAI routes write them (router/src/lib.rs), which is not as OpenAI does."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from chatfake.core.api_error import ApiError
from chatfake.core.json_text import JsonError, JsonObject, JsonValue, dump, encode, parse
from chatfake.dialects.requests.lorax_errors import tool_failure
from chatfake.lorax.generation import NO_TOOL, Generation
from chatfake.lorax.native_rendering import Generations

_REASONS = {"length": "length", "eos_token": "stop", "stop_sequence": "content_filter"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAIAnswer:
    """What stands on every answer, and what is said; `empty` has no choices."""

    generations: Generations
    model: str  #: the base model's name, whichever adapter spoke
    created: int
    tools: bool
    empty: bool = False


def chat_body(answer: OpenAIAnswer) -> JsonObject | ApiError:
    """`ChatCompletionResponse`; all choices have the finish_reason of the best."""
    choices: list[JsonValue] = []
    for sequence in () if answer.empty else (answer.generations.best, *(answer.generations.others or ())):
        message = _called(sequence.text) if answer.tools else _message(sequence.text)
        if isinstance(message, ApiError):
            return message
        reason = _REASONS[answer.generations.best.finish_reason]
        choices.append({"index": len(choices), "message": message, "finish_reason": reason})
    return {
        "id": "null",
        "object": "text_completion",
        "created": answer.created,
        "model": answer.model,
        "choices": choices,
        "usage": _usage(answer.generations),
        "system_fingerprint": "0.1.0-native",
    }


def _message(text: str) -> JsonObject:
    return {"role": "assistant", "content": text}


def _called(text: str) -> JsonObject | ApiError:
    """What the router reads out of a text that is bound to be a call (router/src/server.rs)."""
    try:
        value = parse(encode(text))
    except JsonError:
        return tool_failure(f"Failed to parse generated text: {json.dumps(text, ensure_ascii=False)}")
    function = value.get("function") if isinstance(value, dict) else None
    if not isinstance(function, dict):
        return tool_failure("No function found in generated text")
    name, arguments = function.get("_name"), {key: function[key] for key in function if key != "_name"}
    if not isinstance(name, str):
        return tool_failure("No _name found in generated text")
    if name == NO_TOOL:
        content = arguments.get("content")
        return (
            _message(content)
            if isinstance(content, str)
            else tool_failure("No `content` found in generated text")
        )
    call: JsonObject = {"description": None, "name": name, "arguments": dump(arguments)}
    return {"role": "assistant", "tool_calls": [{"id": "0", "type": "function", "function": call}]}


def _usage(generations: Generations) -> JsonObject:
    """Of the best sequence alone."""
    completion = len(generations.best.tokens)
    return {
        "prompt_tokens": generations.prompt_tokens,
        "total_tokens": generations.prompt_tokens + completion,
        "completion_tokens": completion,
    }


def chat_chunks(answer: OpenAIAnswer) -> Iterator[JsonObject]:
    """One chunk a token; the end of the sequence is an empty delta, and usage comes with the last."""
    head: JsonObject = {"id": "null", "object": "chat.completion.chunk", "created": 0, "model": "null"}
    if answer.empty:
        yield {**head, "choices": [], "usage": _usage(answer.generations)}
        return
    for text, reason in _pieces(answer.generations.best):
        delta: JsonObject = {} if reason == "stop" else _message(text)
        choice: JsonObject = {"index": 0, "delta": delta, "finish_reason": reason}
        usage: JsonObject = {} if reason is None else {"usage": _usage(answer.generations)}
        yield {**head, "choices": [choice], **usage}


def _pieces(best: Generation) -> Iterator[tuple[str, str | None]]:
    """The texts of all tokens, marks as well, with the finish_reason at the last."""
    for token in best.tokens[:-1]:
        yield token.text, None
    yield best.tokens[-1].text, _REASONS[best.finish_reason]


_TEXT_HEAD: JsonObject = {"id": "null", "object": "text_completion", "created": 0, "model": "null"}


def text_body(answer: OpenAIAnswer) -> JsonObject:
    """`CompletionResponse`: one choice, however many were generated."""
    generations = answer.generations
    choice: JsonObject = {
        "index": 0,
        "text": generations.before + generations.best.text,
        "logprobs": None,
        "finish_reason": _REASONS[generations.best.finish_reason],
    }
    return {**_TEXT_HEAD, "choices": [] if answer.empty else [choice], "usage": _usage(generations)}


def text_chunks(answer: OpenAIAnswer) -> Iterator[JsonObject]:
    """One chunk a token; usage is on each, and zero until the last."""
    zero: JsonObject = {"prompt_tokens": 0, "total_tokens": 0, "completion_tokens": 0}
    if answer.empty:
        yield {**_TEXT_HEAD, "choices": [], "usage": _usage(answer.generations)}
        return
    for text, reason in _pieces(answer.generations.best):
        choice: JsonObject = {
            "index": 0,
            "text": "" if reason == "stop" else text,
            "logprobs": None,
            "finish_reason": reason,
        }
        yield {
            **_TEXT_HEAD,
            "choices": [choice],
            "usage": zero if reason is None else _usage(answer.generations),
        }
