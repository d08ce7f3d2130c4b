"""What LoRAX's answers are made of: pieces of text, and the tokens that say them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.valid.members import among, texts
from chatschema import JsonObject, JsonValue

__all__ = ["ENDINGS", "PLAIN", "Manner", "Speech", "manners", "speeches"]

#: Why a text ends, as the native routes say it.
ENDINGS = ("eos_token", "length", "stop_sequence")

_MOST = 4

#: Above 2**53, where a reader that takes all numbers for floats loses some.
_SEED = 2**64 - 59


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What is said."""

    text: str
    number: int  #: the rest comes from it
    least: int = 1  #: tokens at least

    @property
    def ending(self) -> str:
        """Why it ends."""
        return ENDINGS[self.number % len(ENDINGS)]

    @property
    def pieces(self) -> tuple[str, ...]:
        """The texts of one to four tokens, or of `least`; one is empty where a character took two."""
        size = 1 + len(self.text) // (1 + self.number % 4)
        found = [self.text[start : start + size] for start in range(0, len(self.text), size)]
        found[:0] = [""] * max(self.least - len(found), self.number % 2 if len(found) < _MOST else 0)
        return tuple(found)

    @property
    def prompt_tokens(self) -> int:
        """Tokens of the prompt, at least one."""
        return 1 + self.number % 5

    @property
    def seed(self) -> int | None:
        """The seed, where there was sampling."""
        return (None, 0, _SEED)[self.number // len(ENDINGS) % 3]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How tokens are shown."""

    alternatives: int | None = None  #: that many for each token; None: not asked for
    unknown: bool = False  #: log probabilities are null
    since: bool = True  #: by a server of 0.12.1 or later, which says what was skipped

    def tokens(self, speech: Speech, *, logprob: float = -0.25) -> list[JsonValue]:
        """The tokens, the end of the sequence among them where that is how it ends."""
        said = [self._token(number, text, logprob) for number, text in enumerate(speech.pieces)]
        if speech.ending == "eos_token":
            said.append({**self._token(2, "</s>", logprob), "special": True})
        return [*said]

    def skipped(self, tokens: Sequence[JsonValue]) -> JsonObject:
        """The count of skipped tokens, where the server says it."""
        count = sum(isinstance(token, dict) and token.get("skipped") is True for token in tokens)
        return {"skipped_tokens": count} if self.since else {}

    def _token(self, number: int, text: str, logprob: float) -> JsonObject:
        shown = None if self.unknown else logprob
        token: JsonObject = {"id": number, "text": text, "logprob": shown, "special": False}
        if self.alternatives is not None:
            rivals: list[JsonValue] = [
                {"id": each, "text": "x", "logprob": None if each else -1.5}
                for each in range(self.alternatives)
            ]
            token["alternative_tokens"] = rivals
        # what speculation found comes after a token that it did not find
        return {**token, "skipped": number % 3 == 2} if self.since else token


#: By the newest server, with nothing that was not asked for.
PLAIN = Manner()

_MANNERS = tuple(
    Manner(alternatives=alternatives, unknown=unknown, since=since)
    for since, unknown, alternatives in product((True, False), (False, True), (None, 0, 2))
)


def speeches() -> SearchStrategy[Speech]:
    """A text in one to four pieces, and why it ends."""
    return st.builds(Speech, text=texts(), number=st.integers(0, 2**12))


def manners() -> SearchStrategy[Manner]:
    """How its tokens are shown."""
    return among(_MANNERS)
