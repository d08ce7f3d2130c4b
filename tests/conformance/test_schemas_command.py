"""`chatproof schemas`: the schemas, listed, shown and written."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from chatproof.cli import main
from chatschema.judging.catalogue import CONTRACTS, STREAMS
from chatschema.schema_export import file_name, text


def schemas(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["schemas", *arguments])


@pytest.mark.parametrize("command", [(), ("list",), ("show",), ("export",)])
def test_help_has_examples(command: tuple[str, ...]) -> None:
    run = schemas(*command, "--help")
    assert run.exit_code == 0
    assert "Examples:" in run.output


def test_the_list_has_each_schema_in_a_line() -> None:
    run = schemas("list")
    assert run.exit_code == 0
    assert [line.split()[0] for line in run.output.splitlines()] == list(CONTRACTS)
    assert CONTRACTS[next(iter(CONTRACTS))].summary in run.output


@pytest.mark.parametrize("kind", list(CONTRACTS))
def test_a_schema_is_shown_as_it_is_committed(kind: str) -> None:
    run = schemas("show", kind)
    assert run.exit_code == 0
    assert json.loads(run.stdout_bytes)["$id"].endswith(f":{kind}")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("chat.compeltion", "did you mean chat.completion?"),
        ("nothing-like-it", "`chatproof schemas list` has the names"),
    ],
)
def test_an_unknown_name_is_told(name: str, told: str) -> None:
    run = schemas("show", name)
    assert run.exit_code == 2
    assert run.stdout == ""
    assert run.stderr.startswith("chatproof: there is no schema ")
    assert told in run.stderr


@given(st.text(max_size=20))
def test_any_name_is_shown_or_told_in_one_printable_line(name: str) -> None:
    run = schemas("show", "--", name)
    assert run.exit_code == (0 if name in CONTRACTS else 2)
    assert run.exit_code == 0 or run.stderr.removesuffix("\n").isprintable()


@pytest.mark.parametrize("stream", list(STREAMS))
def test_a_stream_is_told_apart(stream: str) -> None:
    run = schemas("show", stream)
    assert run.exit_code == 2
    assert f"{stream} is a stream and has no schema of its own" in run.stderr
    assert run.stderr.split()[-1] in CONTRACTS


def test_all_are_written_and_what_is_the_same_stays(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "here"
    first = schemas("export", str(folder))
    assert first.exit_code == 0
    assert first.output.endswith(f": {len(CONTRACTS)} written, 0 unchanged\n")
    assert {path.name for path in folder.iterdir()} == {file_name(kind) for kind in CONTRACTS}

    same, other, own = folder / "models.schema.json", folder / "error.schema.json", folder / "own.txt"
    os.utime(same, (1, 1))
    other.write_text("{}")
    own.write_text("mine")
    again = schemas("export", str(folder))
    assert again.output.endswith(f": 1 written, {len(CONTRACTS) - 1} unchanged\n")
    assert same.stat().st_mtime == 1
    assert other.read_text(encoding="utf-8") == text(CONTRACTS[next(k for k in CONTRACTS if k == "error")])
    assert own.read_text() == "mine"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        run = schemas("export", str(folder))
        assert run.exit_code == 2
        assert run.stderr.startswith(f"chatproof: cannot make the folder {folder}: ")
    (tmp_path / "error.schema.json").mkdir()
    run = schemas("export", str(tmp_path))
    assert run.exit_code == 2
    assert "cannot write" in run.stderr
    assert "error.schema.json: Is a directory" in run.stderr


def run_piped(*arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "chatproof", "schemas", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | environment,
    )


def test_a_pipe_gets_the_very_bytes_whatever_the_terminal_speaks() -> None:
    with run_piped("show", "chat.completion", PYTHONIOENCODING="ascii") as run:
        out, err = run.communicate(timeout=60)
    kind = next(kind for kind in CONTRACTS if kind == "chat.completion")
    assert (run.returncode, out, err) == (0, text(CONTRACTS[kind]).encode(), b"")


def test_a_reader_that_stops_early_sees_no_traceback() -> None:
    with run_piped("show", "chat.completion") as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        assert b"Traceback" not in run.stderr.read()
