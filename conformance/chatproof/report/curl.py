"""A `curl` line that makes a request again. It names variables, and holds no key and no value of a user's header."""

import json
import re
import shlex

from chatproof.probe import Access, Sent

__all__ = ["curl"]

_LONG = 2000
_MOSTLY = 10
"""So many times as long: what is left out is what the request is about."""


def curl(sent: Sent, *, key_variable: str | None, access: Access | None = None) -> str:
    """The shell line for a request.

    `key_variable` names the environment variable that holds the key; None sends no key. `access` has the
    user's headers and certificates. A body past 2,000 characters is cut in the middle: the line then shows the request,
    and says that it is cut.
    """
    # the status, the type, and why there is no answer are what most findings are about
    streams = b'"stream":true' in sent.body or sent.url.endswith("/generate_stream")
    words = ["curl", "-sSiN" if streams else "-sSi"]
    if sent.method != ("POST" if sent.body else "GET"):
        words += ["-X", sent.method]
    access = access or Access()
    if sent.keyless:
        key_variable, access = None, access.without_key()
    words += ["--insecure"] if access.insecure else []
    words += ["--cacert", shlex.quote(access.cacert)] if access.cacert else []
    words.append(shlex.quote(sent.url))
    named = {name for name, _ in sent.headers}
    if key_variable and "authorization" not in named:
        words += ["-H", f'"Authorization: Bearer ${key_variable}"']
    for header in access.beside(named):
        quote = '"' if "$" in header.shown else "'"
        words += ["-H", f"{quote}{_safe(header.name, quote)}: {header.shown}{quote}"]
    for name, value in sent.headers:
        words += ["-H", shlex.quote(f"{name.title()}: {value}")]
    if sent.body:
        words += ["-d", _quote(_readable(sent.body))]
    return " ".join(words)


def _safe(name: str, quote: str) -> str:
    """The name of a header in these quotes: of what a shell obeys there, names may have `$`, a back tick and `'`."""
    return name.replace("'", "'\\''") if quote == "'" else re.sub(r"([$`])", r"\\\1", name)


def _readable(body: bytes) -> str:
    """The body as text; JSON in its readable form, without escapes for letters, unless it is long by its blanks."""
    raw = body.decode("utf-8", "replace")
    try:
        value = json.loads(body)
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        text.encode()
    except (ValueError, RecursionError):
        text = raw
    if len(text) <= _LONG < len(raw) // _MOSTLY:
        text = raw
    if len(text) > _LONG:
        text = f"{text[: _LONG // 2]} …{len(text) - _LONG} characters cut… {text[-_LONG // 2 :]}"
    return text


def _quote(text: str) -> str:
    """Always in quotes, as people write it."""
    quoted = shlex.quote(text)
    return quoted if quoted.startswith("'") else f"'{quoted}'"
