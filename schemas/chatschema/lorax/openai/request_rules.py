"""What a request of LoRAX's OpenAI routes owes beyond its shape: whatever the router refuses under any limits."""

from collections.abc import Iterator

from chatschema.core.json_text import objects, whole
from chatschema.core.violation import JsonObject, Violation
from chatschema.judging.contract import Rule
from chatschema.lorax.native.request_rules import EMBED_RULES, best_of_violations
from chatschema.lorax.refusal import adapters, fractions, refused

__all__ = ["CHAT_REQUEST_RULES", "COMPLETION_REQUEST_RULES", "EMBEDDINGS_REQUEST_RULES"]

_INTEGERS = ("max_tokens", "n", "top_k", "seed", "best_of", "logprobs")
#: The router adds this one itself.
_NO_TOOL = "no_tool"


def integers_have_no_fraction(request: JsonObject) -> Iterator[Violation]:
    """`20.0` is refused where an integer is wanted."""
    yield from fractions(request, _INTEGERS, at="$")


def source_is_known(request: JsonObject) -> Iterator[Violation]:
    """The adapter that the model names comes from a source that there is."""
    yield from adapters(request, at="$")


def answers_are_possible(request: JsonObject) -> Iterator[Violation]:
    """Several answers need sampling, which a chat does unless its temperature is 0, and no seed and no stream."""
    sampling = request.get("temperature") != 0 or _any(request, "top_k", "top_p")
    yield from best_of_violations(request, "n", sampling=sampling, streamed=_streamed(request), at="$")


def tools_and_format_exclude_each_other(request: JsonObject) -> Iterator[Violation]:
    """Both bind the text; even an empty list of tools does not go with a format."""
    form = request.get("response_format")
    if not isinstance(form, dict) or not isinstance(request.get("tools"), list):
        return
    if form.get("type") in ("json_object", "json_schema", "JsonObject", "JsonSchema"):
        yield refused("$.tools", "There are tools beside a response_format.", "one of them", request["tools"])


def chosen_tool_is_there(request: JsonObject) -> Iterator[Violation]:
    """Any text but "auto" and "none" is a function's name, "required" too."""
    choice = request.get("tool_choice")
    named = choice.get("Function") if isinstance(choice, dict) else None
    name = named.get("name") if isinstance(named, dict) else choice
    if not isinstance(name, str) or (named is None and name in ("auto", "none")) or not request.get("tools"):
        return
    functions = [tool.get("function") for _, tool in objects(request, "tools")]
    names = [function.get("name") for function in functions if isinstance(function, dict)]
    if name not in (*names, _NO_TOOL):
        yield refused("$.tool_choice", "The chosen tool is none of the tools.", "one of the tools", choice)


def sequences_are_possible(request: JsonObject) -> Iterator[Violation]:
    """Several sequences need sampling, which a completion does where any of these is there."""
    sampling = _any(request, "n", "temperature", "top_k", "top_p")
    yield from best_of_violations(request, "best_of", sampling=sampling, streamed=_streamed(request), at="$")


def a_stream_has_no_logprobs(request: JsonObject) -> Iterator[Violation]:
    """They turn on the prompt's details, which a stream refuses."""
    if _streamed(request) and whole(request.get("logprobs")):
        yield refused("$.logprobs", "logprobs are asked for in a stream.", "no logprobs", request["logprobs"])


def dimensions_have_no_fraction(request: JsonObject) -> Iterator[Violation]:
    """They are ignored, and have to be an integer all the same."""
    yield from fractions(request, ("dimensions",), at="$")


CHAT_REQUEST_RULES: tuple[Rule, ...] = (
    integers_have_no_fraction,
    source_is_known,
    answers_are_possible,
    tools_and_format_exclude_each_other,
    chosen_tool_is_there,
)

COMPLETION_REQUEST_RULES: tuple[Rule, ...] = (
    integers_have_no_fraction,
    source_is_known,
    sequences_are_possible,
    a_stream_has_no_logprobs,
)

EMBEDDINGS_REQUEST_RULES: tuple[Rule, ...] = (dimensions_have_no_fraction, *EMBED_RULES)


def _streamed(request: JsonObject) -> bool:
    return request.get("stream") is True


def _any(request: JsonObject, *names: str) -> bool:
    return any(request.get(name) is not None for name in names)
