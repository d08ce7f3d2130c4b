"""When two requests are the same: method, path, query and body.

Ignored are headers, the `/v1` and the other prefixes of a path, the order of the query's and of JSON's members,
white space, whether a number is written 1 or 1.0, and keys, for they are redacted on both sides. A body that is no
JSON is compared byte by byte.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from chatfake.core.http import Request
from chatfake.core.json_text import JsonError, JsonValue, canonical, digest, parse
from chatfake.handling.request_context import address_of
from chatfake.recording.redaction import redacted_request


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchKey:
    """The parts of a request that are compared."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    body: JsonValue  #: parsed JSON; any other as text

    @property
    def identity(self) -> str:
        """64 hexadecimal digits, the same for requests that are the same."""
        return digest(self.method, self.path, canonical(self.query), canonical(self.body))


def match_key(request: Request) -> MatchKey:
    """The key of a request, with its secrets left out."""
    bare = redacted_request(request)
    return MatchKey(
        method=bare.method.upper(),
        path=address_of(bare).path,
        query=tuple(sorted(parse_qsl(bare.query, keep_blank_values=True))),
        body=_body(bare.body),
    )


def _body(body: bytes) -> JsonValue:
    if not body:
        return None
    try:
        return _plain(parse(body))
    except JsonError:
        return body.decode("utf-8", "backslashreplace")


def _plain(value: JsonValue) -> JsonValue:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return {name: _plain(one) for name, one in value.items()} if isinstance(value, dict) else value
