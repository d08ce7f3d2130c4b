"""The reply that nobody scripted: it says what reached the server, and is a pure function of the request."""

from chatfake.core.json_text import JsonValue, canonical, digest, dump
from chatfake.core.tokens import split, text_of
from chatfake.generation.reply import Reply, ToolCall
from chatfake.generation.schema_example import schema_example
from chatfake.request.chat_request import Chat, Tool

#: The last message is quoted up to so many tokens.
QUOTED_TOKENS = 256

_SPEAKERS = {
    "user": "you said",
    "tool": "the tool said",
    "assistant": "I said",
    "system": "the system said",
    "developer": "the developer said",
    "function": "the function said",
}


def default_reply(chat: Chat) -> tuple[Reply, ...]:
    """The default behaviour: a forced tool call, a structured reply, or the text of `report`, as asked."""
    if chat.tools and chat.tool_choice in ("required", "named"):
        # 13 of 15 recorded OpenAI answers to a named choice end with `stop`, all 12 to `required` with
        # `tool_calls`
        ending = "stop" if chat.tool_choice == "named" else ""
        one = Reply(tool_calls=(called(chosen_tool(chat)),), finish_reason=ending)
    elif chat.format == "json_schema":
        one = Reply(text=dump(schema_example(chat.schema)))
    elif chat.format == "json_object":
        one = Reply(text=dump({"reply": report(chat)}))
    else:
        one = Reply(text=report(chat))
    return (one,) * chat.n


def report(chat: Chat) -> str:
    """For example `turn 3 | 5 messages | sha256 1f2e3d4c | you said: And Italy?`.

    The turn counts user messages; the digest covers every message, and is the same for text as a string and
    as a list of text parts, and for members that are null or absent.
    """
    words = split(chat.last_text)
    quoted = chat.last_text if len(words) <= QUOTED_TOKENS else "".join(words[:QUOTED_TOKENS]) + " …"
    plural = "" if len(chat.messages) == 1 else "s"
    return (
        f"turn {chat.turn} | {len(chat.messages)} message{plural} | sha256 {fingerprint(chat)[:8]} | "
        f"{_SPEAKERS.get(chat.last_role, 'someone said')}: {quoted}"
    )


def fingerprint(chat: Chat) -> str:
    """A digest of the conversation alone, not of the other members."""
    return digest(
        canonical(
            [
                {key: _plain(key, message[key]) for key in message if message[key] is not None}
                for message in chat.messages
            ]
        )
    )


def _plain(key: str, value: JsonValue) -> JsonValue:
    only_text = isinstance(value, list) and all(
        isinstance(one, dict) and one.get("type") == "text" for one in value
    )
    return text_of(value) if key == "content" and only_text else value


def chosen_tool(chat: Chat) -> Tool:
    """The tool that was named, else the first."""
    return next((tool for tool in chat.tools if tool.name == chat.named_tool), chat.tools[0])


def called(tool: Tool) -> ToolCall:
    """A call with arguments that fit the tool's parameters."""
    schema = tool.parameters if "type" in tool.parameters else {**tool.parameters, "type": "object"}
    return ToolCall(name=tool.name, arguments=dump(schema_example(schema)))
