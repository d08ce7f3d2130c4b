"""Answers as snapshots that a person can read.

A snapshot of an answer is a digest of all its bytes, which pins them, and a summary, which says what they are:
status, headers, body. Events that repeat each other's members are one line; ids, times and lengths that follow from the
request are `#`, and padding is left out: the digest holds them. Of many answers that are nearly the same, one is
summed up whole and the others as their difference from it.
"""

import difflib
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from chatfake import Answer, Send
from chatfake.core.http import Step
from tests.fakeserver.asking import shown, wire_text

#: Of one line; a longer one is cut, and the digest has the rest.
MOST = 1_500
_FOLLOWS = re.compile(
    r"[0-9a-f]{8}[0-9a-f-]{4,}|\b1[67]\d{8}\b|(?<=sha256 )[0-9a-f]{8}|(?<=content-length: )\d+|fake/(?=[\w.=*+-])[\w.=*+-]*"
)
_PADDING = "obfuscation"


class Page(SingleFileSnapshotExtension):
    """A page of text a test: what is written in one place is read, and changed, in one place."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


def digest(answer: Answer) -> str:
    """Of every byte, pause and loss."""
    return hashlib.sha256(wire_text(answer).encode()).hexdigest()[:16]


def whole(answer: Answer) -> list[str]:
    """What there is to see: a line of headers, a line a body, a line a run of events."""
    headers = " | ".join(f"{name}: {value}" for name, value in answer.headers)
    return _lines([headers], answer, lambda text: text.split("\n"))


def members(answer: Answer) -> list[str]:
    """The same, with a line a header and a line a member of a body, for differences."""
    return _lines([f"{name}: {value}" for name, value in answer.headers], answer, _members)


def _lines(headers: list[str], answer: Answer, written: Callable[[str], Iterable[str]]) -> list[str]:
    streamed = answer.header("content-type").startswith("text/event-stream")
    body = _runs(_pieces(answer)) if streamed else written("".join(map(shown, answer.steps)))
    lines = (f"{answer.status}{' raw' if answer.raw else ''}", *headers, *body)
    return [_printable(_FOLLOWS.sub("#", line))[:MOST] for line in lines]


def difference(base: Sequence[str], lines: Sequence[str]) -> list[str]:
    """Lines that are not the base's (+), lines of the base that are not there (-), and members of another value (~)."""
    found: list[str] = []
    for tag, start, end, first, last in difflib.SequenceMatcher(
        a=base, b=lines, autojunk=False
    ).get_opcodes():
        if tag != "equal":
            found += _replaced(base[start:end], lines[first:last])
    return found


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """What stood there before is the base's, and is said there: of a member that has another value this one is enough."""
    names = {_name(line) for line in old} & {_name(line) for line in new} - {""}
    yield from (f"-{line}" for line in old if _name(line) not in names)
    yield from (f"{'~' if _name(line) in names else '+'}{line}" for line in new)


def _name(line: str) -> str:
    """Of a member or a header; a status, an event or a text has none."""
    name, colon, _ = line.partition(": ")
    return name if colon and re.fullmatch(r"[\w.\[\]-]+", name) and name not in ("data", "event") else ""


def page(answers: Mapping[str, Answer], base: Mapping[str, Answer] | Answer | None = None) -> str:
    """All answers by name; with a base, each as its difference from it where that is less text."""

    def entry(name: str, answer: Answer) -> list[str]:
        other = base.get(name) if isinstance(base, Mapping) else base
        lines = whole(answer)
        if other is not None and other != answer:
            changed = difference(members(other), members(answer))
            lines = min(lines, changed, key=_size)
        return [f"== {name}  {digest(answer)}", *(f"  {line}" for line in lines)]

    return "\n".join(line for name, answer in answers.items() for line in entry(name, answer)) + "\n"


def _size(lines: Iterable[str]) -> int:
    return sum(map(len, lines))


def refusals(answers: Mapping[str, Answer]) -> str:
    """Error answers by name, one line each: status and body."""
    rows = (
        f"{name}: {answer.status} {''.join(map(shown, answer.steps))}" for name, answer in answers.items()
    )
    return "\n".join(rows) + "\n"


def _printable(line: str) -> str:
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in line)


def _members(text: str) -> Iterator[str]:
    value = _object(text)
    if value is None:
        yield from text.split("\n")
    else:
        yield from (f"{path}: {json.dumps(leaf, ensure_ascii=False)}" for path, leaf in _leaves(value))


def _pieces(answer: Answer) -> Iterator[str]:
    """Steps of a stream: an event without its blank line; what is framed otherwise, together, as a JSON string."""
    for plain, steps in groupby(answer.steps, key=_is_plain):
        texts = [shown(step) for step in steps]
        if plain:
            yield from (text[:-2].replace("\n", "␤") for text in texts)
        else:
            count = f"in {len(texts)} steps: " if len(texts) > 1 else ""
            yield count + json.dumps("".join(texts), ensure_ascii=False)


def _is_plain(step: Step) -> bool:
    return (
        isinstance(step, Send) and re.fullmatch(rb"(event: [^\n]*\n)?data: [^\n]*\n\n", step.data) is not None
    )


def _runs(pieces: Iterator[str]) -> Iterator[str]:
    """Events of the same members in one line: of the first what is not as in the event that opened the stream."""
    opening: dict[str, Any] = {}
    for shape, group in groupby(pieces, key=_shape):
        first, *others = group
        if shape is None:
            yield from (first, *others)
            continue
        event = _event(first)
        yield f"{shape[0]}{_beside(opening, event)}"
        opening = opening or event
        if others:
            leaves = [dict(_leaves(_event(one))) for one in (first, *others)]
            changing = [path for path in leaves[0] if len({json.dumps(one[path]) for one in leaves}) > 1]
            rows = (
                " ".join([path, *(json.dumps(one[path], ensure_ascii=False) for one in leaves[1:])])
                for path in changing
            )
            yield f"  and {len(others)} more: {'; '.join(rows) or 'the same'}"


def _beside(opening: dict[str, Any], event: dict[str, Any]) -> str:
    own = {name: member for name, member in event.items() if name not in opening or opening[name] != member}
    gone = "".join(f", no {name}" for name in opening if name not in event)
    return json.dumps(own, ensure_ascii=False) + gone


def _shape(piece: str) -> Any:
    """Equal for events that have the same members in the same order; None for what is no JSON object."""
    value = _event(piece)
    if value is None:
        return None
    return piece[: piece.index("{")], tuple((path, type(leaf)) for path, leaf in _leaves(value))


def _event(piece: str) -> Any:
    """The object that an event has, without padding."""
    value = _object(piece[piece.find("{") :]) if piece.startswith(("data: {", "event: ")) else None
    return None if value is None else {name: member for name, member in value.items() if name != _PADDING}


def _object(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for name, member in value.items():
            yield from _leaves(member, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value:
        for number, member in enumerate(value):
            yield from _leaves(member, f"{path}[{number}]")
    else:
        yield path, value
