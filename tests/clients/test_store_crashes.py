"""Processes that are killed, that write at once, and that may not write: no finished round is lost, no answer withheld.

The default suite does it in short form, `-m exhaustive` at more length, and STORE_AT_LENGTH=1 with it: 500 moments, 8
processes with 200 rounds each.
"""

import json
import os
import resource
import select
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from pathlib import Path
from random import Random
from shutil import rmtree
from tempfile import mkdtemp

import pytest

from chatproof.clients import HistoryStore, StoredChat
from chatproof.clients.history_store import Round
from chatproof.clients.transcripts import Damaged, parsed
from tests.clients.fakes import There
from tests.clients.processes import forked

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the children are forked"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]
IN_FULL = pytest.mark.exhaustive
AT_LENGTH = bool(os.environ.get("STORE_AT_LENGTH"))


def numbered(number: int) -> Round:
    return Round(at="2026-01-01T00:00:00+00:00", user=f"question {number}", assistant="answer " * 20)


def numbers(file: Path, key: str) -> list[int]:
    """Of the rounds of a file that is read as strictly as can be."""
    rounds = parsed(file.read_bytes()).transcripts.get(key, [])
    assert all(one == numbered(int(one.user.split()[1])) for one in rounds)
    return [int(one.user.split()[1]) for one in rounds]


def complains(text: str) -> None:
    raise AssertionError(text)


@pytest.mark.parametrize("moments", [20, pytest.param(500 if AT_LENGTH else 100, marks=IN_FULL)])
def test_killed_at_any_moment_every_finished_round_is_there_and_no_half_of_one(
    moments: int, tmp_path: Path
) -> None:
    file, drawn = tmp_path / "history.json", Random(0)  # noqa: S311
    finished = begun = 0
    for _ in range(moments):
        start = begun

        def record(say: Callable[[str], None], start: int = start) -> None:
            store = HistoryStore(file, cap=None, warn=complains)
            for number in range(start, start + 10_000):
                store.record("a", numbered(number))
                say(str(number))

        with forked(record) as child:
            said = child.said.readline() if drawn.random() < 0.8 else b""
            # no wait for anything: some moments between two rounds, wherever the child is then
            select.select([], [], [], drawn.uniform(0, 0.02))
            child.kill()
            said += child.said.read()
            assert child.wait() == -9
        finished += len(said.splitlines())
        if file.exists():
            there = numbers(file, "a")
            assert there == sorted(set(there))
            assert {int(line) for line in said.splitlines()} <= set(there)
            assert finished <= len(there) <= finished + moments
            begun = max(there, default=-1) + 1
    assert HistoryStore(file, warn=complains).rounds("a")
    assert {one.name for one in tmp_path.iterdir()} <= {
        "history.json",
        "history.json.lock",
        "history.json.new",
    }


