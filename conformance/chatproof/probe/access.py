"""What lets requests in besides the key: headers of the user's own, and which certificates are trusted."""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

__all__ = ["KEYS", "Access", "Header", "HeaderError", "carries_key", "header_flaw", "headers_of", "is_secret"]

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A header's name (RFC 9110, 5.6.2)."""

_VARIABLE = re.compile(r"((?:[A-Za-z][A-Za-z0-9-]* )?)\$([A-Za-z_][A-Za-z0-9_]*)")
"""`$NAME`, or with a scheme before it: `Bearer $NAME`."""

_OURS = frozenset({"content-length", "transfer-encoding"})
"""They say how long our body is."""

KEYS = frozenset({"authorization", "api-key"})
"""They take the place of the key."""

_OPEN = frozenset({"accept", "accept-language", "content-type"})
"""Their values are no secrets, and stand in every answer."""

_SECRET = re.compile(r"auth|key|token|secret|cookie|password", re.IGNORECASE)
"""In the names of headers whose values let somebody in."""

_SECRET_WORDS = frozenset(
    ["auth", "authorization", "key", "token", "secret", "cookie", "password", "pass", "credential"]
)
"""The same where the name is read word by word: `x-portkey-provider` names no key."""

_NAMES_A_REQUEST = "idempotency-key"
"""It is another one in each, and lets nobody in."""

_HARMLESS = re.compile(r"https?://[\w.-]+(?::\d+)?(?:/[\w./-]{0,40})?|[a-z]{1,16}(?:-[a-z]{1,16})?")
"""An address, or one or two plain words: what a gateway takes to know where a request is to go."""

_LITERALS = frozenset({"true", "false", "null"})


class HeaderError(ValueError):
    """A header that cannot be sent; the text says why, and not its value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A header for every request. `shown` stands for its value in all that is said."""

    name: str
    value: str = field(repr=False)
    shown: str = "***"

    @property
    def secrets(self) -> dict[str, str]:
        """What must not be told, each with what is shown for it: the value, and what of it a server may quote."""
        if self.name.lower() in _OPEN or self.value.lower() in _LITERALS or self.shown == self.value:
            return {}
        pieces = {self.value: self.shown}
        scheme, space, rest = self.value.partition(" ")
        if space and self.name.lower().endswith("authorization"):
            pieces[rest] = self.shown.removeprefix(f"{scheme} ")
            if scheme.lower() == "basic":
                pieces |= dict.fromkeys(_basic_secrets(rest), pieces[rest])
        if self.name.lower() == "cookie":
            pieces |= {part.partition("=")[2].strip(): self.shown for part in self.value.split(";")}
        return {piece: shown for piece, shown in pieces.items() if piece}


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """`cacert` is a file of certificates that are trusted in place of the system's; `insecure` checks none."""

    headers: tuple[Header, ...] = ()
    cacert: str | None = None
    insecure: bool = False

    @property
    def key_header(self) -> str:
        """The name of the header that takes the place of the key; empty without one."""
        return next((header.name for header in self.headers if header.name.lower() in KEYS), "")

    @property
    def secrets(self) -> dict[str, str]:
        """What must not be told of the headers, each with what is shown in its place."""
        return {piece: shown for header in self.headers for piece, shown in header.secrets.items()}

    def without_key(self) -> "Access":
        """The same, but for what takes the place of the key."""
        return replace(
            self, headers=tuple(header for header in self.headers if header.name.lower() not in KEYS)
        )

    def beside(self, names: Iterable[str]) -> tuple[Header, ...]:
        """The headers for a request that has these of its own, which are what it is about."""
        own = {name.lower() for name in names}
        return tuple(header for header in self.headers if header.name.lower() not in own)


def _basic_secrets(credentials: str) -> tuple[str, ...]:
    """The password of Basic credentials, with and without the name: a server reads it, and may quote it."""
    try:
        text = base64.b64decode(credentials, validate=True).decode()
    except ValueError:
        return ()
    return (text, text.partition(":")[2])


def headers_of(texts: Iterable[str], variables: Mapping[str, str]) -> tuple[Header, ...]:
    """Headers from texts `Name: value`; a value `$NAME` is that of the variable.

    Raises:
        HeaderError: one cannot be sent.
    """
    return tuple(_header(text, variables) for text in texts)


def carries_key(text: str) -> bool:
    """Whether a text `Name: value` has in it what lets somebody in, and not the name of a variable."""
    name, _, value = text.partition(":")
    return is_secret(name) and not _VARIABLE.fullmatch(value.strip(" \t"))


def is_secret(name: str) -> bool:
    """Whether a header of that name has for its value what lets somebody in."""
    return bool(_SECRET.search(name)) and name.lower() != _NAMES_A_REQUEST


def _header(text: str, variables: Mapping[str, str]) -> Header:
    name, colon, value = text.partition(":")
    if not colon or not _TOKEN.fullmatch(name):
        raise HeaderError("a header is given that is none. It is like 'Name: value' or 'Name: $VARIABLE'")
    if name.lower() in _OURS:
        raise HeaderError(f"the header {name} cannot be set: it depends on what is sent.")
    value = value.strip(" \t")
    shown = "***"
    if found := _VARIABLE.fullmatch(value):
        scheme, variable = found.groups()
        if not variables.get(variable):
            raise HeaderError(f"${variable} is not set, which the header {name} is to have.")
        shown, value = value, scheme + variables[variable]
    elif _is_harmless(name, value):
        shown = value
    if not value:
        raise HeaderError(f"the header {name} has no value.")
    if flaw := header_flaw(value):
        raise HeaderError(f"the value of the header {name} {flaw}: it cannot be sent.")
    return Header(name=name, value=value, shown=shown)


def _is_harmless(name: str, value: str) -> bool:
    """Whether a value, written where everybody reads it, tells nothing, by its name and its form.

    Answers are full of such words and addresses: what is told of them could not be read with these left out.
    """
    named = any(part in _SECRET_WORDS or part.endswith("apikey") for part in name.lower().split("-"))
    return not named and bool(_HARMLESS.fullmatch(value))


def header_flaw(value: str) -> str:
    """Why this can be no value of a header; empty where it can."""
    if not value.isascii():
        return "has a character in it that is not ASCII"
    if value != value.strip():
        return "begins or ends with white space (a line break?)"
    if not value.isprintable():
        return "has a control character in it"
    return ""
