"""What the rules of completions say is wrong."""

from collections.abc import Mapping

__all__ = ["COMPLETION_NOTES"]

COMPLETION_NOTES: Mapping[str, str] = {
    "completions.created": "The time is no time of an answer: in milliseconds, 0, before 1970.",
    "completions.logprobs": "The lists of log probabilities are of different length, or have no tokens.",
    "completions.model": "The model has no name.",
    "completions.request.best-of": "best_of is less than n, or is asked of a stream.",
    "completions.request.logit-bias": "A key of logit_bias is no token.",
    "completions.request.stream-options": "There are stream_options, and no stream.",
    "completions.request.unknown": "A member is none that OpenAI knows, which it refuses.",
    "completions.spec-complete": "A member is missing that the specification requires and clients live without.",
    "completions.sse.done": "[DONE] does not come once, as the last event.",
    "completions.sse.error": "The answer fails in mid-stream.",
    "completions.sse.error-before": "A request is refused inside a stream with a good status.",
    "completions.sse.finish-once": "A choice does not get one finish_reason as its last word.",
    "completions.sse.framing": "An event is not framed by the rules, or its data is no JSON.",
    "completions.sse.same-head": "id, created or model change within a stream.",
    "completions.sse.shape": "A chunk has a member missing, of another type, or with a value that it cannot have.",
    "completions.usage": "The token counts are missing, the total is not their sum, or one is what none can be.",
}
