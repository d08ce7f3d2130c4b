"""Narrow screens, contrast in both schemes, and names for whoever cannot see."""

from tests.fakeserver.inspector.browser.chromium import Tab
from tests.fakeserver.inspector.browser.conversation import user, weather
from tests.fakeserver.inspector.client import Client

#: An address, and what can be read there.
VIEWS = (
    ("", "Weather in Paris?"),
    ("open=sk-bot/1", "came back"),
    ("open=sk-bot/1&request=5", "#5 POST"),
)


def test_nothing_is_wider_than_a_narrow_screen(page: Tab, client: Client) -> None:
    weather(client)
    client.ask(user("w" * 500), model="m" * 300, headers={"x-long": "h" * 300}, user="u" * 500)
    page.size(375, 740)
    page.show()
    for view, text in (*VIEWS, ("open=sk-bot/6", "#6"), ("open=sk-bot/6&request=6", "#6 POST")):
        page.turn(view)
        page.shows(text, "#panes")
        page.run("document.querySelectorAll('details > summary').forEach((one) => one.click())")
        panes = "[...document.querySelectorAll('body, .pane')].filter((one) => one.offsetParent && one.scrollWidth > one.clientWidth + 1).map((one) => one.id)"
        assert page.run(panes) == [], view
        assert (
            page.run("[...document.querySelectorAll('.pane')].filter((one) => one.offsetParent).length") == 1
        )


CONTRAST = """
(() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => parts(colour).slice(0, 3).map((one) => one / 255)
    .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, place) => sum + one * [0.2126, 0.7152, 0.0722][place], 0);
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if ((parts(colour)[3] ?? 1) > 0) return colour;
    }
  };
  const weak = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest("script, style, option")) continue;
    const [one, other] = [light(getComputedStyle(element).color), light(ground(element))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < 4.5) weak.push(`${ratio.toFixed(2)} ${element.className} ${walker.currentNode.data.slice(0, 40)}`);
  }
  return weak;
})()
"""


def test_every_text_keeps_its_contrast_in_both_schemes(page: Tab, client: Client) -> None:
    page.show()
    page.shows("No request has come yet")
    for scheme in ("light", "dark"):
        page.scheme(scheme)
        assert page.run(CONTRAST) == []
    weather(client)
    client.leave(user("slowly"), lines=5, model="fake/long-text+delay-per-chunk=0.02")
    for view, text in (*VIEWS, ("open=sk-bot/6&request=6", "#6 POST"), ("text=nought", "Nothing matches")):
        page.turn(view)
        page.shows(text, "#panes")
        page.run("[...document.querySelectorAll('.moment')].slice(0, 3).forEach((one) => one.click())")
        for scheme in ("light", "dark"):
            page.scheme(scheme)
            assert page.run(CONTRAST) == [], (scheme, view)


def test_dark_scheme_is_dark(page: Tab) -> None:
    page.show()
    grounds = []
    for scheme in ("light", "dark"):
        page.scheme(scheme)
        grounds.append(page.run("getComputedStyle(document.body).backgroundColor"))
    assert grounds == ["rgb(244, 245, 247)", "rgb(18, 21, 26)"]


def test_everything_that_can_be_used_has_a_name(page: Tab, client: Client) -> None:
    weather(client)
    page.show("open=sk-bot/1&request=5")
    page.shows("Answer", "#request")
    nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    usable = [
        node
        for node in nodes
        if not node.get("ignored")
        and node["role"]["value"]
        in (
            "button",
            "link",
            "combobox",
            "searchbox",
            "DisclosureTriangle",
            "navigation",
            "complementary",
            "search",
        )
    ]
    assert len(usable) > 20
    assert [node for node in usable if not node["name"].get("value")] == []
