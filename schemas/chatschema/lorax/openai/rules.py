"""What an answer of LoRAX's OpenAI routes owes beyond its shape."""

from collections.abc import Iterator
from functools import partial

from chatschema.common.usage_rules import adds_up
from chatschema.core.describe import seen, seen_member
from chatschema.core.json_text import objects, whole
from chatschema.core.violation import JsonObject, Level, Violation
from chatschema.judging.contract import Rule
from chatschema.judging.violation_kind import violation
from chatschema.lorax.native.generate_rules import complete

__all__ = ["CHAT_CHUNK_RULES", "CHAT_RULES", "TEXT_CHUNK_RULES", "TEXT_RULES"]

_REFERENCE = "router/src/lib.rs, ChatCompletionResponse"
_violation = partial(violation, reference=_REFERENCE)
_SHAPE = "lorax.stream.shape"
_LAST = "lorax.stream.last-event"


def choices_are_numbered(answer: JsonObject) -> Iterator[Violation]:
    """At least one, from 0 on, the best first."""
    if answer.get("choices") == []:
        yield _violation(
            "shape.value", "$.choices", "The answer has no choices.", "at least one choice", "none"
        )
    for number, (place, choice) in enumerate(objects(answer, "choices")):
        index = choice.get("index")
        if whole(index) and index >= 0 and index != number:
            yield _violation(
                "shape.value", f"{place}.index", "The choices are not in order.", seen(number), seen(index)
            )


def message_says_or_calls(answer: JsonObject) -> Iterator[Violation]:
    """A message has a text or a call; the router sends no other."""
    for place, choice in objects(answer, "choices"):
        message = choice.get("message")
        if isinstance(message, dict) and message.get("content") is None and not message.get("tool_calls"):
            yield _violation(
                "chat.json.content",
                f"{place}.message.content",
                "The message has no content, and no call in its place.",
                "a string, or tool_calls",
                seen_member(message, "content"),
            )


def fingerprint_is_there(answer: JsonObject) -> Iterator[Violation]:
    """Servers send it since 0.12."""
    yield from complete(answer, "system_fingerprint", at="$", since="0.12.0")


def chat_usage_adds_up(body: JsonObject) -> Iterator[Violation]:
    """Total is prompt plus completion."""
    yield from _adds_up(body, "chat.json.usage")


def text_usage_adds_up(body: JsonObject) -> Iterator[Violation]:
    """Total is prompt plus completion."""
    yield from _adds_up(body, "completions.usage")


def delta_brings_its_token(chunk: JsonObject) -> Iterator[Violation]:
    """Each delta has role and text, but for the token that ends the sequence: its delta is empty."""
    for place, choice, delta in _deltas(chunk):
        if choice.get("finish_reason") == "stop":
            if delta.get("content"):
                yield _violation(
                    _SHAPE,
                    f"{place}.delta.content",
                    "The token that ends the sequence is shown.",
                    "an empty delta",
                    seen(delta["content"]),
                    level=Level.SHOULD,
                )
            continue
        if delta.get("content") is None:
            what = seen_member(delta, "content")
            yield _violation(
                _SHAPE, f"{place}.delta.content", "The chunk has no text.", "the token's text", what
            )
        if delta.get("role") is None:
            what = seen_member(delta, "role")
            yield _violation(
                _SHAPE,
                f"{place}.delta.role",
                "The delta has no role.",
                '"assistant"',
                what,
                level=Level.SHOULD,
            )


def usage_comes_at_the_end(chunk: JsonObject) -> Iterator[Violation]:
    """With the finish_reason, and not before; servers before 0.11 never send it."""
    for _, choice, _ in _deltas(chunk):
        ends, there = choice.get("finish_reason") is not None, isinstance(chunk.get("usage"), dict)
        if ends and not there:
            message, expected = (
                "The last chunk does not say what the answer cost.",
                "an object with the counts",
            )
        elif there and not ends:
            message, expected = "Usage comes before the last chunk.", "no member usage"
        else:
            continue
        what = seen_member(chunk, "usage")
        yield _violation(_LAST, "$.usage", message, expected, what, level=Level.SHOULD)


def end_of_sequence_has_no_text(chunk: JsonObject) -> Iterator[Violation]:
    """The token that ends the sequence is no text; servers before 0.9 show it."""
    for place, choice in objects(chunk, "choices"):
        if choice.get("finish_reason") == "stop" and isinstance(choice.get("text"), str) and choice["text"]:
            yield _violation(
                _SHAPE,
                f"{place}.text",
                "The token that ends the sequence is shown.",
                "an empty text",
                seen(choice["text"]),
                level=Level.SHOULD,
            )


def usage_is_zero_until_the_end(chunk: JsonObject) -> Iterator[Violation]:
    """Counts come with the finish_reason; until then they are zeros."""
    usage = chunk.get("usage")
    open_choices = [choice for _, choice in objects(chunk, "choices") if choice.get("finish_reason") is None]
    if (
        open_choices
        and isinstance(usage, dict)
        and whole(usage.get("total_tokens"))
        and usage["total_tokens"]
    ):
        yield _violation(
            _LAST,
            "$.usage.total_tokens",
            "Counts come before the last chunk.",
            "0",
            seen(usage["total_tokens"]),
            level=Level.SHOULD,
        )


CHAT_RULES: tuple[Rule, ...] = (
    choices_are_numbered,
    message_says_or_calls,
    chat_usage_adds_up,
    fingerprint_is_there,
)
CHAT_CHUNK_RULES: tuple[Rule, ...] = (delta_brings_its_token, usage_comes_at_the_end, chat_usage_adds_up)
TEXT_RULES: tuple[Rule, ...] = (text_usage_adds_up,)
TEXT_CHUNK_RULES: tuple[Rule, ...] = (
    end_of_sequence_has_no_text,
    usage_is_zero_until_the_end,
    text_usage_adds_up,
)


def _deltas(chunk: JsonObject) -> Iterator[tuple[str, JsonObject, JsonObject]]:
    for place, choice in objects(chunk, "choices"):
        delta = choice.get("delta")
        if isinstance(delta, dict):
            yield place, choice, delta


def _adds_up(body: JsonObject, rule: str) -> Iterator[Violation]:
    usage = body.get("usage")
    if isinstance(usage, dict):
        yield from adds_up(usage, path="$.usage", rule=rule)
