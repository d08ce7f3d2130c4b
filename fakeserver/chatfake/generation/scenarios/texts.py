"""Texts of all sorts, and what stands where a text should be."""

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.generation.reply import Reply, default_reply, report
from chatfake.generation.reshape import Reshape, on_deltas, on_messages
from chatfake.generation.scenarios.scenario import add, scenario
from chatfake.request.chat_request import Chat

UNICODE = (
    "Grüße 👋🏽 aus Zürich: cafe\u0301, नमस्ते, 你好\uff0c世界, こんにちは, 안녕하세요, "
    "שלום, مرحبا, 👩‍👩‍👧‍👦 🇨🇭 ❤️ \U0001d518\U0001d52b\U0001d526 \u200f\u00ad\u2028∑∞."
)
_PARAGRAPHS = (
    "# Three things\n\nThere are three things to say.\n\n1. The first is short.\n2. The second has `code`:\n\n"
    "```python\nprint('hello')\n```\n\n3. The third\n   goes on\n\n> and ends."
)
_SENTENCE = "The history of the conversation comes with every request, and nothing of it stays here. "

add(
    "text",
    "the default reply: a text that says what reached the server",
    "whose answer was a text",
    default_reply,
)


@scenario("echo", "the last message's own text", "whose answer was an echo")
def _echo(chat: Chat) -> Reply:
    return Reply(text=chat.last_text)


@scenario("long-text", "some four thousand tokens of text", "whose answer was long")
def _long_text(_: Chat) -> Reply:
    return Reply(text=_SENTENCE * 180)


@scenario("unicode", "emoji, combining marks, right-to-left and CJK text", "whose answer was full of Unicode")
def _unicode(_: Chat) -> Reply:
    return Reply(text=UNICODE)


@scenario("multi-paragraph", "paragraphs, a list and a block of code", "whose answer had paragraphs")
def _multi_paragraph(_: Chat) -> Reply:
    return Reply(text=_PARAGRAPHS)


@scenario("empty-content", "a text of no characters", "whose answer was empty")
def _empty_content(_: Chat) -> Reply:
    return Reply(text="")


@scenario("blank-content", "a text of white space", "whose answer was blank")
def _blank_content(_: Chat) -> Reply:
    return Reply(text=" \n\n ")


@scenario("null-content", "null in place of a text, and no call", "whose answer was null")
def _null_content(_: Chat) -> Reply:
    return Reply(text=None)


def _no_content(part: JsonObject) -> None:
    part.pop("content", None)


@scenario(
    "missing-content",
    "a message without the member content",
    "whose answer had no content",
    Reshape(whole=on_messages(_no_content), pieces=on_deltas(_no_content)),
)
def _missing_content(_: Chat) -> Reply:
    return Reply(text="")


def _in_parts(part: JsonObject) -> None:
    text = part.get("content")
    if isinstance(text, str):
        parts: JsonValue = [{"type": "text", "text": text}]
        part["content"] = parts


@scenario(
    "parts-content",
    "the text as a list of parts",
    "whose answer was a list of parts",
    Reshape(whole=on_messages(_in_parts), pieces=on_deltas(_in_parts)),
)
def _parts_content(chat: Chat) -> Reply:
    return Reply(text=report(chat))


@scenario("refusal", "a refusal and no content", "whose answer was a refusal")
def _refusal(_: Chat) -> Reply:
    return Reply(refusal="I'm sorry, but I can't help with that.")


@scenario("content-filter", "a text cut short by the content filter", "whose answer was filtered")
def _content_filter(_: Chat) -> Reply:
    return Reply(text="The rest of this answer", finish_reason="content_filter")


@scenario("length", "a text cut short by the token limit", "whose answer was cut short")
def _length(_: Chat) -> Reply:
    return Reply(text="This sentence ends before its", finish_reason="length")
