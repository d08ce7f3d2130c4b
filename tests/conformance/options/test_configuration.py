"""Options from variables and from pyproject.toml."""

import os
from pathlib import Path
from unittest import mock

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from chatproof.cli import main
from chatproof.cli.configuration import CONFIGURABLE, variables
from chatproof.report.toml import toml_text
from tests.conformance.test_check_command import check

COMMANDS = {
    name: command for name in CONFIGURABLE if (command := main.get_command(click.Context(main), name))
}
KEY = "sk-proj-abcdefghijklmnopqrstuvwxyz"


def parsed(command: str, *arguments: str, **environment: str) -> dict[str, object]:
    """What a command would be called with, in the current folder."""
    with mock.patch.dict(os.environ, environment):
        return COMMANDS[command].make_context(command, [*arguments]).params


def file(folder: Path, *lines: str, table: str = "[tool.chatproof.check]") -> Path:
    written = folder / "pyproject.toml"
    written.write_text("\n".join([table, *lines, ""]))
    return written


texts = st.text("abc xyz-._/", min_size=1).filter(lambda text: text.strip() == text)
SOURCES: dict[str, tuple[str, st.SearchStrategy[object], object]] = {
    "timeout": ("timeout", st.integers(1, 99) | st.floats(0.1, 99), 60.0),
    "max-requests": ("max_requests", st.integers(1, 99), None),
    "level": ("level", st.sampled_from(["must", "should"]), "must"),
    "model": ("model", texts, None),
    "header": (
        "headers",
        st.lists(st.sampled_from(["X-A: 1", "X-B: two words", "api-key: $K"]), min_size=1),
        (),
    ),
    "insecure": ("insecure", st.just(True), False),
}


def in_toml(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(in_toml, value))}]"
    return toml_text(value) if isinstance(value, str) else str(value).lower()


def in_a_variable(value: object) -> str:
    return "\n".join(value) if isinstance(value, list) else str(value)


def typed(name: str, value: object) -> list[str]:
    if name == "insecure":
        return ["--insecure"]
    values = value if isinstance(value, list) else [value]
    return [f"--{name}={one}" for one in values]


@st.composite
def given_options(draw: st.DrawFn) -> dict[str, dict[str, object]]:
    """For each option, the places where it is set, each with a value of its own."""
    return {
        name: {place: draw(values) for place in ("typed", "variable", "file") if draw(st.booleans())}
        for name, (_, values, _) in SOURCES.items()
    }


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    (folder := tmp_path_factory.mktemp("project") / "in" / "it").mkdir(parents=True)
    return folder


@given(options=given_options(), depth=st.integers(0, 2))
def test_the_command_line_wins_over_a_variable_and_that_over_the_file(
    options: dict[str, dict[str, object]], depth: int, project: Path
) -> None:
    written = file(
        [project, *project.parents][depth],
        *(f"{name} = {in_toml(at['file'])}" for name, at in options.items() if "file" in at),
    )
    environment = {
        f"CHATPROOF_CHECK_{name.upper().replace('-', '_')}": in_a_variable(at["variable"])
        for name, at in options.items()
        if "variable" in at
    }
    arguments = [word for name, at in options.items() if "typed" in at for word in typed(name, at["typed"])]
    here = Path.cwd()
    os.chdir(project)
    try:
        params = parsed("check", *arguments, **environment)
    finally:
        os.chdir(here)
        written.unlink()
    for name, (param, _, default) in SOURCES.items():
        at = options[name]
        wanted = next((at[place] for place in ("typed", "variable", "file") if place in at), default)
        assert params[param] == (tuple(wanted) if isinstance(wanted, list) else wanted)


def test_a_run_says_where_its_options_are_from(folder: Path) -> None:
    file(folder, 'json = "r.json"', "delay = 0.01", 'model = "other"')
    (folder / "below").mkdir()
    os.chdir(folder / "below")
    run = check("-k", "models.list", "--model", "tiny", CHATPROOF_CHECK_WAIT="1", CHATPROOF_CHECK_DELAI="1")
    assert run.exit_code == 0, run.output
    assert run.stderr.splitlines() == [
        "chatproof: options from ../pyproject.toml: json, delay",
        "chatproof: options from the environment: CHATPROOF_CHECK_WAIT",
        "chatproof: the variable CHATPROOF_CHECK_DELAI is that of no option; is CHATPROOF_CHECK_DELAY meant?",
    ]
    assert (folder / "r.json").is_file()  # a path starts at the file


