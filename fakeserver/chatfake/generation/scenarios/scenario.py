"""What a scenario is: a named way to answer. One is added by one entry in one of the files beside this."""

from collections.abc import Callable
from dataclasses import dataclass

from chatfake.generation.reply import Reply, Speak
from chatfake.generation.reshape import AS_IS, Reshape
from chatfake.request.chat_request import Chat


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A named way to answer. `outcome` goes on a sentence about the answer: "whose answer …"."""

    name: str
    description: str
    outcome: str
    speak: Speak
    reshape: Reshape = AS_IS


REGISTRY: dict[str, Scenario] = {}


def add(name: str, description: str, outcome: str, speak: Speak, reshape: Reshape = AS_IS) -> None:
    """Registers a scenario."""
    REGISTRY[name] = Scenario(
        name=name, description=description, outcome=outcome, speak=speak, reshape=reshape
    )


def said(
    name: str, description: str, outcome: str, say: Callable[[Chat], Reply], reshape: Reshape = AS_IS
) -> None:
    """Registers a function that says one choice; it is said `n` times."""
    add(name, description, outcome, lambda chat: (say(chat),) * chat.n, reshape)
