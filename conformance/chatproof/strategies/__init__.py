"""Hypothesis strategies for whatever the contract describes, and near misses of it.

A strategy draws values that break no must of `chatschema.check`; a near miss draws values that break exactly one rule,
and says which and where.
"""

from .catalogues import NEAR_MISSES, near_misses
from .chat import (
    assistant_messages,
    calling_completions,
    chat_completions,
    plain_completions,
    scored_completions,
    several_completions,
    spoken_completions,
)
from .chunks import assembled, stream_of
from .histories import histories, tool_histories
from .near_miss import (
    Miss,
    NearMiss,
    added,
    altered,
    at,
    catalogue,
    defect,
    events,
    replaced,
    unlike,
    without,
)
from .parts import logprobs, texts, tool_calls, usages
from .sse import framed, sliced
from .streams import chat_chunks, chat_sse, chat_streams

__all__ = [
    "NEAR_MISSES",
    "Miss",
    "NearMiss",
    "added",
    "altered",
    "assembled",
    "assistant_messages",
    "at",
    "calling_completions",
    "catalogue",
    "chat_chunks",
    "chat_completions",
    "chat_sse",
    "chat_streams",
    "defect",
    "events",
    "framed",
    "histories",
    "logprobs",
    "near_misses",
    "plain_completions",
    "replaced",
    "scored_completions",
    "several_completions",
    "sliced",
    "spoken_completions",
    "stream_of",
    "texts",
    "tool_calls",
    "tool_histories",
    "unlike",
    "usages",
    "without",
]
