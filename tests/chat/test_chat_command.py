"""`chatproof chat URL TEXT` and `chatproof chat-history`: what is printed where, exit codes, what is kept."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chatfake import Handle, LiveServer
from chatproof.cli import main

KEY = "sk-proj-4f9QzR71mXw2"


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with LiveServer() as live:
        yield live


@dataclass
class Shell:
    """Commands with a history file, at one key of a server."""

    handle: Handle
    file: Path

    def run(self, *args: str, stdin: str | bytes = "", **variables: str) -> Result:
        environment = {"OPENAI_API_KEY": self.handle.api_key, "NO_PROXY": "*", **variables}
        return CliRunner().invoke(main, [*args, "--history-file", str(self.file)], stdin, env=environment)

    def chat(self, *args: str, **more: Any) -> Result:
        return self.run("chat", self.handle.base_url, "--model", "tiny", *args, **more)

    def history(self, *args: str) -> Result:
        return self.run("chat-history", *args)


def asked(shell: Shell) -> Any:
    """The body of the last request."""
    return shell.handle.last.json


@pytest.fixture
def shell(server: LiveServer, tmp_path: Path) -> Shell:
    return Shell(server.handle(), tmp_path / "history.json")


def test_a_reply_is_all_that_is_printed_and_the_next_call_goes_on(shell: Shell) -> None:
    shell.handle.script("4", "6")
    first = shell.chat("What is 2+2?")
    assert (first.stdout, first.stderr, first.exit_code) == ("4\n", "", 0)
    assert shell.chat("and 3+3?").stdout == "6\n"
    shell.handle.assert_sent_history([("user", "What is 2+2?"), ("assistant", "4"), ("user", "and 3+3?")])


def test_options_say_what_is_sent(shell: Shell) -> None:
    shell.chat("one")
    shell.chat("two", "--history-limit", "0", "--system", "Be brief.", "--no-stream")
    shell.handle.assert_sent_history([("system", "Be brief."), ("user", "two")])
    assert asked(shell)["model"] == "tiny"
    assert "stream" not in asked(shell)
    shell.run("chat", f"{shell.handle.base_url}/", "first", "--conversation", "listed")
    assert asked(shell)["model"] == "fake/text"
    shell.chat("three", "--conversation", "other")
    shell.handle.assert_sent_history([("user", "three")])
    shell.chat("four", "--no-history")
    shell.handle.assert_sent_history([("user", "four")])
    kept = json.loads(shell.history("list", "--json").stdout)
    assert [(one["conversation"], one["rounds"]) for one in kept] == [
        ("default", 2),
        ("listed", 1),
        ("other", 1),
    ]


@pytest.mark.parametrize("text", [["-"], []])
def test_a_message_comes_from_standard_input(shell: Shell, text: list[str]) -> None:
    assert shell.chat(*text, stdin="two\nlines\n\n").exit_code == 0
    shell.handle.assert_sent_history([("user", "two\nlines")])


def test_lines_of_a_pipe_are_a_conversation_where_that_is_wanted(shell: Shell) -> None:
    shell.handle.script("one", shell.handle.scenario("empty-choices"), "two")
    done = shell.chat(
        "--repl", stdin="a\n\nb\nfirst\\\nsecond\\\n/undo\n/histroy\n/history\n/quit\nnever said\n"
    )
    assert done.stdout.startswith("> one\n> > > two\n> >   1  you    a\n")
    assert "gave no reply" in done.stderr
    assert "is /history meant?" in done.stderr
    assert done.exit_code == 0
    shell.handle.assert_sent_history([("user", "a"), ("assistant", "one"), ("user", "first\nsecond\n/undo")])


def test_commands_change_the_conversation(shell: Shell) -> None:
    shell.handle.script(*"12345")
    lines = "a\nb\n/branch 1\nc\n/retry\n/branches\n/undo\n/switch default\n/system Be brief.\nd\n/clear\n/switch ~\n/model x\n"
    done = shell.chat("--repl", stdin=lines)
    assert (
        done.stdout
        == "> 1\n> 2\n> > 3\n> 4\n>   default  2 rounds\n* default~2  2 rounds\n> > > > 5\n> > > > "
    )
    for told in (
        "on branch default~2, after 1 round",
        "taken back: c (1 round left)",
        "on default: 2 rounds",
    ):
        assert told in done.stderr
    for told in ("system prompt: Be brief.", "forgotten.", "name is of letters", "asking x from now on"):
        assert told in done.stderr
    said = [("user", "a"), ("assistant", "1"), ("user", "b"), ("assistant", "2"), ("user", "d")]
    shell.handle.assert_sent_history([("system", "Be brief."), *said])
    kept = json.loads(shell.history("show", "--json").stdout)
    assert [(one["conversation"], len(one["rounds"])) for one in kept] == [("default~2", 1)]


@pytest.mark.parametrize("command", ["retry", "undo", "branch 3"])
def test_a_command_without_its_matter_says_so(shell: Shell, command: str) -> None:
    told = shell.chat("--repl", stdin=f"/{command}\n")
    assert ("nothing was said yet." in told.stderr) or ("there are 0 rounds." in told.stderr)
    assert told.exit_code == 0


@pytest.mark.parametrize(
    ("args", "stdin", "told"),
    [
        (["localhost:8000/v1", "hi"], "", "It is like http://localhost:8000/v1"),
        (["http://x:y@host/v1", "hi"], "", "holds a name or password"),
        (["http://localhost:1/v1", ""], "", "is empty"),
        (["http://localhost:1/v1"], "", "no text came on standard input"),
        (["http://localhost:1/v1", "-"], b"\xff\xfe", "no UTF-8"),
        (["http://localhost:1/v1", "hi", "--repl"], "", "leave TEXT out"),
        (["http://localhost:1/v1", "hi", "--conversation", "a b"], "", "no blanks"),
        (["http://localhost:1/v1", "hi", "--cacert", "/nowhere"], "", "cannot be read"),
        (["http://localhost:1/v1", "hi", "-H", "X: $NOT_SET"], "", "is not set"),
        (["http://localhost:1/v1", "hi", "--timeout", "nan"], "", "no number of seconds"),
        (["http://localhost:1/v1", "hi", "--api-key-env", "sk-x"], "", "takes the name of a variable"),
        (["http://localhost:1/v1", "hi\ud800"], "", "no UTF-8 text"),
    ],
)
def test_what_cannot_be_asked_is_a_mistake_of_usage(
    shell: Shell, args: list[str], stdin: str | bytes, told: str
) -> None:
    done = shell.run("chat", *args, stdin=stdin)
    assert done.exit_code == 2
    assert told in done.stderr
    assert done.stdout == ""
    assert not shell.file.exists()


def test_a_history_that_is_damaged_is_set_aside_and_told(shell: Shell) -> None:
    shell.file.write_text("{")
    done = shell.chat("hi")
    assert done.exit_code == 0
    assert "set aside as history.json.damaged-1" in done.stderr


def test_history_is_listed_shown_and_forgotten(shell: Shell) -> None:
    assert "nothing is kept" in shell.history("list").stderr
    assert "nothing is kept" in shell.history("show").stderr
    shell.handle.script("\x1b[31mone", "two", "three")
    for text, name in (("a", "default"), ("b", "default"), ("c", "other")):
        shell.chat(text, "--conversation", name)
    listed = shell.history("list").stdout
    assert listed.startswith(f"{shell.handle.base_url}\n  default ")
    assert "2 rounds" in listed
    shown = shell.history("show", "default").stdout
    assert r"  1  you    a" in shown
    assert r"     model  \x1b[31mone" in shown
    assert shell.history("show", "default", "--limit", "1").stdout.count("you") == 1
    both = json.loads(shell.history("show", f"{shell.handle.base_url}/", "--json").stdout)
    assert [one["conversation"] for one in both] == ["default", "other"]
    assert both[0]["rounds"][0]["assistant"] == "\x1b[31mone"
    assert (gone := shell.history("clear", "other")).exit_code == 0
    assert "1 round of 1 conversation" in gone.stderr
    assert (wrong := shell.history("show", "other")).exit_code == 2
    assert "Nothing is kept of other; there is" in wrong.stderr
    assert shell.history("clear").exit_code == 2
    assert shell.history("clear", "x", "--all").exit_code == 2
    assert shell.history("clear", "--all").exit_code == 0
    assert "nothing is kept" in shell.history("list").stderr


def test_help_has_examples_and_imports_no_client() -> None:
    done = CliRunner().invoke(main, ["chat", "--help"])
    assert "Examples:" in done.stdout
    assert "Exit code:" in done.stdout
