"""Mistral: counts before the choices, padding in streams, usage that nobody asks for, and three forms of errors."""

from chatfake.core.json_text import JsonObject, JsonValue, digest, dump
from chatfake.dialects.format.chunk import Chunk, ChunkKind, finish_with_last
from chatfake.dialects.format.dialect import Dialect, Heads, deviations, register
from chatfake.dialects.format.format import Body, Format, Stream, UsageIn
from chatfake.dialects.format.id_alphabets import MIXED, lettered
from chatfake.dialects.format.render_context import ABSENT, Absent, RenderContext, always, made, shape
from chatfake.dialects.format.reply_adapters import without_refusals
from chatfake.dialects.format.tool_calls import all_at_once, numbered
from chatfake.dialects.requests.mistral import MISTRAL_REQUESTS, mistral_error
from chatfake.generation.identity import Identity, Ids, prefixed

#: What a stream is padded with.
_PADDING = "abcdefghijklmnopqrstuvwxyz0123456789"
_CALL = ("id", "type", "function", "index")


# -- answers --------------------------------------------------------------------------------------------


def _padding(context: RenderContext) -> JsonValue | Absent:
    """All chunks but the first hide their length."""
    if context.kind in (ChunkKind.ROLE, ChunkKind.EMPTY):
        return ABSENT
    mark = digest(dump(context.openai["choices"]))
    return _PADDING[: 1 + int(mark[:4], 16) % len(_PADDING)]


def _thought(context: RenderContext) -> JsonValue:
    return {
        "type": "thinking",
        "thinking": [{"type": "text", "text": context.openai["reasoning"]}],
        "closed": True,
    }


def _content(context: RenderContext) -> JsonValue:
    """A text; with reasoning, a list of parts."""
    text = context.openai.get("content") or ""
    return [_thought(context), {"type": "text", "text": text}] if "reasoning" in context.openai else text


def _delta_content(context: RenderContext) -> JsonValue | Absent:
    if context.kind is ChunkKind.CALL:
        return ABSENT
    if context.kind is ChunkKind.REASONING:
        return [_thought(context)]
    return context.openai.get("content") or ""


def _end(chunks: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
    """Calls bring the finish_reason with them."""
    return finish_with_last(chunks) if len(chunks) > 1 and chunks[-2].kind is ChunkKind.CALL else chunks


def _calls(context: RenderContext) -> JsonValue:
    """Null where there are none."""
    calls = numbered(*_CALL)(context)
    return None if calls is ABSENT else calls


_COUNTS = shape(
    "prompt_tokens total_tokens completion_tokens",
    always("prompt_tokens_details", {"cached_tokens": 0}),
    always("service_tier", "standard"),
)
_BODY = Body(
    whole=shape("id created model usage object choices"),
    choice=shape("index finish_reason message"),
    message=shape("role", made("tool_calls", _calls), made("content", _content)),
    usage=_COUNTS,
    reasoning="reasoning",
)
_STREAM = Stream(
    chunk=shape("id object created model choices usage", made("p", _padding)),
    choice=shape("index delta finish_reason"),
    delta=shape("role", made("content", _delta_content), "tool_calls"),
    usage=_COUNTS,
    reasoning="reasoning",
    transforms=(_end,),
    calls=all_at_once(*_CALL),
    usage_asked=UsageIn.LAST_CHUNK,
    usage_unasked=UsageIn.LAST_CHUNK,
)


# -- other routes ---------------------------------------------------------------------------------------


def _model(entry: JsonObject) -> JsonObject:
    able = ("completion_chat", "function_calling")
    unable = ("completion_fim", "fine_tuning", "vision", "ocr", "classification", "moderation", "audio")
    capabilities: JsonObject = {**dict.fromkeys(able, True), **dict.fromkeys(unable, False)}
    return {
        **entry,
        "owned_by": "mistralai",
        "capabilities": capabilities,
        "name": entry["id"],
        "description": "A fake model.",
        "max_context_length": 131072,
        "aliases": [],
        "deprecation": None,
        "deprecation_replacement_model": None,
        "default_model_temperature": 0.3,
        "type": "base",
    }


def _embeddings(body: JsonObject, identity: Identity) -> JsonObject:
    usage = body["usage"]
    prompt = usage["prompt_tokens"] if isinstance(usage, dict) else 0
    return {
        "id": identity.digest[:32],
        "object": "list",
        "data": body["data"],
        "model": body["model"],
        "usage": {
            "prompt_audio_seconds": None,
            "prompt_tokens": prompt,
            "total_tokens": prompt,
            "completion_tokens": 0,
            "request_count": None,
            "prompt_tokens_details": None,
            "completion_tokens_details": None,
            "service_tier": None,
            "prompt_token_details": None,
        },
    }


_IDS = (
    ("mistral-correlation-id", "{uuid}"),
    ("x-kong-request-id", "{uuid}"),
    ("access-control-allow-origin", "*"),
)
_LIMITS = (
    ("x-ratelimit-limit-tokens-minute", "100000"),
    ("x-ratelimit-remaining-tokens-minute", "99969"),
    ("x-ratelimit-tokens-query-cost", "31"),
    ("x-ratelimit-limit-req-minute", "100"),
    ("x-ratelimit-remaining-req-minute", "99"),
)

MISTRAL = register(
    Dialect(
        name="mistral",
        source="api.mistral.ai, recorded answers of 2024 to 2026, in the form of 2026; docs.mistral.ai/api",
        chat=Format(body=_BODY, stream=_STREAM),
        retold=without_refusals,
        ids=Ids(completion=prefixed("", 32), text=prefixed("", 32), call=lettered("", MIXED, 9)),
        heads=Heads(json=(*_IDS, *_LIMITS), sse=_IDS, error=_IDS),
        errors=mistral_error,
        requests=MISTRAL_REQUESTS,
        model=_model,
        embeddings=_embeddings,
        deviations=deviations(
            {
                "Messages have no member refusal.": ("chat.json.spec-complete"),
                "`user` is refused as an extra input.": ("history.session-by-user"),
                "An error is the whole body, without the member error.": ("shape.missing chat.errors.shape"),
                "There is max_tokens alone.": ("chat.json.max-completion-tokens"),
                "The seed is called random_seed, and seed is refused.": ("chat.json.seed"),
                "Usage comes with the finish_reason, not in a chunk of its own.": ("chat.sse.usage-asked"),
                "Without a call, tool_calls is null.": ("chat.tools.absent-is-absent"),
                "A prompt that is too long has no code of its own.": ("chat.errors.context-length"),
            }
        ),
    )
)
