"""The fake's tokenizer: small, total, documented, the same on every machine.

Rule 1: the tokens of a text, joined, are the text.
Rule 2: a token is up to four letters or digits, or one other character; one space before them belongs to it.
        White space that no such token takes is one token a character.
Rule 3: what is seen as one character is never cut: combining marks, variation selectors, skin tones, joined
        emoji and flags stay with the character before them. No real character has more than 30 marks (UAX #15,
        stream-safe text) or ten joints; what goes on after them is the next token, so that no token is endless.
Rule 4: the tokens of the first k tokens, joined, are those k tokens. So a text cut at `max_tokens` counts
        exactly `max_tokens`.

A prompt counts 3 tokens, and each message 3 more beside its role, name, text, tool calls and call id; an image
or another part without text counts 85 (what OpenAI charges for an image in low detail); tool definitions and
a JSON schema count as their compact JSON text.
"""

import re
import sys
import unicodedata
from functools import cache, lru_cache

from chatfake.core.json_text import JsonObject, JsonValue, canonical

PRIMING_TOKENS = 3
MESSAGE_TOKENS = 3
PART_TOKENS = 85

_ASCII = re.compile(r" ?[A-Za-z0-9]{1,4}| ?[^\sA-Za-z0-9]|\r\n|\s")


#: All choices of an answer are mostly the same text.
_REMEMBERED = 300_000


def split(text: str) -> tuple[str, ...]:
    """The tokens of a text."""
    return _remembered(text) if len(text) < _REMEMBERED else _split(text)


@lru_cache(maxsize=4)
def _remembered(text: str) -> tuple[str, ...]:
    return _split(text)


def _split(text: str) -> tuple[str, ...]:
    pattern = _ASCII if text.isascii() else _unicode()
    return tuple(pattern.findall(text))


def count(text: str) -> int:
    """How many tokens a text has."""
    return len(split(text))


@cache
def _unicode() -> re.Pattern[str]:
    """The pattern of the rules above for all of Unicode; made when the first text needs it (some 20 ms)."""
    marks = "".join(f"{chr(low)}-{chr(high)}" for low, high in _mark_ranges())
    extend = f"[{marks}\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\U000e0100-\U000e01ef]{{0,30}}"
    joined = rf"{extend}(?:\u200d(?:\S{extend})?){{0,10}}"
    flag = "[\U0001f1e6-\U0001f1ff]"
    return re.compile(
        rf" ?(?:[^\W_]{joined}){{1,4}}| ?{flag}{flag}{joined}| ?\S{joined}|\r\n{joined}|\s{joined}"
    )


def _mark_ranges() -> list[tuple[int, int]]:
    """The runs of combining marks below U+20000; above there are only the ones the pattern names itself."""
    ranges: list[tuple[int, int]] = []
    for point in range(0x300, min(0x20000, sys.maxunicode)):
        if unicodedata.category(chr(point))[0] != "M":
            continue
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1] = (ranges[-1][0], point)
        else:
            ranges.append((point, point))
    return ranges


def text_of(content: JsonValue) -> str:
    """The text of a message's content: the string itself, or its text and refusal parts joined."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    parts = [part for part in content if isinstance(part, dict)]
    texts = [part.get("text", part.get("refusal")) for part in parts]
    return "".join(text for text in texts if isinstance(text, str))


def prompt_tokens(body: JsonObject) -> int:
    """What a valid chat request costs before a word is said; members set to null cost nothing."""
    messages = body.get("messages")
    total = PRIMING_TOKENS
    for message in messages if isinstance(messages, list) else []:
        total += MESSAGE_TOKENS + (_message_tokens(message) if isinstance(message, dict) else 0)
    for extra in (body.get("tools"), body.get("functions"), body.get("response_format")):
        total += count(canonical(extra)) if extra else 0
    return total


def _message_tokens(message: JsonObject) -> int:
    content = message.get("content")
    total = count(text_of(content))
    for member in ("role", "name", "refusal", "tool_call_id"):
        value = message.get(member)
        total += count(value) if isinstance(value, str) else 0
    if isinstance(content, list):
        total += PART_TOKENS * sum(not _has_text(part) for part in content)
    for member in ("tool_calls", "function_call"):
        value = message.get(member)
        total += count(canonical(value)) if value else 0
    return total


def _has_text(part: JsonValue) -> bool:
    return isinstance(part, dict) and part.get("type") in ("text", "refusal")
