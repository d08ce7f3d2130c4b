"""Keys are taken out of what is written: by the name of what holds them, then wherever else their value stands.

A request's keys become `***`. In an answer as many asterisks take a key's place as it has bytes, so that lengths and
chunks stay true. Values of fewer than `SHORTEST` characters are hidden where they are named and not looked for:
`key` or `none` would take words out of every text.
"""

import base64
import binascii
import contextlib
import json
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import quote, quote_plus, unquote_plus

from chatfake.core.http import Headers, Request
from chatfake.core.json_text import JsonError, JsonValue, dump, encode, parse
from chatfake.core.secret_names import (
    MASK,
    is_secret_header,
    is_secret_member,
    without_secret_headers,
    without_secret_members,
)
from chatfake.recording.exchange import Arrival, Exchange, Reading
from chatfake.recording.reception import body_of_raw

SHORTEST = 8
#: Of a compressed answer that is looked into.
MOST_UNPACKED = 256 * 1024 * 1024

#: Of a JSON body: names that are nobody's but a key's.
_JSON_MEMBERS = frozenset({"access_token", "api_key", "api_token", "apikey", "client_secret", "password"})
_RAW_HEADER = re.compile(rb"(?m)^([A-Za-z0-9_-]+)(:[ \t]*)([^\r\n]+)")


class UnsearchableError(ValueError):
    """An answer may hold a key where nobody can take it out; the reason, as a clause."""


def redacted_exchange(exchange: Exchange) -> Exchange:
    """The exchange without the keys that its request and its answer name.

    Raises `UnsearchableError` where a compressed answer holds one, or may.
    """
    found = forms_of((*secrets_of(exchange.request), *_set_cookies(exchange.arrival.headers)))
    _search(exchange.arrival, found)
    return replace(
        exchange,
        request=redacted_request(exchange.request),
        arrival=_redacted_arrival(exchange.arrival, found),
    )


def redacted_request(request: Request) -> Request:
    """The request as it may be written down; a redacted request stays as it is."""
    found = forms_of(secrets_of(request))
    return replace(
        request,
        path=_without(request.path, found),
        query=_without(without_secret_members(request.query), found),
        headers=_redacted_headers(request.headers, found),
        body=_redacted_body(request.body, found),
    )


def secrets_of(request: Request) -> tuple[str, ...]:
    """The keys that a request names: headers, cookies, members of the query and of a JSON body."""
    found: list[str] = []
    for name, value in request.headers:
        if is_secret_header(name):
            found += _cookies(value) if "cookie" in name.lower() else _credentials(value)
    for member in request.query.split("&"):
        name, _, value = member.partition("=")
        if is_secret_member(name):
            found += (value, unquote_plus(value))
    found += _named(_json(request.body))
    return tuple(dict.fromkeys(found))


def forms_of(secrets: Iterable[str]) -> tuple[str, ...]:
    """How the keys may be written in a text, the longest first."""
    forms: set[str] = set()
    for secret in secrets:
        if len(secret) >= SHORTEST:
            quoted = json.dumps(secret)[1:-1]
            forms |= {secret, quoted, quoted.replace("/", "\\/"), dump(secret)[1:-1]}
            forms |= {quote(secret, safe="", errors="replace"), quote(secret, errors="replace")}
            forms.add(quote_plus(secret, errors="replace"))
    return tuple(sorted(forms, key=lambda form: (-len(form), form)))


def _credentials(value: str) -> tuple[str, ...]:
    """The value, and what comes after a scheme; of `Basic` what is coded in it too."""
    scheme, _, rest = value.strip().partition(" ")
    rest = rest.strip()
    found = (value.strip(), rest)
    if scheme.lower() != "basic":
        return found
    try:
        decoded = base64.b64decode(rest, validate=True).decode()
    except (binascii.Error, ValueError):
        return found
    return (*found, decoded, *decoded.split(":", 1))


def _cookies(value: str) -> tuple[str, ...]:
    pairs = (pair.strip().partition("=")[2].strip() for pair in value.split(";"))
    return (value.strip(), *(one for pair in pairs for one in _quoted_or_bare(pair)))


