"""The gate: one for a run, which knows its keys."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from chatproof.gate import escaping
from chatproof.gate.masking import Masks, look_alikes_masked

if TYPE_CHECKING:  # `--help` goes through the gate, and waits for no pydantic
    from chatschema import JsonValue, Violation

__all__ = ["Gate", "names_a_secret"]

_MOST = 2**63
"""Numbers beyond this are no counts of anything, and programs that read a report cannot hold them."""


_LONGEST = 50_000
"""Characters of one text that are told: nobody reads more, and to look for keys in more would take long."""


_SECRET = re.compile(r"(?:^|_)(?:KEY|TOKEN|SECRET|PASSWORD|CREDENTIALS)(?:$|_)", re.IGNORECASE)
"""Names of variables that hold what nobody else is to see."""

_SHORTEST = 8
"""Shorter values of such variables are settings, as a rule, and stand in other words."""


def names_a_secret(name: str) -> bool:
    """Whether a variable of that name holds what nobody else is to see."""
    return _SECRET.search(name) is not None


class Gate:
    """Makes texts fit to leave the process. `secrets` says for each key what is shown in its place.

    Keys are masked before anything is cut or escaped: where a text has to be cut, let it through first.
    """

    def __init__(self, secrets: Mapping[str, str] | None = None) -> None:
        self._masks = Masks(secrets or {})

    @classmethod
    def of_key(cls, key: str | None, variable: str, others: Mapping[str, str] | None = None) -> Self:
        """The gate of a run with one key, for which the variable stands that it came from, and other secrets."""
        return cls({**(others or {}), **({key: f"${variable}"} if key else {})})

    @classmethod
    def of_environment(cls, environment: Mapping[str, str], others: Mapping[str, str] | None = None) -> Self:
        """The gate of a run in which others' code reads variables: those that are named as secrets are masked.

        `others` are further secrets, each with what is shown in its place.
        """
        secrets = {name: value for name, value in environment.items() if names_a_secret(name)}
        named = {value: f"${name}" for name, value in secrets.items() if len(value) >= _SHORTEST}
        return cls({**named, **(others or {})})

    def masked(self, text: str) -> str:
        """The text without keys; its other characters are as they were. Of a very long one the beginning."""
        if len(text) > _LONGEST:
            text = f"{text[:_LONGEST]}… ({len(text):,} characters)"
        return look_alikes_masked(self._masks.masked(text))

    def hidden(self, text: str) -> str:
        """The text without the keys of this run, however long it is, and as it was else.

        What only looks like a key stays: this is for what will be judged again, and must be the same then.
        """
        return self._masks.masked(text)

    def prose(self, text: str) -> str:
        """What people and models say, without the keys of this run where they stand whole, and as it was else.

        A word that shares eight characters with a key is a word here.
        """
        return self._masks.whole_masked(text)

    def text(self, text: str) -> str:
        """A text of several lines."""
        return escaping.block(self.masked(text))

    def line(self, text: str) -> str:
        """A text on one line."""
        return escaping.line(self.masked(text))

    def name(self, text: str) -> str:
        """A name on one line, and no longer than anyone reads."""
        return escaping.name(self.masked(text))

    def number(self, number: int) -> int:
        """A number that other programs can hold."""
        return max(-_MOST, min(number, _MOST))

    def value(self, value: dict[str, Any], own: Collection[str] = ()) -> dict[str, Any]:
        """A JSON object, with all texts and numbers in it. Texts that are wholly one of our `own` words stay."""
        return {self._word(name, own): self._clean(item, own) for name, item in value.items()}

    def _word(self, text: str, own: Collection[str]) -> str:
        return text if text in own else self.text(text)

    def _clean(self, value: "JsonValue", own: Collection[str]) -> "JsonValue":
        if isinstance(value, str):
            return self._word(value, own)
        if isinstance(value, int) and not isinstance(value, bool):
            return self.number(value)
        if isinstance(value, list):
            return [self._clean(item, own) for item in value]
        return self.value(value, own) if isinstance(value, dict) else value

    def violation(self, violation: "Violation") -> "Violation":
        """A violation as it may be told; paths have members' names, which are a body's too."""
        return replace(
            violation,
            path=self.line(violation.path),
            message=self.line(violation.message),
            expected=self.line(violation.expected),
            seen=self.line(violation.seen),
        )
