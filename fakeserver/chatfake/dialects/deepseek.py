"""DeepSeek: counts of what its cache had, usage with the last chunk, and one code for all errors."""

from collections.abc import Iterator
from functools import partial

from chatfake.core.api_error import (
    INVALID_REQUEST,
    ApiError,
    ContextExceededError,
    MalformedJsonError,
    NoModelError,
    UnknownModelError,
)
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.dialects.format.chunk import ChunkKind
from chatfake.dialects.format.dialect import Dialect, Heads, deviations, register
from chatfake.dialects.format.format import Body, Format, Stream, UsageIn
from chatfake.dialects.format.id_alphabets import MIXED, letters
from chatfake.dialects.format.render_context import ABSENT, Absent, RenderContext, always, filled, made, shape
from chatfake.dialects.format.rendered_error import RenderedError
from chatfake.dialects.format.reply_adapters import one_without_refusals
from chatfake.dialects.format.request_rules import Refuse, Requests, changed, not_served
from chatfake.dialects.format.tool_calls import numbered
from chatfake.generation.identity import Ids, as_uuid
from chatfake.request.validation.rules import refusal_of

# -- answers --------------------------------------------------------------------------------------------


def _missed(context: RenderContext) -> JsonValue:
    return context.openai["prompt_tokens"]


def _no_usage_yet(context: RenderContext) -> bool:
    return context.completion.chat.include_usage and "usage" not in context.openai


def _thinks(context: RenderContext) -> bool:
    return context.reply is not None and context.reply.reasoning is not None


def _delta_content(context: RenderContext) -> JsonValue | Absent:
    """Null while it thinks; a text with the role and at the end."""
    if context.kind is ChunkKind.REASONING or (context.kind is ChunkKind.ROLE and _thinks(context)):
        return None
    return "" if context.kind in (ChunkKind.ROLE, ChunkKind.FINISH) else context.openai.get("content", ABSENT)


def _delta_reasoning(context: RenderContext) -> JsonValue | Absent:
    """Null when it has thought."""
    if not _thinks(context) or context.kind is ChunkKind.CALL:
        return ABSENT
    return "" if context.kind is ChunkKind.ROLE else context.openai.get("reasoning_content")


def _reasoning_tokens(context: RenderContext) -> JsonValue | Absent:
    return {"reasoning_tokens": context.completion.reasoning_tokens} if context.completion.thinks else ABSENT


_USAGE = shape(
    "prompt_tokens completion_tokens total_tokens",
    always("prompt_tokens_details", {"cached_tokens": 0}),
    made("completion_tokens_details", _reasoning_tokens),
    always("prompt_cache_hit_tokens", 0),
    made("prompt_cache_miss_tokens", _missed),
)
_LOGPROBS = shape("content")
_BODY = Body(
    whole=shape("id object created model choices usage system_fingerprint"),
    choice=shape("index message logprobs finish_reason"),
    message=shape(
        "role",
        filled("content", ""),
        "reasoning_content",
        made("tool_calls", numbered("index", "id", "type", "function")),
    ),
    logprobs=_LOGPROBS,
    usage=_USAGE,
    reasoning="reasoning_content",
)
_STREAM = Stream(
    chunk=shape(
        "id object created model system_fingerprint choices",
        made(
            "usage", lambda context: None if _no_usage_yet(context) else context.openai.get("usage", ABSENT)
        ),
    ),
    delta=shape(
        "role", made("content", _delta_content), made("reasoning_content", _delta_reasoning), "tool_calls"
    ),
    logprobs=_LOGPROBS,
    usage=_USAGE,
    reasoning="reasoning_content",
    usage_asked=UsageIn.LAST_CHUNK,
    usage_unasked=UsageIn.LAST_CHUNK,
)


# -- requests -------------------------------------------------------------------------------------------


def _format(body: JsonObject) -> Iterator[ApiError]:
    form = body.get("response_format")
    if isinstance(form, dict) and form.get("type") == "json_schema":
        yield ApiError(message="This response_format type is unavailable now")


def _beta(name: str) -> Refuse:
    message = f'{name} is only available when using beta api (set base_url="https://api.deepseek.com/beta")'
    return lambda _, __: ApiError(message=message)


_NOT_READ = "Failed to deserialize the JSON body into the target type"


def _words(error: ApiError) -> str:
    match error:
        case UnknownModelError():
            return "Model Not Exist"
        case ContextExceededError(limit=limit, prompt=prompt, output=output):
            return (
                f"This model's maximum context length is {limit} tokens. However, you requested {prompt + output} "
                f"tokens ({prompt} in the messages, {output} in the completion). Please reduce the length of the "
                "messages or completion."
            )
        case MalformedJsonError():
            return "Failed to parse the request body as JSON"
        case NoModelError():
            return f"{_NOT_READ}: missing field `model`"
        case ApiError(code="missing_required_parameter" | "invalid_type"):
            return f"{_NOT_READ}: {error.param}"
        case _:
            return error.message


def deepseek_error(error: ApiError) -> RenderedError:
    """OpenAI's object; `code` is the same for all."""
    status = 400 if isinstance(error, UnknownModelError) else error.status
    kind = INVALID_REQUEST if status < 500 else error.type
    told: JsonObject = {"message": _words(error), "type": kind, "param": None, "code": INVALID_REQUEST}
    return RenderedError(status=status, payload={"error": told})


def _model(entry: JsonObject) -> JsonObject:
    return {"id": entry["id"], "object": "model", "owned_by": "deepseek"}


_TRACE = (("x-ds-trace-id", "{id}"), ("access-control-allow-credentials", "true"))

DEEPSEEK = register(
    Dialect(
        name="deepseek",
        source="api.deepseek.com, recorded answers of 2024 to 2026; api-docs.deepseek.com",
        chat=Format(body=_BODY, stream=_STREAM),
        retold=one_without_refusals,
        ids=Ids(
            completion=as_uuid,
            call_prefix="call_{:02d}_",
            call=lambda mark: letters(mark, MIXED, 20) + f"{int(mark[-4:], 16) % 10_000:04d}",
        ),
        heads=Heads(json=_TRACE, sse=(("cache-control", "no-cache"), *_TRACE), error=_TRACE),
        errors=deepseek_error,
        requests=Requests(
            chat=partial(
                refusal_of, rules=changed({"unknown-members": None, "response-format.kind": _format})
            ),
            completions=_beta("completions api"),
            embeddings=not_served("POST", "/v1/embeddings"),
        ),
        model=_model,
        deviations=deviations(
            {
                "Models have no created.": "models.list shape.missing",
                "Messages have no member refusal.": "chat.json.spec-complete",
                "Whatever `n` asks for, there is one choice.": "chat.json.n",
                "There is no `json_schema`.": "chat.format.json-schema",
                "Usage comes with the finish_reason, not in a chunk of its own.": "chat.sse.usage-asked",
            }
        ),
    )
)
