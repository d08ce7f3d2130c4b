"""A policy as the TOML file that `policy_from_toml` reads, with a comment above what it was inferred from."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from typing import Any

from chatproof.history.model.policy import Policy, PolicyError, Unknown, Window

__all__ = ["declared_in", "policy_to_toml"]

_COMMENT = 110
"""Characters of a line of a comment."""


def declared_in(text: str) -> frozenset[str]:
    """What a policy's file declares: the names of its members, and for fates those of the answers.

    Raises:
        PolicyError: it is no TOML.
    """
    try:
        table: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"it is no TOML: {error}") from None
    fates = table.pop("fates", {})
    named: dict[str, Any] = {**fates} if isinstance(fates, dict) else {}
    return frozenset(table) | frozenset(named)


def policy_to_toml(policy: Policy, comments: Mapping[str, str] | None = None) -> str:
    """What differs from the default, a line a member, and the fates as a table.

    `comments` are written above a member, by its name, or beside the fate of an answer. One about a member that has its
    default stands by itself.
    """
    told = dict(comments or {})
    blocks: list[str] = []
    for one in fields(Policy):
        default = one.default if one.default is not MISSING else None
        value = getattr(policy, one.name)
        lines = list(_comment(told.pop(one.name, "")))
        if one.name != "fates" and value != default:
            lines.append(f"{one.name} = {_value(value)}")
        blocks += ["\n".join(lines)] if lines else []
    if policy.fates:
        rows = [_beside(f'{name} = "{fate}"', told.get(name, "")) for name, fate in policy.fates.items()]
        blocks.append("\n".join(["[fates]", *rows]))
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _beside(row: str, comment: str) -> str:
    return f"{row}  # {_plain(comment)}" if comment else row


def _comment(text: str) -> Iterator[str]:
    line = ""
    for word in _plain(text).split():
        if line and len(line) + len(word) + 1 > _COMMENT:
            yield f"# {line}"
            line = ""
        line = f"{line} {word}".strip()
    if line:
        yield f"# {line}"


def _plain(text: str) -> str:
    """Without what TOML takes in no comment."""
    return "".join(character if character.isprintable() else " " for character in text)


def _value(value: object) -> str:
    match value:
        case None:
            return '"none"'
        case Unknown():
            return '"unknown"'
        case bool():
            return str(value).lower()
        case Window(n=n, unit=unit):
            return f"{{{unit} = {n}}}"
        case tuple():
            return f"[{', '.join(map(_value, value))}]"  # pyright: ignore[reportUnknownArgumentType]
        case str():
            return _quoted(str(value))
        case _:
            return repr(value)


def _quoted(text: str) -> str:
    """A basic string, in which all that is not plain is escaped."""
    escapes = {'"': '\\"', "\\": "\\\\"}
    return (
        '"'
        + "".join(escapes.get(one, one if one.isprintable() else f"\\U{ord(one):08x}") for one in text)
        + '"'
    )
