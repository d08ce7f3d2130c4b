"""What a JSON answer owes beyond its shape: rules over several members, and what the specification adds.

Rule 1: each function is one rule and yields its violations. Rule 2: they read the parsed JSON rather than the model
and pass over what has the wrong shape, so that an answer with one wrong type still has all else reported.
"""

import re
from collections.abc import Iterator

from chatschema.chat.arguments import faults
from chatschema.common.head_rules import head_is_meant
from chatschema.common.usage_rules import adds_up, counts_are_meant
from chatschema.core.describe import ABSENT, seen, seen_member
from chatschema.core.json_text import Found, objects, whole
from chatschema.core.violation import JsonObject, Level, Violation
from chatschema.judging.contract import Rule
from chatschema.judging.violation_kind import violation

__all__ = ["ASSEMBLED_RULES", "COMPLETION_RULES", "DETAILS", "PLAUSIBLE"]

PLAUSIBLE, DETAILS = "chat.json.usage-plausible", "chat.json.usage-details"

_MESSAGE = "CreateChatCompletionResponse, ChatCompletionResponseMessage"

#: Beside one of these, a message may have null content. Audio: an OpenAI audio answer has its text in there.
_INSTEAD = ("tool_calls", "function_call", "refusal", "audio")
#: How the templates of Hermes and Qwen, Llama, Mistral, DeepSeek and Kimi have a call. Quoted ones are talked about.
_CALL_AS_TEXT = re.compile(
    r'<(?<![`"]<)(?:tool_call>\s*(?:\{\s*"|<function=)|function=[\w.-]+>\s*[{<]|\|python_tag\|>\s*[{\w]'
    r"|\uff5ctool\u2581calls?\u2581begin\uff5c>|\|tool_calls?(?:_section)?_begin\|>)"
    r'|\[(?<![`"]\[)TOOL_CALLS\]\s*(?:\[\s*\{|[\w.-]+(?:\{|\[ARGS\]))'
)
#: Where servers put the thinking; not in the specification, so text that ends in there is a should.
_REASONING = ("reasoning", "reasoning_content")


def choices_are_there(answer: JsonObject) -> Iterator[Violation]:
    """No recorded OpenAI answer is without choices (0 of 1,483), and clients read `choices[0]` unasked."""
    if answer.get("choices") == []:
        yield violation(
            "shape.value",
            "$.choices",
            "The answer has no choices.",
            "at least one choice",
            seen([]),
            reference="CreateChatCompletionResponse",
        )


def indexes_differ(answer: JsonObject) -> Iterator[Violation]:
    """Choices are told apart by their index alone."""
    earlier: set[int] = set()
    for place, choice in objects(answer, "choices"):
        index = choice.get("index")
        if not whole(index):
            continue
        if index in earlier:
            yield violation(
                "shape.value",
                f"{place}.index",
                "Two choices have the same index.",
                "an index of its own for each choice",
                seen(index),
                reference="CreateChatCompletionResponse",
            )
        earlier.add(int(index))


def content_is_text(answer: JsonObject) -> Iterator[Violation]:
    """A message has text, or something in its place.

    OpenAI: null in 279 of 1,492 messages, each beside tool calls, a refusal, a function call or audio; never absent.
    """
    for place, message in _messages(answer):
        if message.get("content") is not None or any(message.get(name) for name in _INSTEAD):
            continue
        thought = any(message.get(name) for name in _REASONING)
        yield violation(
            "chat.json.content",
            f"{place}.content",
            "The message has no content, and nothing in its place"
            + (" but its reasoning." if thought else "."),
            "a string (null only beside tool calls, a refusal, a function call or audio)",
            seen_member(message, "content"),
            Level.SHOULD if thought else Level.MUST,
            reference=_MESSAGE,
        )


def content_is_null_beside_calls(answer: JsonObject) -> Iterator[Violation]:
    """Beside tool calls content is null or a string, never missing (Groq leaves it out in 36 of 98)."""
    for place, message in _messages(answer):
        if "content" not in message and any(message.get(name) for name in _INSTEAD):
            yield violation(
                "chat.tools.content-null",
                f"{place}.content",
                "The member content is missing.",
                "a string or null",
                ABSENT,
                Level.SHOULD,
                reference=_MESSAGE,
            )


def required_members_are_there(answer: JsonObject) -> Iterator[Violation]:
    """Members that the specification requires and clients live without."""
    wanted = [(f"{place}.refusal", message, "refusal") for place, message in _messages(answer)]
    wanted += [(f"{place}.logprobs", choice, "logprobs") for place, choice in objects(answer, "choices")]
    wanted += [
        (f"{place}.audio.expires_at", audio, "expires_at")
        for place, message in _messages(answer)
        if isinstance(audio := message.get("audio"), dict)
    ]
    for path, holder, name in wanted:
        if name not in holder:
            yield violation(
                "chat.json.spec-complete",
                path,
                f"The specification requires the member {name}.",
                "a value or null",
                ABSENT,
                Level.SHOULD,
                reference="CreateChatCompletionResponse" if name == "logprobs" else _MESSAGE,
            )


