"""What a right client is: one that no rule may name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from chatproof.history.model.policy import Policy

__all__ = ["LEGAL", "Legal", "legal"]

Made = TypeVar("Made", bound=type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Legal:
    """A client that is right. `what`: in which way it is unusual."""

    name: str
    what: str
    make: Callable[..., Any]
    policy: Policy


LEGAL: dict[str, Legal] = {}
"""All of them by name."""


def legal(policy: Policy = Policy()) -> Callable[[Made], Made]:  # noqa: B008  it is frozen
    """Register a client. Its class is its name, its docstring says what is unusual."""

    def register(made: Made) -> Made:
        name = "".join(
            f"-{letter.lower()}" if letter.isupper() else letter for letter in made.__name__
        ).lstrip("-")
        LEGAL[name] = Legal(name=name, what=(made.__doc__ or "").strip(), make=made, policy=policy)
        return made

    return register
