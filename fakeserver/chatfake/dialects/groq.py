"""Groq: counts with their times, `x_groq`, calls that come whole, and errors without the members that say nothing."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from chatfake.core.api_error import (
    INVALID_REQUEST,
    ApiError,
    ContextExceededError,
    UnknownModelError,
    UnknownUrlError,
    shown,
)
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.dialects.format.chunk import ChunkKind
from chatfake.dialects.format.completion import Completion
from chatfake.dialects.format.dialect import Dialect, Heads, deviations, register
from chatfake.dialects.format.format import Body, Format, Stream
from chatfake.dialects.format.id_alphabets import CROCKFORD, LOWER, lettered, letters
from chatfake.dialects.format.json_forms import line
from chatfake.dialects.format.render_context import (
    ABSENT,
    Absent,
    RenderContext,
    always,
    at,
    made,
    null,
    shape,
    where,
)
from chatfake.dialects.format.rendered_error import RenderedError
from chatfake.dialects.format.reply_adapters import one_without_refusals
from chatfake.dialects.format.request_rules import Requests, changed, not_served
from chatfake.dialects.format.tool_calls import one_by_one
from chatfake.generation.identity import Ids, as_uuid
from chatfake.request.validation import members
from chatfake.request.validation.rules import refusal_of

_TABLE = replace(
    members.CHAT,
    values={
        "service_tier": ("auto", "on_demand", "flex", "performance"),
        "reasoning_effort": ("none", "default", "low", "medium", "high"),
    },
)
#: The members of the API reference that OpenAI does not have.
_OWN = (
    "citation_options", "compound_custom", "disable_tool_validation", "documents", "exclude_domains",
    "include_domains", "include_reasoning", "reasoning_format", "search_settings",
)  # fmt: skip
_KNOWN = (*_TABLE.numbers, *_TABLE.types, *_TABLE.others, *_OWN)


# -- answers --------------------------------------------------------------------------------------------


def _usage(completion: Completion) -> JsonObject:
    """A token of the prompt takes 0.1 ms, one of the answer 2 ms, which are times that Groq has."""
    prompt, said = completion.prompt_tokens, completion.said_tokens
    thought: JsonObject = {"completion_tokens_details": {"reasoning_tokens": completion.reasoning_tokens}}
    prompt_time, completion_time = prompt / 10_000, said / 500
    return {
        "queue_time": round(0.05 + int(completion.identity.digest[:4], 16) / 1_000_000, 9),
        "prompt_tokens": prompt,
        "prompt_time": prompt_time,
        "completion_tokens": said,
        "completion_time": completion_time,
        "total_tokens": prompt + said,
        "total_time": round(prompt_time + completion_time, 9),
        **(thought if completion.thinks else {}),
    }


def _request(completion: Completion) -> JsonObject:
    return {"id": "req_01" + letters(completion.identity.digest, CROCKFORD, 24)}


def _seeded(completion: Completion) -> JsonObject:
    return {**_request(completion), "seed": int(completion.identity.digest[8:16], 16) >> 1}


def _told_of_request(context: RenderContext) -> JsonValue | Absent:
    """The seed with the first chunk, the usage with the one that ends the choice."""
    if context.kind is ChunkKind.ROLE:
        return _seeded(context.completion)
    if context.kind is ChunkKind.FINISH:
        return {**_request(context.completion), "usage": _usage(context.completion)}
    return ABSENT


def _usage_at_the_end(context: RenderContext) -> JsonValue | Absent:
    return _usage(context.completion) if context.kind in (ChunkKind.FINISH, ChunkKind.USAGE) else ABSENT


def _tier(context: RenderContext) -> JsonValue | Absent:
    return "on_demand" if context.kind is ChunkKind.USAGE else ABSENT


def _content(context: RenderContext) -> JsonValue | Absent:
    """Beside calls there is none, where the model said nothing."""
    content = context.openai.get("content")
    return ABSENT if content is None and "tool_calls" in context.openai else content


_BODY = Body(
    whole=shape(
        "id object created model choices",
        made("usage", lambda context: _usage(context.completion)),
        null("usage_breakdown"),
        "system_fingerprint",
        made("x_groq", lambda context: _seeded(context.completion)),
        always("service_tier", "on_demand"),
    ),
    message=shape("role", made("content", _content), "reasoning tool_calls"),
    reasoning="reasoning",
)
_STREAM = Stream(
    chunk=shape(
        "id object created model system_fingerprint choices",
        made("x_groq", _told_of_request),
        made("usage", _usage_at_the_end),
        made("service_tier", _tier),
    ),
    delta=shape(
        "role content reasoning", where(at(ChunkKind.REASONING), always("channel", "analysis")), "tool_calls"
    ),
    reasoning="reasoning",
    calls=one_by_one("id", "type", "function", "index"),
)


# -- requests -------------------------------------------------------------------------------------------


def _members(body: JsonObject) -> Iterator[ApiError]:
    """Members that Groq does not know, and those it knows and refuses (console.groq.com/docs/openai)."""
    for name in body:
        if name not in _KNOWN:
            yield ApiError(message=f"property '{shown(name)}' is unsupported")
    for name in ("logit_bias", "logprobs", "top_logprobs"):
        if body.get(name) not in (None, False):
            yield ApiError(message=f"property '{name}' is unsupported")
    n = body.get("n", 1)
    if isinstance(n, int) and n != 1:
        yield ApiError(message="'n' : number must be at most 1")


def _message(error: ApiError) -> str:
    match error:
        case UnknownUrlError(method=method, path=path):
            return f"Unknown request URL: {method} {path}."
        case ContextExceededError():
            return "Please reduce the length of the messages or completion."
        case _:
            return error.message


def _errors(error: ApiError) -> RenderedError:
    told: JsonObject = {"message": _message(error), "type": error.type}
    if isinstance(error, UnknownUrlError):
        told = {**told, "type": INVALID_REQUEST, "code": "unknown_url"}
        return RenderedError(status=404, payload={"error": told})
    if isinstance(error, ContextExceededError):
        told["param"] = error.param
    if isinstance(error, ContextExceededError | UnknownModelError) or error.status != 400:
        told["code"] = error.code
    kept: JsonObject = {name: value for name, value in told.items() if value is not None}
    return RenderedError(status=error.status, payload={"error": kept})


def _model(entry: JsonObject) -> JsonObject:
    return {
        **entry,
        "active": True,
        "context_window": 131072,
        "public_apps": None,
        "max_completion_tokens": 32768,
    }


_LIMITS = (
    ("x-ratelimit-limit-requests", "14400"),
    ("x-ratelimit-limit-tokens", "30000"),
    ("x-ratelimit-remaining-requests", "14399"),
    ("x-ratelimit-remaining-tokens", "29987"),
    ("x-ratelimit-reset-requests", "6s"),
    ("x-ratelimit-reset-tokens", "26ms"),
    ("x-request-id", "req_{id}"),
)

GROQ = register(
    Dialect(
        name="groq",
        source="api.groq.com, recorded answers of 2024 to 2026; console.groq.com/docs/openai and api-reference",
        chat=Format(body=_BODY, stream=_STREAM),
        retold=one_without_refusals,
        ids=Ids(completion=lambda mark: f"chatcmpl-{as_uuid(mark)}", call=lettered("", LOWER, 9)),
        heads=Heads(
            sse_type="text/event-stream",
            json=(("cache-control", "private, max-age=0, no-store, no-cache, must-revalidate"), *_LIMITS),
            sse=(("cache-control", "no-cache"), *_LIMITS),
        ),
        errors=_errors,
        requests=Requests(
            chat=partial(
                refusal_of,
                rules=changed({"unknown-members": _members, "types": partial(members.types, table=_TABLE)}),
            ),
            completions=not_served("POST", "/openai/v1/completions"),
            embeddings=not_served("POST", "/openai/v1/embeddings"),
        ),
        model=_model,
        json=line,
        deviations=deviations(
            {
                "Messages have no member refusal.": "chat.json.spec-complete",
                "Another `n` than 1 is refused.": "chat.json.n",
                "The chunk with the finish_reason has the usage too, before the one that was asked for.": (
                    "chat.sse.usage-asked"
                ),
                "Beside calls there is no member content.": "chat.tools.content-null",
                "Errors have no param, and no code where there is none.": "chat.errors.shape",
            }
        ),
    )
)
