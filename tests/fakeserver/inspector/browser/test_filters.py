"""Filters, addresses, keys, and lists that are long."""

import json

import httpx

from chatfake import LiveServer
from tests.fakeserver.inspector.browser.chromium import Tab
from tests.fakeserver.inspector.browser.conversation import user
from tests.fakeserver.inspector.client import Client


def test_filters_stand_in_the_address_and_an_address_gives_the_same_view(
    page: Tab, server: LiveServer, client: Client
) -> None:
    client.ask(user("apples"))
    client.ask(user("pears"), model="fake/http-503")
    httpx.post(
        f"{server.base_url}/chat/completions", json={"model": "tiny", "messages": [user("apples for nobody")]}
    )
    page.show()
    page.until("document.querySelectorAll('#rows li').length", lambda length: length == 3)
    options = page.run("[...document.querySelector('#key').options].map((one) => one.text)")
    assert options == ["all (3)", "no handle (1)", "sk-bot (2)"]
    choose = "const [id, value] = {}; const one = document.getElementById(id); one.value = value; one.dispatchEvent(new Event('change'))"
    for name, value, view, rows in (
        ("key", "sk-bot", "#key=sk-bot", ["apples", "pears"]),
        ("status", "503", "#key=sk-bot&status=503", ["pears"]),
        ("status", "failed", "#key=sk-bot&status=failed", ["pears"]),
        ("status", "", "#key=sk-bot", ["apples", "pears"]),
        ("key", "", "#key=", ["apples for nobody"]),
    ):
        page.run(f"(() => {{ {choose.format(json.dumps([name, value]))} }})()")
        assert page.run("location.hash") == view
        titles = "[...document.querySelectorAll('#rows .title')].map((one) => one.innerText).sort()"
        page.until(f"JSON.stringify({titles}) === {json.dumps(json.dumps(rows, separators=(',', ':')))}")
        page.show(view.removeprefix("#"))
        page.until(f"document.querySelectorAll('#rows li').length === {len(rows)}")
        assert page.titles() == rows


def test_slash_filters_by_text_and_escape_clears(page: Tab, client: Client) -> None:
    client.ask(user("apples"))
    client.ask(user("pears"))
    page.show()
    page.shows("pears", "#rows")
    page.press("/")
    page.type("PEAR")
    page.until("document.querySelectorAll('#rows li').length === 1")
    assert (page.titles(), page.run("location.hash")) == (["pears"], "#text=PEAR")
    page.run("document.querySelector('#text').select()")
    page.type("nothing like it")
    page.shows("Nothing matches among 2 requests.", "#summary")
    page.press("Escape")
    page.until("document.querySelectorAll('#rows li').length === 2")


def test_keys_alone_lead_from_the_list_to_a_chunk_and_back(page: Tab, client: Client) -> None:
    client.ask(user("first"))
    client.ask(user("second"), stream=True)
    page.show()
    page.shows("second", "#rows")
    page.press("/")
    page.press("ArrowDown")
    assert "second" in page.run("document.activeElement.innerText")
    page.press("ArrowDown")
    assert "first" in page.run("document.activeElement.innerText")
    page.press("ArrowUp")
    page.press("Enter")
    page.shows("second", "#thread h2")
    page.run("document.querySelector('.marker').focus()")
    page.press("Enter")
    page.shows("#2 POST /chat/completions", "#request")
    page.run("document.querySelector('.moment').focus()")
    page.press("ArrowDown")
    page.press("Enter")
    page.shows("chat.completion.chunk", ".opened:not([hidden])")
    page.press("Escape")
    page.until("document.querySelector('#request').hidden")
    page.press("Escape")
    page.shows("Choose a conversation.", "#thread")
    page.run("history.back()")
    page.shows("second", "#thread h2")


def test_two_thousand_requests_are_listed_some_at_a_time(page: Tab, server: LiveServer) -> None:
    fake = server.fake
    for key in ("sk-1", "sk-2"):
        handle = fake.handle(key)
        with httpx.Client(
            transport=fake.httpx_transport(),
            base_url="http://fake/v1",
            headers={"authorization": f"Bearer {key}"},
        ) as inside:
            for number in range(1000):
                inside.post(
                    "/chat/completions", json={"model": "tiny", "messages": [user(f"{key} asks {number}")]}
                )
        assert len(handle.requests) == 1000
    page.show()
    page.shows("2,000 requests in 2,000 conversations", "#summary")
    rows = "document.querySelectorAll('#rows li').length"
    assert page.run(rows) == 200
    page.click("#more", "Show 200 of 1,800 older")
    assert page.run(rows) == 400
    page.press("/")
    page.type("sk-1 asks 77")
    page.until(f"{rows} === 11")
