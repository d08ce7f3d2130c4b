"""OpenRouter: who answered and what it cost, a role on every chunk, the end said twice, and comments while it waits."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from chatfake.core.json_text import JsonObject, JsonValue, digest
from chatfake.core.tokens import split
from chatfake.dialects.format.chunk import Chunk, ChunkKind, fragments_without_head
from chatfake.dialects.format.completion import Completion
from chatfake.dialects.format.dialect import Dialect, Heads, deviations, register
from chatfake.dialects.format.format import Body, Format, Stream, UsageIn
from chatfake.dialects.format.id_alphabets import MIXED, lettered, letters
from chatfake.dialects.format.render_context import (
    ABSENT,
    Absent,
    RenderContext,
    always,
    at,
    at_last,
    filled,
    made,
    null,
    shape,
    where,
)
from chatfake.dialects.format.tool_calls import numbered
from chatfake.dialects.requests.openrouter import OPENROUTER_REQUESTS, openrouter_error
from chatfake.generation.identity import Ids

#: What Claude calls an end. Amazon Bedrock with a model of Claude's is what was recorded most often.
_NATIVE: Mapping[str, str] = MappingProxyType({"stop": "end_turn", "tool_calls": "tool_use"})
_PROVIDER = always("provider", "Amazon Bedrock")
#: Dollars a token: those of Claude Haiku 4.5.
_PROMPT_PRICE, _COMPLETION_PRICE = 1e-6, 5e-6
_WAITING = b": OPENROUTER PROCESSING\n\n"


# -- answers --------------------------------------------------------------------------------------------


def _id(context: RenderContext) -> JsonValue:
    identity = context.completion.identity
    return f"gen-{identity.created}-{letters(identity.digest, MIXED, 20)}"


def _native(context: RenderContext) -> JsonValue:
    reason = context.finish_reason
    return None if reason is None else _NATIVE.get(reason, reason)


def _usage(completion: Completion) -> JsonObject:
    prompt, said = completion.prompt_tokens, completion.said_tokens
    asked, answered = round(prompt * _PROMPT_PRICE, 9), round(said * _COMPLETION_PRICE, 9)
    cost = round(asked + answered, 9)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": said,
        "total_tokens": prompt + said,
        "cost": cost,
        "is_byok": False,
        "prompt_tokens_details": {
            "cached_tokens": 0,
            "cache_write_tokens": 0,
            "audio_tokens": 0,
            "video_tokens": 0,
        },
        "cost_details": {
            "upstream_inference_cost": cost,
            "upstream_inference_prompt_cost": asked,
            "upstream_inference_completions_cost": answered,
        },
        "completion_tokens_details": {
            "reasoning_tokens": completion.reasoning_tokens,
            "image_tokens": 0,
            "audio_tokens": 0,
        },
    }


def _details(context: RenderContext) -> JsonValue | Absent:
    """The reasoning a second time, with where it comes from; whole, it is signed."""
    text = context.openai.get("reasoning")
    if text is None:
        return ABSENT
    part: JsonObject = {"type": "reasoning.text", "text": text, "format": "anthropic-claude-v1", "index": 0}
    signature = letters(digest(str(text)), MIXED, 40)
    return [part if context.kind is ChunkKind.REASONING else {**part, "signature": signature}]


def _content(context: RenderContext) -> JsonValue:
    """Null beside calls, a text everywhere else."""
    return None if context.kind is ChunkKind.CALL else context.openai.get("content") or ""


def _fragments(calls: Iterable[JsonObject]) -> Iterator[list[JsonValue]]:
    """Each call's head, a piece of nothing, then its arguments a token at a time."""
    for number, call in enumerate(calls):
        function = call["function"]
        if isinstance(function, dict):
            yield [{"index": number, **call, "function": {**function, "arguments": ""}}]
            yield from fragments_without_head(number, ("", *split(str(function["arguments"]))))


