"""The page itself: one document, put together from the files beside this, that asks nobody but the fake."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from functools import reduce
from importlib.resources import files

from chatfake.core.http import Headers

#: In this order: each uses what stands before it.
SCRIPTS = ("element", "state", "json_tree", "conversation", "request", "list", "live")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The bytes, and the headers that go with them whether or not they are sent again."""

    body: bytes
    etag: str
    headers: Headers


def _page() -> Page:
    style = _read("page.css")
    script = '"use strict";\n' + "\n".join(_read(f"{name}.js") for name in SCRIPTS)
    parts = {"/* style */": style, "/* script */": script}
    text = reduce(lambda text, part: text.replace(part[0], part[1]), parts.items(), _read("page.html"))
    body = text.encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    # Trusted types make a browser refuse innerHTML and its kind: what is shown was written by strangers.
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_digest(script)}'",
            f"style-src '{_digest(style)}'",
            "connect-src 'self'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )
    headers = (
        ("content-security-policy", policy),
        ("cache-control", "no-cache"),
        ("etag", etag),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
    )
    return Page(body=body, etag=etag, headers=headers)


def _read(name: str) -> str:
    return files("chatfake.inspector").joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


PAGE = _page()
