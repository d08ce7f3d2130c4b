"""What a conversation is called: in the history file by its endpoint and its name, and where that file is."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple, Self

__all__ = ["DEFAULT", "Name", "default_file"]

DEFAULT = "default"

_NAME = re.compile(r"[^\W_](?:[\w.~@+-]{0,99})")


class Name(NamedTuple):
    """`url` is the base of the API, empty where a history was written by another program. No name has a blank in it.

    A branch of `talk` is `talk~2`.
    """

    url: str
    conversation: str

    @property
    def key(self) -> str:
        """In the history file."""
        return f"{self.url} {self.conversation}" if self.url else self.conversation

    @classmethod
    def of(cls, key: str) -> Self:
        """The name that a key of the file stands for."""
        url, _, conversation = key.rpartition(" ")
        return cls(url, conversation)

    @property
    def trunk(self) -> str:
        """The conversation that this is a branch of, or is."""
        return self.conversation.partition("~")[0]

    def branches(self, keys: Collection[str]) -> list[Self]:
        """The conversation and its branches among the keys, in order."""
        names = [type(self).of(key) for key in {*keys, self.key}]
        family = [name for name in names if (name.url, name.trunk) == (self.url, self.trunk)]
        return sorted(family, key=lambda name: (len(name.conversation), name.conversation))

    def next_branch(self, keys: Collection[str]) -> Self:
        """The first name for a branch that is not taken."""
        number = 2
        while self._replace(conversation=f"{self.trunk}~{number}").key in keys:
            number += 1
        return self._replace(conversation=f"{self.trunk}~{number}")

    def sibling(self, conversation: str) -> Self:
        """Another conversation with the same endpoint.

        Raises:
            ValueError: it is no name; the text says what one is.
        """
        if not _NAME.fullmatch(conversation):
            raise ValueError("a conversation's name is of letters, digits and . ~ @ + - _, with no blanks")
        return self._replace(conversation=conversation)


def default_file(environment: Mapping[str, str], home: Path) -> Path:
    """Where the history is, as the XDG base directories have it: a path that is not absolute is to be ignored."""
    data = Path(environment.get("XDG_DATA_HOME") or ".")
    return (data if data.is_absolute() else home / ".local" / "share") / "chatproof" / "history.json"
