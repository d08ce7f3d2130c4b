"""A chat on a tree: one handle, which moves on to each reply."""

from collections.abc import Generator
from typing import ClassVar, Self

from chatproof.clients.chat_model import ChatModel
from chatproof.clients.chat_node import ChatNode
from chatproof.clients.messages import FATES, Content, Given
from chatproof.history.model.endpoint import Endpoint
from chatproof.history.model.policy import Policy

__all__ = ["TreeChat"]


class TreeChat:
    """The thread that ends at `leaf`. Other chats may go on from any node of the same tree."""

    POLICY: ClassVar[Policy] = Policy(fates=FATES, retries=0, tree=True)

    def __init__(self, model: ChatModel, leaf: ChatNode) -> None:
        self.model = model
        self.leaf = leaf

    @classmethod
    def at(cls, endpoint: Endpoint) -> Self:
        """A client for an endpoint of the suite."""
        return cls(ChatModel.at(endpoint), ChatNode.root(endpoint.system_prompt))

    def say(self, content: Content) -> str:
        """Say something, and give the reply back.

        Raises:
            AnswerError: there is no reply. Tree and leaf are as they were.
        """
        self.leaf = self.leaf.chat(content, self.model)
        return _text(self.leaf)

    def stream(self, content: Content) -> Generator[str, None, None]:
        """The same in pieces; a generator that is closed early leaves tree and leaf as they were."""
        self.leaf = yield from self.leaf.stream(content, self.model)

    def again(self) -> str:
        """Ask for the last reply once more: another child of what was said, at which the chat goes on.

        Raises:
            AnswerError: there is no new reply. The leaf is as it was.
            LookupError: nothing was said yet.
        """
        if self.leaf.parent is None or _role(self.leaf) != "assistant":
            raise LookupError("nothing was said yet")
        self.leaf = self.leaf.parent.complete(self.model)
        return _text(self.leaf)

    def fork(self, rounds: int) -> Self:
        """Another chat on the same tree, which goes on after so many rounds of this one.

        Raises:
            ValueError: this one has fewer.
        """
        path = self.leaf.path()
        replies = [at for at, node in enumerate(path) if _role(node) == "assistant"]
        if not 0 <= rounds <= len(replies):
            raise ValueError(f"there are {len(replies)} rounds")
        return type(self)(self.model, path[replies[rounds - 1]] if rounds else path[0])

    def from_messages(self, messages: Given) -> Self:
        """Another chat with the same model and prompt, on a tree of these messages.

        Raises:
            ValueError: a request cannot carry them.
        """
        first = self.leaf.path()[0].message
        prompt = [first] if first and first["role"] == "system" else []
        _, leaf = ChatNode.from_messages([*prompt, *messages])
        return type(self)(self.model, leaf)

    def close(self) -> None:
        """Close the connections, where they are the model's own."""
        self.model.close()


def _role(node: ChatNode) -> str:
    return str((node.message or {}).get("role"))


def _text(node: ChatNode) -> str:
    return str((node.message or {}).get("content"))
