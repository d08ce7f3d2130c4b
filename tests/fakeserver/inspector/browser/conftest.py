"""A browser for the folder, and a page for each test."""

from collections.abc import Iterator

import pytest

from chatfake import LiveServer
from tests.fakeserver.inspector.browser import chromium
from tests.fakeserver.inspector.browser.chromium import Browser, Tab


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    executable = chromium.path()
    if executable is None:
        pytest.skip("there is no Chromium on this machine: install it, or name it in CHATPROOF_CHROMIUM")
    with chromium.running(executable) as found:
        yield found


@pytest.fixture(scope="package")
def one_tab(browser: Browser) -> Iterator[Tab]:
    with chromium.tab(browser) as found:
        yield found


@pytest.fixture
def page(one_tab: Tab, server: LiveServer) -> Iterator[Tab]:
    """A tab for the server's page. Whatever the test does there: no error, no request to anybody else."""
    one_tab.renew(server.base_url.removesuffix("/v1"))
    yield one_tab
    assert one_tab.complaints == []
    asked = [event["request"]["url"] for event in one_tab.told("Network.requestWillBeSent")]
    assert [url for url in asked if not url.startswith((f"{one_tab.root}/_fake", "data:", "about:"))] == []
