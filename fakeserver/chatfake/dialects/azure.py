"""Azure OpenAI: OpenAI's models behind a gateway that filters content and sorts members."""

import json
from typing import cast

from chatfake.core.api_error import ApiError, UnknownModelError, UnknownUrlError
from chatfake.core.json_text import JsonObject, JsonValue, canonical, digest, dump
from chatfake.dialects.format.chunk import ChunkKind, lone_call_with_role
from chatfake.dialects.format.completion import Completion
from chatfake.dialects.format.dialect import Dialect, Heads, deviations, register
from chatfake.dialects.format.format import Body, Format, Stream, usage_null_elsewhere
from chatfake.dialects.format.render_context import RenderContext
from chatfake.dialects.format.rendered_error import RenderedError

_SAFE = ("hate", "self_harm", "sexual", "violence")


def _results(*detected: str) -> JsonObject:
    """What the content filter found: nothing."""
    found: JsonObject = {name: {"filtered": False, "severity": "safe"} for name in _SAFE}
    for name in detected:
        found[name] = {"detected": False, "filtered": False}
    return found


def _of_prompt() -> JsonValue:
    return [{"prompt_index": 0, "content_filter_results": _results("jailbreak")}]


def _filter_chunk(_: Completion) -> tuple[JsonObject, ...]:
    """The results for the prompt come first, in a chunk of their own under an empty head."""
    chunk: JsonObject = {"choices": [], "created": 0, "id": "", "model": "", "object": ""}
    return ({**chunk, "prompt_filter_results": _of_prompt()},)


def _filtered(context: RenderContext) -> JsonObject:
    """A text has results, whole and in each piece; a call and an end have none."""
    reply = context.reply
    texts = context.kind is ChunkKind.TEXT or (
        context.chunk is None and reply is not None and not reply.tool_calls
    )
    nothing: JsonObject = {}
    found = _results("protected_material_code", "protected_material_text") if texts else nothing
    return {**context.openai, "content_filter_results": found}


def _whole(context: RenderContext) -> JsonObject:
    return {**_untiered(context.openai), "prompt_filter_results": _of_prompt()}


def _untiered(body: JsonObject) -> JsonObject:
    return {name: value for name, value in body.items() if name != "service_tier"}


def _chunk(context: RenderContext) -> JsonObject:
    """Each chunk has some letters that hide its length from who listens on the wire."""
    chunk = context.chunk
    written = None if chunk is None else [chunk.kind.value, chunk.index, chunk.delta, chunk.finish_reason]
    mark = digest(context.completion.identity.digest, canonical(written))
    letters = mark[1 : 1 + int(mark[0], 16)]
    return {**_untiered(usage_null_elsewhere(context)), "obfuscation": letters}


_BODY = Body(whole=_whole, choice=_filtered)
_CHAT = Format(
    body=_BODY,
    stream=Stream(chunk=_chunk, choice=_filtered, transforms=(lone_call_with_role,), before=_filter_chunk),
)
_TEXT = Format(body=_BODY, stream=Stream(chunk=_chunk, choice=_filtered))


def _sorted(value: object) -> str:
    """Members by their names, but for `prompt_index`, which comes first (107 of 108 recorded)."""
    return dump(_in_order(value))


def _in_order(value: object) -> object:
    if isinstance(value, dict):
        found = cast("JsonObject", value)
        names = sorted(found, key=lambda name: (name != "prompt_index", name))
        return {name: _in_order(found[name]) for name in names}
    return [_in_order(one) for one in cast("list[JsonValue]", value)] if isinstance(value, list) else value


def _sorted_line(value: object) -> str:
    return f"{_sorted(value)}\n"


# -- errors: the gateway's own, and those of OpenAI behind it ------------------------------------------------

_NO_DEPLOYMENT = "The API deployment for this resource does not exist."
_BAD_KEY = "Access denied due to invalid subscription key or wrong API endpoint."
_TOO_MANY = "Requests have exceeded call rate limit of your pricing tier. Please retry after 1 second."


def _errors(error: ApiError) -> RenderedError:
    match error:
        case UnknownUrlError():  # the space is the server's
            return _text(404, '{"error":{"code":"404","message": "Resource not found"}}')
        case ApiError(status=401 | 429):
            told = {"code": str(error.status), "message": _BAD_KEY if error.status == 401 else _TOO_MANY}
            return _text(error.status, json.dumps({"error": told}, separators=(",", ":")))
        case UnknownModelError():
            named = {"type": error.type, "code": "DeploymentNotFound", "message": _NO_DEPLOYMENT}
            return _text(404, json.dumps({"error": named}, indent=2))
        case _:
            return _text(error.status, json.dumps(error.payload, indent=2, ensure_ascii=False))


def _text(status: int, text: str) -> RenderedError:
    return RenderedError(status=status, payload=text, text_type="application/json")


_GATEWAY = (
    ("strict-transport-security", "max-age=31536000; includeSubDomains; preload"),
    ("apim-request-id", "{uuid}"),
    ("x-content-type-options", "nosniff"),
    ("x-ms-region", "East US 2"),
)
_ANSWERED = (
    *_GATEWAY,
    ("azureml-model-session", "d20260330170902-0e618f323d34"),
    ("skip-error-remapping", "true"),
    ("x-accel-buffering", "no"),
    ("x-ms-is-spilled-over", "false"),
    ("x-ms-rai-invoked", "true"),
    ("x-ratelimit-abusepenalty-active", "False"),
    ("x-ratelimit-limit-requests", "120"),
    ("x-ratelimit-limit-tokens", "120000"),
    ("x-ratelimit-remaining-requests", "119"),
    ("x-ratelimit-remaining-tokens", "119986"),
    ("x-ratelimit-renewalperiod-requests", "60"),
    ("x-ratelimit-renewalperiod-tokens", "60"),
    ("x-ratelimit-reset-requests", "500"),
    ("x-ratelimit-reset-tokens", "7"),
    ("x-request-id", "{uuid}"),
)

AZURE = register(
    Dialect(
        name="azure",
        source="Azure OpenAI, recorded answers of March 2026 (gpt-4.1-mini, API version 2024-02-01); lists as OpenAI's",
        chat=_CHAT,
        text=_TEXT,
        heads=Heads(json=_ANSWERED, sse=_ANSWERED, error=_GATEWAY),
        errors=_errors,
        json=_sorted_line,
        event_json=_sorted,
        deviations=deviations(
            {"A deployment that is not there is told without a param.": "chat.errors.shape"}
        ),
    )
)
