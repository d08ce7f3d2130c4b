"""A source to its items: open it, see what format it has, and let that format's reader have it."""

import io
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from chatschema import Kind

from .body import Item, Place, Reason, Skipped, Unreadable
from .cassette import cassette
from .file_format import Form, form_of, is_cassette
from .json_document import json_document
from .json_lines import json_lines
from .open_file import HEAD, BrokenError, opened
from .sources import Origin, Source, suffix_of
from .whole_body import http_answer, whole

__all__ = ["items"]

_Reader: TypeAlias = Callable[[io.BufferedReader, str], Iterator[Item]]

_READERS: Mapping[Form, _Reader] = {
    Form.EVENTS: whole,
    Form.HTTP: http_answer,
    Form.JSON: json_document,
    Form.LINES: json_lines,
    Form.YAML: cassette,
}

_NO_FORM: Mapping[Form, str] = {
    Form.EMPTY: "is empty",
    Form.UNKNOWN: "is neither JSON nor an event stream nor a cassette; --kind says what it is",
    Form.UTF16: "is UTF-16, as PowerShell's > writes it: save it as UTF-8",
}


def items(source: Source, watch: Callable[[int], None], kind: Kind | None) -> Iterator[Item]:
    """What a source holds, in order; a source that cannot be read is one item, which says why.

    With a `kind`, bytes of no known format are one body too: the user says that they are.
    """
    try:
        with opened(source, watch) as stream:
            head = stream.peek(HEAD)
            form = form_of(head, suffix_of(source.name))
            if source.origin is Origin.FOUND and form is Form.YAML and not is_cassette(head):
                form = Form.UNKNOWN  # every project has YAML, and some of it is a template of YAML
            if form in _READERS:
                yield from _READERS[form](stream, source.name)
            elif kind is not None:
                yield from whole(stream, source.name)
            else:
                yield _without_form(form, source)
    except OSError as error:
        yield Unreadable(place=Place(file=source.name), why=error.strerror or type(error).__name__)
    except BrokenError as error:
        yield Unreadable(place=Place(file=source.name), why=str(error))


def _without_form(form: Form, source: Source) -> Item:
    place = Place(file=source.name)
    if source.origin is Origin.FOUND:
        return Skipped(place=place, reason=Reason.FORMAT)
    return Unreadable(place=place, why=_NO_FORM[form])