def test_the_key_comes_from_the_variable_that_the_file_names(folder: Path) -> None:
    file(folder, 'api-key = "$MY_KEY"')
    assert parsed("check")["api_key_env"] == "MY_KEY"
    assert parsed("check", "--api-key-env", "OTHER")["api_key_env"] == "OTHER"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("timeout = true", "timeout in [tool.chatproof.check] is to be a number."),
        ('timeout = "30"', "timeout in [tool.chatproof.check] is to be a number."),
        ("timeout = 0", "timeout in [tool.chatproof.check]: 0.0 is not in the range x>0."),
        ("max-requests = 1.5", "max-requests in [tool.chatproof.check] is to be a whole number."),
        ("max-requests = true", "is to be a whole number."),
        ("model = 5", "model in [tool.chatproof.check] is to be a string."),
        ('model = ["a"]', "model in [tool.chatproof.check] is to be a string."),
        ('model = ""', "model in [tool.chatproof.check] is empty"),
        ('header = "X-A: b"', "header in [tool.chatproof.check] is to be a list, each a string."),
        ("header = [1]", "is to be a list, each a string."),
        ('header = [""]', "header in [tool.chatproof.check] is empty"),
        ('insecure = "yes"', "insecure in [tool.chatproof.check] is to be true or false."),
        ('level = "may"', "level in [tool.chatproof.check]: 'may' is not one of 'must', 'should'."),
        ("max_requests = 5", "max_requests in [tool.chatproof.check] is no option that can stand there; near are max-requests."),
        ("list = true", "list in [tool.chatproof.check] is no option that can stand there"),
        ("debug = true", "is no option that can stand there"),
        ('write-baseline = "known.toml"', "is no option that can stand there; near are baseline."),
        ('url = "http://localhost/v1"', "is no option that can stand there"),
        (f'api-key = "{KEY}"', "api-key in [tool.chatproof.check] is to name a variable, '$NAME': a key must not stand in a file."),
        ('api-key = ["$A"]', "is to name a variable"),
        ('api-key = "$A"\napi-key-env = "B"', "api-key-env in [tool.chatproof.check] says what api-key says"),
        (f'api-key-env = "{KEY}"', "holds a key: name a variable there, '$NAME'."),
        (f'model = "{KEY}"', "model in [tool.chatproof.check] holds a key"),
        ('header = ["X-A: b", "api-key: 4711"]', "header in [tool.chatproof.check] holds a key"),
        ('header = ["Authorization: Basic abc"]', "holds a key"),
        ("[tool.chatproof.chek]", "chek in [tool.chatproof] is no command; near are check."),
        ("[tool.chatproof.schemas]", "schemas in [tool.chatproof] is no command; "),
        ("timeout == 3", "is no TOML: Invalid value (at line 2, column 10)"),
        ("x = " + "[" * 50_000, "is no TOML"),
        ("#" * 200_001, "has more than 200,000 bytes"),
    ],
)  # fmt: skip
def test_what_the_file_cannot_mean_is_one_sentence(line: str, told: str, folder: Path) -> None:
    file(folder, line)
    run = check("-k", "models.list")
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr.startswith("chatproof: pyproject.toml")
    assert told in run.stderr
    assert run.stderr.count("\n") == 1
    assert KEY not in run.stderr
    assert "4711" not in run.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[tool.chatproof]\ncheck = 3", "pyproject.toml: [tool.chatproof.check] is to be a table."),
        ("[tool]\nchatproof = 3", "pyproject.toml: [tool.chatproof] is to be a table."),
        ("[tool.chatproof]\ntimeout = 3", "timeout in [tool.chatproof] is no command; "),
    ],
)
def test_what_is_no_table_is_told(text: str, told: str, folder: Path) -> None:
    (folder / "pyproject.toml").write_text(text)
    run = check("-k", "models.list")
    assert (run.exit_code, told in run.stderr) == (2, True)


