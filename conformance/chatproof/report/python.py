"""A Python program that makes a request again, or two that should have been answered alike.

It runs as it is, with httpx. It names variables, and holds no key and no value of a user's header.
"""

import json
import re
from collections.abc import Callable

from chatproof.probe import Access, Sent

__all__ = ["python"]

_LONGEST = 20_000
"""Characters of a program that anyone would paste."""

_VARIABLE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")

_LOOP = """\
for {names} in requests:
    with client.stream(method, url, headers=headers, content=body) as answer:
        print(method, url, answer.status_code, answer.headers.get("content-type"))
        for piece in answer.iter_text():
            print(piece, end="", flush=True)
        print()
"""


def python(
    *requests: Sent, variable_of: Callable[[Sent], str | None], access_of: Callable[[Sent], Access]
) -> str:
    """The program for these requests, one after another; empty where it would be longer than anyone pastes.

    `variable_of` names the environment variable that holds the key for a request; None sends no key.
    """
    rows = [_request(sent, variable_of(sent), access_of(sent)) for sent in requests]
    access = access_of(requests[0]) if requests else Access()
    lines = [
        *(["import json"] if any("json.dumps(" in row for row in rows) else []),
        *(["import os"] if any("os.environ[" in row for row in rows) else []),
        *(["import ssl"] if access.cacert else []),
        "",
        "import httpx",
        "",
        f"client = httpx.Client(timeout=60{_verify(access)})",
        "requests = [",
        *rows,
        "]",
    ]
    text = "\n".join(lines).lstrip("\n") + "\n" + _LOOP.format(names="method, url, headers, body")
    return text if rows and len(text) <= _LONGEST else ""


def _verify(access: Access) -> str:
    if access.insecure:
        return ", verify=False"
    return f", verify=ssl.create_default_context(cafile={access.cacert!r})" if access.cacert else ""


def _request(sent: Sent, key_variable: str | None, access: Access) -> str:
    if sent.keyless:
        key_variable, access = None, access.without_key()
    headers = {"accept-encoding": repr("identity")}
    named = {name for name, _ in sent.headers}
    if key_variable and "authorization" not in named:
        headers["authorization"] = _value(f"Bearer ${key_variable}")
    headers |= {header.name.lower(): _value(header.shown) for header in access.beside(named)}
    headers |= {name: repr(value) for name, value in sent.headers}
    shown = ", ".join(f"{name!r}: {value}" for name, value in headers.items())
    values = (repr(sent.method), repr(sent.url), f"{{{shown}}}", _body(sent.body))
    return "    (\n" + "".join(f"        {value},\n" for value in values) + "    ),"


def _value(shown: str) -> str:
    """The value of a header: with what variables hold in the place of their names."""
    if not _VARIABLE.search(shown):
        return repr(shown)
    return 'f"' + _VARIABLE.sub(r"{os.environ['\1']}", shown) + '"'


def _body(body: bytes) -> str:
    """The same bytes; of JSON in the form in which we write it, its value."""
    try:
        value = json.loads(body)
        if json.dumps(value, separators=(",", ":")).encode() == body and "NaN" not in repr(body):
            return f'json.dumps({value!r}, separators=(",", ":")).encode()'
    except (ValueError, RecursionError):
        pass
    return repr(body)
