"""Texts of all sorts, and what stands where a text should be."""

from collections.abc import Callable

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.generation.reply import Reply, default_reply, report
from chatfake.generation.reshape import on_parts
from chatfake.generation.scenarios.scenario import add, said
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


def _text(text: str | None, ending: str = "") -> Callable[[Chat], Reply]:
    reply = Reply(text=text, finish_reason=ending)
    return lambda _: reply


def _no_content(part: JsonObject) -> None:
    part.pop("content", None)


def _in_parts(part: JsonObject) -> None:
    text = part.get("content")
    if isinstance(text, str):
        parts: JsonValue = [{"type": "text", "text": text}]
        part["content"] = parts


_REFUSED = Reply(refusal="I'm sorry, but I can't help with that.")

said(
    "echo", "the last message's own text", "whose answer was an echo", lambda chat: Reply(text=chat.last_text)
)
said("long-text", "some four thousand tokens of text", "whose answer was long", _text(_SENTENCE * 180))
said(
    "unicode",
    "emoji, combining marks, right-to-left and CJK text",
    "whose answer was full of Unicode",
    _text(UNICODE),
)
said(
    "multi-paragraph",
    "paragraphs, a list and a block of code",
    "whose answer had paragraphs",
    _text(_PARAGRAPHS),
)
said("empty-content", "a text of no characters", "whose answer was empty", _text(""))
said("blank-content", "a text of white space", "whose answer was blank", _text(" \n\n "))
said("null-content", "null in place of a text, and no call", "whose answer was null", _text(None))
said(
    "missing-content",
    "a message without the member content",
    "whose answer had no content",
    _text(""),
    on_parts(_no_content),
)
said(
    "parts-content",
    "the text as a list of parts",
    "whose answer was a list of parts",
    lambda chat: Reply(text=report(chat)),
    on_parts(_in_parts),
)
said("refusal", "a refusal and no content", "whose answer was a refusal", lambda _: _REFUSED)
said(
    "content-filter",
    "a text cut short by the content filter",
    "whose answer was filtered",
    _text("The rest of this answer", "content_filter"),
)
said(
    "length",
    "a text cut short by the token limit",
    "whose answer was cut short",
    _text("This sentence ends before its", "length"),
)