@pytest.mark.parametrize(
    ("value", "name", "told"),
    [
        ("", "TIMEOUT", "CHATPROOF_CHECK_TIMEOUT is empty"),
        ("", "HEADER", "CHATPROOF_CHECK_HEADER is empty"),
        ("X-A: b\n\nX-C: d", "HEADER", "CHATPROOF_CHECK_HEADER is empty"),
        ("soon", "TIMEOUT", "CHATPROOF_CHECK_TIMEOUT: 'soon' is not a valid float"),
        ("maybe", "INSECURE", "CHATPROOF_CHECK_INSECURE is to be true or false."),
        ("", "INSECURE", "CHATPROOF_CHECK_INSECURE is to be true or false."),
        (KEY, "TIMEOUT", "CHATPROOF_CHECK_TIMEOUT: '[key]' is not a valid float"),
    ],
)
def test_what_a_variable_cannot_mean_is_one_sentence(value: str, name: str, told: str, folder: Path) -> None:
    del folder
    run = check("-k", "models.list", **{f"CHATPROOF_CHECK_{name}": value})
    assert (run.exit_code, run.stdout) == (2, "")
    assert told in run.stderr
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize(("text", "insecure"), [("1", True), ("TRUE", True), ("no", False), ("false", False)])
def test_a_flag_is_true_or_false_in_a_variable(text: str, insecure: bool, folder: Path) -> None:
    file(folder, "insecure = true")
    assert parsed("check", CHATPROOF_CHECK_INSECURE=text)["insecure"] is insecure


def test_an_empty_system_prompt_is_one_from_anywhere(folder: Path) -> None:
    assert parsed("client", CHATPROOF_CLIENT_SYSTEM_PROMPT="")["system_prompt"] == ""
    file(folder, 'system-prompt = ""', table="[tool.chatproof.client]")
    assert parsed("client")["system_prompt"] == ""


def test_a_file_without_the_table_is_passed_by(folder: Path) -> None:
    (below := folder / "below").mkdir()
    file(folder, "timeout = 3")
    os.chdir(below)
    for text in (
        "[tool.other]\nx = 1",
        '[project]\ndependencies = ["chatproof"]',
        "{{ no toml }}",
        "tool = 3 # chatproof",
    ):
        (below / "pyproject.toml").write_text(text)
        assert parsed("check")["timeout"] == 3.0
    (below / "pyproject.toml").write_text("[tool.chatproof]\n")
    assert parsed("check")["timeout"] == 60.0  # the nearest one that has it


def test_each_command_has_a_table_of_its_own(folder: Path) -> None:
    (folder / "pyproject.toml").write_text(
        '[tool.chatproof.serve]\nport = 0\nlenient = true\nscript = "s.yaml"\n'
        '[tool.chatproof.validate]\nquiet = true\nskip-unknown = true\nallow = ["chat.tools.*"]\nkind = "error"\n'
        "[tool.chatproof.client]\nexamples = 3\n"
    )
    (folder / "below").mkdir()
    os.chdir(folder / "below")
    served = parsed("serve")
    assert (served["port"], served["lenient"], served["script"]) == (0, True, str(Path("../s.yaml")))
    judged = parsed("validate", "x")
    assert (judged["quiet"], judged["skip_unknown"]) == (True, True)
    assert judged["allowed"]
    assert judged["kind"] == "error"
    assert parsed("validate", "x", CHATPROOF_VALIDATE_QUIET="false")["quiet"] is False
    assert parsed("client")["examples"] == 3
    assert parsed("check")["timeout"] == 60.0


@pytest.mark.parametrize("command", CONFIGURABLE)
def test_help_shows_each_variable_and_needs_no_right_file(command: str, folder: Path) -> None:
    file(folder, "this = is no TOML")
    run = CliRunner().invoke(main, [command, "--help"], terminal_width=10_000, max_content_width=10_000)
    assert run.exit_code == 0
    for variable in variables(COMMANDS[command]):
        assert f"[env var: {variable}]" in run.output
    assert "[env var: " not in next(line for line in run.output.splitlines() if "--debug" in line)
    assert f"[tool.chatproof.{command}]" in run.output


def test_other_variables_of_that_name_are_left_alone(folder: Path) -> None:
    # a service in Kubernetes, a version that CI installs
    others = {"CHATPROOF_VERSION": "1.2", "CHATPROOF_HELP": "x", "CHATPROOF_SERVE_SERVICE_HOST": "10.0.0.1"}
    run = CliRunner().invoke(main, ["schemas", "list"], env={**others, "CHATPROOF_LIST_DEBUG": "x"})
    assert (run.exit_code, run.stderr) == (0, "")
    run = check("--list", "-k", "models.list", **others, CHATPROOF_CHECK_PORT_8080_TCP="tcp://10.0.0.1:8080")
    assert (run.exit_code, run.stderr) == (0, "")
