"""What to do with an observation: `raise_must`, `report(…)`, `log(…)`, or any function of one observation."""

import logging
from collections.abc import Callable
from typing import TypeAlias

from chatproof.guard.contract_error import ContractError, words_of
from chatproof.guard.observation import Observation

__all__ = ["Reaction", "log", "raise_must", "report"]

#: Called at once, before what broke the contract is handed on. What it raises reaches the caller.
Reaction: TypeAlias = Callable[[Observation], object]


def raise_must(observation: Observation) -> None:
    """Raise `ContractError` for a must; pass over shoulds and over what is not judged."""
    if observation.musts:
        raise ContractError(observation)


def report(callback: Callable[[Observation], object]) -> Reaction:
    """Hand every observation to `callback`, `found.append` for example, and go on."""
    return callback


def log(logger: logging.Logger | None = None) -> Reaction:
    """Log a must as an error, a should as a warning, and what is not judged as information."""
    to = logger or logging.getLogger("chatproof.guard")

    def write(observation: Observation) -> None:
        level = (
            logging.ERROR
            if observation.musts
            else logging.WARNING
            if observation.violations
            else logging.INFO
        )
        to.log(level, "%s", words_of(observation, observation.violations))

    return write
