"""What vLLM refuses and what it lets pass, with its words (vLLM 0.32.0, recorded).

pydantic speaks first, and of all members at once; then come vLLM's own checks, of which the first speaks.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from chatfake.core.api_error import ApiError, shown
from chatfake.core.json_text import JsonObject, JsonValue, entries
from chatfake.core.tokens import count, prompt_tokens
from chatfake.dialects.format.request_rules import Requests, the_served
from chatfake.dialects.requests.vllm_errors import BAD_REQUEST, VALIDATION
from chatfake.request.validation.schema import unknown_type

if TYPE_CHECKING:
    from chatfake.dialects.requests.pydantic_models import Chat, Completion, Problem, Sampling

#: So many of pydantic's errors are told, the others counted.
MOST_TOLD = 10


_NO_CONSTRAINT = (
    "You must use one kind of structured outputs constraint but none are specified: {'json': None, 'regex': None, "
    "'choice': None, 'grammar': None, 'json_object': None, 'disable_any_whitespace': False, "
    "'disable_additional_properties': False, 'whitespace_pattern': None, 'structural_tag': None, '_backend': None, "
    "'_backend_was_auto': False}"
)
#: Those of OpenAI's contract, and vLLM's own.
_PARTS = (
    "text", "image_url", "input_audio", "file", "refusal", "audio_url", "video_url", "image_pil", "image_embeds",
    "audio_embeds",
)  # fmt: skip


def _told(found: "Sequence[Problem]") -> ApiError:
    number = len(found)
    lines = [_line(error) for error in found[:MOST_TOLD]]
    if number > MOST_TOLD:
        lines.append(f"...and {number - MOST_TOLD} more errors")
    head = f"{number} validation error{'' if number == 1 else 's'}:"
    return ApiError(message="\n  ".join([head, *lines]), param=_path(found[0]["loc"]), type=VALIDATION)


def _path(loc: tuple[int | str, ...]) -> str:
    """Without the branches of a union that are no class."""
    steps = (str(step) for step in loc)
    return ".".join(("body", *(step for step in steps if step != "str" and not step.startswith("list["))))


def _line(error: "Problem") -> str:
    told = {
        "type": error["type"],
        "loc": _path(error["loc"]),
        "msg": error["msg"],
        "input": _input(error["input"]),
    }
    return repr({**told, "ctx": error["ctx"]} if "ctx" in error else told)


def _input(value: JsonValue) -> str:
    if isinstance(value, dict | list):
        return f"<{type(value).__name__} of {len(value)} items>"
    return shown(str(value))


# -- vLLM's own checks --------------------------------------------------------------------------------------


def _bad(message: str, param: str | None = None, value: object = None) -> ApiError:
    notes = [] if param is None else [f"parameter={param}"]
    notes += [] if value is None else [f"value={shown(str(value))}"]
    written = f"{message} ({', '.join(notes)})" if notes else message
    return ApiError(message=written, param=param, type=BAD_REQUEST)


def _sampling(body: JsonObject, read: "Sampling") -> Iterator[ApiError]:
    heat, top_p, most = read.temperature, read.top_p, read.limit
    if read.n is not None and read.n < 1:
        yield _bad(f"n must be at least 1, got {read.n}.")
    for name in ("presence_penalty", "frequency_penalty"):
        value = getattr(read, name)
        if value is not None and not -2 <= value <= 2:
            yield _bad(f"{name} must be in [-2, 2], got {value}.")
    if heat is not None and heat < 0:
        yield _bad(f"temperature must be non-negative, got {heat}.", "temperature", heat)
    if heat is not None and heat > 2:
        yield _bad(f"temperature must be in [0, 2], got {heat}.", "temperature", heat)
    if top_p is not None and not 0 < top_p <= 1:
        yield _bad(f"top_p must be in (0, 1], got {top_p}.", "top_p", top_p)
    if most is not None and most < 1:
        yield _bad(f"max_tokens must be at least 1, got {most}.", "max_tokens", most)
    if read.stop == "" or (isinstance(read.stop, list) and "" in read.stop):
        yield _bad("stop cannot contain an empty string.")
    strange = [key for key in read.logit_bias or {} if not key.isdecimal()]
    if strange:
        words = f"logit_bias contains key(s) that cannot be converted to integer token IDs: {strange}"
        yield _bad(words, "logit_bias", strange)
    if body.get("stream_options") is not None and not read.stream:
        yield _bad("Stream options can only be defined when `stream=True`.", "stream_options")


def _chat(body: JsonObject, read: "Chat") -> Iterator[ApiError]:
    if read.messages is None:
        yield _bad("'NoneType' object is not iterable")
    yield from _parts(body)
    yield from _sampling(body, read)
    yield from _logprobs(read)
    yield from _tool_choice(body)
    form = body.get("response_format")
    if isinstance(form, dict) and form.get("type") == "json_schema":
        schema = form.get("json_schema")
        if schema is None:
            words = "When response_format type is 'json_schema', the 'json_schema' field must be provided."
            yield _bad(words, "response_format")
        elif isinstance(schema, dict) and schema.get("schema") is None:
            yield _bad(_NO_CONSTRAINT)
        elif isinstance(schema, dict) and (kind := unknown_type(schema.get("schema"))):
            yield _bad(f"Grammar error: Invalid type: {kind}")
    if read.messages == []:
        yield _bad("Cannot apply chat template to an empty conversation. Provide at least one message.")


def _parts(body: JsonObject) -> Iterator[ApiError]:
    for message in entries(body.get("messages")):
        for place, part in enumerate(entries(message.get("content") if isinstance(message, dict) else None)):
            kind = part.get("type") if isinstance(part, dict) else None
            if kind not in _PARTS:
                yield _bad(
                    f"1 validation error for ValidatorIterator\n{place}.ChatCompletionContentPartTextParam.type\n"
                    f"  Input should be 'text' [type=literal_error, input_value={shown(repr(kind))}, input_type=str]\n"
                    "    For further information visit https://errors.pydantic.dev/2.14/v/literal_error"
                )


def _logprobs(read: "Chat") -> Iterator[ApiError]:
    top = read.top_logprobs
    if top is None:
        return
    if not read.logprobs:
        yield _bad("when using `top_logprobs`, `logprobs` must be set to true.", "top_logprobs")
    if top > 20:
        words = f"Requested sample logprobs of {top}, which is greater than max allowed: 20"
        yield _bad(words, "logprobs", top)


def _tool_choice(body: JsonObject) -> Iterator[ApiError]:
    tools, choice = body.get("tools"), body.get("tool_choice")
    if tools == []:
        words = (
            "`tools` must not be an empty array. Either provide at least one tool or omit the field entirely."
        )
        yield _bad(words, "tools")
    if choice is None or choice == "none":
        return
    if not tools:
        yield _bad("When using `tool_choice`, `tools` must be set.", "tool_choice")
    if isinstance(choice, str) and choice not in ("auto", "required"):
        words = f"Invalid value for `tool_choice`: {shown(choice)}! "
        yield _bad(f'{words}Only named tools, "none", "auto" or "required" are supported.', "tool_choice")
    if isinstance(choice, dict) and _named(choice) not in [_named(tool) for tool in entries(tools)]:
        words = "The tool specified in `tool_choice` does not match any of the specified `tools`"
        yield _bad(words, "tool_choice")


def _prompt(body: JsonObject, read: "Completion") -> Iterator[ApiError]:
    if not body.get("prompt"):
        yield _bad("Either prompt or prompt_embeds must be provided and non-empty.", "prompt")
    yield from _sampling(body, read)
    if read.suffix:
        words = "suffix is only supported for models with FIM completion rendering"
        yield ApiError(message=words, param="suffix", type=BAD_REQUEST)


def _too_long(most: int | None, cost: int, room: int) -> Iterator[ApiError]:
    if most is not None and most > room:
        words = f"max_tokens={most} cannot be greater than max_model_len={room}. Please request fewer output tokens."
        yield _bad(words, "max_tokens", most)
    words = f"This model's maximum context length is {room} tokens. However, "
    if cost >= room:
        yield _bad(
            f"{words}your prompt contains {cost} input tokens. Please reduce the length of the input prompt.",
            "input_tokens",
            cost,
        )
    if most is not None and cost + most > room:
        yield _bad(
            f"{words}you requested {most} output tokens and your prompt contains {cost} input tokens, for a total of "
            f"{cost + most} tokens. Please reduce the length of the input prompt or the number of requested output "
            "tokens.",
            "input_tokens",
            cost,
        )


def _chat_refusal(body: JsonValue, context_length: int) -> ApiError | None:
    from chatfake.dialects.requests.pydantic_models import VllmChat, read  # noqa: PLC0415  pydantic is not everyone's

    found = read(VllmChat, body)
    if isinstance(found, list) or not isinstance(body, dict):
        return _told(found) if isinstance(found, list) else None
    return next(_chat(body, found), None) or next(
        _too_long(found.limit, prompt_tokens(body), context_length), None
    )


def _completion_refusal(body: JsonValue, context_length: int) -> ApiError | None:
    from chatfake.dialects.requests.pydantic_models import VllmCompletion, read  # noqa: PLC0415  as above

    found = read(VllmCompletion, body)
    if isinstance(found, list) or not isinstance(body, dict):
        return _told(found) if isinstance(found, list) else None
    prompt = body.get("prompt")
    cost = count(prompt) if isinstance(prompt, str) else 1
    return next(_prompt(body, found), None) or next(_too_long(found.limit, cost, context_length), None)


def _embedding_refusal(body: JsonValue, _: int) -> ApiError | None:
    from chatfake.dialects.requests.pydantic_models import VllmEmbedding, read  # noqa: PLC0415  as above

    found = read(VllmEmbedding, body)
    if isinstance(found, list):
        return _told(found)
    if found.input == []:
        return _bad("You must pass at least one prompt")
    if found.input == "" or (isinstance(found.input, list) and "" in found.input):
        return _bad("The decoder prompt cannot be empty")
    return None


def _named(tool: JsonValue) -> JsonValue:
    function = tool.get("function") if isinstance(tool, dict) else None
    return function.get("name") if isinstance(function, dict) else None


def _normalized(body: JsonObject) -> JsonObject:
    from chatfake.dialects.requests.pydantic_models import coerced  # noqa: PLC0415  as above

    return coerced(body)


VLLM_REQUESTS = Requests(
    chat=_chat_refusal,
    completions=_completion_refusal,
    embeddings=_embedding_refusal,
    normalize=_normalized,
    default_model=the_served,
)
