"""What a line of a chat asks for: to say something, or to do something with the conversation."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import TypeAlias

__all__ = ["COMMANDS", "Do", "Line", "Nothing", "Say", "Wrong", "parsed", "unfinished"]

COMMANDS = MappingProxyType(
    {
        "history": ("[N]", "show the conversation, or its last N rounds"),
        "undo": ("", "take the last round back"),
        "retry": ("", "ask for the last reply again; the new one takes its place"),
        "branch": ("[N]", "go on after N rounds (without N: here) in a new branch; the old one stays"),
        "branches": ("", "list this conversation and its branches"),
        "switch": ("NAME", "go on with another branch or conversation"),
        "clear": ("", "forget this conversation"),
        "model": ("[NAME]", "ask another model; without NAME, show which there are"),
        "system": ("[TEXT]", "set the system prompt, - removes it; without TEXT, show it"),
        "help": ("", "show this"),
        "quit": ("", "end; so does Ctrl-D"),
    }
)
"""Each command by its word: what it takes, and what it does."""

_COMMAND = re.compile(r"/([A-Za-z]+)(?:\s+(.*))?", re.DOTALL)
"""A path such as /etc/hosts is none, nor is a line that begins with two slashes."""

_TAKES = MappingProxyType(
    {
        "": (re.compile(r""), "takes nothing"),
        "[N]": (re.compile(r"(?:[0-9]{1,6})?"), "takes a number, or nothing"),
        "NAME": (re.compile(r"\S+"), "takes a name"),
        "[NAME]": (re.compile(r"\S*"), "takes a name, or nothing"),
        "[TEXT]": (re.compile(r".*", re.DOTALL), ""),
    }
)


@dataclass(frozen=True, slots=True)
class Nothing:
    """The line is blank."""


@dataclass(frozen=True, slots=True)
class Say:
    """A message for the model, as it was typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Do:
    """A command, with what came behind it."""

    word: str
    argument: str = ""

    @property
    def number(self) -> int | None:
        """The argument of a command that takes a number; None without one."""
        return int(self.argument) if self.argument else None


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is no command, or not with that argument; the sentence says what there is."""

    sentence: str


Line: TypeAlias = Nothing | Say | Do | Wrong


def parsed(line: str) -> Line:
    """What a line asks for. `//` at its start stands for one slash of a message."""
    found = _COMMAND.fullmatch(line.strip())
    if found is None:
        if not line.strip():
            return Nothing()
        return Say(line[1:] if line.startswith("//") else line)
    word, argument = found[1].lower(), (found[2] or "").strip()
    if word not in COMMANDS:
        near = get_close_matches(word, COMMANDS, n=3) or [name for name in COMMANDS if name.startswith(word)]
        meant = f"is {' or '.join(f'/{name}' for name in near)} meant? " if near else ""
        return Wrong(f"/{word} is no command; {meant}/help has them all, and //{word} is a message.")
    takes, words = _TAKES[COMMANDS[word][0]]
    if not takes.fullmatch(argument):
        return Wrong(f"/{word} {words}.")
    return Do(word, argument)


def unfinished(line: str) -> bool:
    """Whether a backslash at its end says that the message goes on in the next line; two of them are two."""
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1
