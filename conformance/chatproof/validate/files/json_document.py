"""JSON documents: one body, several after one another, an array of them, HAR, and cassettes in JSON.

A document is never held whole: the elements of the array that makes it a container are handed out one by one, so
that an archive of any size is read, and each has its line.
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from chatschema.core.json_text import NotJsonError, load
from chatschema.judging.detect import kind_of

from .body import ITEM_LIMIT, Item, Place, Unreadable, is_like_an_answer
from .json_window import CutShortError, TooLargeError, Window
from .recorded import item_of
from .sources import HEAD

__all__ = ["json_document"]

_Tree: TypeAlias = Mapping[bytes, "str | _Tree"]

#: The members that lead to the array in a container, and what its elements are called.
_CONTAINERS: _Tree = {
    b'"log"': {b'"entries"': "entry {}"},  # HAR 1.2, also that of Polly.JS
    b'"interactions"': "interaction {}",  # vcrpy
    b'"http_interactions"': "interaction {}",  # Ruby's VCR, betamax
}
_CONTAINER = re.compile(rb'"(?:entries|interactions|http_interactions)"\s*:')
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class _Cut:
    """The bytes of one value, and where they stand."""

    data: bytes
    place: Place


def json_document(stream: io.BufferedReader, file: str) -> Iterator[Item]:
    """The items of a document, in order."""
    head = stream.peek(HEAD)
    if len(head) < HEAD and _is_body(head):
        yield item_of(head, Place(file=file))
        return
    window = Window(stream)
    try:
        for cut in _documents(window, file):
            yield item_of(cut.data, cut.place)
    except TooLargeError:
        why = f"a value of more than {ITEM_LIMIT // 1024**2} MB: what comes after it is not read"
        yield Unreadable(place=Place(file=file, line=window.line()), why=why)
    except CutShortError:
        why = "the JSON ends in the middle, or something else comes after it"
        is_text = not is_like_an_answer(head) and not _CONTAINER.search(head)
        yield Unreadable(place=Place(file=file, line=window.line()), why=why, is_text=is_text)


def _is_body(head: bytes) -> bool:
    """Whether an array is one body itself, as some answers of LoRAX are, rather than an array of them."""
    if not head.removeprefix(_BOM).lstrip().startswith(b"["):
        return False
    try:
        value = load(head.decode()).value
    except (UnicodeDecodeError, NotJsonError):
        return False
    if isinstance(value, list) and len(value) > 1 and isinstance(value[0], dict) and kind_of(value[0]):
        return False
    return kind_of(value) is not None


def _documents(window: Window, file: str) -> Iterator[_Cut]:
    """All values that stand in the text after one another; there is one, nearly always."""
    number = start = window.held = 0
    if window.next() == _BOM[:1]:
        window.at += len(_BOM)
    while window.next():
        number += 1
        line = window.line()
        try:
            yield from _document(window, file)
        except CutShortError:
            if number > 1 or _was_container(window):
                raise
            break
        whole = b"" if _was_container(window) else window.since(start)
        after = window.next()
        if after and (not whole or after not in b"{["):
            if number > 1 or not whole:
                raise CutShortError
            break
        if whole:
            item = f"value {number}" if after or number > 1 else ""
            yield _Cut(whole, Place(file=file, item=item, line=line if item else 1))
        start = window.held = window.at
    else:
        return
    # no JSON, and that is for the judge to say: it knows at which character
    yield _Cut(window.rest(start), Place(file=file))


def _was_container(window: Window) -> bool:
    """Whether elements came out, since when nothing is held of the document."""
    return window.held is None


def _document(window: Window, file: str) -> Iterator[_Cut]:
    """Pass over one document; the elements of a container come out."""
    if window.next() == b"[":
        yield from _array(window, file, "[{}]", 0)
    else:
        yield from _object(window, file, _CONTAINERS)


def _object(window: Window, file: str, tree: _Tree) -> Iterator[_Cut]:
    window.step()
    while (byte := window.next()) != b"}":
        if byte == b",":
            window.step()
            continue
        if byte != b'"':
            raise CutShortError
        branch = tree.get(window.value())
        if window.next() != b":":
            raise CutShortError
        window.step()
        byte = window.next()
        if isinstance(branch, str) and byte == b"[":
            yield from _array(window, file, branch, 1)
        elif isinstance(branch, Mapping) and byte == b"{":
            yield from _object(window, file, branch)
        else:
            window.value()
    window.step()


def _array(window: Window, file: str, label: str, first: int) -> Iterator[_Cut]:
    window.step()
    window.held = None
    number = first
    while (byte := window.next()) != b"]":
        if byte == b",":
            window.step()
            continue
        line = window.line()
        yield _Cut(window.value(), Place(file=file, item=label.format(number), line=line))
        number += 1
    window.step()
