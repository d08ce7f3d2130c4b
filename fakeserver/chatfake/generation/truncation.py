"""What the request lets the model say: stop sequences, the token limit, one call at a time."""

from dataclasses import replace

from chatfake.core.json_text import clean
from chatfake.core.tokens import count, split
from chatfake.generation.reply import Reply, ToolCall
from chatfake.request.chat_request import Chat


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
