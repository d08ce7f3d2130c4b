"""Rows for members that servers add, and the places where they add them."""

from chatschema.core.kind import Kind

from .deviation import RECORDED, Deviation
from .families import CHAT

__all__ = ["added", "at_body", "at_choice", "at_message", "at_usage"]


def added(
    id_: str,
    vendors: tuple[str, ...],
    sentence: str,
    signs: tuple[str, ...],
    *,
    kinds: tuple[Kind, ...] = CHAT,
    breaks: str = "",
    sources: tuple[str, ...] = (RECORDED,),
) -> Deviation:
    """A row for members that the contract does not know."""
    return Deviation(
        id=id_, vendors=vendors, kinds=kinds, signs=signs, sentence=sentence, breaks=breaks, sources=sources
    )


def at_body(*names: str) -> tuple[str, ...]:
    """Beside id and choices."""
    return tuple(f"$.{name}" for name in names)


def at_choice(*names: str) -> tuple[str, ...]:
    """Beside index and finish_reason."""
    return tuple(f"$.choices[*].{name}" for name in names)


def at_message(*names: str) -> tuple[str, ...]:
    """In the message of an answer and in the delta of a chunk."""
    return tuple(f"$.choices[*].{holder}.{name}" for name in names for holder in ("message", "delta"))


def at_usage(*names: str) -> tuple[str, ...]:
    """Beside the token counts."""
    return tuple(f"$.usage.{name}" for name in names)
