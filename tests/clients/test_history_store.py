"""The store: what it keeps, what it sets aside, and that nothing about its file costs anyone an answer."""

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.clients import AnswerError, ChatModel, HistoryStore, StoredChat
from chatproof.clients import files as file_module
from chatproof.clients.history_store import Round
from tests.clients.fakes import There

TEXTS = st.text(st.characters(exclude_categories=()), max_size=10)
KEYS = st.sampled_from(["a", "b", ""])


def a_round(said: str, replied: str = "ok") -> Round:
    return Round(at="2026-01-01T00:00:00+00:00", user=said, assistant=replied)


class Warned(list[str]):
    """What a store warned of."""

    def __call__(self, text: str) -> None:
        self.append(text)


@pytest.fixture
def folder() -> Iterator[Path]:
    with TemporaryDirectory() as name:
        yield Path(name)


def names(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir() if not one.name.endswith(".lock")}


@given(
    cap=st.none() | st.integers(0, 9),
    ops=st.lists(st.tuples(st.sampled_from(["record", "replace", "clear", "anew"]), KEYS, TEXTS, TEXTS)),
)
def test_a_store_is_what_was_recorded_and_the_oldest_go_first(cap: int | None, ops: list[Any]) -> None:
    beside: dict[str, list[Round]] = {}
    with TemporaryDirectory() as home:
        file, warned = Path(home) / "chat" / "history.json", Warned()
        store = HistoryStore(file, cap=cap, warn=warned)
        for op, key, said, replied in ops:
            kept = beside.setdefault(key, [])
            match op:
                case "record":
                    kept.append(a_round(said, replied))
                    store.record(key, kept[-1])
                case "replace" if kept:
                    store.record(key, a_round(said, replied), instead_of=kept[-1])
                    kept[-1] = a_round(said, replied)
                case "clear":
                    assert store.clear(key) is bool(kept)
                    kept.clear()
                case _:
                    store = HistoryStore(file, cap=cap, warn=warned)
            if cap is not None:
                del kept[: max(len(kept) - cap // 2, 0)]
            assert {one: store.rounds(one) for one in beside} == beside
        assert warned == []
        if file.exists():
            written = json.loads(file.read_bytes())["transcripts"]
            assert {key: len(rounds) for key, rounds in written.items() if rounds} == {
                key: len(rounds) for key, rounds in beside.items() if rounds
            }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
ROUNDS = st.fixed_dictionaries(
    {"at": st.text(), "user": st.text() | JSON, "assistant": st.text()}, optional={"more": JSON}
)
NEARLY = st.fixed_dictionaries(
    {"format": st.just("chatproof.history/2"), "transcripts": st.dictionaries(KEYS, st.lists(ROUNDS) | JSON)}
)
OLD = st.fixed_dictionaries({"deployments": st.dictionaries(KEYS, st.lists(JSON) | JSON) | JSON})
FILES = st.binary() | (JSON | NEARLY | OLD).map(lambda value: json.dumps(value).encode())


@given(FILES)
def test_whatever_lies_there_is_read_or_set_aside_and_never_lost(data: bytes) -> None:
    with TemporaryDirectory() as home:
        file, warned = Path(home) / "history.json", Warned()
        file.write_bytes(data)
        store = HistoryStore(file, cap=None, warn=warned)
        read = {key: store.rounds(key) for key in store.keys()}  # noqa: SIM118  it is no mapping
        store.record("a", a_round("hi"))
        assert store.rounds("a") == [*read.get("a", []), a_round("hi")]
        assert {key: store.rounds(key) for key in read if key != "a"} == {
            key: rounds for key, rounds in read.items() if key != "a"
        }
        aside = [one for one in Path(home).iterdir() if one.name.startswith("history.json.damaged")]
        assert len(aside) == len(warned)
        assert not aside or aside[0].read_bytes() == data
        assert aside or json.loads(data)  # it was read


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\0",
        b"\xef\xbb\xbf{}",
        b'{"format": "chatproof.history/2", "transcripts": {"a": [',
        b'{"format": "chatproof.history/3", "transcripts": {}}',
        b"[" * 1_000_000,
        b"{}",
    ],
    ids=["empty", "zeros", "byte-order mark", "cut", "newer", "deep", "no members"],
)
def test_a_damaged_file_is_set_aside_once_with_a_warning(data: bytes, folder: Path) -> None:
    file, warned = folder / "history.json", Warned()
    for _ in range(2):
        file.write_bytes(data)
        store = HistoryStore(file, warn=warned)
        assert store.rounds("a") == store.rounds("a") == []
    assert names(folder) == {"history.json.damaged-1", "history.json.damaged-2"}
    assert (folder / "history.json.damaged-2").read_bytes() == data
    assert len(warned) == 2
    assert "was set aside as history.json.damaged-1" in warned[0]


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_is_set_aside_too(make: Any, folder: Path) -> None:
    make(folder / "history.json")
    warned = Warned()
    HistoryStore(folder / "history.json", warn=warned).record("a", a_round("hi"))
    assert names(folder) == {"history.json", "history.json.damaged-1"}
    assert len(warned) == 1


