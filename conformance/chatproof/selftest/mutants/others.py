"""Mistakes with several conversations, branches and several models."""

from typing import Any, ClassVar

from chatproof.history.model.endpoint import Endpoint
from chatproof.history.model.policy import Policy
from chatproof.selftest.bots.bot import Bot, Failed, Json, StoredBot
from chatproof.selftest.mutants.mutant import mutant

__all__: list[str] = []

MANY = Policy(many=True)
TREE = Policy(tree=True)
MODELS = Policy(models=("first", "second"), sticky=True)


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