def no_calls_no_list(answer: JsonObject) -> Iterator[Violation]:
    """Without a call `tool_calls` is absent: 1,241 of 1,241 OpenAI messages without calls."""
    for place, message in _messages(answer):
        if "tool_calls" in message and message["tool_calls"] in (None, []):
            yield violation(
                "chat.tools.absent-is-absent",
                f"{place}.tool_calls",
                "There is no tool call, and yet the member.",
                "no member tool_calls",
                seen(message["tool_calls"]),
                Level.SHOULD,
                reference=_MESSAGE,
            )


def call_ids_differ(answer: JsonObject) -> Iterator[Violation]:
    """A tool's result finds its call by id."""
    for place, message in _messages(answer):
        earlier: set[str] = set()
        for call_place, call in objects(message, "tool_calls", at=place):
            name = call.get("id")
            if not isinstance(name, str):
                continue
            if name and name in earlier:
                yield violation(
                    "chat.tools.shape",
                    f"{call_place}.id",
                    "Two tool calls of one message have the same id.",
                    "an id of its own for each call",
                    seen(name),
                    reference="ChatCompletionMessageToolCall",
                )
            earlier.add(name)


def finish_reason_has_its_call(answer: JsonObject) -> Iterator[Violation]:
    """A client that is told of a call waits for one: 0 of 3,000 recorded answers, of anyone, have none."""
    for place, choice in objects(answer, "choices"):
        reason, message = choice.get("finish_reason"), choice.get("message")
        if (
            not isinstance(message, dict)
            or reason not in ("tool_calls", "function_call")
            or message.get(reason)
        ):
            continue
        yield violation(
            "chat.tools.finish-reason",
            f"{place}.finish_reason",
            "The finish_reason tells of a call, and there is none.",
            f"a call in message.{reason}, or another finish_reason",
            seen(reason),
            reference="CreateChatCompletionResponse",
        )


def arguments_are_one_text(answer: JsonObject) -> Iterator[Violation]:
    """Clients parse the arguments once and call the function with what they get."""
    for place, choice in objects(answer, "choices"):
        message = choice.get("message")
        if isinstance(message, dict):
            yield from faults(message, f"{place}.message", choice.get("finish_reason"))


def usage_adds_up(answer: JsonObject) -> Iterator[Violation]:
    """Total is prompt plus completion: 1,483 of 1,483 OpenAI answers; 0 of 16 of xAI, which leaves out reasoning."""
    usage = answer.get("usage")
    if isinstance(usage, dict):
        yield from adds_up(usage, path="$.usage")
        yield from counts_are_meant(usage, path="$.usage", rule=PLAUSIBLE, details=DETAILS)
    else:
        yield violation(
            "chat.json.usage",
            "$.usage",
            "The answer does not say what it cost.",
            "an object with the token counts",
            seen_member(answer, "usage"),
            Level.SHOULD,
            reference="CompletionUsage",
        )


def head_is_right(answer: JsonObject) -> Iterator[Violation]:
    """A time in seconds, and a model with a name."""
    yield from head_is_meant(answer, family="chat.json", reference="CreateChatCompletionResponse")


def calls_are_no_text(answer: JsonObject) -> Iterator[Violation]:
    """A call in the marks of a model's own template: the server has not read it, so no client can run it."""
    for place, message in _messages(answer):
        content = message.get("content")
        if not isinstance(content, str) or not ("<" in content or "[TOOL" in content):
            continue
        found = _CALL_AS_TEXT.search(content)
        if found is not None:
            yield violation(
                "chat.tools.as-text",
                f"{place}.content",
                "A call of a tool is written in the text.",
                "a call in tool_calls",
                seen(found[0]),
                Level.SHOULD,
                reference=_MESSAGE,
            )


COMPLETION_RULES: tuple[Rule, ...] = (
    head_is_right,
    choices_are_there,
    indexes_differ,
    content_is_text,
    content_is_null_beside_calls,
    call_ids_differ,
    finish_reason_has_its_call,
    arguments_are_one_text,
    calls_are_no_text,
    no_calls_no_list,
    usage_adds_up,
    required_members_are_there,
)

#: Those that a stream can only be held to once it is whole.
ASSEMBLED_RULES: tuple[Rule, ...] = (call_ids_differ, finish_reason_has_its_call, calls_are_no_text)


def _messages(answer: JsonObject) -> Iterator[Found]:
    for place, choice in objects(answer, "choices"):
        message = choice.get("message")
        if isinstance(message, dict):
            yield f"{place}.message", message
