"""What a line asks for."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.chat.commands import COMMANDS, Do, Nothing, Say, Wrong, parsed, unfinished


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("", Nothing()),
        (" \t\n", Nothing()),
        ("hello", Say("hello")),
        ("  two words \n", Say("  two words \n")),
        ("/undo", Do("undo")),
        ("  /UNDO  ", Do("undo")),
        ("/branch 3", Do("branch", "3")),
        ("/branch", Do("branch")),
        ("/system Be brief.\nVery.", Do("system", "Be brief.\nVery.")),
        ("/model a/b:c", Do("model", "a/b:c")),
        ("//undo", Say("/undo")),
        ("//", Say("/")),
        ("/etc/hosts: what is it?", Say("/etc/hosts: what is it?")),
        ("/", Say("/")),
        ("/ undo", Say("/ undo")),
        ("1/2", Say("1/2")),
    ],
)
def test_a_line_is_a_message_or_a_command(line: str, asked: object) -> None:
    assert parsed(line) == asked


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/histroy", "is /history meant?"),
        ("/h", "is /history or /help meant?"),
        ("/zzz", "/zzz is no command; /help has them all"),
        ("/undo 3", "/undo takes nothing."),
        ("/branch x", "/branch takes a number, or nothing."),
        ("/branch -1", "/branch takes a number, or nothing."),
        ("/branch ٣", "/branch takes a number, or nothing."),
        ("/switch", "/switch takes a name."),
        ("/model a b", "/model takes a name, or nothing."),
    ],
)
def test_what_is_no_command_is_told_with_what_is_near(line: str, told: str) -> None:
    asked = parsed(line)
    assert isinstance(asked, Wrong)
    assert told in asked.sentence


@given(st.text())
def test_any_text_can_be_said(text: str) -> None:
    """With a slash more where it begins with one."""
    asked = parsed(f"/{text}" if text.startswith("/") else text)
    assert asked == (Say(text) if text.strip() else Nothing())


@given(st.text())
def test_every_line_asks_for_something_and_what_is_said_loses_nothing(line: str) -> None:
    match parsed(line):
        case Say(text):
            assert text in (line, line[1:])
        case Do(word, argument):
            assert word in COMMANDS
            assert argument in line
        case Wrong(sentence):
            assert line.strip().startswith("/")
            assert sentence.endswith(".")
        case Nothing():
            assert not line.strip()


@given(st.text(string.ascii_lowercase, min_size=1, max_size=9))
def test_a_word_is_a_command_or_names_how_to_say_it(word: str) -> None:
    asked = parsed(f"/{word}")
    if word in COMMANDS:
        assert asked == Do(word) or "takes" in getattr(asked, "sentence", "")
    else:
        assert isinstance(asked, Wrong)
        assert f"//{word} is a message" in asked.sentence
        assert parsed(f"//{word}") == Say(f"/{word}")


@given(st.text(st.sampled_from("a\\ "), max_size=6))
def test_an_odd_backslash_at_the_end_goes_on(line: str) -> None:
    trailing = len(line) - len(line.rstrip("\\"))
    assert unfinished(line) == bool(trailing % 2)
