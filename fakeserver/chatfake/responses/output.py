"""What is said as the items of a response: a thought, messages, calls. Members stand in OpenAI's order."""

from collections.abc import Iterator

from chatfake.core.json_text import JsonObject, JsonValue, digest
from chatfake.core.tokens import split
from chatfake.generation.logprobs import token_logprob
from chatfake.generation.reply import Reply, ToolCall
from chatfake.responses.completion import Completion
from chatfake.responses.tools import custom_names

ENCRYPTED = "reasoning.encrypted_content"


def output_of(completion: Completion) -> list[JsonObject]:
    """The items of the finished response."""
    return list(_items(completion))


def _items(completion: Completion) -> Iterator[JsonObject]:
    thought, number = _thought(completion), 0
    if thought is not None:
        yield thought
        number = 1
    customs = custom_names(completion.chat.body)
    calls = 0
    for reply in completion.replies:
        if _speaks(reply):
            yield _message(completion, reply, number)
            number += 1
        for place, call in enumerate(reply.tool_calls):
            write = _custom_call if call.name in customs else _function_call
            yield write(completion, call, number, calls, _call_status(reply, place))
            number += 1
            calls += 1


def _speaks(reply: Reply) -> bool:
    return reply.text is not None or reply.refusal is not None or not reply.tool_calls


def _cut(reply: Reply) -> bool:
    return reply.ending in ("length", "content_filter")


def _call_status(reply: Reply, place: int) -> str:
    """The status of a call: the last one of a reply that was cut is incomplete."""
    return "incomplete" if _cut(reply) and place == len(reply.tool_calls) - 1 else "completed"


def _message(completion: Completion, reply: Reply, number: int) -> JsonObject:
    content: list[JsonValue] = []
    if reply.text is not None:
        content.append(
            {
                "type": "output_text",
                "annotations": [],
                "logprobs": _logprobs(completion, reply.text),
                "text": reply.text,
            }
        )
    if reply.refusal is not None:
        content.append({"type": "refusal", "refusal": reply.refusal})
    return {
        "id": completion.item_id("msg", number),
        "type": "message",
        "status": "incomplete" if _cut(reply) and not reply.tool_calls else "completed",
        "content": content,
        "role": "assistant",
    }


def _logprobs(completion: Completion, text: str) -> list[JsonValue]:
    """One entry a token, where they were asked for."""
    alternatives = completion.chat.top_logprobs
    if alternatives is None:
        return []
    return [_sorted(token_logprob(token, place, alternatives)) for place, token in enumerate(split(text))]


def _sorted(value: JsonObject) -> JsonObject:
    tops = value.get("top_logprobs")
    if isinstance(tops, list):
        value = {**value, "top_logprobs": [_sorted(top) for top in tops if isinstance(top, dict)]}
    return {name: value[name] for name in sorted(value)}


def _function_call(
    completion: Completion, call: ToolCall, number: int, place: int, status: str
) -> JsonObject:
    return {
        "id": completion.item_id("fc", number),
        "type": "function_call",
        "status": status,
        "arguments": call.arguments,
        "call_id": call.id or completion.identity.call_id(0, place),
        "name": call.name,
    }


def _custom_call(completion: Completion, call: ToolCall, number: int, place: int, status: str) -> JsonObject:
    return {
        "id": completion.item_id("ctc", number),
        "type": "custom_tool_call",
        "status": status,
        "call_id": call.id or completion.identity.call_id(0, place),
        "input": call.arguments,
        "name": call.name,
    }


def _thought(completion: Completion) -> JsonObject | None:
    """A summary is there where the scenario has one; encrypted content where it was asked for."""
    thought, body = completion.thought, completion.chat.body
    include = body.get("include")
    sealed = isinstance(include, list) and ENCRYPTED in include
    if not thought.tokens:
        return None
    item: JsonObject = {"id": completion.item_id("rs", 0), "type": "reasoning"}
    own: list[JsonValue] = [{"type": "reasoning_text", "text": thought.text}] if thought.text else []
    item["content"] = own
    if sealed:
        item["encrypted_content"] = _encrypted(completion)
    summary: list[JsonValue] = [{"type": "summary_text", "text": thought.summary}] if thought.summary else []
    item["summary"] = summary
    return item


def _encrypted(completion: Completion) -> str:
    """A text that looks like the encrypted reasoning that OpenAI sends."""
    return "gAAAAAB" + "".join(digest(completion.identity.digest, "sealed", str(part)) for part in range(3))
