"""A chunk that repeats an earlier one in all but a few values needs no second look.

Nearly every chunk of a stream is such a chunk: another piece of text under the same head. `ChatStream._event` is
the definition of what a chunk does; this is a shorter way to the same, taken for a chunk R when an earlier chunk L of
the same stream went the long way, and only then:

1. R's text is L's but for the values of some members (`TextPattern`; the proof that R is L with these values in
   their places stands there). L had no member twice, so R has none.
2. Each of these members is one that the models and the rules hold to nothing but its type, and the new value has it
   (`variable`):
   - text of a delta (`content` and its like) or of a tool call's fragment, and `obfuscation`: any string of whole
     characters without U+FFFD. Of the content only once a piece of it did not begin with the piece before; of a
     function's arguments only what cannot come after their end (`ArgumentsEnd.harmless`);
   - a member that the models do not know: any value. They keep such members and look at none of them, `extensions`
     names the member and not what is inside, and no rule reads one (`error` at the top is read, and so stays out);
   - `usage` and `logprobs` that are objects: what their own models and rules accept, with the same members in it.
   So R breaks by itself nothing that L did not break, at the same places and in the same words but for what was
   seen; `StreamJudge` keeps each violation once. Its extensions are L's.
3. R's place in the grammar gives no violation: the stream is open, R has the one choice that L had, which is open, and
   no finish_reason (L had none, or it would have closed the choice). In these two phases every other step of both
   tables leads back to them without a violation. R's head is L's, and the stream's head is as it was when L passed.
4. What R adds to the reply is taken from its values by the very functions that the long way calls. All else that L
   did, it did for good: the role, the head of a call. What is the last that was said is said again: `usage`, the
   service tier, the latest call.

Chunks with several choices or several fragments, with audio or with a function call, and those that are right but
for a surrogate go the long way.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, TypeAlias

from pydantic import BaseModel, TypeAdapter, ValidationError

from chatschema.chat.logprobs import Logprobs
from chatschema.common.usage import Usage
from chatschema.common.usage_rules import adds_up, counts_are_meant
from chatschema.core.json_text import Place, TextPattern, pattern
from chatschema.core.violation import JsonObject, JsonValue

from .assembly import EXTRAS, TEXT, TEXTS, ChatChoiceAssembly
from .chunk import ChatCompletionChunk, ChunkChoice, Delta

__all__ = ["Shortcut", "Shortcuts"]

#: Chunks that are remembered; a stream of n choices has at least n kinds of them.
_MOST = 16
#: Chunks in a row that repeat none of those that are remembered: after so many they are forgotten.
_MOST_MISSED = 64
#: Chunks that begin as one that is remembered and go on otherwise, beyond those that repeat one: a stream with so many
#: takes longer by the short way.
_MOST_MISTAKEN = 256
#: Characters of a chunk that is remembered, and its values that may change.
_LONGEST = 16 * 1024
_MOST_VALUES = 32

Fits: TypeAlias = Callable[[JsonValue], bool]
Take: TypeAlias = Callable[[Any], object]
_NamesOf: TypeAlias = Callable[[JsonObject], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    """What is known of all chunks that repeat one."""

    texts: TextPattern
    tests: tuple[tuple[int, Fits], ...]  #: by the number of the value that is new
    takes: tuple[tuple[int, Take], ...]
    index: int  #: of the choice
    extras: JsonObject  #: what the chunk says of the whole answer

    def begins(self, text: str) -> bool:
        """Whether a chunk may be a repetition."""
        return text.startswith(self.texts.start)

    def read(self, text: str) -> list[JsonValue] | None:
        """The values that are new in a chunk; None where it is no repetition."""
        values = self.texts.read(text)
        if values is not None:
            for number, fits in self.tests:
                if not fits(values[number]):
                    return None
        return values

    def take(self, values: list[JsonValue]) -> None:
        """Add them to the reply."""
        for number, take in self.takes:
            take(values[number])


class Shortcuts:
    """The last few chunks of a stream that others may repeat."""

    def __init__(self) -> None:
        self._known: list[Shortcut] = []
        # learning costs as much as ten repetitions save: a stream that repeats nothing must not pay for ever
        self._credit = _MOST
        self._missed = 0  # chunks in a row that repeated none
        self._mistaken = 0

    def find(self, text: str) -> tuple[Shortcut, list[JsonValue]] | None:
        """The chunk that a text repeats, and what is new in it."""
        for shortcut in self._known:
            if not shortcut.begins(text):
                continue
            values = shortcut.read(text)
            if values is not None:
                self._credit = min(self._credit + 1, _MOST)
                self._missed, self._mistaken = 0, max(0, self._mistaken - 1)
                return shortcut, values
            self._mistaken += 1
            if self._mistaken > _MOST_MISTAKEN:
                break
        self._missed += 1
        if self._missed > _MOST_MISSED or self._mistaken > _MOST_MISTAKEN:
            self._known, self._missed = [], 0
        return None

    def learn(
        self, text: str, chunk: JsonObject, choice: ChatChoiceAssembly, index: int, usage: Take
    ) -> None:
        """Remember a chunk that has just gone the long way; `usage` takes the usage of one that repeats it.

        It has one choice, which was open and is; no member of it stands twice.
        """
        if not self._credit or self._mistaken > _MOST_MISTAKEN or len(text) > _LONGEST:
            return
        self._credit -= 1
        try:
            members = tuple(islice(variables(chunk, choice, usage), _MOST_VALUES + 1))
        except LookupError:
            return
        if len(members) > _MOST_VALUES:
            return
        texts = pattern(text, [member.place for member in members])
        if texts is None:
            return
        shortcut = Shortcut(
            texts=texts,
            tests=tuple((n, member.fits) for n, member in enumerate(members) if member.fits is not None),
            takes=tuple((n, member.take) for n, member in enumerate(members) if member.take is not None),
            index=index,
            extras={name: chunk[name] for name in EXTRAS if name in chunk},
        )
        self._known = [*self._known[1 - _MOST :], shortcut]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A member that may have another value in the next chunk."""

    place: Place
    fits: Fits | None = None  #: None: any value does
    take: Take | None = None  #: None: the reply has no place for it


