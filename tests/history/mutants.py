"""Clients that are wrong in one way each, and the rules that they must break: those and no others."""

import unicodedata
from collections.abc import Mapping

from chatproof.clients import AnswerError, MessageList

__all__ = ["MUTANTS"]


class KeepsUnansweredQuestion(MessageList):
    """Adds the user message before the request, as the LoRAX example does, and leaves it there."""

    def say(self, text: str) -> str:
        try:
            return super().say(text)
        except AnswerError:
            self._messages.append({"role": "user", "content": text})
            raise


class RecordsEmptyReply(MessageList):
    """Takes an answer without choices for an empty reply."""

    def say(self, text: str) -> str:
        try:
            return super().say(text)
        except AnswerError:
            self._messages += [{"role": "user", "content": text}, {"role": "assistant", "content": ""}]
            return ""


class LocksItselfOut(MessageList):
    """Takes one failed round for the end, as lm-deluge does after a 401 or 404."""

    failed = False

    def say(self, text: str) -> str:
        if self.failed:
            raise RuntimeError("All models have been blocklisted.")
        try:
            return super().say(text)
        except AnswerError:
            self.failed = True
            raise


class CountsRounds(MessageList):
    """Reads a window of N messages as N rounds."""

    def _recent(self) -> list[dict[str, str]]:
        return self._messages[-2 * self.window :] if self.window else []


class IgnoresWindow(MessageList):
    """Sends everything."""

    def _recent(self) -> list[dict[str, str]]:
        return self._messages


class CutsSystemPrompt(MessageList):
    """Keeps the newest N of a list that begins with the system prompt, as semantic-kernel once did."""

    def _head(self) -> list[dict[str, str]]:
        full = self.window is not None and len(self._messages) + 1 > self.window
        return [] if full else super()._head()


class LosesARound(MessageList):
    """Forgets the second round."""

    def _recent(self) -> list[dict[str, str]]:
        recent = super()._recent()
        return recent[:2] + recent[4:] if recent is self._messages else recent


class NeverRecordsReplies(MessageList):
    """Sends the user's side alone, as home-llm did."""

    def _recent(self) -> list[dict[str, str]]:
        return [message for message in super()._recent() if message["role"] == "user"]


class StripsText(MessageList):
    """Trims what the user wrote."""

    def say(self, text: str) -> str:
        return super().say(text.strip())


class FormatsText(MessageList):
    """Runs str.format over it, as minillmlib does, and leaves alone what cannot be formatted."""

    def say(self, text: str) -> str:
        try:
            return super().say(text.format())
        except (ValueError, LookupError):
            return super().say(text)


class NormalisesUnicode(MessageList):
    """Puts text into NFC."""

    def say(self, text: str) -> str:
        return super().say(unicodedata.normalize("NFC", text))


class CutsLongText(MessageList):
    """Has a column of 64 KiB."""

    def say(self, text: str) -> str:
        return super().say(text[: 1 << 16])


class DamagesHistory(MessageList):
    """Sends a text as it is, and its lines joined when it sends it again."""

    def _recent(self) -> list[dict[str, str]]:
        return [{**old, "content": " ".join(old["content"].splitlines())} for old in super()._recent()]


MUTANTS: Mapping[type[MessageList], Mapping[str, tuple[str, ...]]] = {
    KeepsUnansweredQuestion: {"record.empty-choices": ("hi", "and now?")},
    RecordsEmptyReply: {"record.empty-choices": ("hi", "and now?")},
    LocksItselfOut: {"record.empty-choices": ("hi", "and now?")},
    CountsRounds: {"truncate.bound": ("hi", "hi", "hi", "hi")},
    IgnoresWindow: {"truncate.bound": ("hi", "hi", "hi", "hi")},
    CutsSystemPrompt: {"truncate.system-kept": ("hi", "hi", "hi")},
    LosesARound: {"accumulate.complete": ("hi", "hi", "hi")},
    NeverRecordsReplies: {"accumulate.complete": ("hi", "hi")},
    StripsText: {"accumulate.verbatim": ("hi ",)},
    FormatsText: {"accumulate.verbatim": ("hi{{x}}",)},
    NormalisesUnicode: {"accumulate.verbatim": ("hie\u0301",)},
    CutsLongText: {"accumulate.verbatim": ("hi" + "a" * 70_000,)},
    DamagesHistory: {"accumulate.verbatim": ("hi\n", "hi ")},
}
"""Under a window of 4 messages: the rules that each breaks, with the shortest conversation that shows it."""
