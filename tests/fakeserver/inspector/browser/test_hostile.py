"""Texts of strangers are shown as texts."""

import json

from chatfake import Reply, ToolCall
from tests.fakeserver.inspector.browser.chromium import Tab
from tests.fakeserver.inspector.browser.conversation import user
from tests.fakeserver.inspector.client import Client

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
