"""What must be in nothing that leaves the process: the key, what a terminal obeys, and a traceback."""

import base64
import html
import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote
from xml.etree import ElementTree as ET

__all__ = ["KEY", "flaws"]

KEY = "canary.Q8w2+Zt7Lx0/Vb5&kR4m"
"""It looks like no provider's key: only who knows it can mask it."""

_COMMAND = re.compile(r"^\s*(?:::|##vso\[|##\[)", re.MULTILINE)
"""What GitHub's and Azure's runners obey, at the beginning of a line."""

_FOREIGN = re.compile(r"^\s*(?:::error file=x|##vso\[|##\[)", re.MULTILINE)
"""The same in a report that is made of such commands: those of the catalogue's texts."""


def flaws(artefacts: Mapping[str, bytes], key: str = KEY) -> list[str]:
    """What is wrong with outputs and files, by name, after a run with that key; empty where nothing is."""
    return [f"{name}: {flaw}" for name, data in artefacts.items() for flaw in _flaws(name, data, key)]


def _flaws(name: str, data: bytes, key: str) -> Iterator[str]:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        yield f"no UTF-8: {error}"
        return
    yield from _pieces_of_key(text, key)
    if odd := sorted({c for c in text if not c.isprintable() and c != "\n"}):
        yield f"characters that are not printable: {odd}"
    if found := (_FOREIGN if name.endswith(".github") else _COMMAND).search(text):
        yield f"a command to a CI system: {found[0]!r}"
    if "Traceback" in text:
        yield "a traceback"
    if not text:
        return
    if name.endswith(".json"):
        yield from _pieces_of_key("\n".join(_texts(json.loads(text))), key)
    if name.endswith(".xml"):
        told = [" ".join([*one.attrib.values(), one.text or ""]) for one in ET.fromstring(text).iter()]  # noqa: S314  our own file
        yield from _pieces_of_key("\n".join(told), key)


def _pieces_of_key(text: str, key: str) -> Iterator[str]:
    """Eight letters of it in a row, in any case, or what stands for so many in another form."""
    low = text.lower()
    for form, size in _forms(key):
        pieces = (form[n : n + size].lower() for n in range(len(form) - size + 1))
        if found := next((piece for piece in pieces if piece in low), None):
            around = low.index(found)
            yield f"a piece of the key: {found!r} in {low[max(0, around - 40) : around + 40]!r}"


def _forms(key: str) -> Iterator[tuple[str, int]]:
    """A form of the key, and the characters of it in which eight of the key's stand."""
    data = key.encode()
    yield key, 8
    yield quote(key, safe=""), 12
    yield "".join(f"%{byte:02x}" for byte in data), 24
    yield data.hex(), 16
    yield "".join(f"\\u{ord(c):04x}" for c in key), 48
    yield key.replace("/", r"\/"), 12
    yield re.sub("[&<>+]", lambda c: f"\\u{ord(c[0]):04x}", key), 16
    yield html.escape(key), 14
    for lead in range(3):  # the characters of base64 that stand for the key alone
        begin, end = -(-lead * 8 // 6), (lead + len(data)) * 8 // 6
        yield base64.b64encode(bytes(lead) + data).decode()[begin:end], 8


def _texts(value: object) -> Iterator[str]:
    """Every string in a JSON value."""
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from _texts(item)
        case dict():
            for name, item in value.items():
                yield name
                yield from _texts(item)
        case _:
            pass
