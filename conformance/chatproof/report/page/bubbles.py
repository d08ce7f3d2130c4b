"""A story as a picture: the conversation as bubbles, and beside it the request with what is wrong in it marked."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from chatproof.report.page.element import Child, Element, element
from chatproof.report.story import Called, Excerpt, Row, Sent, Story, Turn

__all__ = ["picture"]

_OPEN = 16
"""Turns or rows that are seen at once; of more, the middle is folded."""

_SEEN = 3
"""Those that are seen before and after what is folded."""

_MARKS = {
    "extra": ("+", "should not be there"),
    "twice": ("+", "sent twice"),
    "moved": ("+", "in another place"),
    "malformed": ("+", "no valid message"),
    "altered": ("+", "sent, but altered"),
    "expected": ("-", "as it should be"),
    "missing": ("-", "expected, not sent"),
}
"""What is to be read of a mark. Colour alone says nothing."""

_WHO = {"you": "you", "endpoint": "endpoint", "client": "client", "then": "then"}


class _Foldable(Protocol):
    @property
    def left_out(self) -> int:
        """How many it stands for."""
        ...


_Item = TypeVar("_Item", bound=_Foldable)


def picture(story: Story) -> Element:
    """The conversation, beside the request that it led to."""
    request = story.request
    led = "The client sends the request that is shown beside." if request else None
    talk = element(
        "section",
        element("h3", "Conversation"),
        element("p", story.caption, class_="quiet"),
        element(
            "ol",
            *_items(story.turns, _turn, frozenset()),
            element("li", led, class_="then") if led else None,
            class_="talk",
        ),
    )
    return element("div", talk, _request(request) if request else None, class_="beside")


def compared(story: Story) -> Element | None:
    """What a check expected, beside what it saw."""
    pairs = [
        (name, text)
        for name, text in (("Expected", story.expected), ("Seen", story.seen))
        if text is not None
    ]
    parts = [part for name, text in pairs for part in (element("dt", name), element("dd", *_excerpt(text)))]
    return element("dl", *parts, class_="facts") if parts else None


def _request(sent: Sent) -> Element:
    which = "Request" if sent.of == 1 else f"Request {sent.place} of {sent.of}"
    marked = frozenset(at for at, row in enumerate(sent.rows) if row.mark)
    note = None
    if sent.compared:
        note = "+ was sent and is wrong; - was expected and not sent"
    return element(
        "section",
        element("h3", f"{which} in step {sent.step}"),
        element("p", note or "The messages that it carried", class_="quiet"),
        element("ol", *_items(sent.rows, _row, marked), class_="rows"),
    )


def _items(
    items: Sequence[_Item], shown: Callable[[_Item], Element], marked: frozenset[int]
) -> Iterator[Element]:
    """All of few; of many what is marked, with its neighbours, and both ends, the rest in folds."""
    last = len(items) - 1
    near = {at + by for at in marked for by in range(-_SEEN, _SEEN + 1)}
    folded: list[_Item] = []
    for at, item in enumerate(items):
        if len(items) > _OPEN and _SEEN < at < last - 2 * _SEEN and at not in near:
            folded.append(item)
            continue
        if folded:
            yield _fold(folded, shown)
            folded = []
        yield _gap(item.left_out) if item.left_out else shown(item)


def _fold(items: Sequence[_Item], shown: Callable[[_Item], Element]) -> Element:
    count = sum(item.left_out or 1 for item in items)
    inside = [_gap(item.left_out) if item.left_out else shown(item) for item in items]
    return element(
        "li",
        element("details", element("summary", f"{count:,} more"), element("ol", *inside)),
        class_="fold",
    )


def _gap(count: int) -> Element:
    return element("li", f"… {count:,} that are not kept", class_="then")


def _turn(turn: Turn) -> Element:
    who = _WHO.get(turn.who, "then")
    if who == "then":
        return element("li", f"then {turn.remark}", class_="then")
    text = None if turn.text is None else element("p", *_excerpt(turn.text), class_="text")
    return element(
        "li",
        element("h4", who, f" in {turn.where}" if turn.where else None),
        element("p", turn.remark, class_="remark") if turn.remark else None,
        text,
        *map(_call, turn.calls),
        class_=f"bubble {who}",
    )


def _row(row: Row) -> Element:
    sign, word = _MARKS.get(row.mark, ("", ""))
    kind = {"+": "bad", "-": "lost"}.get(sign, "")
    text: list[Child] = [row.odd] if row.odd else []
    if row.text is not None and not row.odd:
        text = _excerpt(row.text, row.differs if row.mark in {"altered", "expected"} else None)
    return element(
        "li",
        element("span", sign, class_="sign") if sign else None,
        element("h4", row.role, element("em", word) if word else None),
        element("p", *text, class_="text") if text else None,
        *map(_call, row.calls),
        element("p", row.note, class_="remark") if row.note else None,
        class_=f"row {kind}".rstrip(),
    )


def _call(call: Called) -> Element:
    return element(
        "p", "calls ", element("strong", call.name), "(", *_excerpt(call.arguments), ")", class_="call"
    )


def _excerpt(excerpt: Excerpt, differs: int | None = None) -> list[Child]:
    """A text with what cannot be seen of it: blanks at its ends, that it is empty, where it goes on."""
    part = excerpt.part
    if not excerpt.length:
        return [element("span", "empty", class_="quiet")]
    whole = excerpt.begins == 0 and len(part) == excerpt.length
    front = part[: len(part) - len(part.lstrip())] if excerpt.begins == 0 else ""
    back = part[len(part.rstrip()) :] if excerpt.begins + len(part) == excerpt.length else ""
    back = "" if len(front) == len(part) else back
    middle = part[len(front) : len(part) - len(back)]
    said: list[Child] = [middle]
    if differs is not None:
        same = max(0, differs - excerpt.begins - len(front))
        said = [middle[:same], element("mark", middle[same:]) if middle[same:] else None]
    return [
        None if excerpt.begins == 0 else "…",
        _blank(front),
        *said,
        _blank(back),
        None if whole else element("span", f"… ({excerpt.length:,} characters)", class_="quiet"),
    ]


def _blank(text: str) -> Element | None:
    """Blanks, so that they are seen."""
    seen = text.replace("\n", "↵\n").replace(" ", "␣").replace("\t", "⇥")
    return element("span", seen, class_="blank", title=f"{len(text)} blank characters") if text else None
