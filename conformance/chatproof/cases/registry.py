"""The catalogue of cases. A case is one function with a decorator; everything else is derived from it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatproof.cases.finding import Finding, Level
from chatproof.catalogue import group_of, refuse_bad_entry, sentence_of

if TYPE_CHECKING:
    from chatproof.cases.endpoint import Endpoint

__all__ = ["CASES", "Case", "case"]

Check = Callable[["Endpoint"], Iterator[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing that an endpoint is held to.

    `id` is public and never renamed; `breaks` says in one sentence what goes wrong for a user;
    `reference` names the member of the specification, or the behaviour, that clients rely on.
    """

    id: str
    level: Level
    breaks: str
    reference: str
    check: Check

    @property
    def group(self) -> str:
        """The id without its last part."""
        return group_of(self.id)

    @property
    def sentence(self) -> str:
        """What is asked for, in one line: the first line of the check's docstring."""
        return sentence_of(self.check)


CASES: dict[str, Case] = {}
"""All cases by id, in the order in which they run."""


def case(id: str, level: Level, *, breaks: str, reference: str) -> Callable[[Check], Check]:  # noqa: A002  the catalogue's word
    """Register a function as a case.

    Raises:
        ValueError: the id is malformed or taken, or the function has no docstring.
    """

    def register(check: Check) -> Check:
        refuse_bad_entry("case", id, CASES, check)
        CASES[id] = Case(id=id, level=level, breaks=breaks, reference=reference, check=check)
        return check

    return register
