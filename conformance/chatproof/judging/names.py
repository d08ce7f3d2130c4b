"""Names that an option takes, one or several: profiles, capabilities. Nothing heavy is imported here."""

from collections.abc import Collection, Iterable

__all__ = ["names_of"]


def names_of(given: Iterable[str], known: Collection[str], what: str) -> tuple[str, ...]:
    """The names in what was given, each with commas between several, in the order of those that are known.

    Raises:
        ValueError: there is no such thing; the text says which there are.
    """
    named = [name.strip() for text in given for name in text.split(",")]
    for name in named:
        if name not in known:
            raise ValueError(f"there is no {what} {name!r}; there are {', '.join(known)}")
    return tuple(name for name in known if name in named)
