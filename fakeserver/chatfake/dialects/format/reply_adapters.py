"""What a server can't say as OpenAI does, in the words that it has."""

from dataclasses import replace

from chatfake.generation.reply import Reply
from chatfake.request.chat_request import Chat


def without_refusals(replies: tuple[Reply, ...], _: Chat) -> tuple[Reply, ...]:
    """There is no member `refusal`: what the model refuses with is its text."""
    return tuple(
        reply
        if reply.refusal is None
        else replace(reply, text=(reply.text or "") + reply.refusal, refusal=None)
        for reply in replies
    )


def calls_end_as_calls(replies: tuple[Reply, ...], chat: Chat) -> tuple[Reply, ...]:
    """Without refusals too; a call ends with `tool_calls`, a named one too."""
    return tuple(
        replace(reply, finish_reason="") if reply.tool_calls and reply.finish_reason == "stop" else reply
        for reply in without_refusals(replies, chat)
    )


def one_without_refusals(replies: tuple[Reply, ...], chat: Chat) -> tuple[Reply, ...]:
    """Whatever `n` asks for, there is one choice."""
    return without_refusals(replies[:1], chat)
