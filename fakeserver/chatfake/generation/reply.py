"""What the model says, before anyone thinks of JSON, streams or bytes; what it says where nobody scripted it; and how
much of it a request allows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from chatfake.core.json_text import JsonValue, canonical, clean, digest, dump
from chatfake.core.tokens import count, split, text_of
from chatfake.generation.schema_example import schema_example
from chatfake.request.chat_request import Chat, Tool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """A call of one function. `arguments` is JSON text as the model wrote it, so it may be broken."""

    name: str
    arguments: str = "{}"
    #: Derived from the request when it is empty.
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One message of the assistant.

    `text` None is a message without text (content null). `finish_reason` empty is the natural one:
    `tool_calls` after calls, `stop` after anything else.
    """

    text: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    refusal: str | None = None
    finish_reason: str = ""
    #: What the model thinks before it speaks. It is told where the dialect tells it, and counted everywhere. No part of
    #: what ids hang on.
    reasoning: str | None = field(default=None, repr=False)
    #: The stop sequence that ended it. Not part of what is said, so that ids do not hang on it.
    stopped_by: str = field(default="", repr=False)

    @property
    def ending(self) -> str:
        """The finish reason that is sent."""
        return self.finish_reason or ("tool_calls" if self.tool_calls else "stop")


#: From a request to what is said: one reply a choice, none for an empty `choices`.
Speak = Callable[[Chat], tuple[Reply, ...]]


def saying(reply: Reply) -> Speak:
    """A function that gives this reply for every choice that the request asks for."""
    return lambda chat: (reply,) * chat.n


# -- what is said where nobody scripted it: what reached the server, a pure function of the request -----------

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


# -- what a request allows: stop sequences, the token limit, one call at a time ------------------------------


def limited(reply: Reply, chat: Chat) -> Reply:
    """The part of a reply that the request allows, its finish reason with it."""
    calls = reply.tool_calls if chat.parallel_tool_calls else reply.tool_calls[:1]
    reply = replace(
        reply,
        text=None if reply.text is None else clean(reply.text),
        refusal=None if reply.refusal is None else clean(reply.refusal),
        reasoning=None if reply.reasoning is None else clean(reply.reasoning),
        tool_calls=tuple(
            replace(call, name=clean(call.name), arguments=clean(call.arguments)) for call in calls
        ),
    )
    return _within_room(_stopped(reply, chat.stop), chat.room)


def _stopped(reply: Reply, stops: tuple[str, ...]) -> Reply:
    """The text up to the stop sequence that comes first, which is not part of it."""
    text = reply.text
    if text is None:
        return reply
    ends = [(text.index(stop), stop) for stop in stops if stop in text]
    if not ends:
        return reply
    end, stop = min(ends)
    return replace(reply, text=text[:end], finish_reason="stop", stopped_by=stop)


def _within_room(reply: Reply, room: int) -> Reply:
    """The first `room` tokens of reasoning, text, refusal and arguments; cut, it ends with `length`."""
    if spoken_tokens(reply) <= room:
        return reply
    reasoning, room = _first(reply.reasoning, room)
    text, room = _first(reply.text, room)
    refusal, room = _first(reply.refusal, room)
    calls: list[ToolCall] = []
    for call in reply.tool_calls:
        if calls and room == 0:
            break
        arguments, room = _first(call.arguments, room)
        calls.append(replace(call, arguments=arguments or ""))
    return replace(
        reply,
        reasoning=reasoning,
        text=text,
        refusal=refusal,
        tool_calls=tuple(calls),
        finish_reason="length",
        stopped_by="",
    )


def _first(text: str | None, room: int) -> tuple[str | None, int]:
    if text is None:
        return None, room
    tokens = split(text)[:room]
    return "".join(tokens), room - len(tokens)


def spoken_tokens(reply: Reply) -> int:
    """What a reply costs: its reasoning, text, refusal and its calls' arguments. Names of functions are free."""
    spoken = (reply.reasoning, reply.text, reply.refusal, *(call.arguments for call in reply.tool_calls))
    return sum(count(text) for text in spoken if text)
