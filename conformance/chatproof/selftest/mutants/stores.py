"""Mistakes with stores."""

import json
import os
from pathlib import Path
from typing import ClassVar
from zlib import crc32

from chatproof.history.model.endpoint import Endpoint
from chatproof.history.model.policy import Policy
from chatproof.selftest.bots.bot import Bot, Failed, Json, StoredBot
from chatproof.selftest.mutants.mutant import mutant

__all__: list[str] = []

STORED = Policy(persistent=True, many=True)


@mutant("persist.round-trip", "persist.atomic", "persist.concurrent", policy=STORED)
class StoresNothing(Bot):
    """Declares a store, and has none."""


class _Remembers(StoredBot):
    """Keeps in memory, while it lives, what it should have stored."""

    memory: ClassVar[dict[Path, dict[str, list[Json]]]] = {}

    def read(self) -> dict[str, list[Json]]:
        return self.memory.get(self.path) or super().read()

    def write(self, conversations: dict[str, list[Json]]) -> None:
        before, self.memory[self.path] = self.read(), conversations
        super().write(self.stored(before, conversations))

    def stored(self, before: dict[str, list[Json]], now: dict[str, list[Json]]) -> dict[str, list[Json]]:
        raise NotImplementedError

    def close(self) -> None:
        super().close()
        self.memory.pop(self.path, None)


@mutant("persist.round-trip", "persist.atomic", policy=STORED)
class StoresTheUsersSide(_Remembers):
    """Stores what the user says, and keeps replies in memory."""

    def stored(self, before: dict[str, list[Json]], now: dict[str, list[Json]]) -> dict[str, list[Json]]:
        return {key: [one for one in said if one["role"] == "user"] for key, said in now.items()}


@mutant("persist.round-trip", "persist.atomic", "persist.clear", policy=STORED)
class StoresALater(_Remembers):
    """Stores each round when the next one begins."""

    def stored(self, before: dict[str, list[Json]], now: dict[str, list[Json]]) -> dict[str, list[Json]]:
        return before


@mutant(
    "persist.round-trip",
    "persist.atomic",
    "isolate.conversations",
    "persist.clear",
    "isolate.concurrent",
    "persist.concurrent",
    policy=STORED,
)
class StoresUnderOneName(StoredBot):
    """Stores all conversations under one name."""

    def __init__(self, endpoint: Endpoint, key: str = "a", history: list[Json] | None = None) -> None:
        super().__init__(endpoint, "all", history)


@mutant("persist.corrupt", "record.recovers", "answer.returned", policy=STORED)
class BreaksOnABadFile(StoredBot):
    """A file that cannot be read is the end."""

    def set_aside(self) -> None:
        raise Failed("the history cannot be read")


@mutant("persist.corrupt", policy=STORED)
class WritesOverABadFile(StoredBot):
    """A file that cannot be read is written over."""

    def set_aside(self) -> None:
        pass


@mutant("persist.migrates", policy=STORED)
class ReadsNoOlderFile(StoredBot):
    """A file of an older version is set aside."""

    def older(self) -> None:
        conversations = self.read()
        self.path.write_text(json.dumps({"version": 0, "messages": conversations.get(self.key, [])}))


@mutant("persist.private", policy=STORED)
class StoresForEveryone(StoredBot):
    """Everyone can read the file."""

    def write(self, conversations: dict[str, list[Json]]) -> None:
        super().write(conversations)
        self.path.chmod(0o644)


@mutant("persist.private", policy=STORED)
class StoresTheKey(StoredBot):
    """The API key is stored too."""

    def write(self, conversations: dict[str, list[Json]]) -> None:
        super().write(conversations)
        note = self.path.with_name("client.json")
        note.touch(mode=0o600)
        note.write_text(json.dumps({"key": self.endpoint.api_key}))


@mutant("persist.clear", policy=STORED)
class ClearsEverything(StoredBot):
    """Clearing one conversation clears all."""

    def clear(self) -> None:
        self.write({})


@mutant("persist.clear", policy=STORED)
class ClearsTheFolder(StoredBot):
    """Clearing a conversation removes all files beside it."""

    def clear(self) -> None:
        super().clear()
        for path in self.endpoint.home.iterdir():
            if path.is_file() and path != self.path:
                path.unlink()


@mutant("persist.clear", policy=STORED)
class ClearsNothing(StoredBot):
    """Clearing a conversation clears what is in memory."""

    def clear(self) -> None:
        self.history = []


@mutant("persist.read-only", policy=STORED)
class BreaksWhereNothingCanBeWritten(StoredBot):
    """A round that cannot be stored is no round."""

    def record(self, messages: list[Json]) -> None:
        with self.locked():
            self.load()
            self.history = [*self.history, *messages]
            self.write({**self.read(), self.key: self.history})


@mutant(
    "persist.concurrent",
    "isolate.concurrent",
    "isolate.conversations",
    "isolate.one-at-a-time",
    "persist.round-trip",
    policy=STORED,
)
class WritesWithoutLooking(StoredBot):
    """Writes back what it read before it asked."""

    stored: dict[str, list[Json]]

    def load(self) -> None:
        self.stored = self.read()
        self.history = self.stored.get(self.key, [])

    def record(self, messages: list[Json]) -> None:
        self.history = [*self.history, *messages]
        try:
            self.write({**self.stored, self.key: self.history})
        except OSError as error:
            self.warn(f"the history cannot be written: {error}")


@mutant("persist.atomic", policy=STORED)
class WritesInPlace(StoredBot):
    """Writes its file over, with a checksum in it, of which a crash in that leaves half."""

    def load(self) -> None:
        with self.locked():  # nobody reads what is being written
            super().load()

    def decoded(self, data: bytes) -> dict[str, list[Json]]:
        checksum, _, stored = data.partition(b"\n")
        if int(checksum) != crc32(stored):
            raise ValueError("the file is torn")
        return super().decoded(stored)

    def write(self, conversations: dict[str, list[Json]]) -> None:
        data = json.dumps({"version": 1, "conversations": conversations}).encode()
        with os.fdopen(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as file:
            file.write(b"%d\n%s" % (crc32(data), data))
            file.truncate()


@mutant("persist.atomic", "persist.read-only", policy=STORED)
class EmptiesItsFileFirst(StoredBot):
    """Empties its file and writes it anew, of which a crash leaves half, and a full disk nothing."""

    def load(self) -> None:
        with self.locked():
            super().load()

    def write(self, conversations: dict[str, list[Json]]) -> None:
        data = json.dumps({"version": 1, "conversations": conversations}).encode()
        with os.fdopen(os.open(self.path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)


@mutant("persist.corrupt", policy=STORED)
class SetsAsideInSilence(StoredBot):
    """A file that cannot be read is set aside, and nobody is told."""

    def set_aside(self) -> None:
        self.path.rename(self.path.with_name(f"history.json.{len(list(self.path.parent.iterdir()))}"))


@mutant("persist.read-only", policy=STORED)
class GoesOnInSilence(StoredBot):
    """Where nothing can be written, rounds are not stored, and nobody is told."""

    def warn(self, text: str) -> None:
        if "written" not in text:
            super().warn(text)
