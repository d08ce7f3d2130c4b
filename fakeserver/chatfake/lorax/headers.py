"""The headers of LoRAX's answers (router/src/server.rs). The times are made of the request, as all else is."""

from dataclasses import dataclass

from chatfake.core.http import Headers
from chatfake.dialects.requests.lorax_errors import CORS
from chatfake.lorax.generate_request import Adapter

#: Milliseconds a token, of a small model on a fast machine.
_TOKEN_TIME = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCounts:
    """What the headers of an answer count and name."""

    model: str
    adapter: Adapter
    characters: int  #: of the prompt
    prompt_tokens: int
    generated_tokens: int
    mark: str  #: the digest of the request


def generated_headers(counts: AnswerCounts) -> Headers:
    """The headers of a generated JSON answer."""
    validation, queue, first = _waits(counts.mark)
    inference = first + _TOKEN_TIME * (counts.generated_tokens - 1)
    total = str(validation + queue + inference)
    others = max(counts.generated_tokens - 1, 1)
    return (
        *_COMPUTE,
        ("x-compute-time", total),
        ("x-compute-characters", str(counts.characters)),
        ("x-total-time", total),
        ("x-prompt-tokens", str(counts.prompt_tokens)),
        ("x-generated-tokens", str(counts.generated_tokens)),
        ("x-skipped-tokens", "0"),
        ("x-total-tokens", str(counts.prompt_tokens + counts.generated_tokens)),
        ("x-validation-time", str(validation)),
        ("x-queue-time", str(queue)),
        ("x-inference-time", str(inference)),
        ("x-time-per-token", str(inference // counts.generated_tokens)),
        ("x-time-to-first-token", str(first)),
        ("x-time-per-output-token", str((inference - first) // others)),
        ("x-model-id", counts.model),
        *_adapter(counts.adapter),
        *CORS,
    )


def stream_headers(model: str, adapter: Adapter, characters: int) -> Headers:
    """The headers of a stream; its tokens cannot be counted yet."""
    return (
        ("content-type", "text/event-stream"),
        ("cache-control", "no-cache"),
        *_COMPUTE,
        ("x-compute-characters", str(characters)),
        ("x-accel-buffering", "no"),
        *_adapter(adapter),
        ("x-model-id", model),
        *CORS,
    )


def classified_headers(mark: str) -> Headers:
    """The headers of an answer to `/classify`."""
    validation, queue, inference = _waits(mark)
    return (
        *_COMPUTE,
        ("x-compute-time", str(validation + queue + inference)),
        ("x-validation-time", str(validation)),
        ("x-queue-time", str(queue)),
        ("x-inference-time", str(inference)),
        *CORS,
    )


_COMPUTE: Headers = (("x-compute-type", "gpu+optimized"),)


def _waits(mark: str) -> tuple[int, int, int]:
    """Milliseconds to be validated, to be let in, and to the first token."""
    return int(mark[0], 16) % 3, int(mark[1], 16) % 4, 20 + int(mark[2:4], 16) % 20


def _adapter(adapter: Adapter) -> Headers:
    """Written in a header as a name may be; the router ends on any other."""
    if not adapter.name:
        return ()
    return (("x-adapter-id", _plain(adapter.name)), ("x-adapter-source", _plain(adapter.source)))


def _plain(text: str) -> str:
    return "".join(char if " " <= char <= "~" else "?" for char in text)
