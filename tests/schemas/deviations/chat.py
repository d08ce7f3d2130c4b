"""One small answer or stream for each way in which chats are known to differ, written for this purpose."""

from collections.abc import Mapping

from chatschema import JsonObject, JsonValue, Kind
from tests.schemas import samples
from tests.schemas.samples import GONE, broken

__all__ = ["CHAT", "Sample", "streamed"]

#: What a body is judged as, and the body: a JSON value, or the text of a stream.
Sample = tuple[Kind, JsonValue]

_MESSAGE = ("choices", 0, "message")
_CALL = (*_MESSAGE, "tool_calls", 0)


def streamed(*chunks: JsonValue, end: str = "data: [DONE]\n\n") -> Sample:
    return Kind.STREAM, samples.dump(chunks, end)


def _answer(*path_and_new: object) -> Sample:
    return Kind.COMPLETION, broken(samples.completion(), *path_and_new)


def _calling(*path_and_new: object) -> Sample:
    return Kind.COMPLETION, broken(samples.calling(), *path_and_new)


def _stream(number: int, *path_and_new: object) -> Sample:
    chunks = samples.stream()
    chunks[number] = broken(chunks[number], *path_and_new)
    return streamed(*chunks)


def _calling_stream(number: int, *path_and_new: object) -> Sample:
    chunks = samples.calling_stream()
    chunks[number] = broken(chunks[number], *path_and_new)
    return streamed(*chunks)


def _every(name: str, new: object) -> Sample:
    return streamed(*(broken(chunk, name, new) for chunk in samples.stream()))


_COUNTS: JsonObject = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 40}
_UNEVEN: tuple[Sample, ...] = (
    _answer("usage", _COUNTS),
    streamed(*samples.stream(), {**samples.usage_chunk(), "usage": _COUNTS}),
)
_PARTS: JsonValue = [{"type": "thinking", "thinking": []}, {"type": "text", "text": "Hello!"}]
_FRAGMENT = ("choices", 0, "delta", "tool_calls", 0)
_EMPTY_HEAD: JsonObject = {"id": "", "object": "", "created": 0, "model": ""}


def _ended(reason: str) -> tuple[Sample, ...]:
    where = ("choices", 0, "finish_reason")
    return _answer(*where, reason), _stream(3, *where, reason)


def _no_call(value: JsonValue) -> tuple[Sample, ...]:
    return _answer(*_MESSAGE, "tool_calls", value), _stream(1, "choices", 0, "delta", "tool_calls", value)


