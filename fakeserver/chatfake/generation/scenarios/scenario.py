"""What a scenario is: a named way to answer. One is added by one entry in one of the files beside this."""

from collections.abc import Callable
from dataclasses import dataclass

from chatfake.generation.reply import Reply, Speak
from chatfake.generation.reshape import AS_IS, Reshape
from chatfake.request.chat_request import Chat

__all__ = ["REGISTRY", "Scenario", "add", "scenario"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A named way to answer. `outcome` goes on a sentence about the answer: "whose answer …"."""

    name: str
    description: str
    outcome: str
    speak: Speak
    reshape: Reshape = AS_IS


REGISTRY: dict[str, Scenario] = {}


def scenario(
    name: str, description: str, outcome: str, reshape: Reshape = AS_IS
) -> Callable[[Callable[[Chat], Reply]], Callable[[Chat], Reply]]:
    """Registers the decorated function, which says one choice, under that name; it is said `n` times."""

    def register(say: Callable[[Chat], Reply]) -> Callable[[Chat], Reply]:
        def speak(chat: Chat) -> tuple[Reply, ...]:
            return (say(chat),) * chat.n

        add(name, description, outcome, speak, reshape)
        return say

    return register


def add(name: str, description: str, outcome: str, speak: Speak, reshape: Reshape = AS_IS) -> None:
    """Registers a scenario."""
    REGISTRY[name] = Scenario(
        name=name, description=description, outcome=outcome, speak=speak, reshape=reshape
    )