def test_a_file_that_is_too_large_is_set_aside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = HistoryStore(folder / "history.json", warn=Warned())
    store.record("a", a_round("hi" * 100))
    monkeypatch.setattr(file_module, "_MOST_BYTES", 100)
    assert store.rounds("a") == []
    assert names(folder) == {"history.json.damaged-1"}


def test_version_1_is_read_kept_and_written_as_version_2(folder: Path) -> None:
    said = [
        {"role": role, "content": text, "created_at": "2026-01-01T00:00:00+00:00"}
        for role, text in [
            ("user", "hi"),
            ("assistant", "Hello."),
            ("user", "lost"),
            ("user", "x"),
            ("assistant", "y"),
        ]
    ]
    old = json.dumps({"deployments": {"a": said, "b": []}}).encode()
    (folder / "history.json").write_bytes(old)
    store = HistoryStore(folder / "history.json", warn=Warned())
    assert store.rounds("a") == [a_round("hi", "Hello."), a_round("x", "y")]
    assert names(folder) == {"history.json"}
    store.record("a", a_round("z"))
    assert names(folder) == {"history.json", "history.json.version-1-1"}
    assert (folder / "history.json.version-1-1").read_bytes() == old
    assert json.loads((folder / "history.json").read_bytes())["format"] == "chatproof.history/2"
    assert len(store.rounds("a")) == 3


def test_what_is_written_as_version_1_is_read_again(folder: Path) -> None:
    store = HistoryStore(folder / "history.json", warn=Warned())
    for text in ("hi", "\ud800"):
        store.record("a", a_round(text))
    store.older()
    assert "deployments" in json.loads(store.path.read_bytes())
    assert store.rounds("a") == [a_round("hi"), a_round("\ud800")]


def test_the_files_are_the_owners_alone_and_a_link_stays_one(folder: Path) -> None:
    elsewhere = folder / "elsewhere.json"
    (folder / "history.json").symlink_to(elsewhere)
    HistoryStore(folder / "history.json").record("a", a_round("hi"))
    store = HistoryStore(folder / "new" / "history.json")
    store.record("a", a_round("hi"))
    assert (folder / "history.json").is_symlink()
    for path in (elsewhere, store.path, store.path.with_name("history.json.lock")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "new").stat().st_mode) == 0o700


def test_what_a_killed_process_left_beside_is_written_over(folder: Path) -> None:
    beside = folder / "history.json.new"
    beside.write_bytes(b"half a round")
    HistoryStore(folder / "history.json").record("a", a_round("hi"))
    assert names(folder) == {"history.json"}


def test_a_folder_that_cannot_be_written_out_costs_nothing_and_records_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: Path) -> None:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(file_module, "_sync_folder", refused)
    store, warned = HistoryStore(folder / "history.json", warn=Warned()), Warned()
    for text in ("a", "b"):
        store.record("a", a_round(text))
    assert HistoryStore(folder / "history.json", warn=warned).rounds("a") == [a_round("a"), a_round("b")]
    assert warned == []


