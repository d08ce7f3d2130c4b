"""A parsed value against one kind of the contract."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel

from .chunk import ChatCompletionChunk, Preamble
from .chunk_rules import CHUNK_RULES, PREAMBLE_RULES, is_preamble
from .completion import ChatCompletion
from .completion_rules import COMPLETION_RULES, Rule
from .error import ErrorResponse
from .error_rules import ERROR_RULES
from .json_text import MAX_DEPTH, too_deep
from .members import extensions
from .model_list import ModelList
from .shape import shape
from .violation import JsonValue, Judgement, Level, Violation, bounded
from .words import seen

__all__ = ["Kind", "inspect", "judge_chunk", "judge_completion", "judge_error", "judge_models", "nested"]


class Kind(StrEnum):
    """What a body can be."""

    COMPLETION = "chat.completion"
    CHUNK = "chat.completion.chunk"
    STREAM = "chat.completion.sse"
    ERROR = "error"
    MODELS = "models"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Contract:
    """A kind's model, its rules beyond shape, and the specification's name for it."""

    model: type[BaseModel]
    rules: tuple[Rule, ...]
    reference: str


_CONTRACTS: Mapping[Kind, _Contract] = {
    Kind.COMPLETION: _Contract(
        model=ChatCompletion, rules=COMPLETION_RULES, reference="CreateChatCompletionResponse"
    ),
    Kind.CHUNK: _Contract(
        model=ChatCompletionChunk, rules=CHUNK_RULES, reference="CreateChatCompletionStreamResponse"
    ),
    Kind.ERROR: _Contract(model=ErrorResponse, rules=ERROR_RULES, reference="ErrorResponse"),
    Kind.MODELS: _Contract(model=ModelList, rules=(), reference="ListModelsResponse"),
}

_PREAMBLE = _Contract(model=Preamble, rules=PREAMBLE_RULES, reference="CreateChatCompletionStreamResponse")


def judge_completion(value: JsonValue) -> Judgement:
    """Judge a JSON answer."""
    return _judge(value, Kind.COMPLETION)


def judge_chunk(value: JsonValue) -> Judgement:
    """Judge one chunk by itself; what chunks owe to each other is `ChatStream`'s."""
    return _judge(value, Kind.CHUNK)


def judge_error(value: JsonValue) -> Judgement:
    """Judge the body of an error."""
    return _judge(value, Kind.ERROR)


def judge_models(value: JsonValue) -> Judgement:
    """Judge a list of models."""
    return _judge(value, Kind.MODELS)


def inspect(value: JsonValue, kind: Kind) -> Judgement:
    """Judge a value that is known not to be too deep, because it came from `json_text.load`."""
    contract = _PREAMBLE if kind is Kind.CHUNK and is_preamble(value) else _CONTRACTS[kind]
    model, violations = shape(value, contract.model, reference=contract.reference)
    if isinstance(value, dict):
        violations += [violation for rule in contract.rules for violation in rule(value)]
    return Judgement(
        kind=kind, violations=bounded(violations), extensions=extensions(value, contract.model), value=model
    )


def _judge(value: JsonValue, kind: Kind) -> Judgement:
    if too_deep(value):
        return Judgement(kind=kind, violations=(nested(value),), extensions=(), value=None)
    return inspect(value, kind)


def nested(value: JsonValue) -> Violation:
    """The violation of a value that is nested too deep."""
    return Violation(
        rule="shape.json",
        level=Level.MUST,
        path="$",
        message="The value is nested deeper than any reader can be asked to follow.",
        expected=f"at most {MAX_DEPTH} levels",
        seen=seen(value),
    )
