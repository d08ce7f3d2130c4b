"""Miniatures that lose rounds of a history, or count them otherwise from time to time."""

import json
from collections.abc import Callable

from chatproof.selftest.endpoint.miniatures.history.changes import counting
from chatproof.selftest.endpoint.miniatures.registry import broken
from chatproof.selftest.endpoint.wrapping import Object, completions, requests


def _last(count: int) -> Callable[[Object], None]:
    def change(body: Object) -> None:
        body["messages"] = body["messages"][-count:]

    return change


broken(
    "last-message-only",
    "history.grows",
    requests(lambda b: None if b.get("tools") else _last(1)(b)),
    along=(
        "chat.json.developer-role",
        "history.every-round-counts",
        "history.no-silent-truncation",
        "history.system-counts",
        "history.user-runs-count",
    ),
)


def _slowly_longer() -> Callable[[Object, int], int]:
    calls = iter(range(10_000))
    return lambda body, count: count + next(calls) if len(body["messages"]) == 5 else count


broken(
    "counts-drift",
    "history.repeatable",
    counting(_slowly_longer()),
    along=("history.interleaved", "history.json-equals-sse"),
)


broken(
    "system-dropped",
    "history.system-counts",
    requests(lambda b: b.update(messages=[m for m in b["messages"] if m.get("role") != "system"])),
)


def _without_middle(body: Object) -> None:
    if len(body["messages"]) >= 9:
        body["messages"] = [*body["messages"][:2], *body["messages"][4:]]


broken("middle-dropped", "history.every-round-counts", requests(_without_middle))


def _streamed_window(body: Object) -> None:
    if body.get("stream") is True and not body.get("tools"):
        body["messages"] = body["messages"][-3:]


broken("streams-forget", "history.json-equals-sse", requests(_streamed_window),
       along=("history.interleaved",))  # fmt: skip


def _last_forty(body: Object) -> None:
    """A window: what is longer loses its beginning."""
    if len(body["messages"]) > 40:
        body["messages"] = body["messages"][-40:]


broken("window-of-forty", "history.no-silent-truncation", requests(_last_forty))


def _within_1000(body: Object) -> None:
    """A context that what is older falls out of, by tokens: as much is kept as there is room for."""
    room, kept = 1000, list[Object]()
    for message in reversed(body["messages"]):
        room -= len(json.dumps(message)) // 4
        if room < 0 and kept:
            break
        kept.insert(0, message)
    body["messages"] = kept


broken("context-of-1000-slides", "history.no-silent-truncation", requests(_within_1000))
broken(
    "more-cached-than-sent",
    "history.cached-tokens",
    completions(
        lambda v: v["usage"]["prompt_tokens_details"].update(cached_tokens=v["usage"]["prompt_tokens"] + 3)
    ),
    along=("chat.json.usage-details",),
)