def test_the_warning_stands_on_stderr(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "history.json").write_bytes(b"\x1b[31m")
    assert HistoryStore(folder / "history.json").rounds("a") == []
    assert capsys.readouterr().err.startswith("warning: ")


# -- chats on a store -----------------------------------------------------------------------------------------------


def chat(there: There, folder: Path, **more: Any) -> StoredChat:
    return StoredChat(there.model(), HistoryStore(folder / "chat" / "history.json", cap=6), **more)


def test_the_next_process_goes_on_and_nothing_else_in_the_folder_is_touched(folder: Path) -> None:
    there = There()
    (folder / "chat").mkdir()
    for name in ("cache.json", "config.json"):
        (folder / "chat" / name).write_text("{}")
    there.answers("1", "2", "3", "4")
    first = chat(there, folder, limit=3)
    first.say("a")
    first.close()
    second = chat(there, folder, limit=3)
    other = second.conversation("other")
    other.say("x")
    assert there.sent == [("user", "x")]
    second.say("b")
    assert there.sent == [("user", "a"), ("assistant", "1"), ("user", "b")]
    second.clear()
    assert second.store.keys() == ["other"]
    second.say("c")
    assert there.sent == [("user", "c")]
    assert names(folder / "chat") == {"cache.json", "config.json", "history.json"}
    assert there.handle.api_key.encode() not in second.store.path.read_bytes()


def test_a_window_of_zero_sends_nothing_and_records_and_is_that_of_all_conversations(folder: Path) -> None:
    there = There()
    there.answers("1", "2", "3", "4", "5", "6")
    talk = chat(there, folder, limit=0)
    talk.say("a")
    talk.say("b")
    assert there.sent == [("user", "b")]
    other = talk.conversation("other")
    other.say("x")
    talk.window(4)
    talk.say("c")
    assert [text for _, text in there.sent] == ["a", "1", "b", "2", "c"]
    other.say("y")
    assert [text for _, text in there.sent] == ["x", "3", "y"]


def test_a_cap_that_is_smaller_than_the_window_bounds_it(folder: Path) -> None:
    there = There()
    talk = chat(there, folder, limit=100)
    for number in range(9):
        there.answers(f"answer {number}")
        talk.say(f"question {number}")
    assert [text for _, text in there.sent][0::2] == ["question 5", "question 6", "question 7", "question 8"]


def test_to_ask_again_replaces_one_reply_and_loses_no_other_round(folder: Path) -> None:
    there = There()
    there.answers("1", "2", "3", there.handle.plan("http-500"), "4")
    talk, elsewhere = chat(there, folder), chat(there, folder)
    for text in "abc":
        talk.say(text)
    with pytest.raises(AnswerError):
        talk.again()
    assert talk.again() == "4"
    assert [(one.user, one.assistant) for one in elsewhere.store.rounds("default")] == [
        ("a", "1"),
        ("b", "2"),
        ("c", "4"),
    ]


def test_a_delta_where_a_message_belongs_is_refused_and_not_recorded(folder: Path) -> None:
    there = There()
    talk = chat(there, folder)
    there.answers(there.handle.scenario("delta-in-json"))
    with pytest.raises(AnswerError, match=r"delta|message"):
        talk.say("hi")
    assert not talk.store.path.exists()


def test_a_store_in_a_place_where_none_can_be_still_answers(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    there, warned = There(), Warned()
    talk = StoredChat(there.model(), HistoryStore(tmp_path / "file" / "history.json", warn=warned))
    there.answers("1", "2")
    assert talk.say("a") == "1"
    assert talk.say("b") == "2"
    assert there.sent == [("user", "a"), ("assistant", "1"), ("user", "b")]
    assert warned
    with pytest.raises(OSError, match=r"file"):
        talk.clear()


def test_a_chat_with_no_endpoint_writes_nothing(folder: Path) -> None:
    model = ChatModel(base_url="http://127.0.0.1:1/v1", api_key="k", model="m")
    talk = StoredChat(model, HistoryStore(folder / "history.json"))
    with pytest.raises(AnswerError):
        talk.say("hi")
    talk.close()
    assert names(folder) == set()
