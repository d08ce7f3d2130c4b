"""The gate: one for a run, which knows its keys."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Self, TypeVar, cast

from chatproof.gate import escaping
from chatproof.gate.masking import Masks, look_alikes_masked
from chatschema import Violation

__all__ = ["Gate"]

T = TypeVar("T")

_MOST = 2**63
"""Numbers beyond this are no counts of anything, and programs that read a report cannot hold them."""


_LONGEST = 50_000
"""Characters of one text that are told: nobody reads more, and to look for keys in more would take long."""


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

    def masked(self, text: str) -> str:
        """The text without keys; its other characters are as they were. Of a very long one the beginning."""
        if len(text) > _LONGEST:
            text = f"{text[:_LONGEST]}… ({len(text):,} characters)"
        return look_alikes_masked(self._masks.masked(text))

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

    def value(self, value: T, own: Collection[str] = ()) -> T:
        """A JSON value, with all texts and numbers in it. Texts that are wholly one of our `own` words stay."""
        cleaned: object = value
        match value:
            case str():
                cleaned = value if value in own else self.text(value)
            case bool():
                pass
            case int():
                cleaned = self.number(value)
            case list():
                cleaned = [self.value(item, own) for item in cast("list[object]", value)]
            case dict():
                cleaned = {
                    self.value(name, own): self.value(item, own)
                    for name, item in cast("dict[str, object]", value).items()
                }
            case _:
                pass
        return cleaned  # type: ignore[return-value]  # of the same shape

    def violation(self, violation: Violation) -> Violation:
        """A violation as it may be told; paths have members' names, which are a body's too."""
        return replace(
            violation,
            path=self.line(violation.path),
            message=self.line(violation.message),
            expected=self.line(violation.expected),
            seen=self.line(violation.seen),
        )
