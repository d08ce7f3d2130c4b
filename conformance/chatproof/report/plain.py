"""Text from an endpoint, made safe to show: a terminal obeys what it is sent."""

import re

__all__ = ["encodable", "plain", "xml_text"]

# XML 1.0 cannot hold these, not even as references; endpoints can send them, bodies and files' names can hold them
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain(text: str) -> str:
    """The text on one line, with everything that is not printable as its escape."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def encodable(text: str) -> str:
    """The text with lone surrogates replaced: JSON can hold them, UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode()


def xml_text(text: str) -> str:
    """The text with what XML cannot hold replaced."""
    return _NOT_XML.sub("\ufffd", text)
