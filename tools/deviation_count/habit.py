"""Ways of answering that are legal, which clients broke on all the same: counted from the bytes."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from chatschema import JsonObject, Kind
from chatschema.core.json_text import NotJsonError, load, objects

from .exchange import Exchange

__all__ = ["HABITS", "Habit"]

_COMMENT = re.compile(rb"^:", re.MULTILINE)
_DATA = re.compile(rb"^data: ?(\{.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """One way of answering."""

    sentence: str
    form: str  #: of which answers it is counted
    has_it: Callable[[Exchange], bool]
    breaks: str
    sources: tuple[str, ...]


def _comments(exchange: Exchange) -> bool:
    return bool(_COMMENT.search(exchange.body))


def _blanks_first(exchange: Exchange) -> bool:
    return exchange.body[:1].isspace()


def _carriage_returns(exchange: Exchange) -> bool:
    return b"\r\n" in exchange.body


def _called_and_stopped(exchange: Exchange) -> bool:
    if exchange.kind is not Kind.COMPLETION:
        return False
    for _, choice in objects(_parsed(exchange.body), "choices"):
        message = choice.get("message")
        if choice.get("finish_reason") == "stop" and isinstance(message, dict) and message.get("tool_calls"):
            return True
    return False


def _usage_beside_choices(exchange: Exchange) -> bool:
    chunks = (_parsed(data) for data in _DATA.findall(exchange.body)) if exchange.kind is Kind.STREAM else ()
    return any(chunk.get("usage") and chunk.get("choices") for chunk in chunks)


def _parsed(text: bytes) -> JsonObject:
    try:
        found = load(text.decode(errors="replace")).value
    except NotJsonError:
        return {}
    return found if isinstance(found, dict) else {}


HABITS: tuple[Habit, ...] = (
    Habit(
        sentence="Comment lines keep the connection open until the first chunk.",
        form="stream",
        has_it=_comments,
        breaks="Parsers that take each line for data fail: langchaingo and Elixir's LangChain did, and OpenAI's Go SDK "
        "on the empty event after a comment.",
        sources=(
            "https://github.com/openai/openai-go/pull/621",
            "https://github.com/tmc/langchaingo/pull/1332",
            "https://github.com/brainlid/langchain/pull/569",
        ),
    ),
    Habit(
        sentence="Blanks before the JSON keep the connection open until the answer.",
        form="json",
        has_it=_blanks_first,
        breaks="",
        sources=(),
    ),
    Habit(
        sentence="Lines end with a carriage return and a line feed.",
        form="stream",
        has_it=_carriage_returns,
        breaks="",
        sources=(),
    ),
    Habit(
        sentence="Usage comes in a chunk that has choices, not in one of its own.",
        form="stream",
        has_it=_usage_beside_choices,
        breaks="Go's accumulator, which adds up the usage of all chunks, counts too much where it comes on each.",
        sources=(
            "https://github.com/openai/openai-go/blob/00692970bd5ad4118c3aaa9188184db7ba382130/streamaccumulator.go",
        ),
    ),
    Habit(
        sentence="An answer with tool calls ends with stop (OpenAI: where a function was forced).",
        form="json",
        has_it=_called_and_stopped,
        breaks="Agents that run tools on tool_calls alone end too early.",
        sources=(
            "https://github.com/googleapis/python-genai/issues/2868",
            "https://github.com/vllm-project/vllm/pull/25054",
            "https://github.com/openvinotoolkit/model_server/issues/3927",
        ),
    ),
)
