"""The catalogue of rules. A rule is declared once; what it selects stands in `OWNERS`, what it looks at in a check."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from chatproof.findings.finding import Level
from chatproof.history.model.oracle import Judged
from chatproof.history.model.policy import Policy
from chatproof.history.model.seen import Play

__all__ = ["RULES", "Breach", "Can", "Check", "Rule", "always", "rule"]

Can = frozenset[str]
"""What a client and its host allow: `again`, `cancel`, `clear`, `conversation`, `fork`, `kill`, `load`, `older`,
`restart`, `spoil`, `stream`, `tear`, `together`, `window`. What can be said to it: texts of several
`lines`, and with `dashes` in front. `sse`: it asks for streams."""

Unclaimed = Callable[[Policy, Can], str]
"""Why a client does not claim a rule; empty where it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """Where a rule that is no comparison of messages is broken: the step, the exchange (None: no request), and how.

    `unasked`: nothing was asked, as by a client whose history is empty.
    """

    step: int
    exchange: int | None = None
    message: str
    expected: str = ""
    seen: str = ""
    unasked: bool = False


Check = Callable[[Play, Sequence[Judged]], Iterator[Breach]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that a history client is held to.

    `id` is public and never renamed; `sentence` is what is asked for; `breaks` says in one sentence what goes wrong for
    a user; `reference` names the specification, or the client in which it was seen to go wrong. A rule without `check`
    is what `OWNERS` selects for it.
    """

    id: str
    level: Level
    sentence: str
    breaks: str
    reference: str
    unclaimed: Unclaimed
    check: Check | None = None

    @property
    def group(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]


def always(policy: Policy, can: Can) -> str:
    """Every client claims it."""
    del policy, can
    return ""


_RULES: dict[str, Rule] = {}
RULES: Mapping[str, Rule] = MappingProxyType(_RULES)
"""All rules by id, in the order of the catalogue."""


def rule(
    id: str,  # noqa: A002  the catalogue's word
    level: Level,
    sentence: str,
    *,
    breaks: str,
    reference: str,
    unclaimed: Unclaimed = always,
    check: Check | None = None,
) -> None:
    """Put a rule into the catalogue.

    Raises:
        ValueError: the id is taken.
    """
    if id in _RULES:
        raise ValueError(f"the rule id {id!r} is taken")
    _RULES[id] = Rule(
        id=id,
        level=level,
        sentence=sentence,
        breaks=breaks,
        reference=reference,
        unclaimed=unclaimed,
        check=check,
    )
