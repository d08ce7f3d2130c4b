"""Mistakes with stores, several conversations, branches and several models."""

import json
from pathlib import Path
from typing import Any, ClassVar

from chatproof.history.model.endpoint import Endpoint
from chatproof.history.model.policy import Policy
from chatproof.selftest.bots.bot import Bot, Failed, Json, StoredBot
from chatproof.selftest.mutants.mutant import mutant

__all__: list[str] = []

STORED = Policy(persistent=True, many=True)
MANY = Policy(many=True)
TREE = Policy(tree=True)
MODELS = Policy(models=("first", "second"), sticky=True)


# -- stores ---------------------------------------------------------------------------------------------------


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
            print(f"the history cannot be written: {error}")  # noqa: T201


# -- several conversations ------------------------------------------------------------------------------------


@mutant("isolate.conversations", "isolate.concurrent", policy=MANY)
class SharesAHistory(Bot):
    """All conversations have one history."""

    def conversation(self, key: str) -> Bot:
        other = super().conversation(key)
        other.history = self.history
        return other

    def record(self, messages: list[Json]) -> None:
        self.history += messages


@mutant("isolate.concurrent", policy=MANY)
class RemembersWhoAskedLast(Bot):
    """Records a reply in the conversation that asked last."""

    last: ClassVar[dict[str, Any]] = {}

    def answer(self, messages: list[Json]) -> list[Json]:
        self.last[self.endpoint.base_url] = self
        return super().answer(messages)

    def record(self, messages: list[Json]) -> None:
        owner = self.last[self.endpoint.base_url]
        owner.history = [*owner.history, *messages]


@mutant("isolate.one-at-a-time", "accumulate.order", "accumulate.last-is-new")
class RecordsAsItComes(Bot):
    """Two asks at once record their messages in turn."""

    def round(self, question: Json) -> str | None:
        before, self.history = self.history, [*self.history, question]
        try:
            reply = self.assistant(self.ask([*self.head(), *self.view(before), question]))
        except Failed:
            self.history = [one for one in self.history if one is not question]
            raise
        self.history = [*self.history, reply]
        return self.told(reply)


# -- branches -------------------------------------------------------------------------------------------------


@mutant("tree.siblings", "tree.any-node", policy=TREE)
class SharesTheListOfABranch(Bot):
    """A branch and where it began have one list."""

    def fork(self, rounds: int) -> Bot:
        branch = super().fork(rounds)
        branch.history = self.history
        del self.history[2 * rounds :]
        return branch

    def record(self, messages: list[Json]) -> None:
        self.history += messages


@mutant("tree.siblings", "tree.path", policy=TREE)
class BranchesOffTheEnd(Bot):
    """A branch has all that came after the place where it begins."""

    def fork(self, rounds: int) -> Bot:
        return super().fork(len(self.history))


@mutant("tree.path", policy=TREE)
class BranchesOneRoundTooEarly(Bot):
    """A branch lacks its last round."""

    def fork(self, rounds: int) -> Bot:
        return super().fork(rounds - 1)


@mutant("tree.path", policy=TREE)
class BranchesWithoutHistory(Bot):
    """A branch begins with nothing."""

    def fork(self, rounds: int) -> Bot:
        return super().fork(0)


@mutant("tree.any-node", policy=TREE)
class CutsWhereItBranches(Bot):
    """What came after the place where a branch begins is gone."""

    def fork(self, rounds: int) -> Bot:
        branch = super().fork(rounds)
        self.history = self.history[: 2 * rounds]
        return branch


@mutant("tree.round-trip", "tree.siblings", policy=Policy(tree=True, persistent=True))
class GoesOnInTheBranch(StoredBot):
    """Finds the branch in place of the conversation when it starts again."""

    def __init__(self, endpoint: Endpoint, key: str = "a", history: list[Json] | None = None) -> None:
        super().__init__(endpoint, key, history)
        if history is None and key == "a":
            self.key = max(self.read(), default=key)


@mutant("tree.from-messages")
class LoadsWithoutTheFirst(Bot):
    """A list of messages is taken over without its first."""

    def from_messages(self, messages: list[Json]) -> Bot:
        return super().from_messages(messages[1:])


@mutant("tree.from-messages")
class LoadsTheUsersSide(Bot):
    """A list of messages is taken over without replies."""

    def from_messages(self, messages: list[Json]) -> Bot:
        return super().from_messages([one for one in messages if one["role"] == "user"])


# -- several models -------------------------------------------------------------------------------------------


class _FallsBack(Bot):
    def to_second(self, messages: list[Json]) -> list[Json]:
        return messages

    def ask(self, messages: list[Json]) -> Json:
        try:
            return self.asked(self.model, messages)
        except Failed:
            other = next(one for one in self.endpoint.policy.models if one != self.model)
            reply = self.asked(other, self.to_second(messages))
            self.model = other
            return reply


@mutant("fallback.history", policy=MODELS)
class AsksTheSecondAlone(_FallsBack):
    """The second model gets the question alone."""

    def to_second(self, messages: list[Json]) -> list[Json]:
        return [*self.head(), messages[-1]]


@mutant("fallback.history", policy=MODELS)
class TellsTheSecondWhy(_FallsBack):
    """The second model is told that the first one failed."""

    def to_second(self, messages: list[Json]) -> list[Json]:
        return [*messages[:-1], {"role": "user", "content": "The first model failed."}, messages[-1]]


@mutant("fallback.recorded-once", policy=MODELS)
class ForgetsWhatTheSecondSaid(_FallsBack):
    """A reply of the second model is shown, and not recorded."""

    fell_back = False

    def to_second(self, messages: list[Json]) -> list[Json]:
        self.fell_back = True
        return messages

    def answer(self, messages: list[Json]) -> list[Json]:
        self.fell_back = False
        return super().answer(messages)

    def record(self, messages: list[Json]) -> None:
        if not self.fell_back:
            super().record(messages)


@mutant("fallback.recorded-once", policy=MODELS)
class RecordsBothAttempts(_FallsBack):
    """The question of the first attempt is recorded beside the round of the second."""

    extra: tuple[Json, ...] = ()

    def to_second(self, messages: list[Json]) -> list[Json]:
        self.extra = (messages[-1],)
        return messages

    def answer(self, messages: list[Json]) -> list[Json]:
        self.extra = ()
        return super().answer(messages)

    def record(self, messages: list[Json]) -> None:
        super().record([*self.extra, *messages])


@mutant("fallback.sticky", policy=MODELS)
class ReturnsToTheFirst(Bot):
    """Asks the first model first, whatever answered last."""

    def ask(self, messages: list[Json]) -> Json:
        self.model = self.endpoint.policy.models[0]
        return super().ask(messages)
