"""The page follows what happens: requests that come, journals that go, a fake that is gone and back."""

import httpx

from chatfake import Fake, LiveServer
from tests.fakeserver.asking import chat, post
from tests.fakeserver.inspector.browser.chromium import Browser, Tab, tab
from tests.fakeserver.inspector.browser.conversation import assistant, user
from tests.fakeserver.inspector.client import Client


def test_empty_page_says_how_to_point_a_client_here_and_fills_by_itself(page: Tab, client: Client) -> None:
    page.show()
    page.shows(f"{page.root}/v1", "#empty")
    page.shows("curl", "#empty")
    client.ask(user("at last"))
    page.shows("at last", "#rows")
    assert page.run("document.querySelector('#empty').hidden")


def test_new_requests_appear_and_nothing_else_moves(page: Tab, client: Client) -> None:
    for number in range(40):
        client.ask(user(f"question {number}"))
    page.show("open=sk-bot/10&request=10")
    page.shows("#10", "#request")
    page.run("document.querySelector('#list').scrollTop = 700")
    page.run("document.querySelector('#request .headers summary').click()")
    page.run("document.querySelector('[data-name=\"sk-bot/20\"] a').focus()")
    place = "document.querySelector('[data-name=\"sk-bot/20\"]').getBoundingClientRect().top"
    before = page.run(place)
    for number in range(40, 45):
        client.ask(user(f"question {number}"))
    page.until("document.querySelectorAll('#rows li').length", lambda length: length == 45)
    assert abs(page.run(place) - before) < 2
    assert page.run("document.activeElement.parentElement.dataset.name") == "sk-bot/20"
    assert page.run("document.querySelector('#request .headers').open")
    assert page.run("location.hash") == "#open=sk-bot/10&request=10"
    assert page.text("#rows").startswith("question 44")


def test_open_conversation_grows_while_it_is_looked_at(page: Tab, client: Client) -> None:
    client.handle.script("Hello!")
    client.ask(user("hi"))
    page.show("open=sk-bot/1")
    page.shows("Hello!", "#rounds")
    page.run("window.kept = document.querySelector('#rounds li')")
    client.ask(user("hi"), assistant("Hello!"), user("what next?"))
    page.shows("what next?", "#rounds")
    assert page.run("window.kept.isConnected")


def test_page_says_when_the_fake_is_gone_and_when_it_is_back(browser: Browser) -> None:
    with tab(browser) as page:
        with LiveServer() as server:
            port = server.port
            page.root = server.base_url.removesuffix("/v1")
            httpx.post(
                f"{server.base_url}/chat/completions", json={"model": "tiny", "messages": [user("old")]}
            )
            page.show()
            page.shows("old", "#rows")
        page.shows("disconnected", "#live")
        page.shows("old", "#rows")
        # another fake has taken its place, with a clock and numbers of its own
        fake = Fake()
        fake.time.advance(-10_000)
        for text in ("new", "newer"):
            post(fake, chat(messages=[user(text)]))
        fake.time.advance(100)
        with LiveServer(fake, port=port):
            page.until("document.querySelector('#live').innerText === 'live'")
            page.shows("newer", "#rows")
            assert page.titles() == ["new", "newer"]
        assert page.complaints == []


def test_page_under_a_prefix_is_the_same_page(browser: Browser, server: LiveServer, client: Client) -> None:
    client.ask(user("hi"))
    with tab(browser) as page:
        page.open(f"{server.base_url.removesuffix('/v1')}/key/sk-bot/v1/_fake")
        page.shows("live", "#live")
        page.shows("hi", "#rows")
        assert page.complaints == []


def test_several_workers_are_told_of_plainly(browser: Browser) -> None:
    with LiveServer(Fake(workers=2)) as server, tab(browser) as page:
        page.open(server.base_url.removesuffix("/v1") + "/_fake/")
        page.shows("Serve with one worker", "#notice")
        page.shows("off", "#live")


def test_forgotten_request_is_told_of(page: Tab, client: Client) -> None:
    client.ask(user("one"))
    page.show("open=sk-bot/1")
    page.shows("one", "#rounds")
    client.handle.clear()
    client.ask(user("two"))
    page.shows("not in the journal of sk-bot any more", "#thread")
