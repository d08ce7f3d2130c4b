"""Conversations as people read them, and as programs do."""

from collections.abc import Iterable, Sequence

from chatproof.chat.names import Name
from chatproof.clients.history_store import Round
from chatproof.gate.escaping import line, name, prose
from chatschema import JsonObject

__all__ = ["as_json", "conversation", "counted", "listed"]

_YOU, _MODEL = "you", "model"


def conversation(rounds: Sequence[Round], last: int | None = None) -> str:
    """The rounds with their numbers, or the last so many of them."""
    begin = 0 if last is None else max(len(rounds) - last, 0)
    shown = [f"{number:>3}  {_told(one)}" for number, one in enumerate(rounds[begin:], begin + 1)]
    return "\n".join(shown) if shown else "nothing was said yet"


def _told(one: Round) -> str:
    rows = ((_YOU, one.user), (_MODEL, one.assistant))
    return "\n     ".join(f"{who:<7}{_indented(text)}" for who, text in rows)


def _indented(text: str) -> str:
    return prose(text.replace("\r\n", "\n")).replace("\n", f"\n{' ' * 12}")


def listed(transcripts: Iterable[tuple[Name, Sequence[Round]]]) -> str:
    """All conversations, by endpoint, with the number of their rounds and when the last one was."""
    lines: list[str] = []
    url: str | None = None
    for one, rounds in transcripts:
        if one.url != url:
            url = one.url
            lines.append(name(url) or "(of another program)")
        last = line(rounds[-1].at) if rounds else ""
        lines.append(f"  {name(one.conversation):<24} {counted(len(rounds)):>12}   {last}")
    return "\n".join(lines)


def counted(number: int, what: str = "round") -> str:
    """`1 round`, `2 rounds`."""
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"


def as_json(one: Name, rounds: Sequence[Round]) -> JsonObject:
    """One conversation."""
    return {
        "url": one.url,
        "conversation": one.conversation,
        "rounds": [{"at": said.at, "user": said.user, "assistant": said.assistant} for said in rounds],
    }
