"""What a fault is: a named change to an answer. One is added by one entry in one of the files beside this."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from chatfake.core.api_error import ApiError
from chatfake.core.http import Answer, Headers
from chatfake.core.json_text import JsonObject

Effect: TypeAlias = Callable[[Answer], Answer]
#: Writes an error as the data of an event, in the manner of whoever answers.
ErrorEvent: TypeAlias = Callable[[ApiError], JsonObject]

#: A fault's number is a count of seconds or bytes; nobody needs more of either in a test.
LARGEST = 100_000_000.0


#: What OpenAI says where it broke down.
SERVER_ERROR = ApiError(
    message="The server had an error while processing your request. Sorry about that!",
    type="server_error",
    status=500,
)


def _unchanged(answer: Answer) -> Answer:
    return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A named change to an answer's status, headers or steps. `outcome` goes on a sentence as a scenario's does."""

    name: str
    description: str
    outcome: str
    apply: Effect = _unchanged
    #: What is said in place of the answer, in the manner of whoever answers, and the headers that go with it.
    refusal: ApiError | None = None
    headers: Headers = ()
    #: It redirects to the path that was asked for, behind this one.
    redirect: str = ""
    #: What breaks off a stream, by the writer of such an error's event.
    broken_off: "Callable[[ErrorEvent], Effect] | None" = None
    #: It applies to the first so many attempts at a request, and no later one; None: all of them.
    first: int | None = None
    #: What its number means, and the fault with another one; None where it has none.
    measure: "Measure | None" = None
    #: The number that was given.
    value: float | None = None

    @property
    def written(self) -> str:
        """How it is written in a plan: `http-500`, `delay-first-byte=2`, or `http-500*2` for two attempts."""
        value = "" if self.value is None else f"={self.value:g}"
        return f"{self.name}{value}" + ("" if self.first is None else f"*{self.first}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A fault's number."""

    unit: str
    usual: float
    with_value: Callable[[float], Effect]


REGISTRY: dict[str, Fault] = {}


def add(name: str, description: str, outcome: str, apply: Effect = _unchanged, *, redirect: str = "") -> None:
    """Registers a fault."""
    REGISTRY[name] = Fault(
        name=name, description=description, outcome=outcome, apply=apply, redirect=redirect
    )


def fault(name: str, description: str, outcome: str) -> Callable[[Effect], Effect]:
    """Registers the decorated function under that name."""

    def register(apply: Effect) -> Effect:
        add(name, description, outcome, apply)
        return apply

    return register


def measured(
    name: str, description: str, outcome: str, *, unit: str, usual: float
) -> Callable[[Callable[[float], Effect]], Callable[[float], Effect]]:
    """Registers a fault that takes a number: `delay-first-byte=2.5`; `usual` without one."""

    def register(with_value: Callable[[float], Effect]) -> Callable[[float], Effect]:
        REGISTRY[name] = Fault(
            name=name,
            description=f"{description} (`={usual:g}` {unit})",
            outcome=outcome,
            apply=with_value(usual),
            measure=Measure(unit=unit, usual=usual, with_value=with_value),
        )
        return with_value

    return register
