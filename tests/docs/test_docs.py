"""What README and the pages in docs/ show can be done as they show it: every command, every Python block."""

import contextlib
import re
import tomllib
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import yaml

from chatfake import LiveServer
from chatproof.cli import main
from tests.docs.pages import BLOCKS, ROOT, Block, blocks_of, saved_before
from tests.docs.stage import STATED_PORT, Stage, has, write_files
from tests.validate.recorded_folder import write_recordings

RUN = [block for block in BLOCKS if not block.not_run]
PYTHON = [block for block in RUN if block.language == "python"]
#: The scripts of a page are one program, for the later ones use the names of the earlier.
SCRIPTS = [
    list(blocks) for _, blocks in groupby((one for one in PYTHON if not one.is_test), lambda one: one.page)
]
#: What ends with another code than 0, because it shows something that is wrong.
FOUND_WRONG = {
    "chatproof client bot.py:Bot --window 4": 1,
    "chatproof client bot.py:Bot --infer --write-policy bot.toml": 1,
    "chatproof client bot.py:Bot --policy bot.toml": 1,
    "chatproof client bot.py:Bot --window 4 --html report.html": 1,
    "chatproof client bot.py:Bot --window 4 -k 'record or truncate' --examples 0": 1,
    "chatproof check http://localhost:8080 --profile lorax": 1,  # what listens there here is no LoRAX
}
LANGUAGES = {"python", "sh", "console", "text", "yaml", "toml", "json", "js"}


def shared_out(blocks: Iterable[Block]) -> list[Any]:
    """README's blocks are in the default suite, those of the other pages in its exhaustive part."""
    marks = pytest.mark.exhaustive
    return [
        pytest.param(block, marks=() if block.page == "README.md" else marks, id=str(block))
        for block in blocks
    ]


