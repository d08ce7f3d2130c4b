"""A result document as a page: nothing of a stranger's is markup, nothing is lost, and nothing grows without end."""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from hypothesis import given

from chatproof.gate import Gate
from chatproof.gate.escaping import prose
from chatproof.report import CaseResult, Outcome, Result
from chatproof.report.page import html
from chatproof.report.page.element import element
from chatproof.report.story import Excerpt, Row, Sent, Story, Turn, folded
from tests.history.page.results import HOSTILE, RESULTS, STORIES, every_sort
from tests.portion import share

_VOID = {"meta"}
_TAGS = {
    *[
        "html",
        "head",
        "meta",
        "style",
        "title",
        "body",
        "header",
        "h1",
        "h2",
        "h3",
        "h4",
        "p",
        "nav",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "a",
        "span",
        "em",
        "strong",
        "mark",
        "code",
        "pre",
    ],
    *["main", "div", "section", "article", "details", "summary", "button", "script"],
}
_ATTRIBUTES = {
    *[
        "charset",
        "http-equiv",
        "content",
        "name",
        "lang",
        "class",
        "id",
        "href",
        "title",
        "type",
        "hidden",
        "role",
        "data-copies",
    ],
    *["aria-label", "aria-labelledby", "aria-hidden"],
}


class Page(HTMLParser):
    """What a parser finds. Elements that are not closed in order, or that a page has not, are errors."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.raw: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _TAGS
        assert {name for name, _ in attrs} <= _ATTRIBUTES
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in ("script", "style"):
            assert self._open[-1] not in self.raw
            self.raw[self._open[-1]] = data
        else:
            self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def _said(result: Result) -> Iterator[str]:
    """What the page must have."""
    yield str(result.target["client"])
    for case in result.cases:
        yield from (case.id, case.sentence)
        if case.story is not None and case.outcome is Outcome.FAILED:
            yield from (case.story.what, case.story.breaks)
            yield from (turn.remark for turn in case.story.turns if not turn.left_out)
            if case.story.request is not None:
                yield from (row.note for row in case.story.request.rows if not row.left_out)


@given(RESULTS)
@share(0.5)
def test_whatever_strangers_say_is_text(result: Result) -> None:
    # each case is told alone, so that all of it has to be on the page
    cases = tuple(
        CaseResult.from_json({**case.to_json(), "id": f"group{n}.{case.id}"})
        for n, case in enumerate(result.cases)
    )
    result = Result.from_json({**result.to_json(), "cases": [case.to_json() for case in cases]})
    text = html(result)
    text.encode()
    page = Page(text)
    told = "".join(page.texts)
    assert [said for said in _said(result) if prose(said) not in told] == []
    scripts = {
        name: files("chatproof.report.page").joinpath(f"page.{end}").read_text()
        for name, end in (("script", "js"), ("style", "css"))
    }
    assert page.raw == {"script": f'"use strict";\n{scripts["script"]}', "style": scripts["style"]}
    assert all(value.startswith("#rule-") for name, value in page.attributes if name == "href")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_each_place_of_a_story_is_escaped(hostile: str) -> None:
    excerpt = Excerpt.of(hostile)
    story = Story(
        what=hostile,
        breaks=hostile,
        caption=hostile,
        turns=(Turn(who="you", text=excerpt),),
        expected=excerpt,
        request=Sent(
            step=1, rows=(Row(mark="altered", role=hostile, text=excerpt, note=hostile, differs=3),)
        ),
    )
    case = CaseResult(id=hostile, level=hostile, outcome=Outcome.FAILED, message=hostile, story=story)
    text = html(Result(tool={}, target={"client": hostile}, cases=(case,)))
    page = Page(text)
    assert text.count("<script") == text.count("</script") == text.count("<style") == 1
    assert ("<" in hostile) == (prose(hostile) in "".join(page.texts) and "<" in "".join(page.texts))


def test_an_element_takes_text_for_text() -> None:
    made = element("p", "a<b", element("em", "&"), "c", None, "d", title='"<')
    assert (made.text, made[0].tail, made.get("title")) == ("a<b", "cd", '"<')


@given(STORIES)
def test_a_story_is_the_same_after_a_file(story: Story) -> None:
    assert Story.from_json(json.loads(json.dumps(story.to_json()))) == story


def test_a_story_of_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match=r"not a chatproof\.story/1: schema is 'chatproof\.story/2'"):
        Story.from_json({"schema": "chatproof.story/2"})


def test_keys_are_masked_in_a_story_as_in_all_of_the_document() -> None:
    key = "verysecretvalue1234"
    story = Story(
        what="w",
        breaks="b",
        caption="c",
        turns=(Turn(who="you", text=Excerpt.of(f"it is {key}")),),
        request=Sent(step=1, rows=(Row(role="user", odd=key),)),
    )
    case = CaseResult(id="a.b", level="must", outcome=Outcome.FAILED, story=story)
    document = Gate({key: "$KEY"}).value(Result(tool={}, target={}, cases=(case,)).to_json())
    text = html(Result.from_json(document))
    assert key not in text
    assert text.count("$KEY") == 2


def test_what_is_folded_is_counted() -> None:
    items = [Turn(who="you", remark=str(n)) for n in range(500)]
    kept = folded(items, lambda count: Turn(left_out=count), marked={250})
    assert sum(turn.left_out or 1 for turn in kept) == 500
    assert len(kept) == 85
    assert [turn.remark for turn in kept if turn.remark in {"249", "250", "251"}] == ["249", "250", "251"]
    assert folded(items, lambda count: Turn(left_out=count), marked=range(500)).__len__() < 150


def test_a_long_conversation_is_no_long_page() -> None:
    turns = tuple(Turn(who="you", text=Excerpt.of("word " * 100_000)) for _ in range(500))
    rows = [Row(role="user", text=Excerpt.of("word " * 100_000)) for _ in range(500)]
    story = Story(
        what="w",
        breaks="b",
        caption="c",
        turns=folded(turns, lambda count: Turn(left_out=count)),
        request=Sent(step=250, rows=folded(rows, lambda count: Row(left_out=count))),
    )
    case = CaseResult(id="a.b", level="must", outcome=Outcome.FAILED, story=story)
    text = html(Result(tool={}, target={}, cases=(case,)))
    assert len(text) < 200_000
    assert "420 that are not kept" in text


def test_every_outcome_has_its_word() -> None:
    told = "".join(Page(html(every_sort())).texts)
    for word in ("broken", "stale", "known", "kept", "not claimed", "not reached", "not run", "error"):
        assert f"1 {word}" in told or f"2 {word}" in told
