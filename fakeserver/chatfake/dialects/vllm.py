"""vLLM's OpenAI-compatible server."""

from dataclasses import replace

from chatfake.core.json_text import JsonObject, digest, picked
from chatfake.dialects.format.chunk import ChunkKind, finish_with_last_if_cut, head_without_arguments
from chatfake.dialects.format.dialect import Dialect, Heads, deviations, register
from chatfake.dialects.format.format import Body, Format, Stream
from chatfake.dialects.format.render_context import (
    always,
    at,
    at_end,
    at_last,
    made,
    not_at,
    null,
    nulls,
    shape,
    where,
)
from chatfake.dialects.requests.vllm import VLLM_REQUESTS
from chatfake.dialects.requests.vllm_errors import vllm_error
from chatfake.generation.identity import Identity, Ids, prefixed
from chatfake.generation.reply import Reply
from chatfake.request.chat_request import Chat

_FINGERPRINT = always("system_fingerprint", "vllm-0.32.0-5ae1606d")
_STOP_REASON = made("stop_reason", lambda context: context.stopped_by)
_USAGE = shape(
    "prompt_tokens total_tokens completion_tokens", *nulls("prompt_tokens_details completion_tokens_details")
)
#: Of a stream it is sent without the members that were not set.
_STREAM_USAGE = shape("prompt_tokens total_tokens completion_tokens")
_TRANSFER = (null("kv_transfer_params"), null("ec_transfer_params"), null("metrics"))

_CHAT = Format(
    body=Body(
        whole=shape(
            "id object created model choices",
            null("service_tier"),
            _FINGERPRINT,
            "usage",
            *nulls("prompt_logprobs prompt_token_ids prompt_text"),
            *_TRANSFER,
        ),
        choice=shape(
            "index message logprobs finish_reason", _STOP_REASON, *nulls("token_ids routed_experts")
        ),
        message=shape(
            "role content refusal", *nulls("annotations audio function_call"), "tool_calls", null("reasoning")
        ),
        logprobs=shape("content"),
        usage=_USAGE,
    ),
    stream=Stream(
        chunk=shape(
            "id object created model choices usage",
            where(at_last, _FINGERPRINT),
            where(at(ChunkKind.ROLE), null("prompt_token_ids")),
            where(at(ChunkKind.ROLE), null("prompt_text")),
        ),
        choice=shape(
            "index delta logprobs finish_reason",
            where(at_end, _STOP_REASON),
            where(not_at(ChunkKind.ROLE), null("token_ids")),
        ),
        delta=shape(
            "role",
            where(at(ChunkKind.ROLE), always("content", "")),
            where(at(ChunkKind.TEXT), "content"),
            where(at(ChunkKind.CALL), null("content")),
            where(at(ChunkKind.REFUSAL), "refusal"),
            "tool_calls",
        ),
        logprobs=shape("content"),
        usage=_STREAM_USAGE,
        transforms=(finish_with_last_if_cut,),
        calls=head_without_arguments,
    ),
)
_TEXT_LOGPROBS = shape("text_offset token_logprobs tokens top_logprobs")
_TEXT = Format(
    body=Body(
        whole=shape(
            "id object created model choices", null("service_tier"), _FINGERPRINT, "usage", *_TRANSFER
        ),
        choice=shape(
            "index text logprobs finish_reason",
            _STOP_REASON,
            *nulls("token_ids prompt_logprobs prompt_token_ids routed_experts"),
        ),
        logprobs=_TEXT_LOGPROBS,
        usage=_USAGE,
    ),
    stream=Stream(
        chunk=shape("id object created model choices usage", where(at_last, _FINGERPRINT)),
        choice=shape("index text logprobs finish_reason", _STOP_REASON, *nulls("prompt_token_ids token_ids")),
        logprobs=_TEXT_LOGPROBS,
        usage=_STREAM_USAGE,
        transforms=(finish_with_last_if_cut,),
    ),
)


def _retold(replies: tuple[Reply, ...], chat: Chat) -> tuple[Reply, ...]:
    """A forced call has an empty text beside it, one that the model chose has none."""
    if chat.tool_choice not in ("required", "named"):
        return replies
    return tuple(replace(reply, text="") if reply.text is None else reply for reply in replies)


def _model(entry: JsonObject) -> JsonObject:
    name, created = entry["id"], entry["created"]
    permission: JsonObject = {
        "id": f"modelperm-{digest(str(name))[:16]}",
        "object": "model_permission",
        "created": created,
        "allow_create_engine": False,
        "allow_sampling": True,
        "allow_logprobs": True,
        "allow_search_indices": False,
        "allow_view": True,
        "allow_fine_tuning": False,
        "organization": "*",
        "group": None,
        "is_blocking": False,
    }
    return {
        **entry,
        "owned_by": "vllm",
        "root": name,
        "parent": None,
        "max_model_len": 8192,
        "permission": [permission],
    }


def _embeddings(body: JsonObject, mark: Identity) -> JsonObject:
    usage = body["usage"] if isinstance(body["usage"], dict) else {}
    return {
        "id": f"embd-{mark.digest[:16]}",
        "object": "list",
        "created": mark.created,
        "model": body["model"],
        "data": picked(body["data"], "index", "object", "embedding"),
        "usage": {
            **usage,
            "completion_tokens": 0,
            "prompt_tokens_details": None,
            "completion_tokens_details": None,
        },
    }


_UVICORN = (("server", "uvicorn"),)

VLLM = register(
    Dialect(
        name="vllm",
        source="vLLM 0.32.0, recorded on loopback (192 requests, and 11 of a model for embeddings)",
        chat=_CHAT,
        text=_TEXT,
        retold=_retold,
        ids=Ids(
            completion=prefixed("chatcmpl-", 16),
            text=prefixed("cmpl-", 16),
            call=prefixed("chatcmpl-tool-", 16),
        ),
        heads=Heads(json=_UVICORN, sse=_UVICORN, error=_UVICORN),
        errors=vllm_error,
        requests=VLLM_REQUESTS,
        model=_model,
        one_model=None,
        embeddings=_embeddings,
        deviations=deviations(
            {
                "`/v1/models/{id}` is not there.": ("models.retrieve"),
                "A tool message needs no call that it answers.": ("chat.tools.orphan-result"),
                "Any role is taken.": ("chat.errors.unknown-role"),
                "Without a model the served one speaks.": ("chat.errors.missing-model"),
                '`"stream": "yes"` is true.': ("chat.errors.stream-type"),
                "An error's `code` is the status, a number.": ("chat.errors.shape"),
                'An unknown path gets `{"detail":"Not Found"}`.': ("shape.missing"),
                "The code of an error is the HTTP status.": ("chat.errors.context-length"),
            }
        ),
    )
)
