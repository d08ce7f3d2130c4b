"""Clients that survive a restart, with stores of several kinds."""

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from chatproof.history.model.policy import Messages, Policy
from chatproof.selftest.bots.bot import Json, StoredBot
from chatproof.selftest.legal.registry import legal

__all__: list[str] = []


@legal(Policy(persistent=True, many=True))
class Stores(StoredBot):
    """Several conversations in a file."""


@legal(Policy(persistent=True, cap=Messages(6)))
class StoresInAFile(StoredBot):
    """Six messages in a file."""


@legal(Policy(tree=True, persistent=True))
class StoresBranches(StoredBot):
    """Branches in a file."""


@legal(Policy(persistent=True, many=True))
class KeepsAJournal(StoredBot):
    """Adds each round to a journal, a line a round; a line that a crash has cut is passed over."""

    @property
    def path(self) -> Path:
        return self.endpoint.home / "journal.jsonl"

    def decoded(self, data: bytes) -> dict[str, list[Json]]:
        conversations: dict[str, list[Json]] = {}
        lines = data.splitlines()
        cut = 0
        for line in lines:
            try:
                entry = json.loads(line)
                key, begins, said = entry["key"], entry["begins"], entry["said"]
            except (ValueError, KeyError):
                cut += 1
                continue
            conversations[key] = [*([] if begins else conversations.get(key, [])), *said]
        if cut and cut == len(lines):
            raise ValueError("no line is one of a journal")
        if cut:
            self.warn("a line of the journal is cut, and is passed over")
        return conversations

    def write(self, conversations: dict[str, list[Json]]) -> None:
        stored = self.read()
        lines: list[bytes] = []
        for key, messages in conversations.items():
            before = stored.get(key, [])
            goes_on = messages[: len(before)] == before
            if messages != before:
                entry = {"key": key, "begins": not goes_on, "said": messages[len(before) * goes_on :]}
                lines.append(json.dumps(entry).encode() + b"\n")
        data = self.path.read_bytes() if self.path.exists() else b""
        with os.fdopen(os.open(self.path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600), "ab") as file:
            # what was cut stays where it is, on a line of its own
            file.write((b"" if not data or data.endswith(b"\n") else b"\n") + b"".join(lines))


@legal(Policy(persistent=True, many=True))
class KeepsADatabase(StoredBot):
    """Keeps messages in a database, each round in a transaction."""

    @property
    def path(self) -> Path:
        return self.endpoint.home / "history.sqlite"

    def read(self) -> dict[str, list[Json]]:
        try:
            return self.rows()
        except sqlite3.OperationalError:  # it is locked, or cannot be opened: as where nothing can be written
            return {}
        except (sqlite3.DatabaseError, ValueError):
            self.set_aside()
            return {}

    def rows(self) -> dict[str, list[Json]]:
        conversations: dict[str, list[Json]] = {}
        with closing(self.opened()) as database:
            for key, message in database.execute("SELECT key, message FROM messages ORDER BY number"):
                conversations.setdefault(key, []).append(json.loads(message))
        return conversations

    def opened(self) -> sqlite3.Connection:
        self.path.touch(mode=0o600)
        database = sqlite3.connect(self.path, timeout=10)
        database.execute(
            "CREATE TABLE IF NOT EXISTS messages (number INTEGER PRIMARY KEY, key TEXT, message TEXT)"
        )
        return database

    def write(self, conversations: dict[str, list[Json]]) -> None:
        rows = [(key, json.dumps(one)) for key, messages in conversations.items() for one in messages]
        try:
            with closing(self.opened()) as database, database:
                database.execute("DELETE FROM messages")
                database.executemany("INSERT INTO messages (key, message) VALUES (?, ?)", rows)
        except sqlite3.OperationalError as error:
            raise OSError(str(error)) from error
