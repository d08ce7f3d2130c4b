"""docs/validate.md shows what is true: every command in it is run, and prints what stands below it."""

import re
import shlex
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from chatproof import __version__
from chatproof.cli import main
from tests.validate.bodies import COMPLETION, CUT_STREAM, STREAM, WARNED, WRONG

DOCS = Path(__file__).parents[2] / "docs" / "validate.md"


def recordings(folder: Path) -> None:
    """The folder that the document speaks of."""
    folder.mkdir()
    (folder / "chat.json").write_bytes(COMPLETION)
    (folder / "stream.sse").write_bytes(CUT_STREAM)
    (folder / "wrong.jsonl").write_bytes(b"\n".join([COMPLETION, WRONG, WARNED]))
    request = {"method": "POST", "uri": "https://api.example.com/v1/chat/completions"}
    answers = [STREAM] * 12 + [WARNED] * 3 + [WRONG] * 4
    interactions = [
        {
            "request": request,
            "response": {
                "status": {"code": 200, "message": "OK"},
                "headers": {},
                "body": {"string": body.decode()},
            },
        }
        for body in answers
    ]
    other = {**interactions[0], "request": {**request, "uri": "https://api.example.com/v1/files"}}
    text = yaml.safe_dump({"interactions": [*interactions, other], "version": 1}, width=1000)
    (folder / "cassette.yaml").write_text(text)


def shown(command: str) -> str:
    """What a command of the document prints."""
    program, *arguments = shlex.split(command)
    if program == "cat":
        return Path(arguments[0]).read_text(encoding="utf-8").rstrip("\n")
    assert program == "chatproof"
    return CliRunner().invoke(main, arguments).output.rstrip("\n").replace(__version__, "0.1.0")


def printed(command: str) -> str:
    found = shown(command)
    return f"{found}\n" if found else ""


def test_every_command_of_the_document_prints_what_stands_below_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recordings(tmp_path / "recordings")
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(
        r"^```console\n(.*?)^```$", DOCS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert blocks
    for block in blocks:
        commands = [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]
        expected = "".join(f"$ {command}\n" + printed(command) for command in commands)
        assert block == expected


def test_every_format_stands_in_the_document() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for form in ("text", "json", "junit", "sarif", "github"):
        assert f"| `{form}` |" in text
