"""The page in a browser. The fixture `page` also holds each test to: no error, no dialog, no request to others."""

import json
from typing import Any

import httpx

from chatfake import Fake, LiveServer, Reply, ToolCall
from tests.fakeserver.asking import chat, post
from tests.fakeserver.inspector.chromium import Browser, Tab, tab
from tests.fakeserver.inspector.client import Client


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def assistant(text: str) -> dict[str, Any]:
    return {"role": "assistant", "content": text}


SYSTEM = {"role": "system", "content": "You are a weather bot."}
CALLS = {
    "role": "assistant",
    "content": None,
    "tool_calls": [
        {
            "id": "call_1",
            "type": "function",
            "function": {"name": "get_weather", "arguments": '{"city":"Paris"}'},
        }
    ],
}
RESULT = {"role": "tool", "tool_call_id": "call_1", "content": "21 degrees"}


def weather(client: Client) -> None:
    """Five requests: a call, its result, a failure, its retry, a stream that is cut."""
    call = ToolCall(name="get_weather", arguments='{"city":"Paris"}', id="call_1")
    handle = client.handle
    handle.script(
        Reply(tool_calls=(call,)),
        "It is sunny.",
        handle.fault("http-500"),
        "Rain.",
        handle.fault("stream-cut"),
    )
    history = [SYSTEM, user("Weather in Paris?")]
    client.ask(*history)
    history += [CALLS, RESULT]
    client.ask(*history)
    history += [assistant("It is sunny."), user("And Rome?")]
    client.ask(*history)
    client.ask(*history)
    history += [assistant("Rain."), user("And Oslo?")]
    client.ask(*history, stream=True)


# -- what is shown ---------------------------------------------------------------------------------------------


def test_conversation_is_shown_as_turns_with_each_request_where_it_happened(
    page: Tab, client: Client
) -> None:
    weather(client)
    page.show()
    page.click(".row", "Weather in Paris?")
    page.shows("#5", "#rounds")
    text = page.text("#rounds")
    order = ["system", "You are a weather bot.", "user", "Weather in Paris?", "#1", "get_weather", "Paris"]
    order += ["result, sent with #2", "21 degrees", "sent this answer back, unchanged", "#2", "It is sunny."]
    order += ["And Rome?", "#3", "500", "#4", "retry of #3", "Rain.", "And Oslo?", "#5", "connection lost"]
    place = 0
    for part in order:
        assert part in text[place:], f"{part!r} is missing after {text[:place]!r}"
        place = text.index(part, place) + len(part)
    assert text.count("21 degrees") == 1


def test_answer_that_the_client_changed_and_messages_that_it_dropped_are_seen(
    page: Tab, client: Client
) -> None:
    client.handle.script("Hello!", "So?")
    client.ask(SYSTEM, user("hi"))
    client.ask(user("hi"), assistant("Bonjour!"), user("there?"))
    page.show("open=sk-bot/1")
    page.shows("The client sent back another answer", "#rounds")
    page.shows("1 message of the request before is no longer sent", "#rounds")


def test_client_that_left_is_seen_where_it_left(page: Tab, client: Client) -> None:
    client.leave(user("slowly"), lines=5, model="fake/long-text+delay-per-chunk=0.02")
    page.show("open=sk-bot/1&request=1")
    page.shows("client left early after", "#rounds")
    page.shows("the client left before the end", "#rounds")
    page.shows("the client left: the rest was planned and not sent", "#request .moments")
    assert page.run("document.querySelectorAll('.moments .unsent').length") > 0


def test_request_on_another_route_stands_alone(page: Tab, client: Client) -> None:
    client.post("/embeddings", {"model": "tiny", "input": ["x"]})
    page.show()
    page.click(".row", "x")
    page.shows("#1 POST /embeddings", "#request")
    page.shows("headers", "#request")
    assert page.run("getComputedStyle(document.querySelector('#thread')).display") == "none"


def test_stream_stands_on_a_time_line_and_a_click_shows_the_chunk(page: Tab, client: Client) -> None:
    client.handle.script("Hello there, you.")
    client.ask(
        user("hi"),
        stream=True,
        stream_options={"include_usage": True},
        headers={"x-fake-latency": "constant:0.01"},
    )
    page.show("open=sk-bot/1&request=1")
    page.shows("[DONE]", ".moments")
    rows = page.run("[...document.querySelectorAll('.moments .moment')].map((one) => one.innerText)")
    assert "assistant" in rows[0]
    assert "Hell" in rows[1]
    assert any("tokens" in row for row in rows)
    assert any("finish: stop" in row for row in rows)
    offsets = page.run(
        "[...document.querySelectorAll('.moments .at')].map((one) => parseInt(one.lastChild.data))"
    )
    assert offsets == [10 * (place + 1) for place in range(len(offsets))]
    assert page.run("document.querySelectorAll('.tick').length") == len(rows)
    page.click(".moment", "Hell")
    page.shows('"chat.completion.chunk"', ".opened:not([hidden])")
    page.click(".moment", "Hell")
    page.until("!document.querySelector('.opened:not([hidden])')")


