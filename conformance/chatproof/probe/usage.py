"""What an answer says that it cost, in tokens."""

import json

from chatproof.probe.exchange import Exchange, Json, Received

__all__ = ["tokens_of"]

_NAMES = {"prompt_tokens": "input_tokens", "completion_tokens": "output_tokens"}
"""What they are called in chat, and in Open Responses."""

_MOST = 2**63
"""An endpoint may claim any number: a counter has 64 bits, and longer ones cannot even be written down."""


def tokens_of(exchange: Exchange) -> dict[str, int]:
    """`prompt_tokens` and `completion_tokens` of an answer; in a stream the last usage counts."""
    received = exchange.received
    if received is None:
        return {}
    if b'"usage"' not in received.body:
        return _tokens_of_headers(received)
    usage: Json = None
    if received.media_type == "text/event-stream":
        for line in received.body.splitlines():
            if line.startswith(b"data:") and b'"usage"' in line:
                usage = _usage(line[5:]) or usage
    else:
        usage = _usage(received.body)
    if not isinstance(usage, dict):
        return {}
    counts = {name: usage.get(name, usage.get(other)) for name, other in _NAMES.items()}
    return {
        n: min(v, _MOST)
        for n, v in counts.items()
        if isinstance(v, int) and not isinstance(v, bool) and v > 0
    }


def _tokens_of_headers(received: Received) -> dict[str, int]:
    """LoRAX's own routes tell it in headers, but not for a stream."""
    counts = {"prompt_tokens": "x-prompt-tokens", "completion_tokens": "x-generated-tokens"}
    found = {name: received.header(header) for name, header in counts.items()}
    return {
        name: int(text)
        for name, text in found.items()
        if text.isascii() and text.isdigit() and len(text) < 10
    }


def _usage(text: bytes) -> Json:
    try:
        value: Json = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    response = value.get("response")  # the last event of Open Responses
    return response.get("usage") if isinstance(response, dict) else value.get("usage")
