"""What the cases about tools look at: the answers to one question under each tool_choice, whole and as streams."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chatproof.cases.answer import ChatAnswer, dict_in
from chatproof.cases.endpoint import NAMED, Endpoint
from chatproof.cases.stream_answer import ChatStreamAnswer
from chatproof.probe import Json

__all__ = ["CHOICES", "Asked", "arguments_of", "asked", "in_stream", "names_of", "streamed", "with_calls"]

CHOICES: tuple[Json, ...] = ("auto", NAMED, "required")
"""Those under which a tool may be called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An answer, the tool_choice that it was asked with, and in which mode."""

    choice: Json
    answer: ChatAnswer
    is_stream: bool

    @property
    def name(self) -> str:
        """How it was asked, in words."""
        choice = self.choice if isinstance(self.choice, str) else "a named choice"
        return f"{choice} in {'SSE' if self.is_stream else 'JSON'}"

    def path(self, place: str) -> str:
        """The JSON path of a place in the first choice."""
        return f"$[*].choices[0].{place}" if self.is_stream else f"$.choices[0].{place}"


def asked(endpoint: Endpoint, choice: Json) -> ChatAnswer:
    """The shared JSON answer under a choice."""
    return ChatAnswer(endpoint.shared(endpoint.tool_body(choice)))


def streamed(endpoint: Endpoint, choice: Json) -> ChatStreamAnswer:
    """The shared stream under a choice."""
    return ChatStreamAnswer(endpoint.shared(endpoint.tool_body(choice, stream=True)))


def in_stream(endpoint: Endpoint, choice: Json) -> ChatStreamAnswer | None:
    """The same, where it is a whole stream of choices and was not cut by its limit."""
    found = streamed(endpoint, choice)
    whole = found.exchange.status == 200 and found.answer.choices and not found.cut
    return found if whole and found.answer.finish_reason != "length" else None


def with_calls(endpoint: Endpoint, choices: Sequence[Json] = CHOICES) -> Iterator[Asked]:
    """All answers of both modes that have calls. No stream is asked for where JSON mode has no answer."""
    for choice in choices:
        whole = asked(endpoint, choice)
        if whole.exchange.status != 200:
            continue
        found = streamed(endpoint, choice)
        if whole.calls:
            yield Asked(choice=choice, answer=whole, is_stream=False)
        if found.exchange.status == 200 and found.answer.calls and not found.cut:
            yield Asked(choice=choice, answer=found.answer, is_stream=True)


def names_of(answer: ChatAnswer) -> list[Json]:
    """The functions that are called, in order."""
    return [dict_in(call, "function").get("name") for call in answer.calls]


def arguments_of(call: dict[str, Json]) -> Json:
    """The arguments of a call as JSON.

    Raises:
        ValueError: they are none.
    """
    text = dict_in(call, "function").get("arguments")
    try:
        value: Json = json.loads(text if isinstance(text, str) else "")
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value
