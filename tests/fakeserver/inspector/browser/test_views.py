"""What is shown of conversations, answers and streams, and what can be copied."""

import httpx

from chatfake import Fake
from tests.fakeserver.inspector.browser.chromium import Tab
from tests.fakeserver.inspector.browser.conversation import SYSTEM, assistant, user, weather
from tests.fakeserver.inspector.client import Client


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
