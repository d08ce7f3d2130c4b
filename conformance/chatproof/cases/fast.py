"""The cases of `check --fast`: the musts that find most, for a gate before a deployment."""

__all__ = ["FAST"]

FAST = frozenset(
    {
        "models.list",
        "models.unknown",
        "chat.json.shape",
        "chat.json.id",
        "chat.json.role",
        "chat.json.content",
        "chat.json.finish-reason",
        "chat.json.one-choice",
        "chat.json.usage",
        "chat.json.usage-plausible",
        "chat.json.parts",
        "chat.json.null-options",
        "chat.sse.framing",
        "chat.sse.shape",
        "chat.sse.same-head",
        "chat.sse.finish-once",
        "chat.sse.done",
        "chat.sse.delta-not-message",
        "chat.sse.not-cumulative",
        "chat.sse.complete",
        "history.grows",
        "history.json-equals-sse",
        "history.parts-count",
        "history.user-runs-count",
        "history.tool-round-counts",
        "history.tool-results-count",
        "chat.tools.accepted",
        "chat.tools.shape",
        "chat.tools.sse-fragments",
        "chat.tools.round-trip",
        "chat.errors.missing-messages",
        "chat.errors.shape",
        "http.json-content-type",
        "http.sse-content-type",
        "http.malformed-json",
    }
)
"""About 30 requests: answers are shared, and each is judged by the rules of all of these."""
