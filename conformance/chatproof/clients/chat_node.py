"""A tree of messages: a conversation is the path from its root to a node, and another child is another branch.

Rule 1: a node never changes; a reply is a child more. So no branch sees what is said in another.
Rule 2: a node holds its parent, and a parent its children: whoever holds any of them holds the tree.
"""

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, Self, TypeVar

from chatproof.clients.answers import Reply
from chatproof.clients.chat_model import ChatModel
from chatproof.clients.files import read_bounded, replace_file, versioned
from chatproof.clients.messages import Content, Given, assistant, shaped, system, user
from chatschema import JsonObject, JsonValue

__all__ = ["ChatNode"]

ChatNodeT = TypeVar("ChatNodeT", bound="ChatNode")

_THREAD = "chatproof.thread/1"
_TREE = "chatproof.tree/1"


class ChatNode:
    """One message of a tree; `message` is None in a root without a system prompt."""

    def __init__(self, message: Mapping[str, Any] | None = None, parent: Self | None = None) -> None:
        """Raises ValueError where a request cannot carry the message."""
        self._message = None if message is None else shaped([message])[0]
        self.parent = parent
        self._children: list[Self] = []
        if parent is not None:
            parent._children.append(self)  # noqa: SLF001

    @classmethod
    def root(cls, system_prompt: str = "") -> Self:
        """The root of a tree, with a system prompt or, where it is empty, without."""
        return cls(system(system_prompt)[0] if system_prompt else None)

    @classmethod
    def from_messages(cls, messages: Given) -> tuple[Self, Self]:
        """A tree of one branch: its root and its leaf.

        Raises:
            ValueError: there are no messages, or a request cannot carry them.
        """
        if not messages:
            raise ValueError("a thread has a message at least")
        root = leaf = cls(messages[0])
        for message in messages[1:]:
            leaf = leaf.add(message)
        return root, leaf

    @property
    def message(self) -> JsonObject | None:
        """A copy of the message."""
        return deepcopy(self._message)

    @property
    def children(self) -> tuple[Self, ...]:
        """The nodes that go on from here, oldest first."""
        return tuple(self._children)

    @property
    def thread(self) -> list[JsonObject]:
        """A copy of the messages from the root to this node."""
        return deepcopy(self._sent())

    def add(self, message: Mapping[str, Any]) -> Self:
        """A new child with this message."""
        return type(self)(message, self)

    def add_user(self, content: Content) -> Self:
        """A new child: a text, or parts with images."""
        return self.add(user(content))

    def add_assistant(self, text: str) -> Self:
        """A new child: a reply."""
        return self.add(assistant(text))

    def complete(self, model: ChatModel) -> Self:
        """Ask for a reply to the thread; it becomes a new child, beside those that are there.

        Raises:
            AnswerError: there is no reply. The tree is as it was.
        """
        return self.add(model.ask(self._sent()).said)

    def chat(self, content: Content, model: ChatModel) -> Self:
        """Say something here and ask for the reply: two new nodes, of which this is the second.

        Raises:
            AnswerError: there is no reply. The tree is as it was: what was said is not in it.
        """
        said = user(content)
        reply = model.ask([*self._sent(), said])
        return self._with(said, reply)

    def stream(self, content: Content, model: ChatModel) -> Generator[str, None, Self]:
        """`chat` in pieces; the value of the generator is the node. Closed early, it leaves the tree as it was.

        Raises:
            AnswerError: as `chat`.
        """
        said = user(content)
        reply = yield from model.stream([*self._sent(), said])
        return self._with(said, reply)

    def path(self) -> list[Self]:
        """The nodes from the root to this one."""
        path = [self]
        while (parent := path[-1].parent) is not None:
            path.append(parent)
        return path[::-1]

    def save_thread(self, path: Path | str) -> None:
        """Write the thread that ends here. Raises OSError; an older file is left as it was, then."""
        _write(path, {"format": _THREAD, "messages": [*self._sent()]})

    @classmethod
    def load_thread(cls, path: Path | str) -> tuple[Self, Self]:
        """The root and the leaf of a saved thread.

        Raises:
            ValueError: it is no thread of this version; the text says why.
            OSError: it cannot be read.
        """
        return cls.from_messages(shaped(_read(path, _THREAD, "messages")))

    def save_tree(self, path: Path | str) -> None:
        """Write the whole tree that this node is in. Raises OSError as `save_thread`."""
        nodes = list(self.path()[0].walk())
        number = {id(node): at for at, node in enumerate(nodes)}
        told: list[JsonValue] = [
            {"parent": None if node.parent is None else number[id(node.parent)], "message": node.message}
            for node in nodes
        ]
        _write(path, {"format": _TREE, "nodes": told})

    @classmethod
    def load_tree(cls, path: Path | str) -> Self:
        """The root of a saved tree.

        Raises:
            ValueError: it is no tree of this version; the text says why.
            OSError: it cannot be read.
        """
        nodes: list[Self] = []
        for at, told in enumerate(_read(path, _TREE, "nodes")):
            if not isinstance(told, dict) or told.keys() != {"parent", "message"}:
                raise ValueError(f"node {at} has a parent and a message, and nothing else")
            parent, message = told["parent"], told["message"]
            if isinstance(message, dict) or (message is None and at == 0):
                nodes.append(cls(message, _found(nodes, parent)))
            else:
                raise ValueError(f"node {at} has no message")
        if not nodes:
            raise ValueError("a tree has a node at least")
        return nodes[0]

    def walk(self) -> Iterator[Self]:
        """The node and all that go on from it, each after its parent, siblings oldest first."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.children)

    def _sent(self) -> list[JsonObject]:
        messages = [node._message for node in self.path()]  # noqa: SLF001
        return [message for message in messages if message is not None]

    def _with(self, said: JsonObject, reply: Reply) -> Self:
        answer = reply.said  # where it has no text, nothing is added
        return self.add(said).add(answer)


def _found(nodes: Sequence[ChatNodeT], parent: JsonValue) -> ChatNodeT | None:
    """The parent of the next node, which stands before it."""
    if parent is None and not nodes:
        return None
    if not isinstance(parent, int) or isinstance(parent, bool) or not 0 <= parent < len(nodes):
        raise ValueError(f"node {len(nodes)} has no parent before it")
    return nodes[parent]


def _write(path: Path | str, told: JsonObject) -> None:
    replace_file(Path(path), json.dumps(told, indent=1).encode("ascii"))


def _read(path: Path | str, form: str, member: str) -> list[JsonValue]:
    """The one member of a file besides its format, which is a list."""
    listed = versioned(read_bounded(Path(path)), form, member)[member]
    if not isinstance(listed, list):
        raise ValueError(f"{member} is no list")  # noqa: TRY004  it came from a file
    return listed