@pytest.mark.parametrize(
    ("processes", "rounds"), [(4, 25), pytest.param(8, 200 if AT_LENGTH else 50, marks=IN_FULL)]
)
def test_processes_that_record_at_once_lose_no_round(processes: int, rounds: int, tmp_path: Path) -> None:
    file = tmp_path / "history.json"

    def record(own: int) -> Callable[[Callable[[str], None]], None]:
        def work(_: Callable[[str], None]) -> None:
            store = HistoryStore(file, cap=None, warn=complains)
            for number in range(rounds):
                store.record("all", numbered(own * rounds + number))
                store.record(f"own {own}", numbered(number))

        return work

    with ExitStack() as stack:
        children = [stack.enter_context(forked(record(own))) for own in range(processes)]
        assert [child.wait() for child in children] == [0] * processes
    together = numbers(file, "all")
    assert sorted(together) == list(range(processes * rounds))
    for own in range(processes):
        assert numbers(file, f"own {own}") == list(range(rounds))
        mine = [number for number in together if number // rounds == own]
        assert mine == sorted(mine)


def in_place(path: Path, data: bytes) -> None:
    """What a store must not do: the file is for a moment half of what it was, and half of what it is to be."""
    half = len(data) // 2
    with path.open("wb", buffering=0) as file:
        file.write(data[:half])
        select.select([], [], [], 0.01)
        file.write(data[half:])


def test_a_store_that_writes_in_place_is_caught_by_the_kills(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatproof.clients.history_store.replace_file", in_place)
    with pytest.raises((AssertionError, Damaged)):
        test_killed_at_any_moment_every_finished_round_is_there_and_no_half_of_one(50, tmp_path)


def test_a_store_without_a_lock_is_caught_by_the_crowd(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("chatproof.clients.history_store.locked", nullcontext)
    with pytest.raises(AssertionError):
        test_processes_that_record_at_once_lose_no_round(4, 25, tmp_path)
    capfd.readouterr()  # what the children say of it


def chatting(there: There, file: Path, say: Callable[[str], None]) -> None:
    """Two rounds, told with what the second request carried and what was warned of."""
    warned: list[str] = []
    talk = StoredChat(there.model(), HistoryStore(file, warn=warned.append), limit=None)
    there.answers("1", "2")
    replies = [talk.say("a"), talk.say("b")]
    say(json.dumps({"replies": replies, "sent": [text for _, text in there.sent], "warned": warned}))


def test_a_full_disk_costs_no_answer_and_nothing_of_the_file(tmp_path: Path) -> None:
    file, there = tmp_path / "history.json", There()
    HistoryStore(file).record("default", numbered(0))
    before = file.read_bytes()

    def work(say: Callable[[str], None]) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, resource.RLIM_INFINITY))
        chatting(there, file, say)

    with forked(work) as child:
        told = json.loads(child.said.readline())
        assert child.wait() == 0
    assert told["replies"] == ["1", "2"]
    assert told["sent"] == [numbered(0).user, numbered(0).assistant, "a", "1", "b"]
    assert len(told["warned"]) == 2
    assert "File too large" in told["warned"][0]
    assert file.read_bytes() == before
    assert not (tmp_path / "history.json.new").exists()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user can reach."""
    folder = Path(mkdtemp())
    folder.chmod(0o755)
    yield folder
    rmtree(folder)


@pytest.mark.parametrize("mode", [0o644, 0o600], ids=["readable", "unreadable"])
@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can become somebody else")
def test_a_folder_of_somebody_else_costs_no_answer_and_nothing_of_the_file(
    mode: int, open_folder: Path
) -> None:
    file, there = open_folder / "history.json", There()
    HistoryStore(file).record("default", numbered(0))
    file.chmod(mode)
    before = file.read_bytes()

    def work(say: Callable[[str], None]) -> None:
        os.setuid(65534)
        chatting(there, file, say)

    with forked(work) as child:
        told = json.loads(child.said.readline())
        assert child.wait() == 0
    stored = [numbered(0).user, numbered(0).assistant] if mode & 0o004 else []
    assert told["replies"] == ["1", "2"]
    assert told["sent"] == [*stored, "a", "1", "b"]
    assert told["warned"]
    assert all("Permission denied" in text for text in told["warned"])
    assert file.read_bytes() == before
    assert {one.name for one in open_folder.iterdir()} == {"history.json", "history.json.lock"}


def test_what_could_not_be_written_is_written_when_there_is_room_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "history.json"
    warned: list[str] = []
    store = HistoryStore(file, warn=warned.append)
    with monkeypatch.context() as full:
        full.setattr("chatproof.clients.history_store.replace_file", _raise)
        store.record("a", numbered(0))
        store.record("a", numbered(1))
    assert len(warned) == 2
    assert [one.user for one in store.rounds("a")] == ["question 0", "question 1"]
    store.flush()
    assert numbers(file, "a") == [0, 1]
    store.flush()
    assert store.rounds("a") == [numbered(0), numbered(1)]


def _raise(*_: object) -> None:
    raise OSError(28, "No space left on device")
