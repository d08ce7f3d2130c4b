"""The members of a chunk whose values may differ in one that repeats it, and what each new value has to be.

The second step of `shortcut`'s proof.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from pydantic import BaseModel, TypeAdapter, ValidationError

from chatschema.chat.logprobs import Logprobs
from chatschema.common.usage import Usage
from chatschema.common.usage_rules import adds_up
from chatschema.core.text_pattern import Place
from chatschema.core.violation import JsonObject, JsonValue

from .assembly import TEXTS, ChoiceAssembly
from .chunk import ChatCompletionChunk, ChunkChoice, Delta
from .fragments import TEXT

__all__ = ["Fits", "Take", "Variable", "variables"]

Fits: TypeAlias = Callable[[JsonValue], bool]
Take: TypeAlias = Callable[[Any], object]
_NamesOf: TypeAlias = Callable[[JsonObject], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A member that may have another value in the next chunk."""

    place: Place
    fits: Fits | None = None  #: None: any value does
    take: Take | None = None  #: None: the reply has no place for it


def variables(chunk: JsonObject, choice: ChoiceAssembly, usage: Take) -> Iterator[Variable]:
    """In the order of the text. Raises LookupError where the chunk does more than its members' values tell."""
    for name, value in chunk.items():
        match name, value:
            case "choices", [dict() as only]:
                yield from _choice_members(only, choice, ("choices", 0))
            case "usage", dict():
                yield _part((name,), value, usage, _usage_names)
            case "obfuscation", str():
                yield Variable(place=(name,), fits=_is_text)
            case "obfuscation", str():
                yield Variable(place=(name,), fits=_is_text)
            case _ if name != "error":
                yield from _unknown((name,), value, ChatCompletionChunk)
            case _:
                pass


def _choice_members(value: JsonObject, choice: ChoiceAssembly, place: Place) -> Iterator[Variable]:
    for name, member in value.items():
        match name, member:
            case "delta", dict():
                yield from _delta_members(member, choice, (*place, name))
            case "delta", _:
                raise LookupError(name)
            case "logprobs", dict():
                yield _part((*place, name), member, choice.score, _score_names)
            case _:
                yield from _unknown((*place, name), member, ChunkChoice)


def _delta_members(delta: JsonObject, choice: ChoiceAssembly, place: Place) -> Iterator[Variable]:
    for name, member in delta.items():
        match name, member:
            case "tool_calls", [dict() as only]:
                yield from _fragment_members(only, choice, (*place, name, 0))
            case "tool_calls", [_, *_]:
                raise LookupError(name)
            case (("function_call" | "audio"), dict()):
                raise LookupError(name)
            case _ if name in TEXTS:
                if isinstance(member, str):
                    yield Variable(place=(*place, name), fits=_is_text, take=choice.listener(name))
            case _:
                yield from _unknown((*place, name), member, Delta)


def _fragment_members(fragment: JsonObject, choice: ChoiceAssembly, place: Place) -> Iterator[Variable]:
    join = choice.calls.again(fragment)
    if join is None:
        raise LookupError("tool_calls")
    for form, name in TEXT.items():
        inner = fragment.get(form)
        if isinstance(inner, dict):
            # without text it goes the long way, which is none too long for what comes once a call
            if name not in inner or inner[name] is None:
                raise LookupError(name)
            yield Variable(place=(*place, form, name), fits=_is_text, take=join)
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
    if not _accepts(Usage, usage) or any(adds_up(usage, path="$")):
        return None
    return tuple(usage), [tuple(part) for part in usage.values() if isinstance(part, dict)]


def _score_names(logprobs: JsonObject) -> object:
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


def _is_text(value: JsonValue) -> bool:
    """Whether it is a string of whole characters: a model that has to look at one half of a pair refuses it."""
    if not isinstance(value, str):
        return False
    try:
        return value.isascii() or bool(value.encode())
    except UnicodeEncodeError:
        return False