def _no_opening(chunks: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
    """The role has no chunk of its own."""
    return chunks[1:] if chunks[0].kind is ChunkKind.ROLE else chunks


def _ended_twice(chunks: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
    """The last chunk, which has the usage, says the finish_reason a second time."""
    return (*chunks, chunks[-1])


def _counted(context: RenderContext) -> JsonObject:
    return _usage(context.completion)


def _has_logprobs(context: RenderContext) -> bool:
    return context.openai.get("logprobs") is not None


_TIER = null("service_tier")
_NATIVE_REASON = made("native_finish_reason", _native)
_BODY = Body(
    whole=shape(
        made("id", _id), "object created model", _PROVIDER, null("system_fingerprint"), _TIER, "choices usage"
    ),
    choice=shape("index logprobs finish_reason", _NATIVE_REASON, "message"),
    message=shape(
        "role content refusal",
        filled("reasoning", None),
        made("tool_calls", numbered("type", "index", "id", "function")),
        made("reasoning_details", _details),
    ),
    usage=_counted,
    reasoning="reasoning",
)
_STREAM = Stream(
    chunk=shape(made("id", _id), "object created model", _PROVIDER, where(at_last, _TIER), "choices usage"),
    choice=shape("index delta finish_reason", _NATIVE_REASON, where(_has_logprobs, "logprobs")),
    delta=shape(
        made("content", _content),
        always("role", "assistant"),
        where(at(ChunkKind.REFUSAL), "refusal"),
        "reasoning",
        made("reasoning_details", _details),
        "tool_calls",
    ),
    usage=_counted,
    reasoning="reasoning",
    transforms=(_no_opening, _ended_twice),
    calls=_fragments,
    usage_asked=UsageIn.LAST_CHUNK,
    usage_unasked=UsageIn.LAST_CHUNK,
    opening=(_WAITING, _WAITING),
)


# -- text completions: an answer calls itself a chat (OpenRouterTeam/typescript-sdk#101) --------------------

_TEXT_HEAD = (
    made("id", _id),
    always("object", "chat.completion"),
    "created",
    "model",
    _PROVIDER,
)
_TEXT_CHOICE = ("logprobs", "finish_reason", _NATIVE_REASON, "index", "text")
_TEXT = Format(
    body=Body(
        whole=shape(*_TEXT_HEAD, null("system_fingerprint"), _TIER, "choices usage"),
        choice=shape(*_TEXT_CHOICE, null("reasoning")),
        usage=_counted,
    ),
    stream=Stream(
        chunk=shape(*_TEXT_HEAD, where(at_last, _TIER), "choices usage"),
        choice=shape(*_TEXT_CHOICE),
        usage=_counted,
        usage_asked=UsageIn.LAST_CHUNK,
        usage_unasked=UsageIn.LAST_CHUNK,
        opening=(_WAITING, _WAITING),
    ),
)


# -- models ---------------------------------------------------------------------------------------------


def _model(entry: JsonObject) -> JsonObject:
    name = str(entry["id"])
    modalities: list[JsonValue] = ["text"]
    return {
        "id": name,
        "canonical_slug": name,
        "hugging_face_id": "",
        "name": name,
        "created": entry["created"],
        "description": "A fake model.",
        "context_length": 131072,
        "architecture": {
            "modality": "text->text",
            "input_modalities": modalities,
            "output_modalities": modalities,
            "tokenizer": "Other",
            "instruct_type": None,
        },
        "pricing": {"prompt": f"{_PROMPT_PRICE:.7f}", "completion": f"{_COMPLETION_PRICE:.7f}"},
        "top_provider": {"context_length": 131072, "max_completion_tokens": 32768, "is_moderated": False},
        "per_request_limits": None,
        "supported_parameters": ["max_tokens", "stop", "temperature", "tool_choice", "tools", "top_p"],
        "default_parameters": {},
        "links": {"details": f"/api/v1/models/{name}/endpoints"},
    }


def _models(entries: list[JsonValue]) -> JsonObject:
    return {"data": entries}


_ORIGIN = (("access-control-allow-origin", "*"),)

OPENROUTER = register(
    Dialect(
        name="openrouter",
        source="openrouter.ai, recorded answers of 2025 and 2026, in the form of 2026; openrouter.ai/docs",
        chat=Format(body=_BODY, stream=_STREAM),
        text=_TEXT,
        ids=Ids(call=lettered("toolu_bdrk_", MIXED, 24)),
        heads=Heads(
            sse_type="text/event-stream",
            json=_ORIGIN,
            sse=(("cache-control", "no-cache"), *_ORIGIN),
            error=_ORIGIN,
        ),
        errors=openrouter_error,
        requests=OPENROUTER_REQUESTS,
        model=_model,
        models=_models,
        deviations=deviations(
            {
                "The list has no object, and its models no object and no owned_by.": (
                    "models.list shape.missing"
                ),
                "The last chunk, which has the usage, says finish_reason a second time.": (
                    "chat.sse.finish-once"
                ),
                "Usage comes with a choice, not in a chunk of its own.": ("chat.sse.usage-asked"),
                "Errors have no type and no param, and a number for a code.": ("chat.errors.shape"),
                "A text completion has object chat.completion.": ("shape.value"),
                "So have the chunks of one.": ("completions.sse.shape"),
                "The code of an error is the HTTP status.": ("chat.errors.context-length"),
                "The object of a text is `chat.completion`.": ("completions.json.shape"),
            }
        ),
        before_json=b"\n         \n" * 2,
    )
)
