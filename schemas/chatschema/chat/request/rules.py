"""What the members of a request owe each other: combinations that OpenAI answers with 400.

The sentences in quotes are OpenAI's own, as public code and threads have them.
"""

from collections.abc import Iterator
from functools import partial

from chatschema.common.sampling_rules import biases, stream_options, unknown
from chatschema.core.describe import seen, seen_member
from chatschema.core.json_text import objects, whole
from chatschema.core.violation import JsonObject, JsonValue, Level, Violation
from chatschema.judging.contract import Rule
from chatschema.judging.violation_kind import violation

from .conversation import calls_are_answered, content_is_there, results_answer_calls
from .request import ChatRequest

__all__ = ["REQUEST_RULES"]

_REFERENCE = "CreateChatCompletionRequest"
_CHOICE = "chat.request.tool-choice"
_KNOWN = frozenset(ChatRequest.model_fields)


def rivals_need_logprobs(request: JsonObject) -> Iterator[Violation]:
    """The specification: "`logprobs` must be set to `true` if this parameter is used."."""
    if request.get("top_logprobs") is not None and request.get("logprobs") is not True:
        what = seen_member(request, "logprobs")
        yield violation(
            "chat.request.top-logprobs",
            "$.top_logprobs",
            "Rival tokens are asked for, and log probabilities are not.",
            '"logprobs": true',
            f"logprobs: {what}",
            reference=_REFERENCE,
        )


def one_limit(request: JsonObject) -> Iterator[Violation]:
    """OpenAI: "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."."""
    if whole(request.get("max_tokens")) and whole(request.get("max_completion_tokens")):
        yield violation(
            "chat.request.limits",
            "$.max_tokens",
            "The limit stands there under both of its names.",
            "max_completion_tokens alone",
            seen(request["max_tokens"]),
            reference=_REFERENCE,
        )


def chosen_tool_is_there(request: JsonObject) -> Iterator[Violation]:
    """OpenAI: "'tool_choice' is only allowed when 'tools' are specified.", and "not found in 'tools' parameter."."""
    choice, tools = request.get("tool_choice"), request.get("tools")
    if choice is None:
        return
    if tools is None:
        # "none" chooses nothing, and some servers take it so
        level = Level.SHOULD if choice == "none" else Level.MUST
        yield _nothing_to_choose("$.tool_choice", "tools", choice, level)
        return
    for kind in ("function", "custom"):
        name = _named(choice, kind)
        if name is not None and tools and name not in _names(request, kind):
            yield violation(
                _CHOICE,
                f"$.tool_choice.{kind}.name",
                "The chosen tool is none of the tools.",
                "one of the tools",
                seen(name),
                reference=_REFERENCE,
            )


def chosen_function_is_there(request: JsonObject) -> Iterator[Violation]:
    """The same, in the older way."""
    choice, functions = request.get("function_call"), request.get("functions")
    if choice is None:
        return
    if functions is None:
        level = Level.SHOULD if choice == "none" else Level.MUST
        yield _nothing_to_choose("$.function_call", "functions", choice, level)
        return
    name = choice.get("name") if isinstance(choice, dict) else None
    names = [function.get("name") for _, function in objects(request, "functions")]
    if isinstance(name, str) and functions and name not in names:
        yield violation(
            _CHOICE,
            "$.function_call.name",
            "The chosen function is none of the functions.",
            "one of the functions",
            seen(name),
            reference=_REFERENCE,
        )


def parallel_calls_need_tools(request: JsonObject) -> Iterator[Violation]:
    """OpenAI: "'parallel_tool_calls' is only allowed when 'tools' are specified."."""
    if isinstance(request.get("parallel_tool_calls"), bool) and request.get("tools") is None:
        yield _nothing_to_choose("$.parallel_tool_calls", "tools", request["parallel_tool_calls"], Level.MUST)


def parameters_are_of_an_object(request: JsonObject) -> Iterator[Violation]:
    """OpenAI: "schema must be a JSON Schema of 'type: "object"'"; 1,081 of 1,081 that it took are."""
    functions = list(objects(request, "functions"))
    for place, tool in objects(request, "tools"):
        function = tool.get("function")
        if isinstance(function, dict):
            functions.append((f"{place}.function", function))
    for place, function in functions:
        parameters = function.get("parameters")
        kind = parameters.get("type", "object") if isinstance(parameters, dict) else "object"
        if kind != "object":
            yield violation(
                "chat.request.parameters",
                f"{place}.parameters.type",
                "The parameters are not those of an object.",
                '"object"',
                seen(kind),
                reference=_REFERENCE,
            )


def json_is_asked_for(request: JsonObject) -> Iterator[Violation]:
    """OpenAI: "'messages' must contain the word 'json' in some form", or the model writes blanks for ever."""
    form = request.get("response_format")
    if not isinstance(form, dict) or form.get("type") != "json_object":
        return
    messages = [message for _, message in objects(request, "messages")]
    if messages and not any("json" in text.lower() for message in messages for text in _texts(message)):
        yield violation(
            "chat.request.json-word",
            "$.messages",
            "JSON is wanted, and no message says so.",
            "the word json in a message",
            seen(request["messages"]),
            reference=_REFERENCE,
        )


def a_voice_has_its_options(request: JsonObject) -> Iterator[Violation]:
    """The specification: `audio` is "Required when audio output is requested"."""
    modalities = request.get("modalities")
    if isinstance(modalities, list) and "audio" in modalities and request.get("audio") is None:
        yield violation(
            "chat.request.audio",
            "$.audio",
            "The answer is to be heard, and nothing says in which voice.",
            "an object with voice and format",
            seen_member(request, "audio"),
            Level.SHOULD,
            reference=_REFERENCE,
        )


REQUEST_RULES: tuple[Rule, ...] = (
    content_is_there,
    results_answer_calls,
    calls_are_answered,
    chosen_tool_is_there,
    chosen_function_is_there,
    parallel_calls_need_tools,
    parameters_are_of_an_object,
    json_is_asked_for,
    partial(stream_options, rule="chat.request.stream-options", reference=_REFERENCE),
    rivals_need_logprobs,
    one_limit,
    partial(biases, rule="chat.request.logit-bias", reference=_REFERENCE),
    a_voice_has_its_options,
    partial(unknown, known=_KNOWN, rule="chat.request.unknown", reference=_REFERENCE),
)


def _nothing_to_choose(path: str, tools: str, what: JsonValue, level: Level) -> Violation:
    message = f"{path[2:]} stands there without {tools}."
    return violation(
        _CHOICE, path, message, f"{tools}, or no {path[2:]}", seen(what), level, reference=_REFERENCE
    )


def _named(choice: JsonValue, kind: str) -> str | None:
    named = choice.get(kind) if isinstance(choice, dict) and choice.get("type") == kind else None
    name = named.get("name") if isinstance(named, dict) else None
    return name if isinstance(name, str) else None


def _names(request: JsonObject, kind: str) -> list[JsonValue]:
    inner = [tool.get(kind) for _, tool in objects(request, "tools")]
    return [one.get("name") for one in inner if isinstance(one, dict)]


def _texts(message: JsonObject) -> Iterator[str]:
    content = message.get("content")
    if isinstance(content, str):
        yield content
    for _, part in objects(message, "content"):
        text = part.get("text")
        if isinstance(text, str):
            yield text
