"""What holds a key, by its name: one rule for the journal, its page and recordings."""

import re
from urllib.parse import unquote_plus

from chatfake.core.http import Headers

__all__ = ["MASK", "is_secret_header", "is_secret_member", "without_secret_headers", "without_secret_members"]

MASK = "***"

#: `Authorization`, `x-api-key`, `Ocp-Apim-Subscription-Key`, `X-Amz-Security-Token`; not `x-ratelimit-limit-tokens`.
_HEADER = re.compile(
    r"(?:.*-)?(?:authorization|cookie2?|api-?key|apikey|subscription-key|goog-api-key|auth|auth-key|access-key|"
    r"token|secret|password)",
    re.IGNORECASE,
)
_MEMBERS = frozenset(
    [
        "access_token",
        "accesskey",
        "api_key",
        "api_token",
        "apikey",
        "auth",
        "client_secret",
        "key",
        "password",
        "secret",
        "sig",
        "signature",
        "token",
    ]
)


def is_secret_header(name: str) -> bool:
    """Whether a header of that name holds a key."""
    return bool(_HEADER.fullmatch(name))


def is_secret_member(name: str) -> bool:
    """Whether a member of a query does, by its name as it stands there."""
    return unquote_plus(name).lower() in _MEMBERS


def without_secret_headers(headers: Headers) -> Headers:
    """The headers with `***` for keys; a scheme (`Bearer`) stays."""
    return tuple((name, _hidden(value) if is_secret_header(name) else value) for name, value in headers)


def without_secret_members(query: str) -> str:
    """The query with `***` for keys."""
    return "&".join(map(_hidden_member, query.split("&")))


def _hidden(value: str) -> str:
    scheme, space, _ = value.partition(" ")
    return f"{scheme} {MASK}" if space and scheme.lower() in ("bearer", "basic") else MASK


def _hidden_member(member: str) -> str:
    name, equals, _ = member.partition("=")
    return f"{name}={MASK}" if equals and is_secret_member(name) else member
