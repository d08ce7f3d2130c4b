"""Whatever is said to a reference client, and whatever goes wrong: it sends the whole rounds, and nothing else.

Beside each client stands a model of its history: a list of the rounds whose reply came. What a request carries is the
system prompt, the most recent rounds that fit in the window, and what is said.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.clients import (
    AnswerError,
    ChatLoop,
    ChatNode,
    Conversation,
    HistoryStore,
    MessageList,
    StoredChat,
    TreeChat,
)
from tests.clients.fakes import There

#: What goes wrong. Some of it can only be in a stream, or only outside of one: elsewhere it is an ordinary answer.
FAULTS = (
    "empty-choices",
    "null-content",
    "missing-content",
    "empty-content",
    "tool-call-only",
    "refusal",
    "delta-in-json",
    "null-choices",
    "wrong-object",
    "error-object-200",
    "html-200",
    "truncated-json",
    "http-400",
    "http-401",
    "http-429",
    "http-500",
    "reset-before-head",
    "reset-in-body",
    "stream-cut",
    "stream-ends-early",
    "stream-error",
    "stream-garbled-json",
)
TEXTS = st.text(min_size=1, max_size=20)
ANSWERS = st.tuples(st.just("text"), TEXTS) | st.tuples(st.sampled_from(FAULTS), TEXTS)


@dataclass
class Beside:
    """A client with the model of its history."""

    there: There
    client: Any
    prompt: str
    limit: int | None = None
    rounds: list[tuple[str, str]] = field(default_factory=list)

    def _expected(self, rounds: list[tuple[str, str]], said: str) -> list[tuple[str, object]]:
        fits = rounds if self.limit is None else rounds[max(len(rounds) - self.limit // 2, 0) :]
        head = [("system", self.prompt)] if self.prompt else []
        history = [pair for said, reply in fits for pair in (("user", said), ("assistant", reply))]
        return [*head, *history, ("user", said)]

    def _answered(self, answer: tuple[str, str]) -> None:
        name, text = answer
        plan = self.there.handle.plan(name)
        self.there.answers(text if name == "text" else plan)

    def say(self, said: str, answer: tuple[str, str]) -> None:
        self._asked(said, answer, self.client.say)

    def stream(self, said: str, answer: tuple[str, str]) -> None:
        self._asked(said, answer, lambda text: "".join(self.client.stream(text)))

    def leave(self, said: str, answer: tuple[str, str]) -> None:
        """A stream is closed after its first piece."""
        self._answered(answer)
        pieces = self.client.stream(said)
        with suppress(AnswerError, StopIteration):
            next(pieces)
        pieces.close()

    def _asked(self, said: str, answer: tuple[str, str], ask: Callable[[str], str]) -> None:
        self._answered(answer)
        expected = self._expected(self.rounds, said)
        with suppress(AnswerError):
            reply = ask(said)
            assert reply == answer[1] or answer[0] != "text"
            self.rounds.append((said, reply))
        assert self.there.sent == expected

    def again(self, _: str, answer: tuple[str, str]) -> None:
        if not self.rounds:
            with pytest.raises(LookupError):
                self.client.again()
            return
        self._answered(answer)
        said, old = self.rounds[-1]
        with suppress(AnswerError):
            self.rounds[-1] = (said, self.client.again())
            assert answer[0] != "text" or self.rounds[-1] == (said, answer[1])
        assert self.there.sent == self._expected(self.rounds[:-1], said), old

    def clear(self, _: str, __: tuple[str, str]) -> None:
        if hasattr(self.client, "clear"):
            self.client.clear()
            self.rounds.clear()

    def window(self, said: str, _: tuple[str, str]) -> None:
        if hasattr(self.client, "window"):
            self.limit = len(said) % 7
            self.client.window(self.limit)


def message_list(there: There, prompt: str, _: Path) -> Any:
    return MessageList(there.model(), system_prompt=prompt)


def chat_loop(there: There, prompt: str, _: Path) -> Any:
    return ChatLoop(there.model(), conversation=Conversation().system(prompt))


def tree_chat(there: There, prompt: str, _: Path) -> Any:
    return TreeChat(there.model(), ChatNode.root(prompt))


def stored_chat(there: There, prompt: str, home: Path) -> Any:
    store = HistoryStore(home / "history.json", cap=None)
    return StoredChat(there.model(), store, system_prompt=prompt, limit=None)


OPS = st.tuples(
    st.sampled_from(
        [Beside.say, Beside.say, Beside.stream, Beside.leave, Beside.again, Beside.clear, Beside.window]
    ),
    TEXTS,
    ANSWERS,
)


@pytest.mark.parametrize("make", [message_list, chat_loop, tree_chat, stored_chat])
@given(prompt=st.sampled_from(["", "Be brief."]), ops=st.lists(OPS, max_size=12))
def test_a_request_carries_the_whole_rounds_and_nothing_else(
    make: Callable[[There, str, Path], Any], prompt: str, ops: list[Any]
) -> None:
    with TemporaryDirectory() as home:
        there = There()
        beside = Beside(there, make(there, prompt, Path(home)), prompt)
        for op, said, answer in ops:
            op(beside, said, answer)
        beside.say("and now?", ("text", "Well."))


@pytest.mark.parametrize("make", [message_list, chat_loop, tree_chat, stored_chat])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_in_one_of_both_ways_to_ask_and_leaves_no_trace(
    fault: str, make: Callable[[There, str, Path], Any], tmp_path: Path
) -> None:
    told = 0
    for way in ("say", "stream"):
        there = There()
        client = make(there, "", tmp_path / way)
        there.answers(there.handle.plan(fault))
        try:
            "".join(getattr(client, way)("hi"))
        except AnswerError:
            told += 1
            there.answers("Well.")
            client.say("and now?")
            assert there.sent == [("user", "and now?")]
    assert told
