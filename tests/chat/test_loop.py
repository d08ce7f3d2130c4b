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


class Talked:
    """A talk whose only use is what it has kept."""

    def __init__(self) -> None:
        self.rounds: list[str] = []


def loop_of(*lines: str, talk: Talked | None = None) -> Loop:
    rest = iter(lines)

    def read() -> str:
        try:
            return next(rest)
        except StopIteration:
            raise EOFError from None

    address = Address(url="http://127.0.0.1:1/v1", key=KEY, key_variable="MY_KEY")
    return Loop(cast("Talk", talk or Talked()), address, Screen(None, io.StringIO()), read)


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


@pytest.mark.parametrize("kept", [True, False])
def test_what_became_of_the_round_is_told(capsys: pytest.CaptureFixture[str], *, kept: bool) -> None:
    talk = Talked()

    def pieces() -> Generator[str, None, None]:
        yield "a piece"
        talk.rounds += ["the round"] if kept else []
        raise KeyboardInterrupt

    assert loop_of(talk=talk).ask(pieces()) is kept
    told = "the reply had come whole, and is kept" if kept else "nothing of this round is kept"
    assert told in capsys.readouterr().err
