"""What is looked at before the first request, and told in a sentence: the URL, the key, certificates, the model."""

import re
import ssl
from urllib.parse import urlsplit

from chatproof.gate.escaping import name, without_query
from chatproof.judging.obstacles import CannotJudgeError
from chatproof.probe import Access, header_flaw
from chatproof.probe.client import trust_of

__all__ = [
    "checked_url",
    "refuse_unnamed_variable",
    "refuse_unsendable",
    "refuse_untrustable",
    "refuse_unwritable",
]


def checked_url(url: str) -> str:
    """The URL without its last slash, once it is one that can be asked."""
    shown = name(without_query(url))
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna")
    except ValueError:
        raise CannotJudgeError(f"{shown} is no URL: its host cannot be read.") from None
    if parts.scheme not in {"http", "https"} or not host or not url.isprintable():
        raise CannotJudgeError(f"{shown} is no URL. It is like http://localhost:8000/v1")
    if parts.username or parts.password:
        raise CannotJudgeError(
            "The URL holds a name or password. Put the key into a variable (--api-key-env)."
        )
    if parts.query or parts.fragment:
        raise CannotJudgeError(f"The URL has a query or fragment behind {shown}. Leave it out.")
    try:
        _ = parts.port
    except ValueError:
        raise CannotJudgeError(f"{shown} has no valid port.") from None
    return url.rstrip("/").removesuffix("/chat/completions")


_VARIABLE = re.compile("[A-Za-z_][A-Za-z0-9_]*")
"""What a shell can set; a key put there by mistake mostly has a dash."""


def refuse_unnamed_variable(key: str | None, variable: str) -> None:
    """Look whether the key itself stands where the name of its variable is wanted.

    Raises:
        CannotJudgeError: it seems to.
    """
    if key is None and not _VARIABLE.fullmatch(variable):
        raise CannotJudgeError(
            "--api-key-env takes the name of a variable, such as OPENAI_API_KEY, and what it was given is none."
            " Put the key into a variable. Nothing was asked."
        )


def refuse_unsendable(key: str, variable: str) -> None:
    """Look at the key before the first request: what is no value of a header would be quoted by whoever refuses it.

    Raises:
        CannotJudgeError: it is none.
    """
    if flaw := header_flaw(key):
        raise CannotJudgeError(f"the key in ${variable} {flaw}: it cannot be sent. Nothing was asked.")


def refuse_unwritable(model: str) -> None:
    """Look at the model's name before it is asked for: JSON can escape half a character, UTF-8 and a URL cannot.

    Raises:
        CannotJudgeError: it is no text.
    """
    try:
        model.encode()
    except UnicodeEncodeError:
        raise CannotJudgeError(
            f"The name of the model {name(model)!r} is no text: half a character (a lone surrogate) is in it."
            " Choose another with --model."
        ) from None


def refuse_untrustable(access: Access) -> None:
    """Look at the certificates before the first request.

    Raises:
        CannotJudgeError: the file cannot be read or holds none, or none are to be checked anyway.
    """
    if access.cacert is None:
        return
    if access.insecure:
        raise CannotJudgeError("--cacert and --insecure exclude each other. Nothing was asked.")
    shown = name(access.cacert)
    try:
        trust_of(access, "https:")
    except ssl.SSLError:
        raise CannotJudgeError(
            f"{shown} (--cacert) holds no certificate in PEM. Nothing was asked."
        ) from None
    except OSError as error:
        raise CannotJudgeError(
            f"{shown} (--cacert) cannot be read: {error.strerror}. Nothing was asked."
        ) from None
