"""What a client says about its memory: the declarations that it is then held to. What is unknown is judged weakly."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import Final, TypeAlias

from chatproof.history.model.answers import ANSWERS, Fate

__all__ = [
    "UNKNOWN",
    "Declared",
    "Messages",
    "Policy",
    "PolicyError",
    "Rounds",
    "SystemPrompt",
    "Tokens",
    "Turns",
    "Unit",
    "Unknown",
    "Window",
]


class Unknown:
    """Nothing is declared: what the client does in this is not judged, as long as it is one of what may be."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN: Final = Unknown()


class PolicyError(ValueError):
    """A declaration cannot be; the text says which, and what can."""


class Unit(StrEnum):
    """What a window or a cap counts."""

    MESSAGES = "messages"
    ROUNDS = "rounds"
    TURNS = "turns"  #: messages of the user
    TOKENS = "tokens"


@dataclass(frozen=True, slots=True)
class Window:
    """So many of the most recent messages, rounds, turns or tokens before the new message.

    The system prompt and the new user message do not count. What is kept starts with a user message, and a call of a
    tool stays with its results: where they do not fit, they go.

    Raises:
        PolicyError: `n` is negative.
    """

    n: int
    unit: Unit = Unit.MESSAGES

    def __post_init__(self) -> None:
        if self.n < 0:
            raise PolicyError(f"a window of {self.n} {self.unit} cannot be")

    def __str__(self) -> str:
        return f"window {self.n} {self.unit if self.n != 1 else self.unit[:-1]}"

    @property
    def rounds(self) -> int:
        """How many whole rounds of two messages fit; for tokens nobody knows."""
        return self.n // 2 if self.unit is Unit.MESSAGES else self.n


def Messages(n: int) -> Window:  # noqa: N802  reads as a type in a declaration
    """A window of `n` messages."""
    return Window(n, Unit.MESSAGES)


def Rounds(n: int) -> Window:  # noqa: N802
    """A window of `n` rounds, each with all of its messages."""
    return Window(n, Unit.ROUNDS)


def Turns(n: int) -> Window:  # noqa: N802
    """A window of `n` messages of the user, each with what follows it."""
    return Window(n, Unit.TURNS)


def Tokens(n: int) -> Window:  # noqa: N802
    """A window of `n` tokens, counted in the client's own way: judged as a window of unknown size."""
    return Window(n, Unit.TOKENS)


class SystemPrompt(StrEnum):
    """Where the system prompt is."""

    KEPT = "kept"  #: first in every request, outside the window
    COUNTED = "counted"  #: first in every request, as one message of the window
    IN_USER = "in-user"  #: at the beginning of the first user message
    NONE = "none"  #: there is none


Declared: TypeAlias = Window | Unknown | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a history client declares.

    `window` None: everything is sent. `cap`: so much is stored for each conversation, the oldest goes first.
    `fates` says for answers, by name, what becomes of their rounds, where that is not the default. `tools`: the client
    answers calls itself, in at most so many requests. `persistent`: a conversation survives a restart. `many`:
    conversations have keys. `tree`: they have branches. `retries`: how often the client itself resends. `models`: all
    that it may ask, in order; with `sticky` the one that answered last is asked first. `clears_results`: other words
    stand for what tools gave in rounds before. `timeout`: seconds after which the client gives up an answer that does
    not come; None: longer than anybody waits.

    Raises:
        PolicyError: a declaration cannot be.
    """

    window: Declared = None
    system: SystemPrompt | str = SystemPrompt.KEPT
    cap: Window | None = None
    fates: Mapping[str, Fate | str] = field(default_factory=dict[str, Fate | str])
    tools: int | Unknown | None = None
    persistent: bool = False
    many: bool = False
    tree: bool = False
    retries: int | Unknown = UNKNOWN
    models: tuple[str, ...] = ("tiny",)
    sticky: bool = False
    breaks_control_tokens: bool = False
    clears_results: bool = False
    timeout: float | None = None

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "system", SystemPrompt(self.system))
        except ValueError:
            raise PolicyError(f"system={self.system!r}: it is one of {_words(SystemPrompt)}") from None
        for name, fate in self.fates.items():
            if name not in ANSWERS and name not in CAUSES:
                known = (*ANSWERS, *CAUSES)
                near = get_close_matches(name, known, n=3) or known
                raise PolicyError(f"no answer is called {name!r}; near are {', '.join(near)}")
            if fate not in tuple(Fate):
                raise PolicyError(f"fates[{name!r}]={fate!r}: it is one of {_words(Fate)}")
        if not self.models:
            raise PolicyError("models: at least one is asked")

    def fate(self, cause: str) -> Fate:
        """What becomes of a round by its last answer, or by what else ended it: `cancelled`, `abandoned`."""
        default = ANSWERS[cause].fate if cause in ANSWERS else Fate.UNKNOWN
        return Fate(self.fates.get(cause, default))

    def __str__(self) -> str:
        window = "no window" if self.window is None else str(self.window)
        window = "unknown window" if isinstance(self.window, Unknown) else window
        told = [window, _SYSTEM[SystemPrompt(self.system)]]
        told += [f"stores {self.cap.n} {self.cap.unit}"] if self.cap else []
        for member, word in (
            ("tools", "tools"),
            ("persistent", "persistent"),
            ("many", "many conversations"),
            ("tree", "tree"),
            ("clears_results", "old results cleared"),
        ):
            told += [word] if getattr(self, member) else []
        told += [f"{name}: {fate}" for name, fate in sorted(self.fates.items())]
        return ", ".join(told)


CAUSES = ("cancelled", "abandoned", "tools-exhausted")
"""What ends a round besides an answer."""

_SYSTEM = {
    SystemPrompt.KEPT: "system prompt kept",
    SystemPrompt.COUNTED: "system prompt counted",
    SystemPrompt.IN_USER: "system prompt in the first user message",
    SystemPrompt.NONE: "no system prompt",
}


def _words(words: type[StrEnum]) -> str:
    return ", ".join(repr(one.value) for one in words)