def _quoted_or_bare(value: str) -> tuple[str, ...]:
    """A cookie's value, and what is between its quotes; one quote alone is a part of it."""
    bare = value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
    return tuple(one for one in dict.fromkeys((value, bare)) if one)


def _set_cookies(headers: Headers) -> tuple[str, ...]:
    """The values of the cookies alone: attributes such as a path are no secrets."""
    values = (
        value.partition(";")[0].partition("=")[2] for name, value in headers if name.lower() == "set-cookie"
    )
    return tuple(one for value in values for one in _quoted_or_bare(value.strip()))


def _named(value: JsonValue) -> list[str]:
    """The values of a body's members that are named as keys are."""
    if isinstance(value, list):
        return [secret for one in value for secret in _named(one)]
    found: list[str] = []
    for name, one in value.items() if isinstance(value, dict) else ():
        found += [one] if isinstance(one, str) and name.lower() in _JSON_MEMBERS else _named(one)
    return found


def _json(body: bytes) -> JsonValue:
    try:
        return parse(body)
    except JsonError:
        return None


def _without(text: str, forms: Sequence[str]) -> str:
    for form in forms:
        text = text.replace(form, MASK)
    return text


def _redacted_headers(headers: Headers, forms: Sequence[str]) -> Headers:
    return tuple(
        (_without(name, forms), _without(value, forms)) for name, value in without_secret_headers(headers)
    )


def _redacted_body(body: bytes, forms: Sequence[str]) -> bytes:
    value = _json(body)
    if value is None:
        for form in forms:
            body = body.replace(encode(form), MASK.encode())
        return body
    hidden = _redacted_json(value, forms)
    return body if hidden == value else encode(dump(hidden))


def _redacted_json(value: JsonValue, forms: Sequence[str]) -> JsonValue:
    if isinstance(value, str):
        return _without(value, forms)
    if isinstance(value, list):
        return [_redacted_json(one, forms) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        _without(name, forms): MASK
        if isinstance(one, str) and name.lower() in _JSON_MEMBERS
        else _redacted_json(one, forms)
        for name, one in value.items()
    }


def _redacted_arrival(arrival: Arrival, forms: Sequence[str]) -> Arrival:
    data = arrival.data
    if arrival.raw:
        head, blank, body = data.partition(b"\r\n\r\n")
        data = _RAW_HEADER.sub(_starred_header, head) + blank + body
    for form in forms:
        written = encode(form)
        data = data.replace(written, b"*" * len(written))
    return replace(
        arrival,
        reason=_without(arrival.reason, forms),
        headers=_redacted_headers(arrival.headers, forms),
        readings=_split(data, arrival.readings),
    )


def _starred_header(found: "re.Match[bytes]") -> bytes:
    if not is_secret_header(found[1].decode("ascii")):
        return found[0]
    return found[1] + found[2] + b"*" * len(found[3])


def _split(data: bytes, readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """The same bytes in the pieces that they came in."""
    pieces: list[Reading] = []
    start = 0
    for reading in readings:
        end = start + len(reading.data)
        pieces.append(replace(reading, data=data[start:end]))
        start = end
    return tuple(pieces)


def _search(arrival: Arrival, forms: Sequence[str]) -> None:
    """Looks into a compressed answer: what stands there cannot be replaced."""
    coding = arrival.header("content-encoding").strip().lower()
    if not forms or coding in ("", "identity") or not arrival.data:
        return
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise UnsearchableError(f"its content coding {coding} cannot be searched for keys")
    body = body_of_raw(arrival.data) if arrival.raw else arrival.data
    text = _unpacked(body)
    if any(encode(form) in text for form in forms):
        raise UnsearchableError("its compressed body holds a key")


def _unpacked(data: bytes) -> bytes:
    """What can be unpacked of it; nothing where it is not what it says it is."""
    found = b""
    for bits in (47, -15):  # gzip and zlib by their heads; some servers send deflate without one
        with contextlib.suppress(zlib.error):
            found += zlib.decompressobj(bits).decompress(data, MOST_UNPACKED)
    return found
