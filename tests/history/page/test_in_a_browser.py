"""The page from a disk in a browser: no error, no request, nothing run that a stranger wrote, copied by a key."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chatproof.report import CaseResult, Evidence, Outcome, Result
from chatproof.report.page import html
from chatproof.report.story import Excerpt, Row, Sent, Story, Turn
from tests.fakeserver.inspector.browser import chromium
from tests.fakeserver.inspector.browser.chromium import Tab
from tests.fakeserver.inspector.browser.test_looks import CONTRAST
from tests.history.page.results import HOSTILE, every_sort


@pytest.fixture(scope="module")
def one_tab() -> Iterator[Tab]:
    executable = chromium.path()
    if executable is None:
        pytest.skip("there is no Chromium on this machine: install it, or name it in CHATPROOF_CHROMIUM")
    with chromium.running(executable) as browser, chromium.tab(browser) as found:
        yield found


@pytest.fixture
def page(one_tab: Tab) -> Iterator[Tab]:
    one_tab.renew("file:")
    yield one_tab
    assert one_tab.complaints == []
    asked = [event["request"]["url"] for event in one_tab.told("Network.requestWillBeSent")]
    assert [url for url in asked if not url.startswith(("file:", "about:"))] == []


def show(page: Tab, folder: Path, result: Result) -> None:
    file = folder / "report.html"
    file.write_text(html(result), encoding="utf-8")
    page.open(file.as_uri())


def _hostile() -> Result:
    text = Excerpt.of(" ".join(HOSTILE) + "w" * 500)
    story = Story(
        what=text.part,
        breaks=text.part,
        caption=text.part,
        turns=(Turn(who="you", text=text, where="w" * 300), Turn(who="client", remark=text.part)),
        expected=text,
        request=Sent(
            step=1, compared=True, rows=(Row(mark="altered", role="r" * 200, text=text, differs=9),)
        ),
    )
    evidence = Evidence(level="must", expected="", seen="", again="x" * 500, printed=text.part)
    case = CaseResult(
        id="record." + "w" * 300,
        level="must",
        outcome=Outcome.FAILED,
        story=story,
        evidence=(evidence,),
        sentence=text.part,
    )
    return Result(tool={}, target={"client": text.part, "notes": [text.part]}, cases=(case,))


def test_it_is_readable_on_every_screen_and_in_both_schemes(page: Tab, tmp_path: Path) -> None:
    for result in (every_sort(), _hostile()):
        show(page, tmp_path, result)
        page.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        for width in (390, 768, 1440):
            page.size(width, 900)
            assert page.run("document.documentElement.scrollWidth") <= width
        for scheme in ("light", "dark"):
            page.scheme(scheme)
            assert page.run(CONTRAST) == [], scheme


def test_on_paper_it_is_light_and_readable(page: Tab, tmp_path: Path) -> None:
    show(page, tmp_path, every_sort())
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    page.call("Emulation.setEmulatedMedia", media="print", features=dark)
    try:
        assert page.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert page.run(CONTRAST) == []
    finally:
        page.call("Emulation.setEmulatedMedia", media="", features=[])


def test_the_line_is_copied_by_the_keyboard(page: Tab, tmp_path: Path) -> None:
    show(page, tmp_path, every_sort())
    page.run("document.addEventListener('copy', () => { window.copied = String(getSelection()); })")
    page.run("navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }")
    page.run("document.querySelector('article button').focus()")
    page.press("Enter")
    page.until("window.copied", lambda copied: copied == "chatproof client bot.py:Bot -k accumulate.complete")
    page.shows("Copied", "article button")
    page.run("navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))")
    page.run("document.querySelectorAll('article button')[1].click()")
    page.until("window.copied", lambda copied: copied == "chatproof client bot.py:Bot -k accumulate.verbatim")


def test_what_is_folded_opens_by_a_click_and_for_paper(page: Tab, tmp_path: Path) -> None:
    show(page, tmp_path, every_sort())
    folded = "[...document.querySelectorAll('.fold details')].filter((one) => one.open).length"
    assert page.run(folded) == 0
    page.click(".fold summary", "48 more")
    assert page.run(folded) == 1
    page.run("dispatchEvent(new Event('beforeprint'))")
    assert page.run(folded) == page.run("document.querySelectorAll('.fold details').length") == 2


def test_nothing_of_a_stranger_is_run(page: Tab, tmp_path: Path) -> None:
    show(page, tmp_path, _hostile())
    page.shows("<script>alert(1)</script>", "article")
    assert page.run("document.querySelectorAll('script').length") == 1
    assert page.run("document.querySelectorAll('img, [onclick]').length") == 0
