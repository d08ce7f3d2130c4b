"""One conversation: what is sent, what is kept, what becomes of what fails."""

from contextlib import closing
from copy import copy
from pathlib import Path
from typing import Any, Self

import pytest

from chatfake.generation.scenarios import SCENARIOS
from chatproof.chat.names import Name
from chatproof.chat.talk import Talk
from chatproof.clients import AnswerError, ChatModel, HistoryStore, NoReplyError, RefusedError
from chatproof.clients.memory_store import MemoryStore
from chatproof.clients.messages import limit_of
from chatproof.gate import Gate
from chatproof.history.model.answers import Fate
from chatproof.history.model.endpoint import Endpoint
from chatproof.history.model.policy import Messages, Policy
from chatproof.history.running.opening import thread_session
from chatproof.history.running.run import run_client
from chatproof.history.running.trial import Search
from chatproof.report import Outcome
from tests.clients.fakes import There

HERE = Name("http://fake/v1", "default")


def talk(there: There, path: Path | None = None, **members: Any) -> Talk:
    store = HistoryStore(path, cap=None) if path else MemoryStore()
    return Talk([there.model()], store, HERE, **members)


def said(pieces: Any) -> str:
    return "".join(pieces)


def test_a_conversation_goes_on_in_another_process(tmp_path: Path) -> None:
    there = There()
    there.answers("Hello.", "Well.")
    file = tmp_path / "deep" / "history.json"
    assert said(talk(there, file).say("hi")) == "Hello."
    assert said(talk(there, file).say("and now?")) == "Well."
    assert there.sent == [("user", "hi"), ("assistant", "Hello."), ("user", "and now?")]
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("limit", "sent"), [(None, 4), (0, 0), (1, 0), (2, 2), (3, 2), (9, 4)])
def test_a_limit_counts_messages_in_whole_rounds_and_all_are_kept(limit: int | None, sent: int) -> None:
    there = There()
    one = talk(there, limit=limit, system_prompt="Be brief.")
    for text in "abc":
        said(one.say(text))
    assert len(there.sent) == 1 + sent + 1
    assert there.sent[0] == ("system", "Be brief.")
    assert len(one.rounds) == 3
    assert one.messages_sent == (6 if limit is None else min(limit // 2 * 2, 6))


@pytest.mark.parametrize("streams", [True, False])
def test_a_round_that_fails_leaves_no_trace(streams: bool, tmp_path: Path) -> None:
    there = There()
    there.answers("Hello.", SCENARIOS["empty-choices"], "Well.")
    file = tmp_path / "history.json"
    one = talk(there, file, streams=streams)
    said(one.say("hi"))
    before = file.read_bytes()
    with pytest.raises(AnswerError):
        said(one.say("lost"))
    assert file.read_bytes() == before
    said(one.say("and now?"))
    assert there.sent == [("user", "hi"), ("assistant", "Hello."), ("user", "and now?")]


def test_what_is_given_up_is_not_kept() -> None:
    there = There()
    one = talk(there)
    with closing(one.say("hi")) as pieces:
        next(pieces)
    assert one.rounds == []


def test_again_and_undo_are_about_the_last_round() -> None:
    there = There()
    there.answers("one", "two", "two again", "three")
    one = talk(there)
    said(one.say("a"))
    said(one.say("b"))
    assert said(one.again()) == "two again"
    assert there.sent == [("user", "a"), ("assistant", "one"), ("user", "b")]
    assert [(round_.user, round_.assistant) for round_ in one.rounds] == [("a", "one"), ("b", "two again")]
    assert one.undo().user == "b"
    said(one.say("c"))
    assert there.sent == [("user", "a"), ("assistant", "one"), ("user", "c")]


def test_again_that_fails_leaves_the_old_reply() -> None:
    there = There()
    there.answers("one", SCENARIOS["empty-choices"])
    one = talk(there)
    said(one.say("a"))
    with pytest.raises(AnswerError):
        said(one.again())
    assert [round_.assistant for round_ in one.rounds] == ["one"]


def test_nothing_can_be_taken_back_before_something_was_said() -> None:
    one = talk(There())
    for act in (lambda: said(one.again()), one.undo, lambda: one.branch(1)):
        with pytest.raises(LookupError):
            act()
    assert one.branch().conversation == "default~2"


def test_a_branch_goes_on_alone_and_the_old_one_stays(tmp_path: Path) -> None:
    there = There()
    there.answers(*"12345")
    one = talk(there, tmp_path / "history.json")
    for text in "ab":
        said(one.say(text))
    assert one.branch(1).conversation == "default~2"
    said(one.say("c"))
    assert there.sent == [("user", "a"), ("assistant", "1"), ("user", "c")]
    assert one.branch().conversation == "default~3"
    assert [round_.user for round_ in one.rounds] == ["a", "c"]
    one.name = HERE
    assert [round_.user for round_ in one.rounds] == ["a", "b"]
    assert one.clear()
    assert [Name.of(key).conversation for key in one.store.transcripts()] == ["default~2", "default~3"]


def test_the_next_model_answers_and_is_asked_first_from_then_on() -> None:
    there = There()
    there.answers(there.handle.fault("http-500"), "one", "two")
    one = Talk([there.model("big"), there.model("small")], MemoryStore(), HERE)
    said(one.say("a"))
    assert one.answered_by == "small"
    said(one.say("b"))
    assert there.models == ["big", "small", "small"]
    one.ask_only("tiny")
    said(one.say("c"))
    assert there.models[-1] == "tiny"


def test_where_no_model_answers_each_says_why() -> None:
    there = There()
    there.answers(*[there.handle.fault("http-500")] * 2)
    one = Talk([there.model("big"), there.model("small")], MemoryStore(), HERE)
    with pytest.raises(NoReplyError) as told:
        said(one.say("a"))
    assert [model for model, _ in told.value.failures] == ["big", "small"]
    assert all(isinstance(error, RefusedError) and error.status == 500 for _, error in told.value.failures)


def test_no_key_is_written_down(tmp_path: Path) -> None:
    there, key = There(), "sk-proj-4f9QzR71mXw2"
    there.answers(f"Your key is {key}.", "Well.")
    file = tmp_path / "history.json"
    one = talk(there, file, hidden=Gate({key: "$MY_KEY"}).prose)
    said(one.say(f"is {key} mine?"))
    assert key not in file.read_text()
    said(one.say("so?"))
    assert there.sent[:2] == [("user", "is $MY_KEY mine?"), ("assistant", "Your key is $MY_KEY.")]


class Client:
    """`Talk` as the history suite takes it."""

    def __init__(self, endpoint: Endpoint) -> None:
        store = HistoryStore(endpoint.home / "chat" / "history.json", cap=1000)
        self.talk = Talk(
            [ChatModel.at(endpoint, name) for name in endpoint.policy.models],
            store,
            HERE,
            system_prompt=endpoint.system_prompt,
            limit=limit_of(endpoint.policy.window),
        )

    def say(self, text: str) -> str:
        return said(self.talk.say(text))

    def stream(self, text: str) -> Any:
        return self.talk.say(text)

    def again(self) -> str:
        return said(self.talk.again())

    def clear(self) -> None:
        self.talk.clear()

    def window(self, n: int | None) -> None:
        self.talk.limit = n

    def conversation(self, key: str) -> Self:
        return self._at(self.talk.name.sibling(key))

    def fork(self, rounds: int) -> Self:
        other = self._at(self.talk.name)
        other.talk.branch(rounds)
        return other

    def close(self) -> None:
        self.talk.close()

    def _at(self, name: Name) -> Self:
        other = copy(self)
        other.talk = copy(self.talk)
        other.talk.name = name
        return other


POLICY = Policy(
    fates={
        "blank-content": Fate.KEEP,
        "content-filter": Fate.KEEP,
        "parts-content": Fate.DROP,
        "wrong-object": Fate.DROP,
        "cancelled": Fate.DROP,
        "abandoned": Fate.DROP,
    },
    retries=0,
    persistent=True,
    many=True,
    tree=True,
    models=("tiny", "small"),
    sticky=True,
    window=Messages(4),
)


def test_it_keeps_the_rules_for_clients() -> None:
    with thread_session(Client, POLICY) as session:
        result = run_client(session, search=Search(examples=0))
    told = {one.id: one.message for one in result.cases if one.outcome in (Outcome.FAILED, Outcome.WARNED)}
    assert told == {}
    assert sum(one.outcome is Outcome.PASSED for one in result.cases) > 50
