"""Elements of a page. Whatever is put into one is text: only what is made here is markup."""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from chatproof.gate.escaping import prose

__all__ = ["Child", "Element", "document", "element"]

Element = ET.Element

Child = Element | str | None
"""None is nothing: what is not there needs no other way to say it."""


def element(tag: str, *children: Child, **attributes: str | None) -> Element:
    """An element. Attributes' names end with `_` where Python has the word, and have `_` for `-`; None is none."""
    made = ET.Element(tag)
    for name, value in attributes.items():
        if value is not None:
            made.set(name.rstrip("_").replace("_", "-"), prose(value))
    last: Element | None = None
    for child in children:
        if isinstance(child, str):
            if last is None:
                made.text = (made.text or "") + prose(child)
            else:
                last.tail = (last.tail or "") + prose(child)
        elif child is not None:
            made.append(child)
            last = child
    return made


def document(title: str, head: Iterable[Element], body: Iterable[Element]) -> str:
    """The text of a whole document. Text and attributes are escaped as it is written."""
    root = element(
        "html",
        element("head", element("meta", charset="utf-8"), *head, element("title", title)),
        element("body", *body),
        lang="en",
    )
    return f"<!doctype html>\n{ET.tostring(root, encoding='unicode', method='html')}\n"
