"""Miniatures that are broken in reasoning: the fake thinks aloud in all of them."""

from chatfake import Request
from chatproof.selftest.endpoint.miniatures.registry import broken
from chatproof.selftest.endpoint.wrapping import (
    Object,
    as_json,
    asked,
    chained,
    chunks,
    completions,
    delta_of,
    each_chunk,
    message_of,
    speaking,
    where,
)

__all__ = ["THINKING"]

THINKING = speaking("reasoning")


def _thought(chunk: Object) -> bool:
    return "reasoning_content" in delta_of(chunk)


def _as_tags(found: list[Object]) -> list[Object]:
    """The thinking in the content of streams, as the model wrote it."""
    thoughts = [chunk for chunk in found if _thought(chunk)]
    for chunk in thoughts:
        delta = delta_of(chunk)
        delta["content"] = delta.pop("reasoning_content")
    if thoughts:
        delta_of(thoughts[0])["content"] = "<think>" + delta_of(thoughts[0])["content"]
        delta_of(thoughts[-1])["content"] += "</think>"
    return found


def _late(found: list[Object]) -> list[Object]:
    """The thinking after the content."""
    thoughts = [chunk for chunk in found if _thought(chunk)]
    rest = [chunk for chunk in found if not _thought(chunk)]
    end = next(
        (n for n, c in enumerate(rest) if c["choices"] and c["choices"][0]["finish_reason"]), len(rest)
    )
    return [*rest[:end], *thoughts, *rest[end:]]


def _as_list(value: Object) -> None:
    message = message_of(value)
    message["reasoning_content"] = [{"type": "text", "text": message["reasoning_content"]}]


def _other_name(_: int, chunk: Object) -> None:
    if _thought(chunk):
        delta_of(chunk)["reasoning"] = delta_of(chunk).pop("reasoning_content")


def _uncounted(value: Object) -> None:
    details = value["usage"]["completion_tokens_details"]
    details["reasoning_tokens"] = value["usage"]["completion_tokens"] + 100


def _history(request: Request, *, thinking: bool) -> bool:
    """A history whose assistant messages have, or have no, reasoning."""
    messages: list[Object | str] = asked(request).get("messages") or []
    said: list[Object] = [m for m in messages if isinstance(m, dict) and m.get("role") == "assistant"]
    return any(("reasoning_content" in message) is thinking for message in said)


_REFUSED = as_json(
    400,
    {"error": {"message": "no", "type": "invalid_request_error", "param": "messages", "code": None}},
)

broken(
    "reasoning-as-tags-in-streams",
    "chat.reasoning.shape",
    chained(THINKING, chunks(_as_tags)),
    along=("chat.sse.equals-json",),
)
broken("reasoning-after-content", "chat.reasoning.shape", chained(THINKING, chunks(_late)))
broken(
    "reasoning-as-list",
    "chat.reasoning.shape",
    chained(THINKING, completions(_as_list)),
)
broken(
    "reasoning-not-streamed",
    "chat.reasoning.shape",
    chained(THINKING, each_chunk(lambda _, c: delta_of(c).pop("reasoning_content", None))),
)
broken("reasoning-under-two-names", "chat.reasoning.shape", chained(THINKING, each_chunk(_other_name)))
broken(
    "reasoning-not-counted",
    "chat.reasoning.shape",
    chained(THINKING, completions(_uncounted)),
    along=("chat.json.usage-details",),
)
broken(
    "reasoning-refused-in-history",
    "chat.reasoning.replay",
    chained(THINKING, where(lambda r: _history(r, thinking=True), _REFUSED)),
    along=("history.reply-replay",),
)
broken(
    "history-without-reasoning-refused",
    "chat.reasoning.replay",
    chained(THINKING, where(lambda r: b"Say one word" in r.body and _history(r, thinking=False), _REFUSED)),
)
