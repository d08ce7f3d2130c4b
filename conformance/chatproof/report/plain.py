"""Text from an endpoint, made safe to show: a terminal obeys what it is sent."""

__all__ = ["encodable", "plain"]


def plain(text: str) -> str:
    """The text on one line, with everything that is not printable as its escape."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def encodable(text: str) -> str:
    """The text with lone surrogates replaced: JSON can hold them, UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode()
