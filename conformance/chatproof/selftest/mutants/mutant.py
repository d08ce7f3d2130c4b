"""What a mutant is: a client with one mistake, and the rules that say so."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from chatproof.history.model.policy import Policy

__all__ = ["MUTANTS", "Mutant", "mutant"]

PLAIN = Policy()

Made = TypeVar("Made", bound=type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A client with one mistake. `caught_by`: at least one of these rules is broken, and no other."""

    name: str
    mistake: str
    make: Callable[..., Any]
    policy: Policy
    caught_by: frozenset[str]


MUTANTS: dict[str, Mutant] = {}
"""All mutants by name."""


def mutant(*caught_by: str, policy: Policy = PLAIN) -> Callable[[Made], Made]:
    """Register a client. Its class is its name, its docstring the mistake."""

    def register(made: Made) -> Made:
        name = "".join(
            f"-{letter.lower()}" if letter.isupper() else letter for letter in made.__name__
        ).lstrip("-")
        if name in MUTANTS:
            raise ValueError(f"the mutant {name} is there already")
        MUTANTS[name] = Mutant(
            name=name,
            mistake=(made.__doc__ or "").strip(),
            make=made,
            policy=policy,
            caught_by=frozenset(caught_by),
        )
        return made

    return register
