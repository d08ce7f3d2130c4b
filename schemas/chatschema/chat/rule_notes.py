"""What the rules of chat completions say is wrong."""

from collections.abc import Mapping

__all__ = ["CHAT_RULES"]

CHAT_RULES: Mapping[str, str] = {
    "chat.errors.shape": "An error lacks one of message, type, param and code, or has it in another type.",
    "chat.json.content": "A message has no text, and nothing in its place.",
    "chat.json.spec-complete": "A member is missing that the specification requires and clients live without.",
    "chat.json.usage": "The token counts are missing, or the total is not their sum.",
    "chat.request.audio": "The answer is to be heard, and nothing says in which voice.",
    "chat.request.content": "A message of the assistant says nothing and calls nothing.",
    "chat.request.json-word": "JSON is wanted, and no message says so.",
    "chat.request.limits": "The limit of tokens stands there under both of its names.",
    "chat.request.logit-bias": "A key of logit_bias is no token.",
    "chat.request.parameters": "The parameters of a function are not those of an object.",
    "chat.request.stream-options": "There are stream_options, and no stream.",
    "chat.request.tool-choice": "A tool is chosen that is not there.",
    "chat.request.tool-result": "The result of a tool does not follow on its call.",
    "chat.request.top-logprobs": "Rival tokens are asked for, and log probabilities are not.",
    "chat.request.unanswered-call": "A call of a tool is not answered before the conversation goes on.",
    "chat.request.unknown": "A member is none that OpenAI knows, which it refuses.",
    "chat.sse.delta-not-message": "A chunk carries the whole message where its delta belongs.",
    "chat.sse.done": "[DONE] does not come once, as the last event.",
    "chat.sse.error": "The answer fails in mid-stream.",
    "chat.sse.error-before": "A request is refused inside a stream with a good status.",
    "chat.sse.finish-once": "A choice does not get one finish_reason as its last word.",
    "chat.sse.framing": "An event is not framed by the rules, or its data is no JSON.",
    "chat.sse.role-first": "The first delta of a choice has no role, or a role is none.",
    "chat.sse.same-head": "id, created or model change within a stream.",
    "chat.sse.shape": "A chunk has a member missing, of another type, or with a value that it cannot have.",
    "chat.tools.absent-is-absent": "There is no tool call, and yet the member.",
    "chat.tools.arguments": "The arguments of a call are not the JSON text of one object.",
    "chat.tools.content-null": "Beside tool calls, content is neither a string nor null.",
    "chat.tools.finish-reason": "The finish_reason tells of a call, and there is none.",
    "chat.tools.shape": "A tool call has no id of its own.",
    "chat.tools.sse-fragments": "Fragments of a tool call do not add up to one.",
}
