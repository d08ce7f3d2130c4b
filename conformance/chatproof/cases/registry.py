"""The catalogue of cases. A case is one function with a decorator; everything else is derived from it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatproof.findings.finding import Finding, Level
from chatproof.findings.ids import group_of, refuse_bad_entry, sentence_of

if TYPE_CHECKING:
    from chatproof.cases.endpoint import Endpoint

__all__ = [
    "CASES",
    "EVERY",
    "GATEWAY",
    "GATEWAY_CASES",
    "LORAX_CASES",
    "PROFILES",
    "RESPONSES_CASES",
    "Case",
    "case",
    "case_of",
    "cases_of",
    "profile_of",
]

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

RESPONSES_CASES: dict[str, Case] = {}
"""The cases of Open Responses."""

LORAX_CASES: dict[str, Case] = {}
"""The cases of LoRAX's own routes."""

GATEWAY_CASES: dict[str, Case] = {}
"""The cases of an endpoint that has another one behind it, which is named."""

GATEWAY = "gateway"
"""What is judged beside a protocol, where a backend is named."""

_OF = {"openai": CASES, "responses": RESPONSES_CASES, "lorax": LORAX_CASES, GATEWAY: GATEWAY_CASES}
PROFILES: Mapping[str, Mapping[str, Case]] = {name: cases for name, cases in _OF.items() if name != GATEWAY}
"""What an endpoint can be judged as: the name of the protocol, and its cases."""

EVERY = tuple(_OF)
"""The names of all cases that there are: the profiles, and what compares a gateway with its backend."""


def cases_of(profiles: Iterable[str] = ()) -> dict[str, Case]:
    """The cases of these profiles by id, in the order in which they run; of all profiles where none is named."""
    named = tuple(profiles) or tuple(PROFILES)
    return {id_: case for name, cases in _OF.items() if name in named for id_, case in cases.items()}


def case_of(id_: str) -> Case:
    """The case of that id, in whichever profile it is. Raises KeyError."""
    return _OF[profile_of(id_)][id_]


def profile_of(id_: str) -> str:
    """The profile that a case of that id is in, by how the id begins."""
    first = id_.partition(".")[0]
    return first if first in _OF else "openai"


def case(id: str, level: Level, *, breaks: str, reference: str) -> Callable[[Check], Check]:  # noqa: A002  the catalogue's word
    """Register a function as a case.

    Raises:
        ValueError: the id is malformed or taken, or the function has no docstring.
    """

    def register(check: Check) -> Check:
        cases = _OF[profile_of(id)]
        refuse_bad_entry("case", id, cases, check)
        cases[id] = Case(id=id, level=level, breaks=breaks, reference=reference, check=check)
        return check

    return register
