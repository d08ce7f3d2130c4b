"""Headless Chromium over its own pipe: no driver, no package, no port."""

import base64
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from select import select
from typing import Any

#: Seconds that anything may take; a machine may be busy.
PATIENCE = 30.0
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
# without the last ones Chromium asks for its maker's hosts at every start
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)

# The browser reads commands from 3 and writes answers to 4: copies are made first, for ours may have those numbers.
_CONNECT = """
import os, sys
commands, answers = os.dup(int(sys.argv[1])), os.dup(int(sys.argv[2]))
for held, place in ((commands, 3), (answers, 4)):
    os.dup2(held, place)
    os.set_inheritable(place, True)
os.execvp(sys.argv[3], sys.argv[3:])
"""


def path() -> str | None:
    """CHATPROOF_CHROMIUM, else whatever the PATH has."""
    named = os.environ.get("CHATPROOF_CHROMIUM")
    return named or next((found for name in _NAMES if (found := shutil.which(name))), None)


class Browser:
    """Speaks the DevTools protocol: JSON objects with a zero byte after each."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading = reading
        self._writing = writing
        self._buffer = b""
        self._number = 0
        self.events: list[dict[str, Any]] = []

    def call(self, method: str, session: str | None = None, **params: Any) -> Any:
        """The result of a command; events that come meanwhile are kept."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._writing, data) :]
        end = time.monotonic() + PATIENCE
        while True:
            answer = self._read(end)
            if answer.get("id") == self._number:
                assert "error" not in answer, answer["error"]
                return answer["result"]
            self.events.append(answer)

    def _read(self, end: float) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select([self._reading], [], [], max(end - time.monotonic(), 0))
            assert ready, "the browser did not answer in time"
            data = os.read(self._reading, 1 << 20)
            assert data, "the browser ended"
            self._buffer += data
        text, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        return message


@dataclass
class Tab:
    """One page in a profile of its own."""

    browser: Browser
    session: str
    root: str = ""  #: of the server whose page is looked at

    def call(self, method: str, **params: Any) -> Any:
        return self.browser.call(method, self.session, **params)

    def renew(self, root: str) -> None:
        """Forgets what was seen, and looks at another server."""
        self.root = root
        self.size(1280, 800)
        self.scheme("light")
        self.open("about:blank")
        self.browser.events.clear()

    def show(self, view: str = "") -> None:
        """Opens the page afresh, with so much in its address."""
        self.open("about:blank")
        self.open(f"{self.root}/_fake/{view and '#'}{view}")
        self.shows("live", "#live")

    def turn(self, view: str) -> None:
        """Goes to another view of the page that is open."""
        self.run(f"location.hash = {json.dumps(view)}")

    def open(self, url: str) -> None:
        assert "errorText" not in (result := self.call("Page.navigate", url=url)), result
        self.until("document.readyState === 'complete'")

    def run(self, expression: str) -> Any:
        """The value of a JavaScript expression; promises are waited for."""
        result = self.call(
            "Runtime.evaluate",
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
        )
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def until(self, expression: str, holds: Callable[[Any], bool] = bool) -> Any:
        """The value of an expression once it is as it should be."""
        end = time.monotonic() + PATIENCE
        while not holds(value := self.run(expression)):
            if time.monotonic() > end:
                raise AssertionError(f"{expression} is {value!r}, and stays so: {self.text()[:3000]}")
            self.run("new Promise((done) => setTimeout(done, 30))")
        return value

    def text(self, selector: str = "body") -> str:
        """What a person can read there."""
        found: str = self.run(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''")
        return found

    def shows(self, text: str, selector: str = "body") -> None:
        """Waits until the text can be read."""
        self.until(
            f"(document.querySelector({json.dumps(selector)})?.innerText ?? '').includes({json.dumps(text)})"
        )

    def titles(self) -> list[str]:
        """Those of the rows that are listed, sorted."""
        rows: list[str] = self.run(
            "[...document.querySelectorAll('#rows .title')].map((one) => one.innerText)"
        )
        return sorted(rows)

    def click(self, selector: str, text: str = "") -> None:
        """Clicks the first such element that holds the text."""
        found = f"[...document.querySelectorAll({json.dumps(selector)})].find((one) => one.innerText.includes({json.dumps(text)}))"
        self.until(f"Boolean({found})")
        self.run(f"{found}.click()")

    def press(self, key: str) -> None:
        """Presses and releases a key where the focus is."""
        typed = {"text": key} if len(key) == 1 else ({"text": "\r"} if key == "Enter" else {})
        codes = {"Enter": 13, "Escape": 27, "ArrowDown": 40, "ArrowUp": 38, "Tab": 9}
        code = codes.get(key, 0)
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, **typed)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def type(self, text: str) -> None:
        self.call("Input.insertText", text=text)

    def size(self, width: int, height: int) -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def scheme(self, name: str) -> None:
        """Light or dark."""
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def picture(self) -> bytes:
        """A PNG of what is seen."""
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])

    def told(self, method: str) -> list[dict[str, Any]]:
        """What this page told of: `Network.requestWillBeSent`, `Runtime.exceptionThrown`, …"""
        self.run("0")
        return [
            event["params"]
            for event in self.browser.events
            if event.get("sessionId") == self.session and event["method"] == method
        ]

    @property
    def complaints(self) -> list[dict[str, Any]]:
        """Exceptions, dialogs, errors and warnings of the console, refusals of the policy.

        That a feed broke off is no error of the page's: a test stops its server.
        """
        said = [
            event
            for event in self.told("Runtime.consoleAPICalled")
            if event["type"] in ("error", "warning", "assert")
        ]
        logged = [event["entry"] for event in self.told("Log.entryAdded")]
        bad = [
            one for one in logged if one["level"] in ("error", "warning") and "net::ERR_" not in one["text"]
        ]
        thrown = self.told("Runtime.exceptionThrown")
        return [*said, *bad, *thrown, *self.told("Page.javascriptDialogOpening")]


@contextlib.contextmanager
def running(executable: str) -> Generator[Browser]:
    """A browser with an empty profile, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        commands, ours = os.pipe()
        theirs, answers = os.pipe()
        connect = [sys.executable, "-IS", "-c", _CONNECT, str(commands), str(answers)]
        with subprocess.Popen(
            [*connect, executable, *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(commands, answers),
        ) as process:
            os.close(commands)
            os.close(answers)
            try:
                yield Browser(theirs, ours)
            finally:
                process.kill()
                os.close(theirs)
                os.close(ours)


@contextlib.contextmanager
def tab(browser: Browser) -> Generator[Tab]:
    """A page that shares nothing with others."""
    context = browser.call("Target.createBrowserContext")["browserContextId"]
    target = browser.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
    session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    page = Tab(browser, session)
    for domain in ("Page", "Runtime", "Network", "Log"):
        page.call(f"{domain}.enable")
    page.size(1280, 800)
    try:
        yield page
    finally:
        browser.call("Target.disposeBrowserContext", browserContextId=context)
        browser.events.clear()
