"""A server that is loading is waited for, and that is seen."""

import io
import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from chatfake import Fake, HandlerTransport
from chatproof.judging.target import CannotJudgeError, Target, open_target
from chatproof.report.console import Progress
from chatproof.selftest.endpoint.wrapping import as_json
from tests.conformance.options.asked import TARGET, answered
from tests.conformance.test_check_command import check
from tests.conformance.test_plugin import run_here

REFUSED = httpx.ConnectError("[Errno 111] Connection refused")
CLOSED = httpx.RemoteProtocolError("Server disconnected without sending a response.")


class Loading(httpx.BaseTransport):
    """Gives one answer after the other, then says that a key is wanted."""

    def __init__(self, *answers: int | Exception) -> None:
        self.left = list(answers)
        self.asked: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The next answer."""
        self.asked.append(request.url.path)
        answer = self.left.pop(0) if self.left else 401
        if isinstance(answer, Exception):
            raise answer
        return answered(answer)


def waited(transport: Loading, target: Target) -> tuple[str, list[float], list[str]]:
    """How opening ends, the pauses, and what was told."""
    pauses: list[float] = []
    told: list[str] = []
    with pytest.raises(CannotJudgeError) as ended:
        open_target(target, transport=transport, told=told.append, sleep=pauses.append)
    return str(ended.value), pauses, told


@pytest.mark.parametrize(("profile", "path"), [("openai", "/v1/models"), ("lorax", "/info")])
def test_a_server_that_is_loading_is_waited_for(profile: str, path: str) -> None:
    transport = Loading(REFUSED, CLOSED, 502, 503, 504)
    ended, pauses, told = waited(transport, replace(TARGET, profiles=(profile,), wait=60))
    assert "wants a key (HTTP 401)" in ended
    assert pauses == [1.0] * 5
    assert transport.asked == [path] * 7
    assert told[0] == "waiting for http://there: connection refused, 0 of 60 s".replace(
        "there:", "there/v1:" if profile == "openai" else "there:"
    )
    assert told[3].endswith("HTTP 503, 3 of 60 s")
    assert told[-1] == ""


def test_waiting_keeps_the_delay_too() -> None:
    _, pauses, _ = waited(Loading(503, 503), replace(TARGET, wait=60, delay=1.5))
    assert pauses == [1.5] * 3


def test_waiting_costs_nothing_of_the_run() -> None:
    fake, refused = Fake(models=("tiny",), clock=time.time), [as_json(503, {})] * 30
    opened = open_target(
        replace(TARGET, wait=60, max_requests=3),
        transport=HandlerTransport(lambda request: refused.pop() if refused else fake.answer(request)),
        sleep=lambda _: None,
    )
    assert refused == []
    assert opened.endpoint.probe.budget.spent.requests == 2


def test_a_server_that_does_not_come_is_told_after_the_wait() -> None:
    ended, pauses, _ = waited(Loading(*[REFUSED] * 9), replace(TARGET, wait=2.5))
    assert [round(pause, 1) for pause in pauses] == [1.0, 1.0, 0.5]
    assert ended == (
        "http://there/v1 was waited for 2.5 s (--wait), and is not ready: connection refused. Nothing was judged."
    )


@pytest.mark.parametrize(
    "answer",
    [httpx.ConnectError("[Errno -2] Name or service not known"), 500, 404, httpx.ReadTimeout("slow")],
)
def test_what_is_no_loading_is_not_waited_for(answer: int | Exception) -> None:
    _, pauses, told = waited(Loading(*[answer] * 9), replace(TARGET, model=None, wait=60))
    assert (pauses, told) == ([], [])


def test_without_the_option_nothing_is_waited_for() -> None:
    ended, pauses, _ = waited(Loading(REFUSED), TARGET)
    assert ended.startswith("Nobody answers at")
    assert pauses == []


def test_waiting_is_seen_and_ends_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatproof.judging.target._EVERY", 0.02)
    run = check("http://127.0.0.1:9/v1", "--wait", "0.5")
    assert run.exit_code == 2
    first, last = run.stderr.splitlines()[0], run.stderr.splitlines()[-1]
    assert first == "chatproof: waiting for http://127.0.0.1:9/v1: connection refused, 0 of 0.5 s"
    assert last.startswith("chatproof: http://127.0.0.1:9/v1 was waited for 0.5 s (--wait)")


def test_plain_pytest_waits_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del folder
    code, said = run_here("--chatproof-url", "http://127.0.0.1:9/v1", "--chatproof-wait", "0.5")
    assert code == 2
    assert "was waited for 0.5 s" in said
    assert "chatproof: waiting for http://127.0.0.1:9/v1" in capsys.readouterr().err


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        """Somebody watches."""
        return True


def test_progress_is_one_line_on_a_terminal_and_few_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for stream, lines, has in ((Terminal(), 0, "\r"), (io.StringIO(), 3, "chatproof: 10 s")):
        show = Progress(stream)
        for second in range(25):
            show(f"{second} s")
        show("")
        assert stream.getvalue().count("\n") == lines
        assert has in stream.getvalue()
