"""The catalogue of cases. A case is one function with a decorator; everything else is derived from it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatproof.findings.finding import Finding, Level
from chatproof.findings.ids import group_of, refuse_bad_entry, sentence_of

if TYPE_CHECKING:
    from chatproof.cases.endpoint import Endpoint

__all__ = ["CASES", "CATALOGUES", "GATEWAY_CASES", "LORAX_CASES", "PROFILES", "Case", "case", "case_of"]

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
"""The cases of an endpoint that speaks OpenAI's protocol by id, in the order in which they run."""

LORAX_CASES: dict[str, Case] = {}
"""The cases of LoRAX's own routes."""

GATEWAY_CASES: dict[str, Case] = {}
"""The cases of an endpoint that has another one behind it, which is named."""

PROFILES: Mapping[str, Mapping[str, Case]] = {"openai": CASES, "lorax": LORAX_CASES}
"""What an endpoint can be judged as: the name of the protocol, and its cases."""

CATALOGUES: Mapping[str, Mapping[str, Case]] = {**PROFILES, "gateway": GATEWAY_CASES}
"""All cases that there are."""


def case_of(id_: str) -> Case:
    """The case of that id, in whichever catalogue it is. Raises KeyError."""
    return next(cases for cases in CATALOGUES.values() if id_ in cases or cases is GATEWAY_CASES)[id_]


def case(id: str, level: Level, *, breaks: str, reference: str) -> Callable[[Check], Check]:  # noqa: A002  the catalogue's word
    """Register a function as a case.

    Raises:
        ValueError: the id is malformed or taken, or the function has no docstring.
    """

    def register(check: Check) -> Check:
        cases = {"lorax": LORAX_CASES, "gateway": GATEWAY_CASES}.get(id.partition(".")[0], CASES)
        refuse_bad_entry("case", id, cases, check)
        cases[id] = Case(id=id, level=level, breaks=breaks, reference=reference, check=check)
        return check

    return register
