"""What the catalogue of cases and that of rules have in common: public ids, and a sentence from the docstring."""

import re
from collections.abc import Callable, Container

__all__ = ["group_of", "refuse_bad_entry", "sentence_of"]

_ID = re.compile(r"[a-z]+(\.[a-z0-9-]+)+")


def group_of(id_: str) -> str:
    """The id without its last part: `chat.sse` of `chat.sse.done`."""
    return id_.rpartition(".")[0]


def sentence_of(check: Callable[..., object]) -> str:
    """What is asked for, in one line: the first line of the docstring."""
    return (check.__doc__ or "").strip().partition("\n")[0]


def refuse_bad_entry(what: str, id_: str, taken: Container[str], check: Callable[..., object]) -> None:
    """Look at an entry before it is registered.

    Raises:
        ValueError: the id is malformed or taken, or the function has no docstring.
    """
    if not _ID.fullmatch(id_):
        raise ValueError(f"{id_!r} is no {what} id: group.name in lower case")
    if id_ in taken:
        raise ValueError(f"the {what} id {id_!r} is taken")
    if not check.__doc__:
        raise ValueError(f"the {what} {id_!r} needs a docstring that says what is asked for")
