"""Command lines with placeholders, the programs they name, and the variables that these find."""

import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.drivers.commands.command import AT_AN_ENDPOINT, Command, CommandError, Template, check_program
from chatproof.drivers.commands.environment import environment_at
from chatproof.history.model.endpoint import CannotBuildError, Endpoint
from chatproof.history.model.policy import Policy

KNOWN = AT_AN_ENDPOINT | {"text"}

ENDPOINT = Endpoint(
    base_url="http://127.0.0.1:1/t/v1",
    api_key="sk-play-x",
    model="tiny",
    system_prompt="Be brief.",
    policy=Policy(),
    home=Path("/tmp/of-a-play"),  # noqa: S108  nothing is written
)


@given(st.lists(st.sampled_from(["{", "}", "a", " ", "'", "text", "é"])).map("".join), st.text())
def test_braces_that_are_doubled_stand_for_themselves(text: str, said: str) -> None:
    doubled = text.replace("{", "{{").replace("}", "}}")
    assert Template.of(f"{doubled}{{text}}{doubled}", KNOWN).filled({"text": said}) == text + said + text


@given(st.lists(st.text(st.characters(exclude_characters="{}\0"), min_size=1), min_size=1), st.text())
def test_what_is_said_is_one_word_whatever_is_in_it(words: list[str], said: str) -> None:
    command = Command.of(f"{shlex.join(['my-bot', *words])} {{text}}", KNOWN)
    assert command.filled({"text": said}) == ("my-bot", *words, said)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("bot {txt}", "{txt} is no placeholder here; near are {text}. A brace as it is: {{ or }}"),
        ("bot {}", "{} is no placeholder here; near are {api_key}, {base_url}"),
        ("bot '{\"a\": 1}'", '{"a": 1} is no placeholder here'),
        ("bot {", "has a single {"),
        ("bot }x", "has a single }"),
        ("bot 'x", "is no command line: no closing quotation"),
        ("  ", "at least the name of a program"),
        (
            "sh -c 'bot {text}'",
            "sh would read {text} as code there: hand it over as an argument, sh -c 'my-bot \"$1\"'",
        ),
        ("/bin/bash -lc {text}", "bash would read {text} as code there"),
    ],
)
def test_a_command_that_cannot_be_meant_is_told_with_a_way_out(text: str, told: str) -> None:
    with pytest.raises(CommandError) as error:
        Command.of(text, KNOWN)
    assert told in str(error.value)


def test_a_shell_may_have_what_is_said_as_an_argument() -> None:
    command = Command.of("sh -c 'bot \"$1\"' sh {text}", KNOWN)
    assert command.filled({"text": "$(pwd)"})[-1] == "$(pwd)"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("no-such-program", "no program no-such-program on the PATH"),
        ("./missing.sh", "there is no program ./missing.sh"),
        ("~/bot", "no shell is there to read ~"),
        ("./plain.txt", "not executable: chmod +x"),
        ("./", "is a folder"),
    ],
)
def test_a_program_that_is_not_there_is_told(
    name: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plain.txt").touch(mode=0o644)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CannotBuildError) as error:
        check_program(name)
    assert told in str(error.value)


def test_a_program_finds_its_endpoint_a_home_of_its_own_and_nobodys_keys(tmp_path: Path) -> None:
    (tmp_path / ".cargo").mkdir()
    now = {
        "HOME": str(tmp_path),
        "PATH": "/bin",
        "NVM_DIR": "/elsewhere",
        "OPENAI_API_KEY": "sk-of-the-user",
        "MY_SECRET": "of-the-user",
        "BACKEND": "hush",
        "HTTPS_PROXY": "http://proxy",
        "XDG_DATA_HOME": "/data",
    }
    found = environment_at(ENDPOINT, now, conversation="b", hidden=["BACKEND"])
    assert not [value for value in found.values() if "of-the-user" in value or "hush" in value]
    assert not {"HTTPS_PROXY", "XDG_DATA_HOME", "RUSTUP_HOME"} & set(found)
    assert found["HOME"] == found["CHATPROOF_HOME"] == str(ENDPOINT.home)
    assert found["OPENAI_BASE_URL"] == found["CHATPROOF_BASE_URL"] == ENDPOINT.base_url
    assert found["OPENAI_API_KEY"] == ENDPOINT.api_key
    assert (found["CARGO_HOME"], found["NVM_DIR"]) == (str(tmp_path / ".cargo"), "/elsewhere")
    assert (found["CHATPROOF_CONVERSATION"], found["CHATPROOF_SYSTEM_PROMPT"]) == ("b", "Be brief.")
    assert (found["LANG"], found["PATH"]) == ("C.UTF-8", "/bin")