def test_losses_are_marks_on_the_time_line(page: Tab, client: Client) -> None:
    client.ask(user("a"), stream=True, model="fake/stream-cut-in-event")
    client.ask(user("b"), stream=True, model="fake/stream-garbled-json")
    page.show("open=sk-bot/1&request=1")
    page.shows("unfinished", ".moments")
    page.shows("cut: the connection was closed here", ".moments")
    page.show("open=sk-bot/2&request=2")
    page.shows("no JSON", ".moments")


def test_json_can_be_folded_and_seen_raw(page: Tab, client: Client) -> None:
    client.ask(user("hi"), seed=7)
    page.show("open=sk-bot/1&request=1")
    page.shows('"seed": 7', "#request")
    page.run("document.querySelector('#request .tree > summary').click()")
    page.until("!document.querySelector('#request').innerText.includes('\"seed\": 7')")
    page.click("#request .switch button", "Raw")
    page.shows('"seed":7', "#request .raw")


def test_copies_are_a_command_and_a_rule(page: Tab, client: Client) -> None:
    client.handle.script("Hello!")
    client.ask(user("hi"))
    page.show("open=sk-bot/1&request=1")
    page.run("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    copied: dict[str, str] = {}
    for name, said in (("Copy as curl", "The command copied"), ("Copy as script rule", "The rule copied")):
        page.click("button", name)
        page.shows(said, "#said")
        copied[name] = page.run("window.copied")
    assert copied["Copy as curl"].startswith(f"curl {page.root}/v1/chat/completions")
    fake = Fake()
    fake.script(copied["Copy as script rule"])
    with httpx.Client(transport=fake.httpx_transport(), base_url="http://fake") as inside:
        answer = inside.post("/v1/chat/completions", json={"model": "tiny", "messages": [user("hi")]})
    assert answer.json()["choices"][0]["message"]["content"] == "Hello!"


# -- live ------------------------------------------------------------------------------------------------------


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
            assert shown(page) == ["new", "newer"]
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


# -- filters and addresses ---------------------------------------------------------------------------------------


def shown(page: Tab) -> list[str]:
    rows: list[str] = page.run("[...document.querySelectorAll('#rows .title')].map((one) => one.innerText)")
    return sorted(rows)


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
        assert shown(page) == rows


def test_slash_filters_by_text_and_escape_clears(page: Tab, client: Client) -> None:
    client.ask(user("apples"))
    client.ask(user("pears"))
    page.show()
    page.shows("pears", "#rows")
    page.press("/")
    page.type("PEAR")
    page.until("document.querySelectorAll('#rows li').length === 1")
    assert (shown(page), page.run("location.hash")) == (["pears"], "#text=PEAR")
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


# -- strangers' texts --------------------------------------------------------------------------------------------

HOSTILE = (
    "<img src=x onerror=\"window.struck='img'\">",
    "<script>window.struck='script'</script>",
    "</style><svg onload=\"window.struck='svg'\">",
    "javascript:window.struck='url'",
    "${window.struck='template'}",
    '"><iframe srcdoc="<script>parent.struck=\'frame\'</script>"></iframe>',
    "__proto__",
)


def test_hostile_texts_are_texts(page: Tab, client: Client) -> None:
    client.handle.script(
        *(
            Reply(text=one, tool_calls=(ToolCall(name=one, arguments=json.dumps({one: one}), id=one),))
            for one in HOSTILE
        )
    )
    for one in HOSTILE:
        call = {"id": one, "type": "function", "function": {"name": "f", "arguments": json.dumps({one: one})}}
        client.ask(
            {"role": "system", "content": one},
            {"role": "user", "content": [{"type": "text", "text": one}]},
            {"role": "assistant", "content": one, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": one, "content": one},
            {"role": "user", "name": "n", "content": one},
            model=one,
            stream=True,
            headers={"x-odd": one, "user-agent": one},
            user=one,
        )
    page.show()
    for number, one in enumerate(HOSTILE, start=1):
        page.turn(f"open=sk-bot/{number}&request={number}")
        page.shows(f"#{number} POST", "#request")
        page.shows(one, "#rounds")
        page.shows(one, "#request")
        page.run(
            "document.querySelectorAll('#request details:not([open]) > summary').forEach((one) => one.click())"
        )
        page.run("document.querySelectorAll('#request .moment').forEach((one) => one.click())")
        page.run(
            "document.querySelectorAll('#request .switch button:last-child').forEach((one) => one.click())"
        )
        page.shows(one, "#request table")
        assert page.run("window.struck") is None
        assert (
            page.run(
                "document.querySelectorAll('img, iframe, svg, script:not([type=module]), #panes style').length"
            )
            == 0
        )
        assert page.run("[...document.links].every((one) => one.protocol === 'http:')")


def test_hostile_address_is_an_address_of_nothing(page: Tab, client: Client) -> None:
    client.ask(user("hi"))
    page.show()
    for view in (
        "open=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E/1",
        "key=%3Cscript%3E",
        "request=constructor&open=__proto__/x",
        "status=toString",
        "%E0%A4%A",
    ):
        page.turn(view)
        page.until("!document.querySelector('#panes').hidden")
    page.show("open=constructor/1&request=1")
    page.shows("There is no request #1 in the journal of constructor.", "#request")
    assert page.run("document.querySelectorAll('img').length") == 0


# -- how it looks ------------------------------------------------------------------------------------------------

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