def variables(chunk: JsonObject, choice: ChatChoiceAssembly, usage: Take) -> Iterator[Variable]:
    """In the order of the text. Raises LookupError where the chunk does more than its members' values tell."""
    for name, value in chunk.items():
        match name, value:
            case "choices", [dict() as only]:
                yield from _choice_members(only, choice, ("choices", 0))
            case "usage", dict():
                yield _part((name,), value, usage, _usage_names)
            case "obfuscation", str():
                yield Variable(place=(name,), fits=_is_text)
            case _ if name != "error":
                yield from _unknown((name,), value, ChatCompletionChunk)
            case _:
                pass


def _choice_members(value: JsonObject, choice: ChatChoiceAssembly, place: Place) -> Iterator[Variable]:
    for name, member in value.items():
        match name, member:
            case "delta", dict():
                yield from _delta_members(member, choice, (*place, name))
            case "delta", _:
                raise LookupError(name)
            case "logprobs", dict():
                yield _part((*place, name), member, choice.join_logprobs, _logprob_names)
            case _:
                yield from _unknown((*place, name), member, ChunkChoice)


def _delta_members(delta: JsonObject, choice: ChatChoiceAssembly, place: Place) -> Iterator[Variable]:
    for name, member in delta.items():
        match name, member:
            case "tool_calls", [dict() as only]:
                yield from _fragment_members(only, choice, (*place, name, 0))
            case "tool_calls", [_, *_]:
                raise LookupError(name)
            case (("function_call" | "audio"), dict()):
                raise LookupError(name)
            case "content", str() if choice.cumulative:
                yield Variable(place=(*place, name), fits=_new_text(choice), take=choice.text_writer(name))
            case _ if name in TEXTS:
                if isinstance(member, str):
                    yield Variable(place=(*place, name), fits=_is_text, take=choice.text_writer(name))
            case _:
                yield from _unknown((*place, name), member, Delta)


def _fragment_members(fragment: JsonObject, choice: ChatChoiceAssembly, place: Place) -> Iterator[Variable]:
    joiner = choice.calls.joiner(fragment)
    if joiner is None:
        raise LookupError("tool_calls")
    join, harmless = joiner
    for form, name in TEXT.items():
        inner = fragment.get(form)
        if isinstance(inner, dict):
            # without text it goes the long way, which is none too long for what comes once a call
            if name not in inner or inner[name] is None:
                raise LookupError(name)
            yield Variable(place=(*place, form, name), fits=_argument(harmless), take=join)
            return


def _unknown(place: Place, value: JsonValue, model: type[BaseModel]) -> Iterator[Variable]:
    if value is not None and place[-1] not in _names(model):
        yield Variable(place=place)


def _part(place: Place, value: JsonObject, take: Take, names: _NamesOf) -> Variable:
    known = names(value)
    if known is None:
        raise LookupError(place[-1])

    def fits(other: JsonValue) -> bool:
        return isinstance(other, dict) and names(other) == known

    return Variable(place=place, fits=fits, take=take)


def _usage_names(usage: JsonObject) -> object:
    """The names of all members; None where the counts are wrong."""
    wrong = (*adds_up(usage, path="$"), *counts_are_meant(usage, path="$", details="", rule="prompt"))
    if wrong or not _accepts(Usage, usage):
        return None
    return tuple(usage), [tuple(part) for part in usage.values() if isinstance(part, dict)]


def _logprob_names(logprobs: JsonObject) -> object:
    """The names of all members; None where the model refuses them."""
    if not _accepts(Logprobs, logprobs):
        return None
    scores: Any = logprobs  # what the model accepts has this shape
    return tuple(logprobs), [
        [
            (tuple(token), [tuple(rival) for rival in token["top_logprobs"]])
            for token in scores.get(name) or ()
        ]
        for name in ("content", "refusal")
    ]


def _accepts(model: type[BaseModel], value: JsonValue) -> bool:
    try:
        _adapter(model).validate_python(value)
    except ValidationError:
        return False
    return True


@cache
def _names(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(model.model_fields)


@cache
def _adapter(model: type[BaseModel]) -> TypeAdapter[Any]:
    return TypeAdapter(model)


def _argument(harmless: Callable[[str], bool]) -> Fits:
    def fits(value: JsonValue) -> bool:
        return isinstance(value, str) and harmless(value) and _is_text(value)

    return fits


def _new_text(choice: ChatChoiceAssembly) -> Fits:
    """Text that does not begin with the piece before; once one did not, any text."""

    def fits(value: JsonValue) -> bool:
        return _is_text(value) and isinstance(value, str) and (not choice.cumulative or choice.passes(value))

    return fits


def _is_text(value: JsonValue) -> bool:
    """Whether it is a string of whole characters: the models refuse half of a pair, and a rule U+FFFD."""
    if not isinstance(value, str):
        return False
    try:
        return value.isascii() or ("\ufffd" not in value and bool(value.encode()))
    except UnicodeEncodeError:
        return False
