"""How the messages of a request follow on each other: calls of tools and what they are answered with.

A call stands in an assistant message, and its answers are the tool messages right after it. OpenAI refuses an answer
without its call and a call without its answer; in 1,946 requests that it took, all 393 tool messages answer one of
393 calls.
"""

from collections.abc import Iterator

from chatschema.core.describe import seen, seen_member
from chatschema.core.json_text import MOST_ELEMENTS, objects
from chatschema.core.violation import JsonObject, Violation
from chatschema.judging.violation_kind import violation

__all__ = ["calls_are_answered", "content_is_there", "results_answer_calls"]

#: Beside one of these, content may be null.
_INSTEAD = ("tool_calls", "function_call", "refusal", "audio")


def content_is_there(request: JsonObject) -> Iterator[Violation]:
    """OpenAI: "Invalid value for 'content': expected a string, got null."."""
    for place, message in objects(request, "messages"):
        if message.get("role") != "assistant" or message.get("content") is not None:
            continue
        if all(message.get(name) is None for name in _INSTEAD):
            yield violation(
                "chat.request.content",
                f"{place}.content",
                "The message says nothing and calls nothing.",
                "a string (null only beside tool calls, a function call, a refusal or audio)",
                seen_member(message, "content"),
                reference="CreateChatCompletionRequest",
            )


def results_answer_calls(request: JsonObject) -> Iterator[Violation]:
    """OpenAI: "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."."""
    calls: frozenset[str] | None = None  # None where no tool message may come
    for place, message in _messages(request):
        if message.get("role") != "tool":
            calls = _called(message)
            continue
        call = message.get("tool_call_id")
        if calls is None:
            yield violation(
                "chat.request.tool-result",
                f"{place}.role",
                "The result of a tool follows on no call.",
                "a message of the assistant with tool_calls before it",
                seen("tool"),
                reference="CreateChatCompletionRequest",
            )
        elif isinstance(call, str) and call and call not in calls:
            yield violation(
                "chat.request.tool-result",
                f"{place}.tool_call_id",
                "The result answers a call that the message before it does not have.",
                f"the id of one of its {len(calls)} calls",
                seen(call),
                reference="CreateChatCompletionRequest",
            )


def calls_are_answered(request: JsonObject) -> Iterator[Violation]:
    """OpenAI: "An assistant message with 'tool_calls' must be followed by tool messages responding to each"."""
    open_calls: dict[str, str] = {}  # id -> path
    for place, message in [*_messages(request), ("", {})]:
        if message.get("role") == "tool":
            open_calls.pop(str(message.get("tool_call_id")), None)
            continue
        for name, where in open_calls.items():
            yield violation(
                "chat.request.unanswered-call",
                where,
                "The call is not answered before the conversation goes on.",
                "a message of role tool with this id, right after the call",
                seen(name),
                reference="CreateChatCompletionRequest",
            )
        open_calls = {}
        if message.get("role") == "assistant":
            calls = objects(message, "tool_calls", at=place)
            open_calls = {str(call.get("id")): where for where, call in calls if call.get("id")}


def _called(message: JsonObject) -> frozenset[str] | None:
    if message.get("role") != "assistant" or not isinstance(message.get("tool_calls"), list):
        return None
    ids = (call.get("id") for _, call in objects(message, "tool_calls"))
    return frozenset(name for name in ids if isinstance(name, str))


def _messages(request: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    """All messages; what is none is an empty one, which breaks off a round of calls as any message does.

    As with `objects`, it is the end of a long list.
    """
    member = request.get("messages")
    messages = member if isinstance(member, list) else []
    for index, message in enumerate(messages):
        if isinstance(message, dict):
            yield f"$.messages[{index}]", message
        elif len(messages) > MOST_ELEMENTS:
            return
        else:
            yield f"$.messages[{index}]", {}
