"""An option that is empty is mostly a variable that is not set: an error, never the default."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from chatproof.cli import main
from tests.conformance.test_plugin import run_pytest


def options() -> list[list[str]]:
    """Every option of every command that takes a text, and every argument, given as an empty one."""
    found: list[list[str]] = [["check", ""], ["client", ""], ["validate", ""], ["schemas", "show", ""]]
    context = click.Context(main)
    for name in ("check", "client", "serve", "validate"):
        command = main.get_command(context, name)
        assert command is not None
        rest = ["x"] if name == "validate" else []
        found += [
            [name, *rest, param.opts[-1], ""]
            for param in command.params
            if isinstance(param, click.Option) and not param.is_flag and param.name != "system_prompt"
        ]
    return found


@pytest.mark.parametrize("arguments", options(), ids=" ".join)
def test_an_empty_value_is_told_with_its_name(arguments: list[str]) -> None:
    run = CliRunner().invoke(main, arguments)
    assert run.exit_code == 2
    name = arguments[-2] if arguments[-2].startswith("-") else ""
    assert name in run.output
    assert run.stdout == ""


def test_an_empty_system_prompt_is_one() -> None:
    run = CliRunner().invoke(main, ["client", "--system-prompt", "", "--list"])
    assert (run.exit_code, run.output.splitlines()[0].split()[1]) == (0, "must")


@pytest.mark.parametrize("option", ["--chatproof-url=", "--chatproof-model=", "--chatproof-json="])
def test_pytest_refuses_an_empty_value_too(option: str, tmp_path: Path) -> None:
    run = run_pytest("--pyargs", "chatproof", option, cwd=tmp_path)
    assert run.returncode == 2
    assert f"chatproof: {option.rstrip('=')} is empty" in run.stderr + run.stdout


def test_the_embedded_fake_is_named_in_the_head(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "chatproof", "check", "-k", "http.utf8"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "   the embedded fake   http://127.0.0.1:" in run.stdout.splitlines()[0]


def seconds() -> list[list[str]]:
    """Every option that is a time."""
    context = click.Context(main)
    return [
        [name, param.opts[-1]]
        for name in ("check", "client", "serve")
        for param in getattr(main.get_command(context, name), "params", ())
        if isinstance(param.type, click.types.FloatParamType)
    ]


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "-1"])
@pytest.mark.parametrize("option", seconds(), ids=" ".join)
def test_a_time_is_a_number(option: list[str], value: str) -> None:
    command, name = option
    run = CliRunner().invoke(main, [command, f"{name}={value}"])
    assert (run.exit_code, run.stdout) == (2, "")
    assert name in run.stderr


@pytest.mark.parametrize(
    "option", ["timeout=nan", "timeout=0", "delay=-1", "wait=inf", "max-requests=0", "max-seconds=nan"]
)
def test_pytest_refuses_what_is_no_time_or_limit(option: str, tmp_path: Path) -> None:
    run = run_pytest("--pyargs", "chatproof", f"--chatproof-{option}", cwd=tmp_path)
    assert run.returncode == 2
    assert f"--chatproof-{option.partition('=')[0]} cannot be" in run.stdout + run.stderr