CHAT: Mapping[str, tuple[Sample, ...]] = {
    "xai.usage-without-reasoning": _UNEVEN,
    "gemini.usage-without-thinking": _UNEVEN,
    "mistral.usage-without-audio": _UNEVEN,
    "tgi.empty-id": (_answer("id", ""), _every("id", "")),
    "gemini.no-id": (_answer("id", GONE), _every("id", GONE)),
    "mistral.content-list": (
        _answer(*_MESSAGE, "content", _PARTS),
        _stream(1, "choices", 0, "delta", "content", _PARTS),
    ),
    "cloudflare.content-object": (_answer(*_MESSAGE, "content", {"name": "Ada"}),),
    "together.finish-eos": (*_ended("eos"), *_ended("eos_token")),
    "snowflake.finish-empty": (
        _answer("choices", 0, "finish_reason", ""),
        _stream(1, "choices", 0, "finish_reason", ""),
    ),
    "openrouter.finish-error": _ended("error"),
    "openrouter.no-finish": (_answer("choices", 0, "finish_reason", GONE),),
    "openrouter.nothing-said": (_answer(*_MESSAGE, "content", None),),
    "azure.no-message": (
        _answer("choices", 0, {"index": 0, "finish_reason": "content_filter", "logprobs": None}),
    ),
    "openai.vision-finish-details": (_answer("choices", 0, "finish_reason", GONE),),
    "perplexity.delta-and-message": (
        _answer("choices", 0, "delta", {"role": "assistant", "content": ""}),
        _stream(1, *_MESSAGE, {"role": "assistant", "content": "Hel"}),
    ),
    "writer.created-text": (_answer("created", "1764000000"),),
    "lorax.chat-object": (_answer("object", "text_completion"),),
    "cloudflare.no-usage": (_answer("usage", GONE),),
    "mistral.call-without-type": (
        _calling(*_CALL, "type", GONE),
        _calling_stream(1, *_FRAGMENT, "type", GONE),
    ),
    "tools.fragment-without-index": (_calling_stream(1, *_FRAGMENT, "index", GONE),),
    "tools.one-index-for-all": (_calling_stream(2, *_FRAGMENT, "id", "call_2"),),
    "gemini.empty-call-id": (_calling(*_CALL, "id", ""), _calling_stream(1, *_FRAGMENT, "id", "")),
    "tools.id-again": (_calling_stream(2, *_FRAGMENT, "id", "call_1"),),
    "tools.name-again": (_calling_stream(2, *_FRAGMENT, "function", "name", "weather"),),
    "tools.empty-later": (
        _calling_stream(2, *_FRAGMENT, "id", ""),
        _calling_stream(2, *_FRAGMENT, "function", "name", ""),
    ),
    "tools.arguments-again": (
        _calling_stream(3, *_FRAGMENT, "function", "arguments", '"Oslo"}{"city": "Oslo"}'),
    ),
    "tools.call-as-text": (
        _answer(*_MESSAGE, "content", '<tool_call>\n{"name": "weather"}'),
        _stream(1, "choices", 0, "delta", "content", '<tool_call>{"name'),
    ),
    "xai.details-beyond-counts": (
        _answer("usage", "completion_tokens_details", {"reasoning_tokens": 44}),
        _answer("usage", "prompt_tokens_details", {"cached_tokens": 44}),
    ),
    "snowflake.no-head": (_every("created", 0), _answer("model", "")),
    "created.in-milliseconds": (_every("created", 1764000000000),),
    "chat.logprobs-of-completions": (
        _answer("choices", 0, "logprobs", {"tokens": ["Hello"], "token_logprobs": [-0.5]}),
        _stream(1, "choices", 0, "logprobs", {"tokens": ["Hel"], "token_logprobs": [-0.5]}),
    ),
    "openrouter.error-for-an-answer": (
        (Kind.COMPLETION, {"error": {"message": "Provider error", "code": 502}}),
    ),
    "alibaba.cumulative-pieces": (
        streamed(
            *(samples.chunk({"role": "assistant", "content": "Hello!"[:n]}) for n in (2, 4, 6)),
            samples.chunk({}, "stop"),
        ),
    ),
    "mlx.broken-characters": (_stream(1, "choices", 0, "delta", "content", "\ufffd"),),
    "openrouter.no-arguments": (_calling(*_CALL, "function", {"name": "weather"}),),
    "snowflake.empty-members": (
        _answer(*_MESSAGE, "function_call", {"name": "", "arguments": ""}),
        _answer(*_MESSAGE, "audio", {"id": "", "data": "", "expires_at": 0, "transcript": ""}),
    ),
    "vllm.finish-without-call": _ended("tool_calls"),
    "tools.null-without-call": _no_call(None),
    "tools.empty-without-call": _no_call([]),
    "groq.no-content-beside-calls": (_calling(*_MESSAGE, "content", GONE),),
    "stream.created-moves": (_stream(3, "created", 1764000001),),
    "stream.id-changes": (_stream(1, "id", "gen-2"),),
    "azure.preamble": (streamed(samples.preamble(), *samples.stream()),),
    "tgi.usage-chunk-without-head": (streamed(*samples.stream(), {**samples.usage_chunk(), "id": ""}),),
    "azure.filter-chunk": (_stream(1, "choices", 0, "delta", GONE),),
    "azure.filter-chunk-head": (
        streamed(*samples.stream()[:3], {**samples.chunk({}), **_EMPTY_HEAD}, samples.stream()[3]),
    ),
    "openrouter.finish-twice": (
        streamed(
            *samples.stream(),
            {**samples.chunk({"content": ""}, "stop"), "usage": samples.completion()["usage"]},
        ),
    ),
    "stream.no-finish": (streamed(*samples.stream()[:3]),),
    "stream.one-finish-for-all": (
        streamed(*samples.stream(), samples.chunk({"role": "assistant"}, index=1)),
    ),
    "stream.no-done": (streamed(*samples.stream(), end=""),),
    "llama-cpp-python.empty-stream": ((Kind.STREAM, ""),),
    "stream.error-event": (streamed(*samples.stream()[:2], samples.error()),),
    "stream.error-first": (streamed(samples.error()),),
    "perplexity.done-object": (
        _stream(3, "object", "chat.completion.done"),
        _every("object", "chat.completion"),
    ),
    "databricks.usage-null": (
        _stream(1, "usage", {"prompt_tokens": 9, "completion_tokens": None, "total_tokens": None}),
    ),
    "groq.named-event": ((Kind.STREAM, samples.dump(samples.stream()[:2], "event: error\ndata: {}\n\n")),),
    "stream.no-role": (streamed(*samples.stream()[1:]),),
    "stream.role-null": (_stream(1, "choices", 0, "delta", "role", None),),
    "stream.no-finish-member": (_stream(1, "choices", 0, "finish_reason", GONE),),
    "chat.no-refusal": (_answer(*_MESSAGE, "refusal", GONE),),
    "chat.no-logprobs": (_answer("choices", 0, "logprobs", GONE),),
}
