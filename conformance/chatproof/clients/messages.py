"""Messages as they are sent: JSON objects, made here, held to the contract of a request, and cut to a window."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, TypeAlias

from chatproof.history.model.answers import Fate
from chatproof.history.model.endpoint import CannotBuildError
from chatproof.history.model.policy import Unit, Window
from chatschema import JsonObject, JsonValue, Kind, Level, check

__all__ = [
    "FATES",
    "Content",
    "Given",
    "assistant",
    "checked",
    "limit_of",
    "most_recent",
    "shaped",
    "system",
    "tool_result",
    "user",
]

Given: TypeAlias = Sequence[Mapping[str, Any]]
"""Messages or parts as a caller writes them."""

Content: TypeAlias = str | Given
"""What a user says: a text, or parts, of which some are images."""

FATES = {
    "blank-content": Fate.KEEP,
    "parts-content": Fate.DROP,
    "content-filter": Fate.KEEP,
    "wrong-object": Fate.DROP,
    "cancelled": Fate.DROP,
    "abandoned": Fate.DROP,
    "tools-exhausted": Fate.DROP,
}
"""What becomes of rounds, where it is for the client to declare: kept is what the contract calls a reply with text."""


_PAIRS = frozenset({"chat.request.unanswered-call", "chat.request.tool-result"})
"""What only messages together can break."""


def system(text: str) -> list[JsonObject]:
    """The system prompt as messages: none where it is empty."""
    return [{"role": "system", "content": text}] if text else []


def user(content: Content) -> JsonObject:
    """A user's message; what the caller handed in stays the caller's."""
    return {
        "role": "user",
        "content": content if isinstance(content, str) else [dict(deepcopy(one)) for one in content],
    }


def assistant(text: str) -> JsonObject:
    """A reply without calls."""
    return {"role": "assistant", "content": text}


def tool_result(call_id: str, text: str) -> JsonObject:
    """The result of a call."""
    return {"role": "tool", "tool_call_id": call_id, "content": text}


def shaped(messages: JsonValue | Given) -> list[JsonObject]:
    """A copy of a list of messages, each of which a request may carry.

    Raises:
        ValueError: it is none; the text says where.
    """
    return _held(messages, spared=_PAIRS)


def checked(messages: JsonValue | Given) -> list[JsonObject]:
    """A copy of a list of messages that a request may carry together: each call is answered, each result asked for.

    Raises:
        ValueError: it is none; the text says where.
    """
    return _held(messages, spared=frozenset())


def _held(messages: JsonValue | Given, spared: frozenset[str]) -> list[JsonObject]:
    if not isinstance(messages, Sequence) or isinstance(messages, str):
        raise ValueError("the messages are no list")  # noqa: TRY004  it came from a file or a user
    if not messages:
        return []
    held: list[JsonValue] = [dict(one) if isinstance(one, Mapping) else one for one in messages]
    # before they are copied, for some are nested deeper than can be copied
    for violation in check({"model": "any", "messages": held}, Kind.CHAT_REQUEST).violations:
        if violation.level is Level.MUST and violation.rule not in spared:
            raise ValueError(f"{violation.path}: {violation.message}")
    return [deepcopy(one) for one in held if isinstance(one, dict)]


def most_recent(messages: Sequence[JsonObject], limit: int | None) -> list[JsonObject]:
    """The newest messages, at most `limit` (None: all), beginning with what a user said.

    So a result never stands without its call: between the two no user speaks.
    """
    if limit is None or limit >= len(messages):
        return list(messages)
    newest = messages[len(messages) - limit :]
    start = next((at for at, message in enumerate(newest) if message["role"] == "user"), len(newest))
    return list(newest[start:])


def limit_of(window: object) -> int | None:
    """A declared window or cap, None where there is none or nobody knows it.

    Raises:
        CannotBuildError: it counts something else than messages.
    """
    if not isinstance(window, Window):
        return None
    if window.unit is not Unit.MESSAGES:
        raise CannotBuildError(f"this client counts messages; a {window} cannot be set")
    return window.n
