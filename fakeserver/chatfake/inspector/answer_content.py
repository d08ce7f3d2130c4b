"""The content of a whole answer: the pieces of one body, or of all chunks, put together."""

from collections.abc import Iterable
from dataclasses import dataclass

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import text_of
from chatfake.inspector.pieces import Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A tool call, as the client gets it."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One choice of the answer."""

    index: int
    text: str
    reasoning: str
    refusal: str
    calls: tuple[Call, ...]
    finish: str

    def equals_message(self, message: JsonObject) -> bool:
        """Whether an assistant's message in a history says the same."""
        listed = message.get("tool_calls")
        calls = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        return (
            message.get("role") == "assistant"
            and text_of(message.get("content")) in (self.text, self.text or self.refusal)
            and [_call(one) for one in calls] == [(one.id, one.name, one.arguments) for one in self.calls]
        )


def _call(call: JsonObject) -> tuple[JsonValue, ...]:
    function = call.get("function")
    members = function if isinstance(function, dict) else {}
    return call.get("id"), members.get("name"), members.get("arguments")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerContent:
    """The content of an answer. What it does not have is an empty text."""

    choices: tuple[Choice, ...] = ()
    error: str = ""
    note: str = ""
    usage: str = ""

    @property
    def message(self) -> Choice | None:
        """What a client would remember: the first choice, where it says anything."""
        first = self.choices[0] if self.choices else None
        return first if first is not None and (first.text or first.refusal or first.calls) else None


NOTHING = AnswerContent()


def join_pieces(pieces: Iterable[Piece]) -> AnswerContent:
    """The pieces put together; those of one member of one choice are joined."""
    once: dict[str, str] = {}
    choices: dict[int, dict[str, list[str]]] = {}
    calls: dict[int, dict[int, dict[str, list[str]]]] = {}
    for piece in pieces:
        if piece.kind in ("error", "note", "usage"):
            once[piece.kind] = piece.text
            continue
        members = choices.setdefault(piece.choice, {})
        if piece.kind in ("id", "call", "arguments"):
            members = calls.setdefault(piece.choice, {}).setdefault(piece.call, {})
        members.setdefault(piece.kind, []).append(piece.text)
    return AnswerContent(
        choices=tuple(_choice(index, choices[index], calls.get(index, {})) for index in sorted(choices)),
        error=once.get("error", ""),
        note=once.get("note", ""),
        usage=once.get("usage", ""),
    )


def _choice(index: int, members: dict[str, list[str]], calls: dict[int, dict[str, list[str]]]) -> Choice:
    return Choice(
        index=index,
        text="".join(members.get("text", ())),
        reasoning="".join(members.get("reasoning", ())),
        refusal="".join(members.get("refusal", ())),
        calls=tuple(
            Call(
                # a chunk that repeats them says them once
                id=one.get("id", [""])[0],
                name=one.get("call", [""])[0],
                arguments="".join(one.get("arguments", ())),
            )
            for _, one in sorted(calls.items())
        ),
        finish=members.get("finish", [""])[-1],
    )
