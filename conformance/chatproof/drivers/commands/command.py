"""How a program is called: words with places for what is known when it starts. No shell reads them.

`{{` and `}}` stand for braces; every other brace belongs to a placeholder.
"""

import os
import re
import shlex
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Self

from chatproof.gate.escaping import line
from chatproof.history.model.endpoint import CannotBuildError, Endpoint
from chatproof.history.model.plan import FIRST
from chatproof.history.model.policy import Window

__all__ = ["AT_AN_ENDPOINT", "Command", "CommandError", "Template", "check_program", "values_at", "window_at"]

AT_AN_ENDPOINT = frozenset({"base_url", "api_key", "model", "home", "system_prompt", "conversation"})
"""What is known of every conversation. A kind of client adds its own: `text`, `window`, `n`."""

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_BRACES = {"{{": "{", "}}": "}"}

_GIVES_CODE = re.compile(r"-[a-z]*c", re.IGNORECASE)

_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh", "fish", "pwsh"})


class CommandError(ValueError):
    """A command line cannot be meant; the text says what is wrong, and what can be."""


@dataclass(frozen=True, slots=True)
class Template:
    """A text with placeholders: literal pieces, and names between them."""

    pieces: tuple[str, ...]
    names: tuple[str, ...]  #: `names[i]` stands between `pieces[i]` and `pieces[i + 1]`

    @classmethod
    def of(cls, text: str, known: Collection[str]) -> Self:
        """Parses a text.

        Raises:
            CommandError: a placeholder is unknown, or a brace stands alone.
        """
        pieces, names, at = [""], list[str](), 0
        for found in _PIECE.finditer(text):
            pieces[-1] += text[at : found.start()] + _BRACES.get(found.group(), "")
            at = found.end()
            name = found.group(1)
            if found.group() in _BRACES:
                continue
            if name is None:
                raise CommandError(
                    f"{line(text)!r} has a single {found.group()}: write it twice where it is meant as it is"
                )
            if name not in known:
                raise CommandError(_unknown(name, known))
            names.append(name)
            pieces.append("")
        pieces[-1] += text[at:]
        return cls(tuple(pieces), tuple(names))

    def filled(self, values: Mapping[str, str]) -> str:
        """The text.

        Raises:
            KeyError: there is no value for a placeholder.
        """
        filled = [self.pieces[0]]
        for name, piece in zip(self.names, self.pieces[1:], strict=True):
            filled += (values[name], piece)
        return "".join(filled)

    @property
    def is_bare(self) -> bool:
        """Whether it is one placeholder and nothing else, so that its value decides how it begins."""
        return self.pieces == ("", "")


def _unknown(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, n=3) or sorted(known)
    places = ", ".join(f"{{{one}}}" for one in near)
    return f"{{{line(name)}}} is no placeholder here; near are {places}. A brace as it is: {{{{ or }}}}"


@dataclass(frozen=True, slots=True)
class Command:
    """A program and its arguments."""

    words: tuple[Template, ...]

    @classmethod
    def of(cls, text: str, known: Collection[str]) -> Self:
        """Parses a command line, with the quotes of a shell and nothing else of one.

        Raises:
            CommandError: it is none.
        """
        try:
            words = shlex.split(text)
        except ValueError as error:
            raise CommandError(f"{line(text)!r} is no command line: {str(error).lower()}") from None
        if not words:
            raise CommandError("a command line has at least the name of a program")
        command = cls(tuple(Template.of(word, known) for word in words))
        command._refuse_scripts()
        return command

    def _refuse_scripts(self) -> None:
        """A shell would read what is said as its own code."""
        program = Path("".join(self.words[0].pieces)).name
        if program not in _SHELLS:
            return
        for option, script in pairwise(self.words[1:]):
            if _GIVES_CODE.fullmatch(option.pieces[0]) and "text" in script.names:
                raise CommandError(
                    f"{program} would read {{text}} as code there: hand it over as an argument,"
                    f" {program} -c 'my-bot \"$1\"' {program} {{text}}"
                )

    @property
    def names(self) -> frozenset[str]:
        """The placeholders in it."""
        return frozenset(name for word in self.words for name in word.names)

    def filled(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """The words to start."""
        return tuple(word.filled(values) for word in self.words)


def values_at(endpoint: Endpoint, conversation: str = FIRST) -> dict[str, str]:
    """What stands for the placeholders of `AT_AN_ENDPOINT`."""
    return {
        "base_url": endpoint.base_url,
        "api_key": endpoint.api_key,
        "model": endpoint.model,
        "home": str(endpoint.home),
        "system_prompt": endpoint.system_prompt,
        "conversation": conversation,
    }


def window_at(endpoint: Endpoint, command: "Command") -> int | None:
    """The window that is declared, as a number; None where none is.

    Raises:
        CannotBuildError: it stands in the command, and none is.
    """
    window = endpoint.policy.window
    n = window.n if isinstance(window, Window) else None
    if "window" in command.names and n is None:
        raise CannotBuildError(
            "{window} stands in the command, and no window is declared: give --window, or a policy that has one"
        )
    return n


def check_program(name: str, path: str | None = None) -> None:
    """Whether there is such a program, on the path or where its name says.

    Raises:
        CannotBuildError: there is none, or it cannot be started.
    """
    if shutil.which(name, path=path) is not None:
        return
    shown = line(name)
    if os.sep not in name:
        raise CannotBuildError(
            f"there is no program {shown} on the PATH. Commands are started without a shell:"
            f" where it is a function or an alias of one, write sh -c '…'"
        )
    file = Path(name)
    if file.is_dir():
        raise CannotBuildError(f"{shown} is a folder, and no program")
    if file.exists():
        raise CannotBuildError(f"{shown} is not executable: chmod +x it, or name its interpreter before it")
    hint = " (no shell is there to read ~)" if name.startswith("~") else ""
    raise CannotBuildError(f"there is no program {shown}{hint}")