def skip_what_is_missing(*blocks: Block) -> None:
    missing = sorted({package for block in blocks for package in block.needs if not has(package)})
    if missing:
        pytest.skip(f"{blocks[0]} needs {', '.join(missing)}, as the page says")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A folder with what the pages speak of, and an endpoint in the place of their upstream."""
    write_files(tmp_path)
    with LiveServer() as upstream:
        yield Stage(tmp_path, upstream.base_url)


def alike(text: str) -> str:
    """The same with all times, seeds and words of conversations alike, for they differ from run to run."""
    text = re.sub(r"\b[a-z]+-\d{7} *", "… ", text)
    return re.sub(r"[\d,]+ requests, .*|\d+\.\d+ s\b", "…", text).rstrip("\n")


def shows(shown: str, printed: str) -> bool:
    """Whether a page shows what was printed; a line `…` stands for any lines."""
    parts = [re.escape(part.strip("\n")) for part in alike(shown).split("\n…\n")]
    return bool(re.fullmatch(r"(?:.*\n)?".join(parts), alike(printed).strip("\n"), re.DOTALL))


@pytest.mark.parametrize("blocks", SCRIPTS, ids=lambda blocks: blocks[0].page)
def test_scripts_of_a_page_run_and_print_what_stands_below_them(blocks: list[Block], stage: Stage) -> None:
    skip_what_is_missing(*blocks)
    if "record-replay" in blocks[0].page:
        assert stage.record() == 0
    served = (
        stage.serving()
        if any(f":{STATED_PORT}" in block.text for block in blocks)
        else contextlib.nullcontext()
    )
    with served:
        code, printed = stage.python("page.py", *(block.text for block in blocks))
    assert code == 0, printed
    for block, below in zip(blocks, printed.split("\0\n")[1:], strict=True):
        assert block.output is None or below == block.output, (block, below)


@pytest.mark.parametrize("block", shared_out(one for one in PYTHON if one.is_test))
def test_tests_of_a_page_pass(block: Block, stage: Stage) -> None:
    skip_what_is_missing(block)
    code, printed = stage.python("test_page.py", block.text, pytest=True)
    assert code == 0, printed
    assert " passed" in printed, printed


@pytest.mark.parametrize("block", shared_out(one for one in RUN if one.language in {"sh", "console"}))
def test_commands_of_a_page_run(block: Block, stage: Stage) -> None:
    skip_what_is_missing(block)
    for name, text in saved_before(block).items():
        (stage.folder / name).write_text(text, encoding="utf-8")
    if block.page == "docs/validate.md":
        write_recordings(stage.folder / "recordings")
        stage.shell("chatproof validate recordings/wrong.jsonl --write-baseline chatproof-baseline.json")
    with contextlib.ExitStack() as served:
        if f":{STATED_PORT}" in block.text and "chatproof serve" not in block.text:
            served.enter_context(stage.serving())
        printed = ""
        for command in block.commands:
            if command.startswith("chatproof serve"):
                served.close()
                served.enter_context(stage.serving(command))
                printed += f"$ {command}\n"
                continue
            code, output = stage.shell(command)
            assert "Traceback" not in output, output
            assert block.language == "console" or code == FOUND_WRONG.get(command, 0), (command, output)
            printed += f"$ {command}\n" + (output if output.endswith("\n") or not output else f"{output}\n")
    assert block.language != "console" or shows(block.text, printed), printed


@pytest.mark.parametrize("block", shared_out(one for one in RUN if one.language == "yaml"))
def test_yaml_of_a_page_is_read_and_its_commands_run(block: Block, stage: Stage) -> None:
    def texts(value: Any) -> list[str]:
        if isinstance(value, dict):
            entry = (
                [f"{value['entry']} tests/cassettes/chat.json"] if "entry" in value else []
            )  # as pre-commit adds it
            return entry + [
                text for name, one in value.items() if name not in {"entry", "name"} for text in texts(one)
            ]
        return [text for one in value for text in texts(one)] if isinstance(value, list) else [str(value)]

    read = yaml.safe_load(block.text)
    assert isinstance(read, (dict, list))
    for command in (text for text in texts(read) if text.startswith("chatproof ")):
        code, printed = stage.shell(command)
        assert code == 0, (command, printed)


@pytest.mark.parametrize("block", shared_out(one for one in RUN if one.language == "toml" and not one.file))
def test_toml_of_a_page_is_taken(block: Block, stage: Stage) -> None:
    read = tomllib.loads(block.text)
    (stage.folder / "known.toml").write_text(block.text if "known" in read else "")
    (stage.folder / "pyproject.toml").write_text("" if "known" in read else block.text)
    commands = read["tool"]["chatproof"] if "tool" in read else ["check"]
    for command in commands:
        arguments = {"validate": "answer.json", "check": "-k models.list --baseline known.toml"}
        code, printed = stage.shell(f"GATEWAY=value chatproof {command} {arguments.get(command, '--list')}")
        assert code == 0, printed
        assert "tool" not in read or "options from pyproject.toml: " in printed


def test_a_page_states_the_port_that_serve_listens_on() -> None:
    (port,) = [option for option in main.get_command(None, "serve").params if option.name == "port"]  # type: ignore[arg-type, union-attr]
    assert port.default == STATED_PORT
    for block in BLOCKS:
        stated = re.findall(r"(?:localhost|127\.0\.0\.1):(\d+)", block.text)
        assert {*stated} <= {str(STATED_PORT)}, block


def test_the_index_has_each_page_once_with_a_sentence() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    listed = re.findall(r"^- \[(\S+\.md)\]\((\S+\.md)\): [^\n]+\.$", index, re.MULTILINE)
    assert all(shown == target for shown, target in listed)
    pages = [page.name for page in (ROOT / "docs").glob("*.md") if page.name != "index.md"]
    assert sorted(shown for shown, _ in listed) == sorted(pages)
    assert index.count("](") == len(listed)


def test_every_block_is_run_or_says_why_it_is_not() -> None:
    for block in BLOCKS:
        assert block.language in LANGUAGES, f"{block}: say what it is, one of {', '.join(sorted(LANGUAGES))}"
        assert not re.match(
            r"(\$ )?(chatproof|pytest|python3?|pip|docker) ", block.text
        ) or block.language in {
            "sh",
            "console",
        }, f"{block}: a command"
        assert block.language != "js" or block.not_run or block.file
    assert len([block for block in BLOCKS if block.not_run]) <= 8


def test_a_block_that_cannot_run_is_found(stage: Stage) -> None:
    old = "# Page\n\n```python\nclient = httpx.Client()\n```\n\n```sh\nchatproof check http://localhost:8000/v1\n```\n"
    script, command = blocks_of("old.md", old)
    assert (script.line, command.commands) == (3, ["chatproof check http://localhost:8000/v1"])
    code, printed = stage.python("page.py", script.text)
    assert code == 1
    assert "NameError: name 'httpx'" in printed
