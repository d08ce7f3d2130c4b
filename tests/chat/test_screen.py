"""What an endpoint sends controls no terminal and shows no key, however it is cut into pieces."""

import io
import os
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.chat.screen import Screen
from chatproof.gate import Gate

KEY = "sk-proj-4f9QzR71mXw2"
HIDDEN = Gate({KEY: "$MY_KEY"}).prose
OBEYED = "".join(map(chr, [*range(9), *range(11, 32), *range(127, 160), 0x202E, 0x2066, 0x2028]))


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class Pipe(Terminal):
    def isatty(self) -> bool:
        return False


def shown(*pieces: str, hidden: Callable[[str], str] | None = None, on: type[Terminal] = Terminal) -> str:
    stream = on()
    Screen(hidden, stream).reply(pieces)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("\x1b[31mred\x1b]0;title\x07", r"\x1b[31mred\x1b]0;title\x07"),
        ("one\rtwo\x08", r"one\rtwo\x08"),
        ("\x9b31m \u202eback", r"\x9b31m \u202eback"),
        ("a\tb\nc\r\nd", "a\tb\nc\r\nd"),
        (
            "\U0001f469\u200d\U0001f467 \u00a0\u3000caf\u00e9",
            "\U0001f469\u200d\U0001f467 \u00a0\u3000caf\u00e9",
        ),
        ("\ud83d", r"\ud83d"),
    ],
)
def test_a_terminal_is_told_only_what_it_does_not_obey(sent: str, seen: str) -> None:
    assert shown(sent) == f"{seen}\n"
    assert shown(*sent) == f"{seen}\n"


@given(st.lists(st.text(st.characters() | st.sampled_from(OBEYED))), st.booleans())
def test_no_pieces_control_a_terminal(pieces: list[str], has_key: bool) -> None:
    seen = shown(*pieces, hidden=HIDDEN if has_key else None).replace("\r\n", "\n")
    assert not {*seen} & {*OBEYED}
    assert seen == shown("".join(pieces), hidden=HIDDEN if has_key else None).replace("\r\n", "\n")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_a_pipe_gets_the_reply_as_it_came_and_a_line_feed(pieces: list[str]) -> None:
    assert shown(*pieces, on=Pipe) == "".join(pieces) + "\n"


@given(
    st.integers(1, len(KEY) - 1),
    st.sampled_from([Terminal, Pipe]),
    st.sampled_from(["", "x ", "(", "\u6771"]),
)
def test_a_key_is_shown_nowhere_however_it_is_cut(cut: int, on: type[Terminal], before: str) -> None:
    whole = shown(before + KEY, " end", hidden=HIDDEN, on=on)
    assert whole == f"{before}$MY_KEY end\n"
    assert shown(before + KEY[:cut], KEY[cut:], " end", hidden=HIDDEN, on=on) == whole
    assert shown(*before, *KEY, *" end", hidden=HIDDEN, on=on) == whole


def test_a_word_that_shares_characters_with_a_key_is_a_word() -> None:
    for word in (KEY[:10], KEY[4:], f"{KEY[:8]}845124"):
        assert shown(word, hidden=HIDDEN) == f"{word}\n"


def test_words_are_shown_before_the_reply_is_whole_with_a_key_too() -> None:
    stream = Terminal()
    seen: list[str] = []

    def pieces() -> object:
        for piece in ("two ", "wor", "ds and", " more"):
            yield piece
            seen.append(stream.getvalue())

    Screen(HIDDEN, stream).reply(pieces())  # type: ignore[arg-type]
    assert seen == ["two ", "two ", "two words ", "two words and "] or seen[1] == "two "
    assert seen[-1] == "two words and "


def test_what_breaks_off_ends_its_line() -> None:
    stream = Terminal()

    def pieces() -> object:
        yield "half"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Screen(None, stream).reply(pieces())  # type: ignore[arg-type]
    assert stream.getvalue() == "half\n"


@given(st.integers(0, 5000), st.integers(1, len(KEY) - 1))
def test_a_key_within_a_long_word_is_not_shown(before: int, cut: int) -> None:
    pieces = ("x" * before + KEY[:cut], KEY[cut:] + "y" * 3000, "z" * 3000)
    assert KEY not in shown(*pieces, hidden=HIDDEN)


def test_a_long_word_is_not_held_back_for_ever() -> None:
    assert shown("x" * 10_000, "y" * 10_000, hidden=HIDDEN) == "x" * 10_000 + "y" * 10_000 + "\n"


def test_a_reader_that_leaves_ends_nothing() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as stream:
        pieces = iter(["one", "two"])
        Screen(None, stream).reply(pieces)
        assert next(pieces, None) is None  # it was read to its end, and is kept
