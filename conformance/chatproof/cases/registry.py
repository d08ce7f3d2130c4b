"""The catalogue of cases. A case is one function with a decorator; everything else is derived from it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatproof.cases.finding import Finding, Level

if TYPE_CHECKING:
    from chatproof.cases.endpoint import Endpoint

__all__ = ["CASES", "Case", "case"]

Check = Callable[["Endpoint"], Iterator[Finding]]

_ID = re.compile(r"[a-z]+(\.[a-z0-9-]+)+")


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
        return self.id.rpartition(".")[0]

    @property
    def sentence(self) -> str:
        """What is asked for, in one line: the first line of the check's docstring."""
        return (self.check.__doc__ or "").strip().partition("\n")[0]


CASES: dict[str, Case] = {}
"""All cases by id, in the order in which they run."""


def case(id: str, level: Level, *, breaks: str, reference: str) -> Callable[[Check], Check]:  # noqa: A002  the catalogue's word
    """Register a function as a case.

    Raises:
        ValueError: the id is malformed or taken, or the function has no docstring.
    """

    def register(check: Check) -> Check:
        if not _ID.fullmatch(id):
            raise ValueError(f"{id!r} is no case id: group.name in lower case")
        if id in CASES:
            raise ValueError(f"the case id {id!r} is taken")
        if not check.__doc__:
            raise ValueError(f"the case {id!r} needs a docstring that says what is asked for")
        CASES[id] = Case(id=id, level=level, breaks=breaks, reference=reference, check=check)
        return check

    return register
