"""Trees: each branch is the path to its node, and files give the same trees back."""

import gc
import json
import weakref
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.clients import AnswerError, ChatNode, TreeChat
from chatproof.clients.messages import assistant, user
from chatschema import JsonObject
from tests.clients.fakes import There

TEXTS = st.text(max_size=10)


@dataclass
class Grown:
    """A tree, and beside it the path that each of its nodes should have."""

    nodes: list[ChatNode] = field(default_factory=list)
    paths: list[list[tuple[str, str]]] = field(default_factory=list)

    def add(self, node: ChatNode, path: list[tuple[str, str]]) -> None:
        self.nodes.append(node)
        self.paths.append(path)

    def holds(self) -> None:
        for node, path in zip(self.nodes, self.paths, strict=True):
            assert [(one["role"], one["content"]) for one in node.thread] == path


@given(
    prompt=TEXTS,
    ops=st.lists(
        st.tuples(st.sampled_from(["user", "assistant", "complete", "chat", "fail"]), st.integers(0), TEXTS)
    ),
)
def test_every_thread_is_its_own_path_however_the_tree_grows(
    prompt: str, ops: list[tuple[str, int, str]]
) -> None:
    there = There()
    model = there.model()
    grown = Grown()
    grown.add(ChatNode.root(prompt), [("system", prompt)] if prompt else [])
    for op, at, text in ops:
        node, path = grown.nodes[at % len(grown.nodes)], grown.paths[at % len(grown.nodes)]
        said = ("user", text)
        there.answers("reply " + text)
        children = len(node.children)
        match op:
            case "user":
                grown.add(node.add_user(text), [*path, said])
            case "assistant":
                grown.add(node.add_assistant(text), [*path, ("assistant", text)])
            case "complete" if path:
                grown.add(node.complete(model), [*path, ("assistant", "reply " + text)])
                assert there.sent == path
                assert len(node.children) == children + 1
            case "chat":
                leaf = node.chat(text, model)
                assert there.sent == [*path, said]
                grown.add(leaf, [*path, said, ("assistant", "reply " + text)])
            case _:
                there.answers(there.handle.plan("http-500"))
                with pytest.raises(AnswerError):
                    node.chat(text, model)
                assert len(node.children) == children
        grown.holds()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "tree.json"
        grown.nodes[-1].save_tree(file)
        loaded = ChatNode.load_tree(file)
        assert shape(loaded) == shape(grown.nodes[0])
        if grown.paths[-1]:
            grown.nodes[-1].save_thread(file)
            _, leaf = ChatNode.load_thread(file)
            assert leaf.thread == grown.nodes[-1].thread


def shape(root: ChatNode) -> list[tuple[list[JsonObject], int]]:
    return [(node.thread, len(node.children)) for node in root.walk()]


def test_a_stream_adds_its_nodes_at_its_end() -> None:
    there = There()
    root = ChatNode.root()
    there.answers("one two three", "one two three")
    pieces = root.stream("hi", there.model())
    next(pieces)
    pieces.close()
    assert root.children == ()
    assert "".join(root.stream("hi", there.model())) == "one two three"
    assert [len(node.children) for node in root.walk()] == [1, 1, 0]


def test_a_leaf_keeps_its_ancestors_and_a_tree_that_nobody_holds_is_freed() -> None:
    leaf = ChatNode.root("Be brief.").add_user("hi").add_assistant("Hello.")
    root = weakref.ref(leaf.path()[0])
    gc.collect()
    assert root() is not None
    assert len(leaf.thread) == 3
    del leaf
    gc.collect()
    assert root() is None


def test_what_is_handed_in_and_out_is_nobodys_but_the_callers() -> None:
    messages = [user("hi"), assistant("Hello.")]
    root, leaf = ChatNode.from_messages(messages)
    messages[0]["content"] = "changed"
    leaf.thread[0]["content"] = "changed"
    assert (root.message or {})["content"] == "hi"


def test_a_deep_tree_is_walked_saved_and_loaded(tmp_path: Path) -> None:
    leaf = ChatNode.root("Be brief.")
    for number in range(3000):
        leaf = leaf.add_user(str(number))
    leaf.save_tree(tmp_path / "tree.json")
    assert len(list(ChatNode.load_tree(tmp_path / "tree.json").walk())) == 3001
    leaf.save_thread(tmp_path / "thread.json")
    assert len(ChatNode.load_thread(tmp_path / "thread.json")[1].thread) == 3001


USER = {"role": "user", "content": "hi"}
TREE = "chatproof.tree/1"


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"format": "chatproof.tree/2", "nodes": []},
        {"format": TREE, "nodes": []},
        {"format": TREE, "nodes": {}},
        {"format": TREE, "nodes": [1]},
        {"format": TREE, "nodes": [{"parent": 0, "message": USER}]},
        {"format": TREE, "nodes": [{"parent": None, "message": {"role": "nobody"}}]},
        {"format": TREE, "nodes": [{"parent": None, "message": USER, "more": 1}]},
        {"format": TREE, "nodes": [{"parent": None, "message": USER}] * 2},
        {"format": TREE, "nodes": [{"parent": None, "message": USER}, {"parent": 1, "message": USER}]},
        {"format": TREE, "nodes": [{"parent": None, "message": USER}, {"parent": True, "message": USER}]},
        {"format": TREE, "nodes": [{"parent": None, "message": USER}, {"parent": -1, "message": USER}]},
        {"format": TREE, "nodes": [{"parent": None, "message": USER}, {"parent": 0, "message": None}]},
        {"format": "chatproof.thread/1", "messages": []},
        {"format": "chatproof.thread/1", "messages": [{"role": "nobody"}]},
        {"format": "chatproof.thread/1", "messages": [USER], "more": 1},
    ],
)
def test_what_is_no_tree_or_thread_is_refused(value: Any, tmp_path: Path) -> None:
    file = tmp_path / "saved.json"
    file.write_text(json.dumps(value))
    for load in (ChatNode.load_tree, ChatNode.load_thread):
        with pytest.raises(ValueError, match=r"\w"):
            load(file)


def test_a_message_that_no_request_carries_is_in_no_tree() -> None:
    root = ChatNode.root()
    with pytest.raises(ValueError, match=r"\$"):
        root.add({"role": "nobody", "content": "hi"})
    assert root.children == ()


def test_a_chat_forks_after_rounds_and_no_branch_sees_the_other() -> None:
    there = There()
    chat = TreeChat(there.model(), ChatNode.root("Be brief."))
    there.answers("1", "2", "3", "4")
    chat.say("a")
    chat.say("b")
    branch, start = chat.fork(1), chat.fork(0)
    branch.say("c")
    assert there.sent == [("system", "Be brief."), ("user", "a"), ("assistant", "1"), ("user", "c")]
    start.say("d")
    assert there.sent == [("system", "Be brief."), ("user", "d")]
    there.answers("5")
    chat.say("e")
    assert there.sent[1:] == [
        ("user", "a"),
        ("assistant", "1"),
        ("user", "b"),
        ("assistant", "2"),
        ("user", "e"),
    ]
    with pytest.raises(ValueError, match="3 rounds"):
        chat.fork(4)
    other = chat.from_messages([user("x"), {"role": "assistant", "content": "y"}])
    other.say("z")
    assert there.sent == [("system", "Be brief."), ("user", "x"), ("assistant", "y"), ("user", "z")]
