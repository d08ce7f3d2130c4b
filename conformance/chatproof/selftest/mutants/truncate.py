"""Mistakes with windows and caps."""

from contextlib import suppress

from chatproof.history.model.policy import Messages, Policy, Rounds, Turns
from chatproof.selftest.bots.bot import Bot, Json, StoredBot, fitting
from chatproof.selftest.mutants.mutant import mutant

__all__: list[str] = []

WINDOW = Policy(window=Messages(6))
ODD = Policy(window=Messages(5))
ROUNDS = Policy(window=Rounds(3))
CAP = Policy(cap=Messages(8))


@mutant("truncate.bound", policy=WINDOW)
class IgnoresTheWindow(Bot):
    """Sends everything."""

    def view(self, history: list[Json]) -> list[Json]:
        return history


@mutant("truncate.bound", policy=ROUNDS)
class OneRoundTooMany(Bot):
    """Sends one round more than declared."""

    def view(self, history: list[Json]) -> list[Json]:
        return fitting(history, (self.limit or 0) + 1, self.unit)


@mutant("truncate.bound", policy=WINDOW)
class CountsRoundsForMessages(Bot):
    """Counts rounds where messages are declared."""

    def view(self, history: list[Json]) -> list[Json]:
        return history[-2 * (self.limit or 0) :] if self.limit else []


@mutant("truncate.bound", policy=Policy(window=Messages(20)))
class NeverCutsInTheMiddle(Bot):
    """Cuts only when twice the window is full."""

    def view(self, history: list[Json]) -> list[Json]:
        return history if len(history) <= 2 * (self.limit or 0) else super().view(history)


@mutant("truncate.starts-with-user", policy=ODD)
class StartsWithAReply(Bot):
    """Sends the last so many messages, whatever they are."""

    def view(self, history: list[Json]) -> list[Json]:
        return history[-self.limit :] if self.limit else []


@mutant("truncate.full", policy=WINDOW)
class OneRoundTooFew(Bot):
    """Sends one round less than would fit."""

    def view(self, history: list[Json]) -> list[Json]:
        return fitting(history, max((self.limit or 0) - 2, 0), self.unit)


@mutant("truncate.full", policy=WINDOW)
class CountsTheSystemPrompt(Bot):
    """Counts the system prompt and the new message in the window."""

    def view(self, history: list[Json]) -> list[Json]:
        return fitting(history, max((self.limit or 0) - 2, 0), self.unit)


@mutant("truncate.full", policy=Policy(window=Turns(4)))
class HalvesWhenFull(Bot):
    """Sends half of the window as soon as it is full."""

    def view(self, history: list[Json]) -> list[Json]:
        limit = self.limit or 0
        full = sum(one["role"] == "user" for one in history) > limit
        return fitting(history, limit // 2 if full else limit, self.unit)


@mutant("truncate.most-recent", policy=WINDOW)
class KeepsTheOldest(Bot):
    """Sends the first messages in place of the last."""

    def view(self, history: list[Json]) -> list[Json]:
        return history[: self.limit]


@mutant("truncate.most-recent", policy=WINDOW)
class KeepsTheFirstRound(Bot):
    """Sends the first round and the last ones."""

    def view(self, history: list[Json]) -> list[Json]:
        limit = self.limit or 0
        if len(history) <= limit or limit < 4:
            return super().view(history)
        return [*history[:2], *history[len(history) - limit + 2 :]]


@mutant("truncate.system-kept", policy=WINDOW)
class CutsTheSystemPromptOff(Bot):
    """Takes the system prompt for the oldest message."""

    def head(self) -> list[Json]:
        return super().head() if len(self.history) <= (self.limit or 0) else []


@mutant("truncate.zero", "truncate.bound", policy=Policy(window=Messages(4)))
class TakesZeroForNone(Bot):
    """A window of 0 sends everything."""

    def view(self, history: list[Json]) -> list[Json]:
        return super().view(history) if self.limit else history


@mutant("truncate.zero", policy=Policy(window=Messages(4)))
class RecordsNothingAtZero(Bot):
    """A window of 0 records nothing."""

    def record(self, messages: list[Json]) -> None:
        if self.limit != 0:
            super().record(messages)


@mutant("truncate.monotone", "truncate.zero", policy=WINDOW)
class ForgetsWhatItCuts(Bot):
    """What does not fit in the window is gone for good."""

    def record(self, messages: list[Json]) -> None:
        super().record(messages)
        self.history = super().view(self.history)


@mutant("truncate.tool-pairs", policy=Policy(window=Messages(5), tools=3))
class CutsResultsOff(Bot):
    """Sends the last so many messages, results without their calls among them."""

    def view(self, history: list[Json]) -> list[Json]:
        cut = history[-self.limit :] if self.limit else []
        while cut and cut[0]["role"] == "assistant":
            cut = cut[1:]
        return cut


@mutant("truncate.stored-cap", policy=CAP)
class NeverPrunes(Bot):
    """Stores everything."""

    def prune(self) -> None:
        pass


@mutant("truncate.stored-cap", policy=CAP)
class PrunesTooLate(Bot):
    """Stores two rounds more than declared."""

    def prune(self) -> None:
        self.history = fitting(self.history, 12, self.unit)


@mutant("truncate.stored-cap", "truncate.most-recent", "accumulate.complete", policy=CAP)
class PrunesTheNewest(Bot):
    """Stores nothing more once the store is full."""

    def prune(self) -> None:
        self.history = self.history[:8]


@mutant("truncate.unbounded-growth", policy=Policy(cap=Messages(8), persistent=True))
class KeepsALog(StoredBot):
    """Writes every message into a log beside the store, for ever."""

    def record(self, messages: list[Json]) -> None:
        super().record(messages)
        log = self.endpoint.home / "log.txt"
        with suppress(OSError):
            log.touch(mode=0o600)
            with log.open("a") as file:
                file.write(str(messages))
