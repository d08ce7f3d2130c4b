"""Ctrl-C ends what is under way, and not the program."""

import io
from collections.abc import Generator
from typing import cast

import pytest

from chatproof.chat import loop
from chatproof.chat.address import Address
from chatproof.chat.loop import Loop
from chatproof.chat.screen import Screen
from chatproof.chat.talk import Talk
from chatproof.clients import AnswerError

KEY = "sk-proj-4f9QzR71mXw2"


def interrupted(*_: object) -> str:
    raise KeyboardInterrupt


def failing() -> Generator[str, None, None]:
    yield "a piece"
    raise AnswerError(f"it said {KEY} \x1b[31m")


def loop_of(*lines: str) -> Loop:
    rest = iter(lines)

    def read() -> str:
        try:
            return next(rest)
        except StopIteration:
            raise EOFError from None

    address = Address(url="http://127.0.0.1:1/v1", key=KEY, key_variable="MY_KEY")
    return Loop(cast("Talk", None), address, Screen(None, io.StringIO()), read)


def test_while_advice_is_looked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(loop, "advice", interrupted)
    assert not loop_of().ask(failing())
    told = capsys.readouterr().err
    assert KEY not in told
    assert "\x1b" not in told
    assert "it said $MY_KEY" in told


def test_in_a_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(Loop, "_model", interrupted)
    loop_of("/model", "/histroy").run()
    told = capsys.readouterr().err
    assert "/model is ended." in told
    assert "/histroy is no command" in told
