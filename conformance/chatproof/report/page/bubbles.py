"""A story as a picture: the conversation as bubbles, and beside it the request with what is wrong in it marked."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from chatproof.report.page.element import Child, Element, element
from chatproof.report.story import Called, Excerpt, Row, Sent, Story, Turn

__all__ = ["in_words", "picture"]

_OPEN = 16
"""Turns or rows that are seen at once; of more, the middle is folded."""

_SEEN = 3
"""Those that are seen before and after what is folded."""

_TEXT = 400
"""Characters of a text."""

_POINTED = 12
"""Those that are marked where a text begins to differ."""

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
    led = f"the client sends the request of step {request.step}" if request else None
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


def in_words(story: Story) -> Iterator[tuple[str, list[Child]]]:
    """What is wrong, and what that is for a user: each with its title."""
    yield "For a user", [story.breaks]
    yield "What is wrong", [story.what]
    for title, text in (("Expected", story.expected), ("Seen", story.seen)):
        if text is not None:
            yield title, _excerpt(text)


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
        element(
            "h4", who, f" in {turn.where}" if turn.where else None, ", streamed" if turn.streamed else None
        ),
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
    """A text with what cannot be seen of it: blanks at its ends, that it is empty, where it goes on.

    Of a long one the beginning, or the part around the character from which it differs.
    """
    if not excerpt.length:
        return [element("span", "empty", class_="quiet")]
    at = (differs or 0) - excerpt.begins
    start = max(0, min(at - _TEXT // 2, len(excerpt.part) - _TEXT))
    part, begins = excerpt.part[start : start + _TEXT], excerpt.begins + start
    ends = begins + len(part) >= excerpt.length
    middle = part.strip() or part
    front = part[: part.index(middle)]
    back = part[len(front) + len(middle) :]
    shown = [front, middle, back] if part.strip() else ["", "", part]
    at = at - start - len(shown[0])
    marked = bool(differs) and 0 <= at < len(shown[1])
    return [
        "…" if begins else None,
        _blank(shown[0]) if not begins else shown[0],
        shown[1][:at] if marked else shown[1],
        element("mark", shown[1][at : at + _POINTED]) if marked else None,
        shown[1][at + _POINTED :] if marked else None,
        _blank(shown[2]) if ends else shown[2],
        None
        if ends and not begins
        else element("span", f"… ({excerpt.length:,} characters)", class_="quiet"),
    ]


def _blank(text: str) -> Element | None:
    """Blanks, so that they are seen."""
    seen = text.replace("\n", "↵\n").replace(" ", "␣").replace("\t", "⇥")
    return element("span", seen, class_="blank", title=f"{len(text)} blank characters") if text else None
