"""What is said to a request, before it is written in a server's format: the request, the replies, the ids."""

from dataclasses import dataclass

from chatfake.core.tokens import count
from chatfake.generation.identity import Identity
from chatfake.generation.reply import Reply, spoken_tokens
from chatfake.request.chat_request import Chat


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What is said to a chat request, one (already limited) reply a choice."""

    chat: Chat
    replies: tuple[Reply, ...]
    identity: Identity

    @property
    def prompt_tokens(self) -> int:
        """What the request costs."""
        return self.chat.prompt_tokens

    @property
    def said_tokens(self) -> int:
        """What all choices cost together."""
        return sum(spoken_tokens(reply) for reply in self.replies)

    @property
    def reasoning_tokens(self) -> int:
        """The part of them that was thought."""
        return sum(count(reply.reasoning or "") for reply in self.replies)

    @property
    def thinks(self) -> bool:
        """Whether any choice has reasoning."""
        return any(reply.reasoning is not None for reply in self.replies)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextCompletion(Completion):
    """What is said to a completion request; `chat.prompt_tokens` counts all prompts of a batch."""

    prompts: tuple[str, ...]  #: before each reply's text, in the same order
    echo: bool
    logprobs: int | None

    def written(self, index: int) -> str:
        """The text that is sent: with `echo` the prompt stands before it."""
        text = self.replies[index].text or ""
        return self.prompts[index] + text if self.echo else text
