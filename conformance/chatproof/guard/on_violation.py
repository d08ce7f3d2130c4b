"""What to do with a finding: `raise_must`, `report(…)`, `log(…)`, or any function of one finding."""

import logging
from collections.abc import Callable
from typing import TypeAlias

from chatproof.guard.contract_error import ContractError, words_of
from chatproof.guard.finding import Finding

__all__ = ["Reaction", "log", "raise_must", "report"]

#: Called at once, before what broke the contract is handed on. What it raises reaches the caller.
Reaction: TypeAlias = Callable[[Finding], object]


def raise_must(finding: Finding) -> None:
    """Raise `ContractError` for a must; pass over shoulds and over what is not judged."""
    if finding.musts:
        raise ContractError(finding)


def report(callback: Callable[[Finding], object]) -> Reaction:
    """Hand every finding to `callback`, `found.append` for example, and go on."""
    return callback


def log(logger: logging.Logger | None = None) -> Reaction:
    """Log a must as an error, a should as a warning, and what is not judged as information."""
    to = logger or logging.getLogger("chatproof.guard")

    def write(finding: Finding) -> None:
        level = logging.ERROR if finding.musts else logging.WARNING if finding.violations else logging.INFO
        to.log(level, "%s", words_of(finding, finding.violations))

    return write
