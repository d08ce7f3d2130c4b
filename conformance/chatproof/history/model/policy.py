"""What a client says about its memory: the declarations that it is then held to."""

from dataclasses import dataclass
from typing import Literal

from chatproof.history.model.log import Message

__all__ = ["Messages", "Policy", "SystemPrompt"]

SystemPrompt = Literal["kept", "none"]


@dataclass(frozen=True, slots=True)
class Messages:
    """A window of the `n` most recent messages before the new one.

    The system prompt and the new user message do not count. What is kept starts with a user message: where
    the n-th message from the end is a reply, it goes as well, since many chat templates reject a reply
    without its question.

    Raises:
        ValueError: `n` is negative.
    """

    n: int

    def __post_init__(self) -> None:
        if self.n < 0:
            raise ValueError(f"a window of {self.n} messages cannot be")

    def __str__(self) -> str:
        return f"window {self.n} message{'' if self.n == 1 else 's'}"

    @property
    def rounds(self) -> int:
        """How many whole rounds fit."""
        return self.n // 2

    def keep(self, history: tuple[Message, ...]) -> tuple[Message, ...]:
        """The part of a history that is sent."""
        kept = history[max(len(history) - self.n, 0) :]
        first = next((at for at, message in enumerate(kept) if message.role == "user"), len(kept))
        return kept[first:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a history client declares.

    `window` None: everything is sent. `system` is `kept` where a system prompt stands first in every
    request, outside the window, and `none` where there is no system prompt.

    Raises:
        ValueError: `system` is another word.
    """

    window: Messages | None = None
    system: SystemPrompt = "kept"

    def __post_init__(self) -> None:
        if self.system not in ("kept", "none"):
            raise ValueError(f"system={self.system!r}: it is 'kept' or 'none'")

    def __str__(self) -> str:
        window = "no window" if self.window is None else str(self.window)
        return f"{window}, {'system prompt kept' if self.system == 'kept' else 'no system prompt'}"
