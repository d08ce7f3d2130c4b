"""The catalogue of rules. A rule is one function with a decorator; everything else is derived from it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chatproof.findings.finding import Level
from chatproof.findings.ids import refuse_bad_entry, sentence_of
from chatproof.history.model.play import ClientViolation, Play
from chatproof.history.model.policy import Policy
from chatproof.history.model.talks import Talks

__all__ = ["RULES", "Rule", "always", "needs_system", "needs_window", "rule"]

Check = Callable[[Play], Iterator[ClientViolation]]

Unclaimed = Callable[[Policy], str]
"""Why a policy does not claim a rule; empty where it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that a history client is held to.

    `id` is public and never renamed; `breaks` says in one sentence what goes wrong for a user;
    `reference` names the specification, or the client in which it was seen to go wrong.
    """

    id: str
    level: Level
    breaks: str
    reference: str
    talks: Talks
    unclaimed: Unclaimed
    check: Check

    @property
    def sentence(self) -> str:
        """What is asked for, in one line: the first line of the check's docstring."""
        return sentence_of(self.check)


RULES: dict[str, Rule] = {}
"""All rules by id, in the order in which they run."""


def always(policy: Policy) -> str:
    """Every client claims it."""
    del policy
    return ""


def needs_window(policy: Policy) -> str:
    """Clients with a window claim it."""
    return "" if policy.window is not None else "no window is declared"


def needs_system(policy: Policy) -> str:
    """Clients with a window and a system prompt claim it."""
    return needs_window(policy) or ("" if policy.system == "kept" else "there is no system prompt")


def rule(
    id: str,  # noqa: A002  the catalogue's word
    level: Level,
    *,
    talks: Talks,
    breaks: str,
    reference: str,
    unclaimed: Unclaimed = always,
) -> Callable[[Check], Check]:
    """Register a function as a rule. It gives the violations in a played conversation, the earliest first.

    Raises:
        ValueError: the id is malformed or taken, or the function has no docstring.
    """

    def register(check: Check) -> Check:
        refuse_bad_entry("rule", id, RULES, check)
        RULES[id] = Rule(
            id=id,
            level=level,
            breaks=breaks,
            reference=reference,
            talks=talks,
            unclaimed=unclaimed,
            check=check,
        )
        return check

    return register
