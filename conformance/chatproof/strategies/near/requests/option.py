"""Requests for a chat with one option that is wrong."""

from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.near_miss import Miss, added, at
from chatproof.strategies.valid.requests import plain_chat_requests
from chatschema import JsonObject, JsonValue

__all__ = ["OPEN", "option", "with_members"]

_LIMITS = ("max_tokens", "max_completion_tokens")
#: Without a limit, so that each of its names can be tried.
OPEN = plain_chat_requests().map(
    lambda request: {name: item for name, item in request.items() if name not in _LIMITS}
)


def option(
    name: str,
    rule: str,
    sentence: str,
    member: str,
    values: SearchStrategy[JsonValue],
    *inner: str | int,
) -> tuple[str, str, str, SearchStrategy[Miss]]:
    """A near miss whose `member` has one of the values; the defect is at `inner` inside it."""
    return name, rule, sentence, at(added(OPEN, member, by=values), member, *inner)


def with_members(members: JsonObject, *path: str | int) -> SearchStrategy[Miss]:
    """A request with these members besides, one of which is wrong at `path`."""
    return at(OPEN.map(lambda request: Miss(data={**request, **members}, path="$")), *path)
